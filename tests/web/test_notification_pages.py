"""The bell, the list of notifications and their preferences, as each person sees their own."""

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.activity import actions as activity
from orderwright.identity.caller import Actor, Caller
from orderwright.notifications import queries, telling
from tests.company import Company
from tests.web.conftest import signed_in


def founder(company: Company) -> Caller:
    return replace(company.by, actor=Actor("user", company.user_id, "Ada"))


def tell(company: Company, *kinds: str) -> list[UUID]:
    """The founder hears that imports of these kinds are through; answers them, oldest first."""
    with transaction.atomic():
        company.enter()
        by = founder(company)
        for kind in kinds:
            event = activity.record(
                by, "import.finished", UUID(int=7), body={"kind": kind, "created": 2}
            )
            assert telling.tell_of_event(by=by, event_id=event, mail=lambda ids: None) == 1
        return [row.id for row in reversed(queries.notifications(by))]


def at_bell(browser: Client, **headers: str) -> Any:
    return browser.get("/notifications/pulse", headers=headers)


def count(browser: Client) -> int:
    return int(json.loads(at_bell(browser).content)["count"])


def test_the_bell_counts_what_is_unread_and_says_nothing_when_nothing_changed(
    company: Company, admin: Client
) -> None:
    first = at_bell(admin)
    assert json.loads(first.content) == {"count": 0, "shown": "0"}
    tell(company, "products", "customers")
    second = at_bell(admin, **{"If-None-Match": first["ETag"]})
    assert (second.status_code, json.loads(second.content)["count"]) == (200, 2)
    assert at_bell(admin, **{"If-None-Match": second["ETag"]}).status_code == 304


def test_the_bell_costs_one_statement_and_other_pages_none(company: Company, admin: Client) -> None:
    tell(company, "products", "customers")
    with CaptureQueriesContext(connection) as asked:
        at_bell(admin)
    about = [one["sql"] for one in asked.captured_queries if "notifications_" in one["sql"]]
    assert len(about) == 1
    with CaptureQueriesContext(connection) as asked:
        assert b'data-bell="' in admin.get("/customers").content
    assert [one["sql"] for one in asked.captured_queries if "notifications_" in one["sql"]] == []


def test_the_list_costs_the_same_for_any_number(company: Company, admin: Client) -> None:
    costs = []
    for kinds in (("products",), tuple(f"kind {number}" for number in range(40))):
        tell(company, *kinds)
        with CaptureQueriesContext(connection) as asked:
            html = admin.get("/notifications").content.decode()
        costs.append(len(asked.captured_queries))
    assert costs[0] == costs[1]
    assert html.count('class="note is-unread"') == 30
    assert "Older" in html


def test_opening_the_bell_shows_the_newest_and_they_are_seen(
    company: Company, admin: Client
) -> None:
    tell(company, "products", "customers")
    html = admin.post("/notifications/newest").content.decode()
    assert html.index("Your import of customers") < html.index("Your import of products")
    with transaction.atomic():
        company.enter()
        rows = queries.notifications(founder(company))
    assert [(row.seen_at is not None, row.is_unread) for row in rows] == [(True, True)] * 2
    assert count(admin) == 2


def test_opening_one_reads_it_and_goes_where_it_leads(company: Company, admin: Client) -> None:
    first, _ = tell(company, "products", "customers")
    answer = admin.post(f"/notifications/{first}/open")
    assert (answer.status_code, answer["Location"]) == (302, f"/imports/{UUID(int=7)}")
    assert count(admin) == 1


def test_what_is_read_leaves_the_unread_and_what_is_dismissed_stands_apart(
    company: Company, admin: Client
) -> None:
    first, second = tell(company, "products", "customers")
    back = {"back": "/notifications?status=all"}
    assert admin.post(f"/notifications/{first}/read", back)["Location"] == back["back"]
    assert admin.post(f"/notifications/{second}/dismiss")["Location"] == "/notifications"
    assert count(admin) == 0
    assert b"Nothing new" in admin.get("/notifications").content
    assert b"import of products" in admin.get("/notifications?status=all").content
    assert b"import of customers" not in admin.get("/notifications?status=all").content
    assert b"import of customers" in admin.get("/notifications?status=dismissed").content


