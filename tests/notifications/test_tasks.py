"""The jobs of notifications, as a worker runs them."""

import pytest
from django.core import mail
from procrastinate.contrib.django.models import ProcrastinateJob

from orderwright.notifications import actions, tasks
from tests.company import found_company
from tests.notifications.listeners import Listeners, open_listeners

pytestmark = pytest.mark.django_db


@pytest.fixture
def listeners() -> Listeners:
    return open_listeners()


def run(*names: str) -> int:
    """Run the waiting jobs of these names; how many there were."""
    jobs = list(ProcrastinateJob.objects.filter(task_name__in=names).order_by("id"))
    for job in jobs:
        getattr(tasks, job.task_name.partition(".")[2])(**job.args)
    return len(jobs)


def test_an_event_becomes_a_notification_and_an_e_mail_once(listeners: Listeners) -> None:
    desk = listeners.desk
    actions.change_preferences(by=listeners.lead, sent={"order_updates": {"email": True}})
    desk.lot(gem := desk.product(), 5)
    desk.issued({gem: 5})
    assert run("notifications.tell") == 1
    run("notifications.tell")
    assert run("notifications.send_email") == 1
    run("notifications.send_email")
    assert [message.subject for message in mail.outbox] == ["SO-00001 for Acme is issued."]
    assert listeners.titles(listeners.lead) == ["SO-00001 for Acme is issued."]


def test_an_e_mail_about_a_notification_is_not_told_of(listeners: Listeners) -> None:
    desk = listeners.desk
    actions.change_preferences(by=listeners.lead, sent={"order_updates": {"email": True}})
    desk.lot(gem := desk.product(), 5)
    desk.issued({gem: 5})
    run("notifications.tell")
    run("notifications.send_email")
    assert listeners.run() == 0


def test_every_organization_is_looked_at(listeners: Listeners) -> None:
    other = found_company("Other Works", email="bo@other.example")
    tasks.look_everywhere(timestamp=0)
    tasks.forget_everywhere(timestamp=0)
    jobs = ProcrastinateJob.objects.filter(
        task_name__in=["notifications.look", "notifications.forget"]
    )
    found = sorted((job.task_name, job.args["organization_id"]) for job in jobs)
    ids = sorted(str(one) for one in (listeners.desk.by.organization_id, other.by.organization_id))
    assert found == [
        *(("notifications.forget", one) for one in ids),
        *(("notifications.look", one) for one in ids),
    ]
    assert run("notifications.look", "notifications.forget") == 4


def test_what_was_told_of_an_order_that_is_gone_harms_nothing(listeners: Listeners) -> None:
    assert listeners.tell("00000000-0000-7000-8000-000000000000") == 0
