"""Who is told what: the table decides over facts alone."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as some

from orderwright.identity.permissions import every_permission
from orderwright.notifications import told
from orderwright.notifications.rules import (
    CATEGORY_CODES,
    LONGEST_BODY,
    LONGEST_TITLE,
    Audience,
    Facts,
    Notice,
    notices,
    occasion_of,
    wanted_channels,
)

EVENT, SUBJECT, LEAD, STAFF, ACTOR = (UUID(int=number) for number in range(1, 6))


def facts(event_type: str, body: Mapping[str, Any] | None = None, **known: Any) -> Facts:
    """Something that happened to SO-00012 for Acme."""
    values: dict[str, Any] = {
        "order_number": "SO-00012",
        "customer_name": "Acme",
        "customer_id": UUID(int=9),
        "lead_id": LEAD,
        "actor_id": ACTOR,
        "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        **known,
    }
    return Facts(event_type, EVENT, SUBJECT, body=body or {}, **values)


def of(event_type: str, body: Mapping[str, Any] | None = None, **known: Any) -> list[Notice]:
    return notices(told.TABLE[event_type], facts(event_type, body, **known))


def said(event_type: str, body: Mapping[str, Any] | None = None, **known: Any) -> tuple[str, str]:
    """The words and those without the customer of the one notice."""
    (one,) = {(notice.words.title, notice.plain.title) for notice in of(event_type, body, **known)}
    return one


def line(quantity: str, *, short: str = "0", position: int = 1) -> dict[str, object]:
    return {"position": position, "quantity": quantity, "short": short, "unit": "pcs"}


GOODS = {"1": "Silver Ring", "2": "Gem"}


def test_an_order_whose_goods_all_arrived_can_ship() -> None:
    body = {"receipt": "PO-00003-R1", "lines": [line("10"), line("2.50", position=2)]}
    assert said("sales_order.covered", body, goods=GOODS) == (
        "SO-00012 for Acme can ship: 10 pcs Silver Ring and 2.5 pcs Gem arrived.",
        "SO-00012 can ship: 10 pcs Silver Ring and 2.5 pcs Gem arrived.",
    )


@pytest.mark.parametrize(
    ("body_line", "known", "title"),
    [
        (line("4", short="6"), {}, "Goods for SO-00012 for Acme have arrived: 4 pcs Gem."),
        (line("4"), {"waiting_lines": 1}, "Goods for SO-00012 for Acme have arrived: 4 pcs Gem."),
        (
            line("4"),
            {"is_held": True},
            "Everything that SO-00012 for Acme waited for has arrived: 4 pcs Gem.",
        ),
    ],
)
def test_an_order_that_cannot_ship_is_not_said_to(
    body_line: dict[str, object], known: dict[str, Any], title: str
) -> None:
    found = said("sales_order.covered", {"lines": [body_line]}, goods={"1": "Gem"}, **known)
    assert found[0] == title


@pytest.mark.parametrize(
    ("before", "after", "is_told"),
    [
        ("normal", "hold_all", True),
        ("preferred", "hold_shipment", True),
        ("hold_all", "normal", True),
        ("hold_shipment", "hold_all", False),
        ("normal", "preferred", False),
    ],
)
def test_only_holding_a_customer_and_freeing_it_is_told(
    before: str, after: str, is_told: bool
) -> None:
    body = {"before": {"status": before}, "after": {"status": after}}
    assert told.concerns("customer.status_changed", body) is is_told
    assert bool(of("customer.status_changed", body, leads=((LEAD, 2),))) is is_told


@pytest.mark.parametrize(
    ("came_from", "to", "is_told"),
    [
        ("in_transit", "delivered", True),
        ("in_transit", "exception", True),
        ("delivered", "delivered", False),
        ("pending", "in_transit", False),
    ],
)
def test_only_arrivals_and_troubles_of_a_shipment_are_told(
    came_from: str, to: str, is_told: bool
) -> None:
    body = {"number": "SO-00012-2", "from": came_from, "to": to}
    assert told.concerns("shipment.tracked", body) is is_told


def test_a_job_is_completed_by_its_last_receipt_alone_too() -> None:
    body = {"number": "PJ-7"}
    known = {"staff_id": STAFF, "job_completed_at": "2026-03-02"}
    assert of("production_job.received", body, job_status="ongoing", **known) == []
    by_hand = of("production_job.completed", body, job_status="completed", **known)
    by_receipt = of("production_job.received", body, job_status="completed", **known)
    assert by_hand == by_receipt
    assert [one.audience for one in by_hand] == [Audience(staff_id=STAFF), Audience(staff_id=LEAD)]
    assert by_hand[0].words.title == "Production job PJ-7 for SO-00012 for Acme is completed."


def test_who_imported_is_told_although_they_did_it() -> None:
    (one,) = of("import.finished", {"kind": "products", "created": 3, "bad": 1})
    assert (one.audience, one.except_user) == (Audience(user_id=ACTOR), None)
    assert (one.words.title, one.words.body) == (
        "Your import of products is finished: 3 created.",
        "1 row could not be read.",
    )


def test_a_payment_is_told_to_those_who_keep_payments_and_to_the_lead() -> None:
    body = {"number": "PAY-1", "totals": {"amount": "1250.5", "currency": "USD"}}
    assert said("payment.recorded", body) == (
        "Acme paid 1,250.50 USD.",
        "A payment of 1,250.50 USD was received.",
    )
    assert [one.audience for one in of("payment.recorded", body)] == [
        Audience(staff_id=LEAD),
        Audience(permission="payments:update"),
    ]


def test_a_failed_e_mail_is_told_once_however_often_it_fails() -> None:
    body = {"template": "acknowledgement", "recipients": ["bo@acme.example"], "failure": "refused"}
    first, again = (of("email.failed", body), of("email.failed", body))
    assert first[0].occasion == again[0].occasion == occasion_of("email", SUBJECT)
    assert first[0].words.title == (
        "The acknowledgement of SO-00012 for Acme could not be sent by e-mail."
    )
    assert (first[0].words.body, first[0].plain.body) == ("To bo@acme.example: refused", "")


def test_every_rule_names_a_category_and_permissions_that_exist() -> None:
    rules = [rule for rules in told.TABLE.values() for rule in rules]
    assert {rule.category for rule in rules} == set(CATEGORY_CODES)
    assert {name for rule in rules for name in rule.needs} - every_permission() == set()


BODY = {
    "lines": [{**line("4"), "to": "backordered"}],
    "before": {"status": "normal"},
    "after": {"status": "hold_all"},
    "to": "delivered",
    "title": "Call",
    "number": "7",
}


@pytest.mark.parametrize("event_type", sorted(told.TABLE))
@given(customer=some.text(min_size=1, max_size=900))
def test_whatever_a_customer_is_called_words_fit_and_the_plain_ones_hide_the_name(
    event_type: str, customer: str
) -> None:
    marked = f"⟦{customer}⟧"
    known = {"staff_id": STAFF, "leads": ((LEAD, 1),), "job_status": "completed"}
    found = of(event_type, BODY, customer_name=marked, **known)
    assert found
    for one in found:
        assert 0 < len(one.words.title) <= LONGEST_TITLE
        assert len(one.words.body) <= LONGEST_BODY
        assert "⟦" not in one.plain.title + one.plain.body
        assert one.link[0] == "/" != one.link[1]


@given(number=some.text(min_size=1, max_size=40))
def test_a_link_leads_to_a_page_of_ours_whatever_an_order_is_called(number: str) -> None:
    (one,) = notices(told.TABLE["sales_order.issued"], replace(facts(""), order_number=number))
    assert one.link.count("/") == 3


def test_what_somebody_chose_comes_before_the_defaults() -> None:
    wanted = wanted_channels({"billing": (False, True)})
    assert wanted["billing"] == (False, True)
    assert wanted["order_updates"] == (True, False)
