"""What the sales pages say: the timeline's sentences, and notes with their marks."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from orderwright.activity.queries import EventRow
from orderwright.web import review
from orderwright.web.order_events import Change, entries

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def event(event_type: str, body: dict[str, Any], *, minute: int = 0) -> EventRow:
    return EventRow(
        id=UUID(int=minute),
        type=event_type,
        at=AT.replace(minute=minute),
        actor_kind="user",
        actor_id=None,
        actor_name="Ada",
        subject_id=UUID(int=1),
        topic_id=UUID(int=1),
        body=body,
    )


def test_what_follows_from_an_action_stands_below_it() -> None:
    moved = [
        {"line_id": "a", "position": 1, "from": "not_started", "to": "in_progress"},
        {"line_id": "b", "position": 2, "from": "not_started", "to": "in_progress"},
    ]
    (entry,) = entries(
        [
            event("sales_order.lines_changed", {"lines": moved}),
            event(
                "sales_order.fulfillment_changed", {"from": "not_started", "to": "in_production"}
            ),
            event("sales_order.inventory_selected", {"selection_count": 2, "ready": []}),
        ]
    )
    assert (entry.text, entry.who) == ("Selected inventory from 2 lots", "Ada")
    assert entry.changes == (
        Change("Fulfillment", "Not Started", "In Production"),
        Change("Lines 1, 2", "Not Started", "In Progress"),
    )


def test_actions_of_different_moments_stay_apart() -> None:
    found = entries(
        [
            event("sales_order.held", {"reason": "No drawing yet"}, minute=5),
            event("sales_order.created", {"source": "quick", "line_count": 1}),
        ]
    )
    assert [(entry.text, entry.quoted) for entry in found] == [
        ("Put on hold", "No drawing yet"),
        ("Entered as a quick order with 1 line", ""),
    ]


def test_an_edit_shows_before_and_after_and_leaves_ids_out() -> None:
    changes = {"customer_po_number": ["", "PO-1"], "carrier_id": ["1", "2"], "priority": ["a", "a"]}
    (entry,) = entries([event("sales_order.edited", {"changes": changes})])
    assert entry.changes == (Change("Customer po number", "—", "PO-1"),)


def test_bookkeeping_without_a_change_is_no_entry() -> None:
    assert entries([event("sales_order.recounted", {"because": "stock"})]) == []


def test_notes_are_marked_where_rows_come_from_and_nothing_runs() -> None:
    rows = [{"row_span": "8-13"}, {"row_span": "0-3"}, {"row_span": "2-9"}, {}]
    marked = review.marked_notes("<b>, 10 rings & more", rows)
    assert marked == (
        '<mark tabindex="0" data-span="1" aria-label="Row 2: &lt;b&gt;">&lt;b&gt;</mark>'
        ", 10 "
        '<mark tabindex="0" data-span="0" aria-label="Row 1: rings">rings</mark>'
        " &amp; more"
    )


def test_a_row_needs_a_product_then_a_quantity_then_a_yes() -> None:
    rows = [
        {"product_id": "", "quantity": "1"},
        {"product_id": "x", "quantity": "", "weight": ""},
        {"product_id": "x", "weight": "2", "accepted": ""},
        {"product_id": "x", "quantity": "1", "accepted": "yes"},
    ]
    assert list(review.problems(rows)) == [
        "rows.0.product",
        "rows.1.quantity",
        "rows.2.accepted",
    ]
