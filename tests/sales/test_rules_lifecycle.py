"""The lifecycle of a sales order: who may do what when, and the sentence for everything else."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from orderwright.kernel.errors import Conflict, Forbidden, Invalid
from orderwright.kernel.lifecycle import Allowed
from orderwright.sales import edit_rules, lifecycle
from orderwright.sales.allowed import PERMISSIONS, allowed_actions
from orderwright.sales.rules import LineFacts, OrderFacts, ShipmentFacts

EVERYTHING = frozenset(code for codes in PERMISSIONS.values() for code in codes)
SENT = (ShipmentFacts("SO-00001"),)
PACKED = (ShipmentFacts("SO-00001", stage="packed"),)


def line(position: int = 1, ordered: int = 10, **facts: Any) -> LineFacts:
    measured = {
        name: Decimal(value) if type(value) is int else value for name, value in facts.items()
    }
    return LineFacts(UUID(int=position), position, Decimal(ordered), **measured)


def order(status: str = "issued", *lines: LineFacts, **facts: Any) -> OrderFacts:
    return OrderFacts("SO-00001", status, lines or (line(),), **facts)


def refused(action: str, facts: OrderFacts) -> str | None:
    refusal = lifecycle.why_refused(action, facts)
    return refusal.code if refusal else None


PRICES = {"reprice", "quote-freight", "apply-freight"}


def allowed(facts: OrderFacts, **who: bool) -> set[str]:
    return {item.action for item in allowed_actions(facts, EVERYTHING, **who) if item.allowed}


def test_an_estimate_can_be_issued_edited_held_cancelled_or_removed() -> None:
    assert (
        allowed(order("estimate"))
        == {
            "issue",
            "hold",
            "cancel-lines",
            "record-deposit",
            "duplicate",
            "edit",
            "remove",
        }
        | PRICES
    )


def test_an_issued_order_can_be_worked_on() -> None:
    assert (
        allowed(order("issued", line(retrieved=4)))
        == {
            "unissue",
            "select-inventory",
            "auto-select",
            "release-inventory",
            "create-shipment",
            "cancel-lines",
            "hold",
            "record-deposit",
            "duplicate",
            "edit",
            "remove",
        }
        | PRICES
    )


def test_a_fulfilled_order_is_reopened_or_closed_once_it_is_paid() -> None:
    sent = order("fulfilled", line(shipped=10), shipments=SENT)
    always = {"reopen", "duplicate", "create-invoice", "record-deposit"}
    assert allowed(sent) == always
    assert allowed(sent, is_admin=True) == {*always, "close"}
    assert allowed(replace(sent, paid_in_full=True)) == {*always, "close"}


def test_a_completed_order_is_only_copied_and_what_is_left_of_it_invoiced() -> None:
    invoiced = order("completed", line(shipped=10, invoiced=10), shipments=SENT)
    assert allowed(invoiced) == {"duplicate"}
    left = order("completed", line(shipped=10, invoiced=9), shipments=SENT)
    assert allowed(left) == {"duplicate", "create-invoice"}


@pytest.mark.parametrize(
    ("action", "status", "message"),
    [
        ("issue", "issued", "This sales order is issued; it must be an estimate."),
        ("unissue", "estimate", "This sales order is an estimate; it must be issued."),
        ("create-shipment", "fulfilled", "This sales order is fulfilled; it must be issued."),
        (
            "cancel-lines",
            "fulfilled",
            "This sales order is fulfilled; it must be an estimate or issued.",
        ),
        ("remove", "completed", "This sales order is completed; it must be an estimate or issued."),
    ],
)
def test_a_wrong_status_is_refused_naming_the_needed_one(
    action: str, status: str, message: str
) -> None:
    with pytest.raises(Conflict) as refusal:
        lifecycle.check(action, order(status))
    assert (refusal.value.code, refusal.value.message) == ("invalid_transition", message)
    assert refusal.value.details["status"] == status


@pytest.mark.parametrize("action", ["select-inventory", "auto-select", "create-shipment"])
def test_an_estimate_is_issued_before_its_stock_is_touched(action: str) -> None:
    with pytest.raises(Conflict) as refusal:
        lifecycle.check(action, order("estimate"))
    assert (refusal.value.code, refusal.value.message) == ("not_issued", "Issue the order first.")


@pytest.mark.parametrize(
    ("action", "facts", "code"),
    [
        ("issue", order("estimate", line(kind="freight")), "no_lines"),
        ("issue", order("estimate", line(cancelled=True, cancelled_quantity=10)), "no_lines"),
        ("issue", order("estimate", line(kind="service")), None),
        ("issue", order("estimate", line(), line(2, kind="freight")), None),
        ("issue", order("estimate", line(), line(2, cancelled=True)), None),
        ("select-inventory", order("issued", line(shipped=10), line(2)), None),
        ("create-shipment", order("issued", line(shipped=10), line(2)), None),
        ("release-inventory", order("issued", line(retrieved=1), line(2)), None),
        ("cancel-lines", order("issued", line(shipped=10), line(2)), None),
        ("restore-lines", order("issued", line(cancelled_quantity=1), line(2)), None),
        ("issue", order("estimate", customer_status="hold_all"), "customer_hold_all"),
        ("issue", order("estimate", customer_status="hold_shipment"), None),
        ("issue", order("estimate", customer_status="preferred"), None),
        ("issue", order("estimate", manual_hold=True), "order_on_hold"),
        ("issue", order("estimate", line(product_active=False)), "product_inactive"),
        ("issue", order("estimate", line(short=10)), None),
        ("unissue", order("issued", shipments=SENT), "shipment_sent"),
        ("unissue", order("issued", shipments=PACKED), "shipment_packed"),
        ("unissue", order("issued", invoices=1, drafts=1), "invoice_exists"),
        (
            "unissue",
            order("issued", shipments=(ShipmentFacts("S", "shipped", "cancelled"),)),
            None,
        ),
        ("unissue", order("issued", shipments=(ShipmentFacts("S", "voided"),)), None),
        ("select-inventory", order("issued", line(shipped=10)), "nothing_outstanding"),
        ("select-inventory", order("issued", manual_hold=True), None),
        ("select-inventory", order("issued", customer_status="hold_all"), None),
        ("auto-select", order("issued", line(cancelled=True)), "nothing_outstanding"),
        ("release-inventory", order("issued"), "nothing_selected"),
        ("release-inventory", order("fulfilled", line(shipped=10, retrieved=2)), None),
        ("create-shipment", order("issued", customer_status="hold_all"), "customer_hold_all"),
        (
            "create-shipment",
            order("issued", customer_status="hold_shipment"),
            "customer_hold_shipment",
        ),
        ("create-shipment", order("issued", manual_hold=True), "order_on_hold"),
        ("create-shipment", order("issued", line(shipped=10)), "nothing_to_ship"),
        ("create-shipment", order("issued", line(shipped=10, retrieved=1)), None),
        ("cancel-lines", order("issued", line(shipped=10)), "nothing_to_cancel"),
        ("cancel-lines", order("issued", line(kind="freight")), "nothing_to_cancel"),
        ("cancel-lines", order("issued", manual_hold=True), None),
        ("restore-lines", order("issued"), "nothing_to_restore"),
        ("restore-lines", order("issued", line(cancelled_quantity=1)), None),
        ("hold", order("issued", manual_hold=True), "already_on_hold"),
        ("hold", order("fulfilled"), "invalid_transition"),
        ("release-hold", order("issued"), "not_on_hold"),
        ("release-hold", order("fulfilled", manual_hold=True), None),
        ("edit", order("issued", shipments=SENT), "order_locked"),
        ("edit", order("issued", shipments=PACKED), None),
        ("edit", order("issued", shipments=SENT, reopened=True), None),
        ("short-close", order("estimate", line(shipped=4)), "invalid_transition"),
        ("short-close", order("issued"), "nothing_shipped"),
        ("short-close", order("issued", line(shipped=4)), None),
        ("short-close", order("issued", line(kind="service")), None),
        ("short-close", order("issued", line(kind="service"), line(2)), "nothing_shipped"),
        ("short-close", order("issued", line(kind="service", cancelled=True)), "nothing_shipped"),
        (
            "short-close",
            order("issued", line(kind="service"), line(2, cancelled=True)),
            None,
        ),
        ("short-close", order("issued", line(shipped=4), shipments=PACKED), "shipment_packed"),
        ("short-close", order("issued", line(shipped=4), manual_hold=True), None),
        ("reopen", order("fulfilled", line(shipped=10)), None),
        ("reopen", order("completed", line(shipped=10)), "invalid_transition"),
        ("reopen", order("issued"), "invalid_transition"),
        ("finish-correction", order("issued", line(shipped=10)), "not_reopened"),
        ("finish-correction", order("issued", line(shipped=10), reopened=True), None),
        ("close", order("fulfilled", line(shipped=10)), "not_paid"),
        ("close", order("fulfilled", line(shipped=10), paid_in_full=True), None),
        ("close", order("fulfilled", paid_in_full=True, invoices=1, drafts=1), "draft_invoice"),
        ("close", order("issued"), "invalid_transition"),
        ("close", order("estimate", settled=True), "invalid_transition"),
        ("close", order("issued", line(cancelled=True), settled=True), None),
        ("close", order("estimate", line(cancelled=True), settled=True), None),
        ("close", order("issued", line(cancelled=True)), "not_settled"),
        (
            "close",
            order("issued", line(cancelled=True), line(2, kind="service"), settled=True),
            "invalid_transition",
        ),
        (
            "close",
            order("issued", line(cancelled=True), line(2, kind="freight"), settled=True),
            None,
        ),
        ("close", order("completed"), "invalid_transition"),
        ("reprice", order("issued"), None),
        ("reprice", order("issued", invoices=1, drafts=1), "invoice_exists"),
        ("reprice", order("issued", line(invoiced=1)), "invoice_exists"),
        ("reprice", order("issued", shipments=SENT), "order_locked"),
        ("reprice", order("issued", shipments=SENT, reopened=True), None),
        ("reprice", order("fulfilled"), "invalid_transition"),
        ("apply-freight", order("issued", invoices=1), "invoice_exists"),
        ("duplicate", order("completed"), None),
        ("remove", order("issued", invoices=1), "invoice_exists"),
        ("remove", order("issued", invoices=1, drafts=1), None),
        ("remove", order("estimate", payments=1), "payment_exists"),
    ],
)
def test_what_stands_against_an_action(action: str, facts: OrderFacts, code: str | None) -> None:
    assert refused(action, facts) == code


def test_no_lines_is_a_mistake_of_the_request() -> None:
    with pytest.raises(Invalid):
        lifecycle.check("issue", order("estimate", line(kind="freight")))


def test_an_issue_without_a_price_needs_a_yes() -> None:
    facts = order("estimate", line(has_price=False), line(2))
    with pytest.raises(Conflict) as refusal:
        lifecycle.check_issue(facts)
    assert refusal.value.code == "confirmation_required"
    assert refusal.value.details == {"confirm": "no_price"}
    lifecycle.check_issue(facts, confirmed=["no_price"])


def test_an_unpaid_order_on_prepaid_terms_needs_a_yes() -> None:
    facts = order("estimate", prepaid=True)
    with pytest.raises(Conflict) as refusal:
        lifecycle.check_issue(facts)
    assert refusal.value.details == {"confirm": "prepaid_unpaid"}
    lifecycle.check_issue(facts, confirmed=["prepaid_unpaid"])
    lifecycle.check_issue(replace(facts, paid_in_full=True))


def test_a_yes_does_not_lift_a_hold() -> None:
    facts = order("estimate", manual_hold=True, prepaid=True)
    with pytest.raises(Conflict) as refusal:
        lifecycle.check_issue(facts, confirmed=["prepaid_unpaid", "no_price"])
    assert refusal.value.code == "order_on_hold"


def test_removing_needs_the_number_typed() -> None:
    lifecycle.check_remove(order(), confirm_number="SO-00001", is_admin=False)
    for typed in (None, "so-00001", "SO-00002"):
        with pytest.raises(Invalid) as refusal:
            lifecycle.check_remove(order(), confirm_number=typed, is_admin=True)
        assert refusal.value.code == "wrong_confirm_number"
        assert set(refusal.value.fields) == {"confirm_number"}


@pytest.mark.parametrize("tracking", ["in_transit", "out_for_delivery", "delivered"])
def test_only_an_admin_removes_an_order_whose_goods_are_under_way(tracking: str) -> None:
    facts = order(shipments=(ShipmentFacts("SO-00001", "shipped", tracking),))
    lifecycle.check_remove(facts, confirm_number="SO-00001", is_admin=True)
    with pytest.raises(Conflict) as refusal:
        lifecycle.check_remove(facts, confirm_number="SO-00001", is_admin=False)
    assert refusal.value.code == "shipment_moving"


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (order("issued", line(shipped=10)), "fulfilled"),
        (order("issued", line(shipped=10), reopened=True), None),
        (order("issued", line(shipped=9)), None),
        (order("issued", line(cancelled=True, cancelled_quantity=10)), None),
        (order("issued", line(shipped=4, cancelled_quantity=6)), "fulfilled"),
        (order("issued", line(kind="service")), None),
        (order("estimate", line(shipped=10)), None),
        (order("issued", line(shipped=10), line(2)), None),
        (order("fulfilled", line(shipped=9)), "issued"),
        (order("fulfilled", line(shipped=10), line(2, shipped=9)), "issued"),
        (order("fulfilled", line(shipped=10)), None),
        (order("completed", line(shipped=9)), None),
    ],
)
def test_an_order_is_fulfilled_when_all_has_left_and_issued_again_when_it_has_not(
    facts: OrderFacts, status: str | None
) -> None:
    assert lifecycle.plan_automatic_move(facts) == status


PAID = {"paid_in_full": True, "payments": 1}


@pytest.mark.parametrize(
    ("facts", "status"),
    [
        (order("fulfilled", line(shipped=10), **PAID), "completed"),
        (order("fulfilled", line(shipped=10), paid_in_full=True), None),
        (order("fulfilled", line(shipped=10), payments=1), None),
        (order("fulfilled", line(shipped=10), **PAID, invoices=2, drafts=1), None),
        (order("fulfilled", line(shipped=9), **PAID), "issued"),
        (order("issued", line(shipped=9), **PAID), None),
        (order("completed", line(shipped=9), **PAID), None),
    ],
)
def test_a_paid_order_is_completed_where_the_organization_wants_it(
    facts: OrderFacts, status: str | None
) -> None:
    assert lifecycle.plan_automatic_move(facts, completes_when_paid=True) == status
    unwanted = lifecycle.plan_automatic_move(facts)
    assert unwanted == (None if status == "completed" else status)


@pytest.mark.parametrize(
    ("before", "after", "is_over"),
    [
        (line(shipped=8), line(shipped=10), True),
        (line(shipped=8), line(shipped=9), False),
        (line(shipped=8), line(shipped=8, cancelled_quantity=2), False),
        (line(shipped=10), line(shipped=10), False),
    ],
)
def test_a_correction_ends_when_what_it_made_outstanding_has_shipped(
    before: LineFacts, after: LineFacts, is_over: bool
) -> None:
    was, now = (order("issued", one, reopened=True) for one in (before, after))
    assert lifecycle.ends_correction(was, now) == is_over
    assert not lifecycle.ends_correction(replace(was, reopened=False), now)


def test_only_an_admin_closes_what_is_not_paid_and_says_why() -> None:
    unpaid = order("fulfilled", line(shipped=10))
    lifecycle.check_close(unpaid, is_admin=True, override_reason="a gift")
    lifecycle.check_close(replace(unpaid, paid_in_full=True), is_admin=False)
    with pytest.raises(Conflict) as silent:
        lifecycle.check_close(unpaid, is_admin=True)
    assert silent.value.code == "not_paid"
    with pytest.raises(Forbidden):
        lifecycle.check_close(unpaid, is_admin=False, override_reason="a gift")
    drafted = replace(unpaid, invoices=1, drafts=1)
    with pytest.raises(Conflict) as drafts:
        lifecycle.check_close(drafted, is_admin=True, override_reason="a gift")
    assert drafts.value.code == "draft_invoice"


def test_a_missing_permission_is_named() -> None:
    found = {item.action: item for item in allowed_actions(order(), {"sales_orders:read"})}
    assert found["unissue"] == Allowed(
        "unissue", False, "Your role does not allow this; it needs sales_orders:update."
    )
    assert found["select-inventory"].why_not == (
        "Your role does not allow this; it needs inventory:update."
    )
    assert not any(item.allowed for item in found.values())


def test_a_button_speaks_json() -> None:
    assert Allowed("issue", False, "No.").as_json() == {
        "action": "issue",
        "allowed": False,
        "why_not": "No.",
    }


def test_every_refusal_says_what_to_do() -> None:
    found = {item.action: item.why_not for item in allowed_actions(order("estimate"), EVERYTHING)}
    assert found["create-shipment"] == "Issue the order first."
    held = order(manual_hold=True)
    found = {item.action: item.why_not for item in allowed_actions(held, EVERYTHING)}
    assert found["create-shipment"] == "The order is on hold. Release the hold first."


PHASES = {
    "estimate": order("estimate"),
    "issued": order("issued", shipments=PACKED),
    "shipment_sent": order("issued", shipments=SENT),
    "reopened": order("issued", shipments=SENT, reopened=True),
    "fulfilled": order("fulfilled", shipments=SENT),
    "completed": order("completed", shipments=SENT),
}


@pytest.mark.parametrize(
    ("group", "editable"),
    [
        ("note", "estimate issued shipment_sent reopened fulfilled completed"),
        ("tasks", "estimate issued shipment_sent reopened fulfilled"),
        ("planning", "estimate issued shipment_sent reopened"),
        ("customer", "estimate"),
        ("terms", "estimate issued reopened"),
        ("delivery", "estimate issued reopened"),
        ("lines", "estimate issued reopened"),
    ],
)
def test_the_table_of_what_may_be_edited_when(group: str, editable: str) -> None:
    found = [
        phase for phase, facts in PHASES.items() if edit_rules.why_locked(facts, group) is None
    ]
    assert found == editable.split()


@pytest.mark.parametrize(
    ("phase", "group", "reason"),
    [
        ("issued", "customer", "issued"),
        ("reopened", "customer", "issued"),
        ("shipment_sent", "lines", "shipment_sent"),
        ("fulfilled", "planning", "fulfilled"),
        ("completed", "tasks", "completed"),
    ],
)
def test_a_locked_edit_names_the_reason(phase: str, group: str, reason: str) -> None:
    assert edit_rules.phase_of(PHASES[phase]) == phase
    with pytest.raises(Conflict) as refusal:
        edit_rules.check_edit(PHASES[phase], group)
    assert refusal.value.code == "order_locked"
    assert refusal.value.details == {"reason": reason, "group": group}


def test_an_invoice_that_is_no_draft_locks_the_terms_of_a_reopened_order() -> None:
    facts = replace(PHASES["reopened"], invoices=1)
    refusal = edit_rules.why_locked(facts, "terms")
    assert refusal is not None
    assert refusal.code == "invoice_exists"
    assert edit_rules.why_locked(replace(facts, drafts=1), "terms") is None
    assert edit_rules.why_locked(facts, "delivery") is None


def test_a_patch_names_each_locked_field() -> None:
    edit_rules.check_fields(PHASES["fulfilled"], ["internal_note"])
    with pytest.raises(Conflict) as refusal:
        edit_rules.check_fields(PHASES["issued"], ["internal_note", "customer_id", "currency"])
    assert set(refusal.value.fields) == {"customer_id", "currency"}
    assert refusal.value.details["reason"] == "issued"


@pytest.mark.parametrize(
    ("facts", "ordered", "code"),
    [
        (line(), 1, None),
        (line(retrieved=4), 4, None),
        (line(retrieved=4), 3, "below_selected"),
        (line(picked=5, retrieved=4), 4, "below_selected"),
        (line(shipped=6, retrieved=2), 8, None),
        (line(shipped=6, retrieved=2), 7, "below_selected"),
        (line(shipped=6), 5, "below_shipped"),
        (line(shipped=6, cancelled_quantity=2), 8, None),
        (line(shipped=6, cancelled_quantity=2), 7, "below_shipped"),
        (line(cancelled=True, cancelled_quantity=10), 12, "line_cancelled"),
    ],
)
def test_a_line_is_never_changed_below_what_has_happened_to_it(
    facts: LineFacts, ordered: int, code: str | None
) -> None:
    reopened = order("issued", facts, shipments=SENT, reopened=True)
    found = None
    try:
        edit_rules.check_quantity_change(reopened, facts, Decimal(ordered))
    except Conflict as refusal:
        found = refusal.code
    assert found == code


def test_a_price_is_fixed_once_invoiced() -> None:
    edit_rules.check_price_change(order(), line())
    with pytest.raises(Conflict) as refusal:
        edit_rules.check_price_change(order(), line(invoiced=1))
    assert refusal.value.code == "line_invoiced"
    with pytest.raises(Conflict) as refusal:
        edit_rules.check_price_change(PHASES["shipment_sent"], line())
    assert refusal.value.code == "order_locked"


@pytest.mark.parametrize(
    ("facts", "code"),
    [
        (line(shipped=1), "line_in_use"),
        (line(packed=1), "line_in_use"),
        (line(retrieved=1), "line_in_use"),
        (line(picked=1), None),
    ],
)
def test_a_line_with_a_history_is_not_deleted(facts: LineFacts, code: str | None) -> None:
    both = order("issued", facts, line(2))
    found = None
    try:
        edit_rules.check_delete_line(both, facts)
    except Conflict as refusal:
        found = refusal.code
    assert found == code


def test_the_last_active_line_of_an_issued_order_stays() -> None:
    last, dead = line(), line(2, cancelled=True)
    with pytest.raises(Conflict) as refusal:
        edit_rules.check_delete_line(order("issued", last, dead), last)
    assert refusal.value.code == "last_line"
    edit_rules.check_delete_line(order("issued", last, dead), dead)
    edit_rules.check_delete_line(order("estimate", last), last)
