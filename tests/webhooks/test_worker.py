"""Real workers: woken at once, swept each minute, killed in the middle; nothing is lost."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from django.conf import settings as configured
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from orderwright.identity.tenancy import entered
from orderwright.webhooks import rules, tasks, waking
from orderwright.webhooks.models import Delivery
from tests.plugins.database import Addresses
from tests.webhooks.desk import Post, WebhookDesk, open_webhooks
from tests.webhooks.receivers import HANG, RESET, Message, receiving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def local(settings: object) -> None:
    settings.WEBHOOKS_ALLOW_LOCAL = True  # type: ignore[attr-defined]


@contextmanager
def working(addresses: Addresses, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of jobs, a process of its own, killed at the end."""
    surroundings = os.environ | {
        "ORDERWRIGHT_APP_DATABASE_URL": addresses.app,
        "ORDERWRIGHT_SECRET_KEY": configured.SECRET_KEY,
        "ORDERWRIGHT_WEBHOOKS_ALLOW_LOCAL": "true",
        "DJANGO_SETTINGS_MODULE": "orderwright.settings",
    }
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def wait_until(holds: Callable[[], bool], *, seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline, "it never came to it"
        time.sleep(0.02)


def jobs() -> list[ProcrastinateJob]:
    return list(ProcrastinateJob.objects.filter(task_name=waking.DELIVER).order_by("id"))


def test_what_happens_wakes_one_job_for_each_endpoint_and_none_without() -> None:
    desk = open_webhooks()
    desk.happen()
    assert jobs() == []
    desk.endpoint()
    desk.endpoint()
    before = {one.args["endpoint_id"] for one in jobs()}
    ProcrastinateJob.objects.all().delete()
    for _ in range(3):
        desk.happen()
    assert [one.args["endpoint_id"] for one in jobs()] == sorted(before)
    assert len(before) == 2


def test_the_sweep_finds_what_nobody_woke_and_nothing_else() -> None:
    desk = open_webhooks()
    idle, _ = desk.endpoint()
    waiting, _ = desk.endpoint()
    disabled, _ = desk.endpoint()
    desk.switch(disabled, is_active=False)
    for endpoint in (idle, waiting):
        desk.finish(endpoint, send=Post())
    ProcrastinateJob.objects.all().delete()
    tasks.sweep(0)
    assert jobs() == []
    due = desk.clock.now - timedelta(minutes=1)
    with entered(desk.company.id):
        Delivery.objects.of(desk.company.id).filter(endpoint_id=waiting).update(
            status="failed", next_attempt_at=due, delivered_at=None
        )
    tasks.sweep(0)
    assert [one.args["endpoint_id"] for one in jobs()] == [str(waiting)]
    ProcrastinateJob.objects.all().delete()
    waking._endpoints.clear()
    desk.happen()
    ProcrastinateJob.objects.all().delete()
    tasks.sweep(0)
    assert {one.args["endpoint_id"] for one in jobs()} == {str(idle), str(waiting)}


def test_deliveries_older_than_thirty_days_are_forgotten() -> None:
    desk, other = open_webhooks(), open_webhooks("Theirs", "bo@theirs.example")
    for one in (desk, other):
        endpoint, _ = one.endpoint(types=["lot.adjusted"])
        one.happen()
        one.happen()
        one.finish(endpoint, send=Post())
        first = one.deliveries(endpoint)[0].pk
        with entered(one.company.id):
            Delivery.objects.of(one.company.id).filter(pk=first).update(
                created_at=datetime.now(UTC) - rules.KEPT - timedelta(minutes=1)
            )
    tasks.forget(0)
    for one in (desk, other):
        with entered(one.company.id):
            assert Delivery.objects.of(one.company.id).count() == 1


def test_the_app_asks_what_there_is_to_do_without_seeing_anything_else() -> None:
    desk = open_webhooks()
    endpoint, _ = desk.endpoint()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM webhooks_endpoint")
        assert cursor.fetchone() == (0,)
        cursor.execute("SELECT * FROM webhooks_to_do(%s)", [datetime.now(UTC)])
        assert cursor.fetchall() == [(desk.company.id, endpoint)]


@pytest.mark.slow
def test_a_worker_is_woken_and_one_that_is_killed_loses_nothing(
    database_addresses: Addresses, tmp_path: Path
) -> None:
    desk, chance = open_webhooks(), Random(5)
    hangs = {"on": False}

    def behave(message: Message) -> object:
        if hangs["on"]:
            return HANG
        return chance.choice([500, RESET]) if chance.random() < 0.3 else 200

    with receiving(behave) as receiver:
        endpoint, secret = desk.endpoint(receiver.url, ["lot.adjusted"])
        with working(database_addresses, tmp_path) as worker:
            wait_until(lambda: not jobs() or all(one.status == "succeeded" for one in jobs()))
            first = str(desk.happen())
            began = time.monotonic()
            wait_until(lambda: any(one.id == first for one in receiver.messages))
            assert time.monotonic() - began < 10
            receiver.messages[0].read(secret)
            happened = [first, *(str(desk.happen(number=number)) for number in range(30))]
            wait_until(lambda: len(receiver.messages) > 15)
            hangs["on"] = True
            count = len(receiver.messages)
            happened += [str(desk.happen()) for _ in range(5)]
            wait_until(lambda: len(receiver.messages) > count)
            worker.kill()
            worker.wait()
        hangs["on"] = False
        lost = WebhookDesk(desk.company)
        lost.clock.pass_(minutes=2)  # when the lease of the one that was killed has run out
        lost.finish(endpoint)
        assert sorted({one.id for one in receiver.taken}) == sorted(happened)
        assert all(one.is_signed_with(secret) for one in receiver.messages)
    assert {one.status for one in desk.deliveries(endpoint)} == {"delivered"}
