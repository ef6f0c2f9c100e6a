"""Tasks on an order: added, ticked and deleted by people, raised where the domain says so."""

from dataclasses import replace
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.sales import actions, closing, order_tasks, telling
from orderwright.sales.models import OrderTask
from orderwright.sales.money import MoneyTold
from orderwright.sales.page import OrderPage
from orderwright.sales.rules import JobFacts
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


def titles(desk: Desk, order: OrderPage) -> list[tuple[str, str]]:
    return [(row.title, row.source) for row in order_tasks.tasks_of_order(desk.by, order.id)]


def add(desk: Desk, order: OrderPage, **sent: Any) -> order_tasks.TaskRow:
    return order_tasks.add_task(by=desk.by, order=order.id, sent={"title": "Call", **sent})


def test_a_task_says_who_does_what_and_until_when() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    lead = str(desk.company.lead_id)
    task = add(desk, order, title=" Call first ", assignee_id=lead, due_on="2026-12-01")
    assert (task.title, str(task.assignee_id), str(task.due_on)) == (
        "Call first",
        lead,
        "2026-12-01",
    )
    done = order_tasks.edit_task(
        by=desk.by, order=order.id, task_id=task.id, sent={"done": True}, version=1
    )
    assert (done.is_done, done.done_by, done.version) == (True, "Ada", 2)
    assert desk.read(order).head.version == order.head.version
    order_tasks.delete_task(by=desk.by, order=order.id, task_id=task.id)
    assert titles(desk, order) == []


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 301}, "title"),
        ({"assignee_id": "nobody"}, "assignee_id"),
        ({"assignee_id": "0190a000-0000-7000-8000-000000000000"}, "assignee_id"),
        ({"due_on": "soon"}, "due_on"),
        ({"done": "yes"}, "done"),
    ],
)
def test_what_makes_no_sense_is_refused_beside_its_field(sent: dict[str, Any], field: str) -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    with pytest.raises(Invalid) as refusal:
        add(desk, order, **sent)
    assert set(refusal.value.fields) == {field}


def test_a_stale_tick_and_a_task_of_another_order_are_refused() -> None:
    desk = open_desk()
    gem = desk.product()
    order, other = desk.order({gem: 1}), desk.order({gem: 1})
    task = add(desk, order)
    with pytest.raises(Conflict) as stale:
        order_tasks.edit_task(
            by=desk.by, order=order.id, task_id=task.id, sent={"done": True}, version=7
        )
    assert stale.value.code == "stale_version"
    with pytest.raises(NotFound):
        order_tasks.delete_task(by=desk.by, order=other.id, task_id=task.id)


def test_a_completed_order_takes_no_task() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[order.lines[0].id])
    closing.close_order(by=desk.by, order=order.id)
    with pytest.raises(Conflict) as refusal:
        add(desk, order)
    assert refusal.value.details["reason"] == "completed"


def test_cancelling_below_what_is_paid_asks_for_a_refund_once() -> None:
    desk = open_desk()
    order = desk.issued(
        {desk.product(sku="A", base_price="10"): 1, desk.product(sku="B", base_price="5"): 1}
    )
    telling.tell_money(desk.by, order.id, MoneyTold(paid=order.head.grand_total, payments=1))
    for line in order.lines[:2]:
        actions.cancel_lines(by=desk.by, order=order.id, line_ids=[line.id])
    assert titles(desk, order) == [("Refund or credit what is paid beyond the total", "system")]


def test_cancelling_a_line_in_production_asks_what_becomes_of_the_job(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    desk = open_desk()
    order = desk.issued({desk.product(): 1})
    jobs = (JobFacts("J-1", "ongoing"), JobFacts("J-2", "completed"))
    told = OrderPage.facts_of
    monkeypatch.setattr(
        OrderPage, "facts_of", lambda page, line: replace(told(page, line), jobs=jobs)
    )
    actions.cancel_lines(by=desk.by, order=order.id, line_ids=[order.lines[0].id])
    assert titles(desk, order) == [("Decide on production job J-1: line 1 is cancelled", "system")]


def test_tasks_cost_as_many_statements_for_many_as_for_one() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    found = []
    for _ in range(2):
        add(desk, order)
        with counted() as statements:
            order_tasks.tasks_of_order(desk.by, order.id)
        found += statements
    assert found == [1, 1]


def test_the_database_keeps_tasks_that_say_something() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    task = add(desk, order)
    with pytest.raises(IntegrityError), transaction.atomic():
        OrderTask.objects.filter(id=task.id).update(title="")


def test_tasks_go_over_the_api() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 1})
    api, at = desk.company.api(), f"/sales-orders/{order.head.number}/tasks"
    made = api.post(at, {"title": "Call", "due_on": "2026-12-01"})
    assert made.status == 201
    task = made.body
    assert (task["title"], task["due_on"], task["done"], task["source"]) == (
        "Call",
        "2026-12-01",
        False,
        "person",
    )
    ticked = api.patch(f"{at}/{task['id']}", {"done": True, "version": 1})
    assert (ticked.status, ticked.body["done"], ticked.body["done_by"]) == (200, True, "First key")
    assert api.patch(f"{at}/{task['id']}", {"done": False, "version": 1}).status == 409
    assert [row["id"] for row in api.get(at).body["data"]] == [task["id"]]
    assert api.delete(f"{at}/{task['id']}").status == 204
    assert api.get(at).body == {"data": [], "next_cursor": None}
    assert api.delete(f"{at}/{task['id']}").status == 404


def test_tasks_of_all_orders_are_narrowed_by_person_day_order_and_whether_they_are_done() -> None:
    desk = open_desk()
    gem = desk.product()
    one, other = desk.order({gem: 1}), desk.order({gem: 1})
    api = desk.company.api()
    lead = api.get("/staff").body["data"][0]["id"]
    call, pack, late = (
        api.post(f"/sales-orders/{order.head.number}/tasks", sent).body["id"]
        for order, sent in (
            (one, {"title": "Call", "due_on": "2026-12-01", "assignee_id": lead}),
            (one, {"title": "Pack"}),
            (other, {"title": "Late", "due_on": "2026-12-05"}),
        )
    )
    api.patch(f"/sales-orders/{one.head.number}/tasks/{pack}", {"done": True, "version": 1})

    def found(query: str) -> list[str]:
        return [row["id"] for row in api.get(f"/tasks{query}").body["data"]]

    assert found("") == [late, pack, call]
    assert found("?done=false") == [late, call]
    assert found("?done=true") == [pack]
    assert found(f"?assignee_id={lead}") == [call]
    assert found(f"?order_id={other.id}") == [late]
    assert found("?due_to=2026-12-01") == [call]
    assert found("?due_from=2026-12-02&due_to=2026-12-05") == [late]
    first = api.get("/tasks?limit=2").body
    assert first["data"][0]["order"] == {"id": str(other.id), "number": other.head.number}
    assert found(f"?limit=2&cursor={first['next_cursor']}") == [call]
