"""The status model: test vectors T1 to T22 of domain 2.4, the rules of 2.2, 2.3 and 2.5."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.reasons import Reason
from orderwright.sales import rules, statuses
from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts

ONGOING = JobFacts("PJ-00001", "ongoing")
COMPLETED = JobFacts("PJ-00002", "completed")
SCHEDULED = JobFacts("PJ-00003", "scheduled")
DROPPED = JobFacts("PJ-00004", "cancelled")


def line(ordered: str = "10", shipped: str = "0", returned: str = "0", **facts: Any) -> LineFacts:
    position = facts.pop("position", 1)
    measured = {
        name: Decimal(value)
        if isinstance(value, str) and name not in ("kind", "basis", "unit")
        else value
        for name, value in facts.items()
    }
    return LineFacts(
        id=UUID(int=position),
        position=position,
        ordered=Decimal(ordered),
        shipped=Decimal(shipped),
        returned=Decimal(returned),
        **measured,
    )


def order(
    status: str, *lines: LineFacts, shipments: tuple[str, ...] = (), **facts: Any
) -> OrderFacts:
    numbered = tuple(
        replace(item, id=UUID(int=at), position=at) for at, item in enumerate(lines, start=1)
    )
    sent = tuple(
        ShipmentFacts(f"SO-00001-{at}", "shipped", tracking)
        for at, tracking in enumerate(shipments, start=1)
    )
    return OrderFacts("SO-00001", status, numbered, sent, **facts)


def derived(facts: OrderFacts) -> tuple[list[str | None], str]:
    found = statuses.statuses_of(facts)
    return [item.status if item else None for item in found.lines], found.fulfillment.status


CANCELLED = line(cancelled=True, cancelled_quantity="10")

VECTORS = {
    "T1": (order("estimate", line()), ["not_started"], "not_started"),
    "T2": (order("issued", line(short="4")), ["backordered"], "not_started"),
    "T3": (order("issued", line(short="4", jobs=(ONGOING,))), ["in_progress"], "in_production"),
    "T4": (
        order("issued", line(jobs=(COMPLETED,)), line(ready=True)),
        ["production_completed", "ready"],
        "ready_to_ship",
    ),
    "T5": (order("issued", line(ready=True), line()), ["ready", "not_started"], "in_production"),
    "T6": (
        order("issued", line("10", "4"), shipments=("in_transit",)),
        ["partially_shipped"],
        "partially_shipped",
    ),
    "T7": (
        order("fulfilled", line("10", "10"), line("5", "5"), shipments=("delivered", "in_transit")),
        ["shipped", "shipped"],
        "shipped",
    ),
    "T8": (
        order("fulfilled", line("10", "10"), line("5", "5"), shipments=("delivered", "delivered")),
        ["shipped", "shipped"],
        "completed",
    ),
    "T9": (
        order(
            "fulfilled",
            line("10", "10"),
            line("5", "5"),
            shipments=("delivered", "delivered", "cancelled"),
        ),
        ["shipped", "shipped"],
        "completed",
    ),
    "T10": (
        order("issued", CANCELLED, line("5", ready=True)),
        ["cancelled", "ready"],
        "ready_to_ship",
    ),
    "T11": (order("issued", CANCELLED, CANCELLED), ["cancelled", "cancelled"], "cancelled"),
    "T12": (
        order("issued", line(ready=True), customer_status="hold_shipment"),
        ["ready"],
        "on_hold",
    ),
    "T13": (
        order("fulfilled", line("10", "10"), shipments=("delivered",), customer_status="hold_all"),
        ["shipped"],
        "completed",
    ),
    "T14": (
        order("fulfilled", line("10", "10", "3"), line("5", "5"), shipments=("delivered",)),
        ["partially_returned", "shipped"],
        "partially_returned",
    ),
    "T15": (
        order("fulfilled", line("10", "10", "10"), line("5", "5", "5"), shipments=("delivered",)),
        ["returned", "returned"],
        "all_returned",
    ),
    "T16": (
        order("issued", line("10", "10", "10"), line("5"), shipments=("delivered",)),
        ["returned", "not_started"],
        "partially_shipped",
    ),
    "T17": (
        order("fulfilled", line("10", "4", cancelled_quantity="6"), shipments=("delivered",)),
        ["shipped"],
        "completed",
    ),
    "T18": (
        order("fulfilled", line("10", "10"), shipments=("exception",)),
        ["shipped"],
        "shipped",
    ),
    "T19": (order("estimate", line(), manual_hold=True), ["not_started"], "on_hold"),
    "T20": (order("issued", line(retrieved="10")), ["in_progress"], "in_production"),
    "T21": (order("issued", line(kind="service")), [None], "not_started"),
    "T22": (order("issued", line(jobs=(COMPLETED,))), ["production_completed"], "ready_to_ship"),
}


@pytest.mark.parametrize(("facts", "lines", "fulfillment"), VECTORS.values(), ids=VECTORS)
def test_the_vectors_of_the_domain(
    facts: OrderFacts, lines: list[str | None], fulfillment: str
) -> None:
    assert derived(facts) == (lines, fulfillment)


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (line(cancelled_quantity="10"), "cancelled"),
        (line("10", "10", "10"), "returned"),
        (line("10", "10", "9"), "partially_returned"),
        (line("10", "4", "4"), "partially_returned"),
        (line("10", "10"), "shipped"),
        (line("10", "12"), "shipped"),
        (line("10", "4", cancelled_quantity="6"), "shipped"),
        (line("10", "4", ready=True), "partially_shipped"),
        (line(ready=True, jobs=(ONGOING,)), "ready"),
        (line(jobs=(ONGOING, COMPLETED)), "in_progress"),
        (line(jobs=(COMPLETED, SCHEDULED)), "in_progress"),
        (line(jobs=(COMPLETED, DROPPED)), "production_completed"),
        (line(jobs=(DROPPED,)), "not_started"),
        (line(jobs=(SCHEDULED,)), "not_started"),
        (line(jobs=(COMPLETED,), retrieved="10"), "production_completed"),
        (line(picked="1"), "in_progress"),
        (line(picked="1", short="10"), "in_progress"),
        (line(short="0.000002"), "backordered"),
        (line(short="0.000001"), "not_started"),
    ],
)
def test_the_first_rule_that_matches_makes_the_status_of_a_line(
    facts: LineFacts, status: str
) -> None:
    found = statuses.status_of_line(facts, "issued")
    assert found is not None
    assert found.status == status


def test_an_estimate_has_promised_nothing_so_nothing_of_it_is_backordered() -> None:
    found = statuses.status_of_line(line(short="4"), "estimate")
    assert found is not None
    assert found.status == "not_started"


def test_a_weight_that_conversion_left_below_the_tolerance_is_not_outstanding() -> None:
    almost = line("10", "9.999999", basis="weight", unit="g")
    assert almost.outstanding == 0
    assert statuses.status_of_line(almost, "issued").status == "shipped"
    assert line("10", "9.999998", basis="weight", unit="g").outstanding == Decimal("0.000002")


def test_the_smallest_weight_that_can_be_ordered_is_outstanding_until_it_ships() -> None:
    assert line("0.000001", basis="weight", unit="g").outstanding == Decimal("0.000001")


def test_a_shipped_line_names_how_much_and_the_shipments() -> None:
    sent = (
        ShipmentFacts("SO-00001"),
        ShipmentFacts("SO-00001-2", tracking_status="cancelled"),
        ShipmentFacts("SO-00001-3", stage="packed"),
    )
    found = statuses.status_of_line(line("10", "4", shipments=sent), "issued")
    assert found == statuses.Derived(
        "partially_shipped",
        (Reason("shipped", "4", "10", "shipment SO-00001", "4 of 10 shipped"),),
    )


def test_a_partly_shipped_line_names_what_is_short_too() -> None:
    found = statuses.status_of_line(line("10", "4", short="2"), "issued")
    assert [(reason.fact, reason.value, reason.of) for reason in found.reasons] == [
        ("shipped", "4", "10"),
        ("short", "2", "6"),
    ]


@pytest.mark.parametrize(
    ("facts", "order_status", "texts"),
    [
        (CANCELLED, "issued", ["10 of 10 cancelled"]),
        (line("10", "10", "3"), "fulfilled", ["3 of 10 shipped came back"]),
        (line("10", "6", "3"), "issued", ["3 of 6 shipped came back", "6 of 10 shipped"]),
        (line(ready=True, retrieved="10"), "issued", ["marked ready with 10 of 10 selected"]),
        (line(jobs=(ONGOING,)), "issued", ["production job PJ-00001 is ongoing"]),
        (line(jobs=(COMPLETED, SCHEDULED)), "issued", ["1 of 2 production jobs completed"]),
        (line(retrieved="7", picked="2"), "issued", ["7 of 10 selected", "2 of 10 picked"]),
        (line(short="4"), "issued", ["4 of 10 short of stock"]),
        (line(), "issued", ["nothing selected yet"]),
        (line(), "estimate", ["nothing selected: the order is an estimate"]),
        (
            line(jobs=(SCHEDULED,)),
            "issued",
            ["nothing selected yet", "production job PJ-00003 is scheduled"],
        ),
    ],
)
def test_a_line_says_why_it_stands_where_it_stands(
    facts: LineFacts, order_status: str, texts: list[str]
) -> None:
    found = statuses.status_of_line(facts, order_status)
    assert [reason.text for reason in found.reasons] == texts


@pytest.mark.parametrize(
    ("facts", "texts"),
    [
        (VECTORS["T2"][0], ["1 of 1 lines backordered"]),
        (VECTORS["T4"][0], ["1 of 2 lines production completed", "1 of 2 lines ready"]),
        (VECTORS["T3"][0], ["1 of 1 lines in progress", "production job PJ-00001 is ongoing"]),
        (VECTORS["T6"][0], ["4 of 10 shipped"]),
        (
            VECTORS["T7"][0],
            ["15 of 15 shipped", "shipment SO-00001-2 is in transit"],
        ),
        (VECTORS["T8"][0], ["15 of 15 shipped", "2 of 2 shipments delivered"]),
        (VECTORS["T11"][0], ["2 of 2 lines cancelled"]),
        (VECTORS["T12"][0], ["the customer is on hold for shipments", "0 of 10 shipped"]),
        (VECTORS["T14"][0], ["3 of 15 shipped came back", "15 of 15 shipped"]),
        (VECTORS["T21"][0], ["no line of goods"]),
        (
            order("issued", line("10", "10"), line("2", unit="g")),
            ["1 of 2 lines shipped"],
        ),
        (
            order("fulfilled", line("10", "10", "1"), line("2", "2", unit="g")),
            ["1 of 2 lines came back", "2 of 2 lines shipped"],
        ),
        (
            order("issued", line(), manual_hold=True, hold_reason="credit check"),
            ["the order is on hold: credit check", "0 of 10 shipped"],
        ),
    ],
)
def test_an_order_says_why_it_stands_where_it_stands(facts: OrderFacts, texts: list[str]) -> None:
    assert [reason.text for reason in statuses.fulfillment_of(facts).reasons] == texts


def test_a_packed_shipment_keeps_a_shipped_order_from_being_complete() -> None:
    facts = order("fulfilled", line("10", "10"), shipments=("delivered",))
    packed = replace(facts, shipments=(*facts.shipments, ShipmentFacts("SO-2", stage="packed")))
    voided = replace(facts, shipments=(*facts.shipments, ShipmentFacts("SO-2", stage="voided")))
    assert statuses.fulfillment_of(packed).status == "shipped"
    assert statuses.fulfillment_of(voided).status == "completed"


def test_an_order_whose_goods_left_without_a_linked_shipment_is_shipped() -> None:
    assert derived(order("fulfilled", line("10", "10"))) == (["shipped"], "shipped")


def test_a_job_of_the_order_itself_puts_it_in_production() -> None:
    facts = order("issued", line(), jobs=(ONGOING,))
    assert statuses.fulfillment_of(facts).status == "in_production"


def test_a_job_of_a_cancelled_line_still_runs() -> None:
    facts = order("issued", line(), replace(CANCELLED, jobs=(ONGOING,)))
    assert statuses.fulfillment_of(facts).status == "in_production"


def test_all_returned_needs_every_line_back() -> None:
    facts = order("fulfilled", line("10", "10", "10"), line("5", "5", "4"))
    assert derived(facts) == (["returned", "partially_returned"], "partially_returned")


@pytest.mark.parametrize(
    ("status", "customer_status", "held"),
    [
        ("estimate", "hold_all", True),
        ("estimate", "hold_shipment", False),
        ("issued", "hold_all", True),
        ("issued", "hold_shipment", True),
        ("issued", "preferred", False),
        ("fulfilled", "hold_all", False),
        ("completed", "hold_all", False),
    ],
)
def test_a_customers_hold_counts_for_open_orders(
    status: str, customer_status: str, held: bool
) -> None:
    facts = order(status, line(), customer_status=customer_status)
    assert bool(statuses.hold_reasons(facts)) is held


def test_both_holds_are_named() -> None:
    facts = order(
        "issued", line(), customer_status="hold_all", manual_hold=True, hold_reason="wait"
    )
    assert statuses.hold_reasons(facts) == (
        Reason("order_hold", "wait", None, "order SO-00001", "the order is on hold: wait"),
        Reason("customer_hold", "hold_all", None, "customer", "the customer is on hold"),
    )


def test_goods_that_came_back_show_beside_an_order_that_still_has_to_send() -> None:
    assert statuses.badges(VECTORS["T16"][0]) == (
        statuses.Badge("returns", "10", "Returns: 10 units"),
    )
    assert statuses.badges(VECTORS["T15"][0]) == ()


def test_a_partly_shipped_line_shows_what_is_backordered() -> None:
    facts = order("issued", line("10", "4", short="3"), line("5", short="5"))
    assert statuses.badges(facts) == (statuses.Badge("backordered", "3", "3 backordered"),)


def test_nothing_is_backordered_once_all_has_left_or_within_the_tolerance() -> None:
    assert statuses.badges(order("issued", line("10", "10", short="3"))) == ()
    assert statuses.badges(order("issued", line("10", "4", short="0.000001"))) == ()
    assert statuses.badges(order("estimate", line("10", "4", short="3"))) == ()


def test_a_shipment_in_trouble_raises_an_alert() -> None:
    facts = order("fulfilled", line("10", "10"), shipments=("exception", "delivered", "returned"))
    assert [badge.text for badge in statuses.badges(facts)] == [
        "Shipment SO-00001-1: exception",
        "Shipment SO-00001-3: returned",
    ]


def test_lines_are_counted_by_status_and_zeros_are_left_out() -> None:
    facts = order("issued", line(), line("5", "5"), line(), line(kind="freight"))
    counts = {"not_started": 2, "shipped": 1}
    assert statuses.line_status_counts(facts) == counts
    assert statuses.statuses_of(facts).line_status_counts == counts


@pytest.mark.parametrize(
    ("tracking", "shown"),
    [
        ((), None),
        (("cancelled", "cancelled"), "cancelled"),
        (("cancelled", "delivered"), "delivered"),
        (("delivered", "out_for_delivery"), "out_for_delivery"),
        (("in_transit", "out_for_delivery"), "in_transit"),
        (("in_transit", "pending"), "pending"),
        (("pending", "returned"), "returned"),
        (("returned", "exception"), "exception"),
    ],
)
def test_the_worst_shipment_of_a_line_shows(tracking: tuple[str, ...], shown: str | None) -> None:
    shipments = [ShipmentFacts(str(at), "shipped", status) for at, status in enumerate(tracking)]
    assert statuses.status_of_shipments(shipments) == shown


def test_a_voided_shipment_says_nothing_of_its_lines() -> None:
    assert statuses.status_of_shipments([ShipmentFacts("1", "voided", "exception")]) is None


@pytest.mark.parametrize(
    ("due", "paid", "currency", "status"),
    [
        ("100", "0", "USD", "unpaid"),
        ("100", "-5", "USD", "unpaid"),
        ("100", "0.004", "USD", "unpaid"),
        ("100", "0.01", "USD", "partially_paid"),
        ("100", "99.99", "USD", "partially_paid"),
        ("100", "99.995", "USD", "paid"),
        ("0", "0", "USD", "paid"),
        ("0.004", "0", "USD", "paid"),
        ("100", "100.01", "USD", "overpaid"),
        ("0", "1", "USD", "overpaid"),
        ("0", "-1", "USD", "unpaid"),
        ("100", "99.6", "JPY", "paid"),
        ("1.000", "1.001", "KWD", "overpaid"),
    ],
)
def test_payment_is_compared_in_the_minor_unit(
    due: str, paid: str, currency: str, status: str
) -> None:
    assert statuses.payment_of(Decimal(due), Decimal(paid), currency).status == status


def test_payment_says_how_much_of_what() -> None:
    found = statuses.payment_of(Decimal("7599.07"), Decimal("7239.07"), "USD")
    assert found.reasons == (
        Reason("paid", "7239.07", "7599.07", None, "7239.07 of 7599.07 USD paid"),
    )
    nothing = statuses.payment_of(Decimal(0), Decimal(0), "USD")
    assert nothing.reasons[0].text == "nothing is due"


def test_a_line_is_ready_when_all_outstanding_is_selected() -> None:
    rules.check_ready(line(retrieved="10"), force_ready=False)
    rules.check_ready(line("10", "4", retrieved="6"), force_ready=False)
    rules.check_ready(line("10", retrieved="9.999999", unit="g"), force_ready=False)
    with pytest.raises(Conflict) as refused:
        rules.check_ready(line(retrieved="9"), force_ready=False)
    assert refused.value.code == "not_enough_selected"
    assert refused.value.details == {
        "line_id": str(UUID(int=1)),
        "selected": "9",
        "outstanding": "10",
    }


def test_a_person_may_force_a_line_to_be_ready_but_not_one_with_nothing_outstanding() -> None:
    rules.check_ready(line(), force_ready=True)
    with pytest.raises(Conflict) as refused:
        rules.check_ready(line("10", "10"), force_ready=True)
    assert refused.value.code == "nothing_outstanding"


@pytest.mark.parametrize(
    ("facts", "stays"),
    [
        (line(ready=True, retrieved="10"), True),
        (line(ready=True, retrieved="9"), False),
        (line("11", ready=True, retrieved="10"), False),
        (line(ready=True, ready_forced=True), True),
        (line("10", "10", ready=True, ready_forced=True), False),
        (line("10", "4", ready=True, retrieved="6"), True),
        (line(ready=True, cancelled=True, cancelled_quantity="10"), False),
        (line(ready=False, retrieved="10"), False),
    ],
)
def test_ready_is_cleared_when_its_guard_no_longer_holds(facts: LineFacts, stays: bool) -> None:
    assert rules.keeps_ready(facts) is stays


def test_cancelling_takes_what_is_outstanding_and_skips_what_has_shipped() -> None:
    facts = order("issued", line("10", "4"), line("5"), line("3", "3"), CANCELLED)
    plan = rules.plan_cancel(facts, [UUID(int=at) for at in (1, 2, 3, 4)])
    assert plan == rules.CancelPlan(
        cancelled={UUID(int=1): Decimal(6), UUID(int=2): Decimal(5)},
        flagged=frozenset({UUID(int=2)}),
        skipped=(
            rules.Skipped(UUID(int=3), "Line 3 has shipped in full."),
            rules.Skipped(UUID(int=4), "Line 4 is cancelled already."),
        ),
    )


def test_a_second_cancel_adds_to_the_first() -> None:
    facts = order("issued", line("10", "4", cancelled_quantity="2"))
    assert rules.plan_cancel(facts, [UUID(int=1)]).cancelled == {UUID(int=1): Decimal(6)}


def test_cancelling_nothing_is_refused() -> None:
    facts = order("issued", line("3", "3"), line(kind="freight"))
    with pytest.raises(Conflict) as refused:
        rules.plan_cancel(facts, [UUID(int=1), UUID(int=2)])
    assert refused.value.code == "nothing_to_cancel"


def test_cancelling_an_unknown_line_is_refused() -> None:
    for ids, message in (
        ([UUID(int=9)], "This line does not stand on the order."),
        ([], "Name at least one line."),
    ):
        with pytest.raises(Invalid) as refused:
            rules.plan_cancel(order("issued", line()), ids)
        assert refused.value.code == "unknown_line"
        assert refused.value.fields == {"line_ids": message}


def test_a_packed_line_is_voided_before_it_is_cancelled() -> None:
    packed = line(packed="5", shipments=(ShipmentFacts("SO-7", stage="packed"),))
    with pytest.raises(Conflict) as refused:
        rules.plan_cancel(order("issued", packed), [UUID(int=1)])
    assert refused.value.code == "shipment_packed"
    assert refused.value.details == {"shipments": ["SO-7"]}


def test_restoring_takes_lines_with_a_cancelled_part() -> None:
    facts = order("issued", CANCELLED, line(), line("10", "4", cancelled_quantity="6"))
    ids = [UUID(int=at) for at in (1, 2, 3)]
    assert rules.plan_restore(facts, ids) == (UUID(int=1), UUID(int=3))
    with pytest.raises(Conflict) as refused:
        rules.plan_restore(facts, [UUID(int=2)])
    assert refused.value.code == "nothing_to_restore"
