"""How people come in: invited by mail, or with a new password after forgetting the old one."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
import time_machine
from django.core import mail
from django.test import Client
from procrastinate.contrib.django.models import ProcrastinateJob

from orderwright.activity.models import Event
from orderwright.directory import joining, tasks
from orderwright.identity.models import MailedSecret
from orderwright.web.sign_in import HOME
from tests.company import PASSWORD, Api, Company
from tests.web.conftest import signed_in

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
NAMES = {"first_name": "Bo", "last_name": "Diaz", "password": "a good password"}


@pytest.fixture
def api(company: Company) -> Api:
    return company.api()


def run_jobs(*names: str) -> int:
    """Run the waiting jobs of these names once more each; how many there were."""
    jobs = list(ProcrastinateJob.objects.filter(task_name__in=names).order_by("id"))
    for job in jobs:
        getattr(tasks, job.task_name.partition(".")[2])(**job.args)
    return len(jobs)


def links(purpose: str) -> list[str]:
    return [
        found
        for message in mail.outbox
        for found in re.findall(rf"http://localhost:8000(/{purpose}/\S+)", str(message.body))
    ]


def invite(api: Api, email: str = "bo@works.example", role: str = "Sales") -> dict[str, Any]:
    made: dict[str, Any] = api.post("/users", {"email": email, "role": role}).body
    return made


def types(company: Company, subject: str | UUID) -> list[str]:
    company.enter()
    rows = Event.objects.of(company.id).filter(subject_id=subject)
    return list(rows.order_by("pk").values_list("type", flat=True))


def test_an_invited_person_joins_with_a_name_and_a_password(company: Company, api: Api) -> None:
    bo = invite(api)
    assert run_jobs("directory.send_invitation") == 1
    (message,) = mail.outbox
    assert (message.to, message.subject) == (
        ["bo@works.example"],
        "You are invited to Orderwright Works",
    )
    (link,) = links("join")
    client = Client()
    assert b"Join Orderwright Works" in client.get(link).content
    assert client.post(link, {**NAMES, "password": "short"}).status_code == 422
    assert client.post(link, NAMES)["Location"] == HOME
    assert client.get("/orders/sales").status_code == 200
    company.enter()
    joined = api.get(f"/users/{bo['id']}").body
    assert (joined["status"], joined["first_name"]) == ("active", "Bo")
    assert types(company, bo["id"]) == [
        "user.created",
        "user.invited",
        "user.invitation_sent",
        "user.joined",
    ]


def test_an_invitation_is_good_once_and_for_seven_days(company: Company, api: Api) -> None:
    with time_machine.travel(START, tick=False) as clock:
        invite(api)
        run_jobs("directory.send_invitation")
        (link,) = links("join")
        clock.shift(timedelta(days=7))
        assert Client().get(link).status_code == 404
        assert Client().post(link, NAMES).status_code == 404
        clock.shift(timedelta(seconds=-1))
        assert Client().post(link, NAMES).status_code == 302
        assert Client().post(link, NAMES).status_code == 404


@pytest.mark.parametrize("secret", ["x", "é", "AAAA", "A" * 64, "%00"])
def test_a_made_up_link_opens_nothing(company: Company, secret: str) -> None:
    assert Client().get(f"/join/{secret}").status_code == 404
    assert Client().post(f"/reset/{secret}", NAMES).status_code == 404


def test_a_new_invitation_ends_the_one_before(company: Company, api: Api) -> None:
    bo = invite(api)
    run_jobs("directory.send_invitation")
    assert api.post(f"/users/{bo['id']}/actions/invite").status == 200
    assert run_jobs("directory.send_invitation") == 2
    first, second = links("join")
    assert Client().get(first).status_code == 404
    assert Client().post(second, NAMES).status_code == 302
    again = api.post(f"/users/{bo['id']}/actions/invite")
    assert (again.status, again.body["code"]) == (409, "has_joined")


def test_a_repeated_job_replaces_the_secret_of_its_mail(company: Company, api: Api) -> None:
    invite(api)
    run_jobs("directory.send_invitation")
    run_jobs("directory.send_invitation")
    first, second = links("join")
    assert [Client().get(link).status_code for link in (first, second)] == [404, 200]
    company.enter()
    assert MailedSecret.objects.of(company.id).count() == 1


def test_a_revoked_invitation_opens_nothing_and_its_mail_stays_here(
    company: Company, api: Api
) -> None:
    bo = invite(api)
    run_jobs("directory.send_invitation")
    (link,) = links("join")
    revoked = api.post(f"/users/{bo['id']}/actions/revoke-invitation")
    assert (revoked.status, revoked.body["status"]) == (200, "disabled")
    assert Client().post(link, NAMES).status_code == 404
    run_jobs("directory.send_invitation")
    assert len(mail.outbox) == 1
    opened = api.patch(f"/users/{bo['id']}", {"status": "active"})
    assert (opened.status, opened.body["code"]) == (409, "no_password")
    assert api.post(f"/users/{bo['id']}/actions/invite").body["status"] == "invited"


def test_the_secret_of_a_mail_is_kept_nowhere(company: Company, api: Api) -> None:
    invite(api)
    run_jobs("directory.send_invitation")
    (link,) = links("join")
    secret = link.removeprefix("/join/")
    company.enter()
    kept = [str(one) for one in Event.objects.of(company.id).values_list("body", flat=True)]
    kept += [str(one) for one in ProcrastinateJob.objects.values_list("args", flat=True)]
    kept += [str(bytes(one)) for one in MailedSecret.objects.values_list("digest", flat=True)]
    assert [one for one in kept if secret in one] == []


def test_the_answer_tells_nobody_which_addresses_exist(company: Company) -> None:
    answers = [
        Client().post("/reset", {"email": email})
        for email in (company.email, "nobody@works.example")
    ]
    shown = {re.sub(rb'value="[^"]*"|csrf[^>]*|X-CSRFToken[^}]*', b"", a.content) for a in answers}
    assert [answer.status_code for answer in answers] == [200, 200]
    assert len(shown) == 1
    assert run_jobs(joining.LOOK_FOR_LOGINS) == 2
    assert run_jobs("directory.send_password_link") == 1
    assert [message.to for message in mail.outbox] == [[company.email]]


def test_a_forgotten_password_is_replaced_once_and_ends_every_session(company: Company) -> None:
    before = signed_in(company.email)
    Client().post("/reset", {"email": company.email.upper()})
    run_jobs(joining.LOOK_FOR_LOGINS)
    run_jobs("directory.send_password_link")
    (link,) = links("reset")
    client = Client()
    assert client.get(link).status_code == 200
    assert client.post(link, {"password": "short"}).status_code == 422
    assert client.post(link, {"password": "a new password"})["Location"] == "/sign-in"
    assert client.post(link, {"password": "yet another one"}).status_code == 404
    assert before.get("/customers").status_code == 302
    old = Client().post("/sign-in", {"email": company.email, "password": PASSWORD})
    new = Client().post("/sign-in", {"email": company.email, "password": "a new password"})
    assert (old.status_code, new.status_code) == (422, 302)
    assert types(company, company.user_id) == [
        "user.password_forgotten",
        "user.password_link_sent",
        "user.password_reset",
    ]


def test_a_link_for_a_new_password_is_good_for_an_hour(company: Company) -> None:
    with time_machine.travel(START, tick=False) as clock:
        Client().post("/reset", {"email": company.email})
        run_jobs(joining.LOOK_FOR_LOGINS)
        run_jobs("directory.send_password_link")
        (link,) = links("reset")
        clock.shift(timedelta(hours=1))
        assert Client().post(link, {"password": "a new password"}).status_code == 404


def test_nobody_floods_a_mailbox(company: Company) -> None:
    answers = [Client().post("/reset", {"email": company.email}).status_code for _ in range(6)]
    assert answers == [200] * 5 + [429]


def test_a_disabled_login_is_out_at_once_and_gets_no_link(company: Company, api: Api) -> None:
    sent = {"email": "bo@works.example", "role": "Sales", "password": PASSWORD}
    bo = api.post("/users", sent).body
    browser = signed_in("bo@works.example")
    api.patch(f"/users/{bo['id']}", {"status": "disabled"})
    assert browser.get("/orders/sales").status_code == 302
    Client().post("/reset", {"email": "bo@works.example"})
    run_jobs(joining.LOOK_FOR_LOGINS)
    assert run_jobs("directory.send_password_link") == 0
    company.enter()
    api.patch(f"/users/{bo['id']}", {"status": "active"})
    assert browser.get("/orders/sales").status_code == 302


def test_an_admin_resets_the_second_factor_of_somebody(company: Company, api: Api) -> None:
    sent = {"email": "bo@works.example", "role": "Sales", "password": PASSWORD}
    bo = api.post("/users", sent).body
    from tests.web.test_account import with_app

    browser = signed_in("bo@works.example")
    with_app(browser)
    company.enter()
    assert api.post(f"/users/{bo['id']}/actions/reset-second-factor").status == 200
    assert browser.get("/orders/sales").status_code == 302
    assert signed_in("bo@works.example").get("/orders/sales").status_code == 200
    assert types(company, bo["id"])[-1] == "user.second_factor_reset"


def test_nobody_takes_the_own_role_or_login_away(company: Company) -> None:
    client = signed_in(company.email)
    api = company.api()
    api.post("/users", {"email": "bo@works.example", "role": "Admin", "password": PASSWORD})
    for sent in ({"role": "Viewer"}, {"status": "disabled"}):
        answer = client.patch(
            f"/api/v1/users/{company.user_id}", sent, content_type="application/json"
        )
        assert (answer.status_code, answer.json()["code"]) == (409, "own_login")