def test_all_of_a_category_are_marked_as_read(company: Company, admin: Client) -> None:
    tell(company, "products", "customers")
    admin.post("/notifications/read-all", {"category": "billing"})
    assert count(admin) == 2
    assert admin.post("/notifications/read-all").status_code == 302
    assert count(admin) == 0


@pytest.mark.parametrize("back", ["https://evil.example", "//evil.example", "/notificationsevil"])
def test_a_form_never_leads_anywhere_else(company: Company, admin: Client, back: str) -> None:
    answer = admin.post("/notifications/read-all", {"back": back})
    assert answer["Location"] == "/notifications"


@pytest.mark.parametrize("asked", ["status=none", "category=none", "after=none"])
def test_an_address_that_makes_no_sense_is_refused(admin: Client, asked: str) -> None:
    assert admin.get(f"/notifications?{asked}").status_code == 422


@pytest.mark.parametrize("verb", ["open", "read", "dismiss"])
def test_a_colleague_finds_nothing_of_mine(
    company: Company, admin: Client, person: Callable[[str], Client], verb: str
) -> None:
    (mine,) = tell(company, "products")
    colleague = person("Admin")
    assert colleague.post(f"/notifications/{mine}/{verb}").status_code == 404
    assert b"import of products" not in colleague.get("/notifications?status=all").content
    colleague.post("/notifications/read-all")
    assert (count(colleague), count(admin)) == (0, 1)


def test_one_chooses_what_to_hear_of_and_how(company: Company, admin: Client) -> None:
    page = "/notifications/preferences"
    assert admin.get(page).content.count(b" checked>") == 5
    answer = admin.post(page, {"billing.in_app": "on", "billing.email": "on"})
    assert (answer.status_code, answer["Location"]) == (302, page)
    html = admin.get(page).content.decode()
    assert html.count(" checked>") == 2
    assert "E-mails go to ada@works.example." in html
    with transaction.atomic():
        company.enter()
        wanted = queries.preferences(founder(company))
    assert [(one.category.code, one.in_app, one.email) for one in wanted] == [
        ("order_updates", False, False),
        ("inventory_alerts", False, False),
        ("production_events", False, False),
        ("shipment_tracking", False, False),
        ("billing", True, True),
    ]


def test_over_the_api_a_person_has_their_own_and_a_key_has_none(company: Company) -> None:
    first, second = tell(company, "products", "customers")
    browser, key = signed_in(company.email), company.api()
    listed = browser.get("/api/v1/notifications?status=unread&limit=1").json()
    assert ([row["id"] for row in listed["data"]], bool(listed["next_cursor"])) == (
        [str(second)],
        True,
    )
    sent: dict[str, Any] = {"content_type": "application/json"}
    read = browser.post(f"/api/v1/notifications/{first}/actions/read", "{}", **sent)
    assert (read.status_code, read.json()["read_at"] is not None) == (200, True)
    away = browser.post(f"/api/v1/notifications/{second}/actions/dismiss", "{}", **sent)
    assert (away.status_code, away.json()["dismissed_at"] is not None) == (200, True)
    assert key.get("/notifications").body["data"] == []
    assert key.post(f"/notifications/{first}/actions/read").status == 404
    refused = key.post("/notifications/actions/mark-all-read")
    assert (refused.status, refused.body["code"]) == (403, "people_only")


def test_preferences_are_changed_over_the_api(company: Company) -> None:
    browser, at = signed_in(company.email), "/api/v1/notification-preferences"
    sent: dict[str, Any] = {"content_type": "application/json"}
    body = json.dumps({"categories": {"billing": {"email": True}}})
    changed = browser.patch(at, body, **sent)
    assert changed.json()["data"][-1] == {"category": "billing", "in_app": True, "email": True}
    for wrong in ({}, {"gossip": {"email": True}}):
        answer = browser.patch(at, json.dumps({"categories": wrong}), **sent)
        assert answer.status_code == 422
    assert company.api().get("/notification-preferences").body["data"] == []
