"""What may follow in a shipment's life, and what all its events together show (domain 2.6)."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Conflict
from orderwright.shipping import rules
from orderwright.shipping.rules import CarrierWord, EventFacts

START = datetime(2026, 1, 1, tzinfo=UTC)

TABLE = {
    "pending": "in_transit out_for_delivery delivered exception cancelled",
    "in_transit": "out_for_delivery delivered exception returned",
    "out_for_delivery": "in_transit delivered exception returned",
    "delivered": "returned",
    "exception": "in_transit out_for_delivery delivered returned",
    "cancelled": "",
    "returned": "",
}
ADMIN_TABLE = TABLE | {
    "in_transit": TABLE["in_transit"] + " cancelled",
    "out_for_delivery": TABLE["out_for_delivery"] + " cancelled",
    "exception": TABLE["exception"] + " cancelled",
    "delivered": "returned exception",
}


def events(*told: tuple[int, str], **facts: Any) -> list[EventFacts]:
    """Events in the order in which they were recorded, each with the hour at which it occurred."""
    return [
        EventFacts(UUID(int=at), status, START + timedelta(hours=hour), **facts)
        for at, (hour, status) in enumerate(told, start=1)
    ]


@pytest.mark.parametrize("status", rules.TRACKING_STATUSES)
@pytest.mark.parametrize(("is_admin", "table"), [(False, TABLE), (True, ADMIN_TABLE)])
def test_what_may_follow(status: str, is_admin: bool, table: dict[str, str]) -> None:
    following = {
        code
        for code in rules.TRACKING_STATUSES
        if rules.may_follow(status, code, is_admin=is_admin)
    }
    assert following == set(table[status].split())


def test_a_forbidden_event_by_hand_is_refused_and_says_what_may_follow() -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_event("in_transit", "pending", is_admin=False)
    assert refused.value.code == "invalid_transition"
    assert refused.value.message == (
        "This shipment is in transit; next it can only be "
        "out for delivery or delivered or exception or returned."
    )
    assert refused.value.details == {
        "status": "in_transit",
        "asked": "pending",
        "allowed": ["out_for_delivery", "delivered", "exception", "returned"],
    }
    rules.check_event("in_transit", "delivered", is_admin=False)


@pytest.mark.parametrize(
    ("status", "following", "message"),
    [
        ("cancelled", "in_transit", "This shipment is cancelled, and that is final."),
        (
            "delivered",
            "exception",
            "This shipment is delivered; only an Admin may make it exception.",
        ),
    ],
)
def test_what_is_final_and_what_only_an_admin_may_do(
    status: str, following: str, message: str
) -> None:
    with pytest.raises(Conflict) as refused:
        rules.check_event(status, following, is_admin=False)
    assert refused.value.message == message


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ([], "pending"),
        ([(0, "pending")], "pending"),
        ([(0, "in_transit"), (2, "delivered")], "delivered"),
        ([(5, "out_for_delivery"), (2, "in_transit")], "out_for_delivery"),
        ([(5, "delivered"), (2, "exception")], "delivered"),
        ([(2, "delivered"), (5, "in_transit")], "delivered"),
        ([(2, "delivered"), (5, "exception")], "delivered"),
        ([(2, "delivered"), (5, "returned")], "returned"),
        ([(2, "returned")], "pending"),
        ([(2, "in_transit"), (2, "delivered")], "delivered"),
        ([(9, "pending"), (2, "in_transit")], "in_transit"),
        ([(1, "exception"), (2, "in_transit"), (3, "delivered")], "delivered"),
        ([(5, "exception"), (4, "delivered")], "exception"),
        ([(1, "cancelled"), (2, "delivered")], "cancelled"),
    ],
)
def test_what_all_events_of_a_shipment_show(told: list[tuple[int, str]], shown: str) -> None:
    assert rules.shown_status(events(*told)) == shown


def test_an_admin_may_correct_a_delivery() -> None:
    told = events((2, "delivered"), (5, "exception"))
    corrected = [
        told[0],
        EventFacts(UUID(int=9), "exception", START + timedelta(hours=5), "manual", by_admin=True),
    ]
    assert rules.shown_status(corrected) == "exception"


def test_cancelling_counts_whenever_it_occurred() -> None:
    told = events((5, "in_transit"))
    cancelled = EventFacts(UUID(int=9), "cancelled", START, "system")
    assert rules.shown_status([*told, cancelled]) == "cancelled"


@given(
    st.lists(st.tuples(st.integers(0, 9), st.sampled_from(rules.TRACKING_STATUSES)), max_size=8),
    st.randoms(),
)
def test_what_is_shown_does_not_depend_on_the_order_of_reading(
    told: list[tuple[int, str]], random: Any
) -> None:
    read = events(*told)
    shown = rules.shown_status(read)
    random.shuffle(read)
    assert rules.shown_status(read) == shown
    assert shown in rules.TRACKING_STATUSES


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(rules.TRACKING_STATUSES)), max_size=8))
def test_a_delivered_shipment_stays_so_until_it_is_returned(told: list[tuple[int, str]]) -> None:
    after = [(hour, status) for hour, status in told if status != "returned"]
    assert rules.shown_status(events((0, "delivered"), *after)) == "delivered"


def test_an_event_that_says_no_time_is_the_latest() -> None:
    now = START + timedelta(hours=3)
    earlier, later = events((1, "in_transit")), events((8, "in_transit"))
    assert rules.time_of_event(None, now, earlier) == now
    assert rules.time_of_event(None, now, later) == START + timedelta(hours=8)
    assert rules.time_of_event(START, now, later) == START


@pytest.mark.parametrize(
    ("stage", "status", "is_admin", "refused"),
    [
        ("shipped", "pending", False, False),
        ("packed", "pending", False, False),
        ("shipped", "in_transit", False, True),
        ("shipped", "in_transit", True, False),
        ("shipped", "out_for_delivery", True, False),
        ("shipped", "exception", True, False),
        ("shipped", "delivered", True, True),
        ("shipped", "cancelled", True, True),
        ("shipped", "returned", True, True),
        ("voided", "pending", True, True),
    ],
)
def test_who_may_cancel_a_shipment(stage: str, status: str, is_admin: bool, refused: bool) -> None:
    if not refused:
        rules.check_cancel(stage, status, is_admin=is_admin)
        return
    with pytest.raises(Conflict) as found:
        rules.check_cancel(stage, status, is_admin=is_admin)
    assert found.value.code == "invalid_transition"


@pytest.mark.parametrize(
    ("code", "needed"),
    [
        ("ups", True),
        ("", True),
        ("ltl", True),
        ("will_call", False),
        ("delivery", False),
        ("Freight_Collect ", False),
    ],
)
def test_who_needs_a_tracking_number(code: str, needed: bool) -> None:
    assert rules.needs_tracking_number(code) is needed


@pytest.mark.parametrize(
    ("raw", "word"),
    [
        ("Delivered", CarrierWord("delivered", None)),
        (" OUT-FOR-DELIVERY ", CarrierWord("out_for_delivery", None)),
        ("Label Created", CarrierWord("pending", None)),
        ("return to sender", CarrierWord("returned", None)),
        ("canceled", CarrierWord("cancelled", None)),
        ("Z7: customs", CarrierWord("exception", "Z7: customs")),
        ("", CarrierWord("exception", "")),
    ],
)
def test_a_carriers_word_is_read_and_an_unknown_one_is_an_exception(
    raw: str, word: CarrierWord
) -> None:
    assert rules.read_carrier_status(raw) == word
