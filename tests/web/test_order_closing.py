"""The dialogs of the end of an order, its tasks and its note, as pages."""

from typing import Any

import pytest
from django.http import HttpResponse

from orderwright.sales import closing, edits, order_tasks, telling
from orderwright.sales.edits import LineChange
from orderwright.sales.money import MoneyTold
from orderwright.sales.page import OrderPage
from tests.sales.desk import Desk, open_desk
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


def part_shipped(desk: Desk) -> OrderPage:
    gem = desk.product(sku="GEM", base_price="10")
    lot = desk.lot(gem, 20)
    order = desk.issued({gem: 10})
    desk.ship_lots(order, {lot: 4})
    return desk.read(order)


def at(order: OrderPage, verb: str) -> str:
    return f"/orders/sales/{order.head.number}/{verb}"


def text_of(response: Any) -> str:
    return str(response.content.decode())


def test_an_order_goes_to_its_end_and_back_through_its_dialogs() -> None:
    desk = open_desk()
    order, client = part_shipped(desk), signed_in(desk.company.email)
    assert "6 pcs cancelled" in text_of(client.get(at(order, "short-close")))
    nameless = client.post(at(order, "short-close"), {"reason": " "})
    assert (nameless.status_code, nameless.context["form"].errors) == (
        422,
        {"reason": "Say why nothing more is sent."},
    )
    assert client.post(at(order, "short-close"), {"reason": "enough"}).status_code == 302
    assert "wanted again: line 1" in text_of(client.get(at(order, "reopen")))
    assert client.post(at(order, "reopen"), {"reason": "wrong"}).status_code == 302
    shown = text_of(client.get(at(order, "")[:-1]))
    assert "Reopened for corrections." in shown
    assert "1 line has something outstanding" in text_of(client.get(at(order, "finish-correction")))
    assert client.post(at(order, "finish-correction"), {}).status_code == 302
    assert client.post(at(order, "short-close"), {"reason": "enough"}).status_code == 302
    assert "$40.00 USD are open" in text_of(client.get(at(order, "close")))
    assert client.post(at(order, "close"), {}).status_code == 422
    assert client.post(at(order, "close"), {"override_reason": "gift"}).status_code == 302
    assert desk.stages(order) == ("completed", "shipped")
    timeline = text_of(client.get(at(order, "")[:-1]))
    for told in ("Short closed: the rest of line 1", "Reopened for", "Finished the", "Closed the"):
        assert told in timeline


def test_prices_and_freight_are_asked_for_again() -> None:
    desk = open_desk()
    gem = desk.product(sku="GEM", base_price="10")
    order, client = desk.order({gem: 10}), signed_in(desk.company.email)
    change = LineChange(unlock_price=True, unit_price="8")
    edits.edit_line(by=desk.by, order=order.id, line_id=order.lines[0].id, change=change)
    assert "was set by hand and stands" in text_of(client.get(at(order, "reprice")))
    assert client.post(at(order, "reprice"), {}).status_code == 302
    assert "up to date" in text_of(client.get(at(order, "apply-freight")))
    assert client.post(at(order, "apply-freight"), {}).status_code == 302
    copied = client.post(at(order, "duplicate"), {})
    assert copied["Location"] == "/orders/sales/SO-00002"


def test_a_task_is_added_changed_ticked_and_deleted() -> None:
    desk = open_desk()
    order, client = part_shipped(desk), signed_in(desk.company.email)
    empty = client.post(at(order, "tasks/new"), {"title": "", "due_on": "2026-12-01"})
    assert (empty.status_code, empty.context["form"].value("due_on")) == (422, "2026-12-01")
    assert client.post(at(order, "tasks/new"), {"title": "Call"}).status_code == 302
    (task,) = order_tasks.tasks_of_order(desk.by, order.id)
    assert "Call" in text_of(client.get(at(order, "")[:-1] + "?tab=tasks"))
    url = at(order, f"tasks/{task.id}")
    assert client.post(url, {"title": "Write", "version": "1"}).status_code == 302
    assert client.post(f"{url}/tick", {"done": "on"}).status_code == 302
    (task,) = order_tasks.tasks_of_order(desk.by, order.id)
    assert (task.title, task.is_done) == ("Write", True)
    assert client.post(f"{url}/delete", {}).status_code == 302
    assert order_tasks.tasks_of_order(desk.by, order.id) == []


def test_the_note_is_written_on_the_page_even_of_a_completed_order() -> None:
    desk = open_desk()
    order, client = part_shipped(desk), signed_in(desk.company.email)
    closing.short_close(by=desk.by, order=order.id, reason="enough")
    closing.close_order(by=desk.by, order=order.id, override_reason="gift")
    version = desk.read(order).head.version
    assert 'action="/orders/sales/SO-00001/note"' in text_of(client.get(at(order, "")[:-1]))
    sent = {"internal_note": "thank them\r\ntwice", "version": str(version)}
    assert client.post(at(order, "note"), sent).status_code == 302
    assert desk.read(order).head.internal_note == "thank them\ntwice"
    stale: HttpResponse = client.post(at(order, "note"), {**sent, "internal_note": "x"})
    assert stale.status_code == 409
    assert "x" in text_of(stale)


def test_bars_show_the_value_that_has_come_so_far() -> None:
    desk = open_desk()
    order, client = part_shipped(desk), signed_in(desk.company.email)
    telling.tell_money(
        desk.by,
        order.id,
        MoneyTold(invoiced=order.head.grand_total, invoices=1),
        invoiced={order.lines[0].id: order.lines[0].ordered},
    )
    bars = client.get(at(order, "")[:-1]).context["stages"]
    assert [(bar.name, bar.percent, bar.amount) for bar in bars] == [
        ("Value picked", "40 %", "$40.00"),
        ("Value packed", "40 %", "$40.00"),
        ("Value shipped", "40 %", "$40.00"),
        ("Value invoiced", "100 %", "$100.00"),
    ]
