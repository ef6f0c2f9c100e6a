"""Many orders at once: what will happen, what did, and what happens when a worker dies."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from procrastinate.contrib.django.models import ProcrastinateJob

from orderwright.activity import bulk, bulk_results, tasks
from orderwright.activity.bulk import BulkAction, Outlook, bulk_action
from orderwright.activity.models import Event
from orderwright.catalog.models import Product
from orderwright.identity.permissions import default_permissions
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from orderwright.kernel.ids import new_id
from orderwright.sales import actions
from orderwright.sales.bulk import LIST
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def run(desk: Desk, name: str, ids: Sequence[UUID], **parameters: Any) -> Any:
    action = bulk_action(LIST, name)
    run_id = bulk.start(by=desk.by, action=action, ids=ids, parameters=parameters)
    return bulk_results.run_page(desk.by, run_id)


def results(desk: Desk, run_id: UUID) -> list[tuple[str, str, str]]:
    rows = bulk_results.run_rows(desk.by, run_id)
    return [(row.label, row.status, row.code) for row in rows]


def test_what_can_be_held_is_held_and_the_rest_says_why_not(desk: Desk) -> None:
    gem = desk.product()
    free, held = desk.order({gem: 1}), desk.order({gem: 1})
    actions.hold_order(by=desk.by, order=held.id, reason="before")
    gone = new_id()
    ended = run(desk, "hold", [free.id, held.id, free.id, gone], reason="Credit check")
    assert (ended.status, ended.done, ended.skipped, ended.waiting) == ("done", 1, 2, 0)
    assert results(desk, ended.id) == [
        (free.head.number, "done", ""),
        (held.head.number, "skipped", "already_on_hold"),
        ("", "skipped", "not_found"),
    ]
    assert desk.read(free).head.hold_reason == "Credit check"
    assert desk.read(held).head.hold_reason == "before"


def test_the_outlook_says_what_the_run_then_does(desk: Desk) -> None:
    gem = desk.product()
    orders = [desk.order({gem: 1}), desk.issued({gem: 1}), desk.order({gem: 1})]
    actions.hold_order(by=desk.by, order=orders[2].id, reason="wait")
    ids = [order.id for order in orders]
    for name in ("hold", "release-hold", "issue", "set-priority"):
        action = bulk_action(LIST, name)
        given = {"reason": "x", "priority": "normal"}
        refused = {one.id for one in action.outlook(desk.by, ids, given) if one.refusal}
        ended = run(desk, name, ids, **given)
        skipped = {
            row.subject_id
            for row in bulk_results.run_rows(desk.by, ended.id)
            if row.status == "skipped"
        }
        assert skipped == refused


def test_an_outlook_costs_two_statements_for_any_number_of_orders(desk: Desk) -> None:
    gem = desk.product()
    ids = [desk.order({gem: 1}).id for _ in range(5)]
    for wanted in (ids[:1], ids):
        with counted() as statements:
            bulk_action(LIST, "hold").outlook(desk.by, wanted, {})
        assert statements == [2]


def test_issuing_many_promises_stock_to_the_first_ones(desk: Desk) -> None:
    gem = desk.product()
    desk.lot(gem, 3)
    orders = [desk.order({gem: 2}) for _ in range(2)]
    assert run(desk, "issue", [order.id for order in orders]).done == 2
    assert [desk.statuses(order) for order in orders] == [["not_started"], ["backordered"]]


def test_lead_and_priority_of_many_change_as_one_by_one(desk: Desk) -> None:
    gem = desk.product()
    orders = [desk.order({gem: 1}) for _ in range(2)]
    ids = [order.id for order in orders]
    assert run(desk, "set-priority", ids, priority="high").done == 2
    assert {desk.read(order).head.priority for order in orders} == {"high"}
    again = run(desk, "set-priority", ids, priority="high")
    assert [(one.code, one.count) for one in again.reasons] == [("unchanged", 2)]
    edited = Event.objects.of(desk.by.organization_id).filter(
        type="sales_order.edited", topic_id__in=ids
    )
    assert edited.count() == 2


@pytest.mark.parametrize(
    ("name", "given", "field"),
    [
        ("hold", {}, "reason"),
        ("set-lead", {"order_lead_id": "nobody"}, "order_lead_id"),
        ("set-lead", {"order_lead_id": str(new_id())}, "order_lead_id"),
        ("set-priority", {"priority": "urgent"}, "priority"),
    ],
)
def test_parameters_are_checked_before_anything_is_done(
    desk: Desk, name: str, given: dict[str, Any], field: str
) -> None:
    order = desk.order({desk.product(): 1})
    with pytest.raises(Invalid) as refused:
        run(desk, name, [order.id], **given)
    assert list(refused.value.fields) == [field]


def test_nobody_holds_orders_without_the_permission(desk: Desk) -> None:
    order = desk.order({desk.product(): 1})
    desk.by = replace(desk.by, role="Viewer", permissions=default_permissions("Viewer"))
    with pytest.raises(Forbidden):
        run(desk, "hold", [order.id], reason="x")


def test_no_rows_and_too_many_rows_are_refused(desk: Desk) -> None:
    for ids in ([], [new_id() for _ in range(bulk.MOST + 1)]):
        with pytest.raises(Invalid):
            run(desk, "release-hold", ids)


def products(desk: Desk, count: int) -> list[UUID]:
    rows = [
        Product(organization_id=desk.by.organization_id, sku=f"P-{number:04}", name="Part")
        for number in range(count)
    ]
    return [row.pk for row in Product.objects.bulk_create(rows)]


def test_more_than_two_hundred_go_on_in_a_job(desk: Desk) -> None:
    ids = products(desk, bulk.AT_ONCE + 1)
    action = bulk_action("products", "deactivate")
    run_id = bulk.start(by=desk.by, action=action, ids=ids, parameters={})
    page = bulk_results.run_page(desk.by, run_id)
    assert (page.status, page.waiting, page.done) == ("running", 201, 0)
    (job,) = ProcrastinateJob.objects.filter(task_name=bulk.JOB)
    tasks.go_on_with_bulk_run(**job.args)
    page = bulk_results.run_page(desk.by, run_id)
    assert (page.status, page.waiting, page.done) == ("done", 0, 201)
    mine = Product.objects.of(desk.by.organization_id)
    assert mine.filter(is_active=True).count() == 0


class Flaky:
    """An action whose worker dies in the middle, once."""

    def __init__(self, fails_at: int) -> None:
        self.done: list[UUID] = []
        self.fails_at = fails_at

    def act(self, by: Any, row_id: UUID, given: Any) -> None:
        if len(self.done) == self.fails_at:
            self.fails_at = -1
            raise SystemError("the power is gone")
        self.done.append(row_id)
        if row_id.int % 3 == 0:
            raise Conflict("a_third", "Every third one is refused.")

    def action(self) -> BulkAction:
        return BulkAction(
            name="flaky",
            of="tests",
            permissions=(),
            outlook=lambda by, ids, given: [Outlook(one, "row") for one in ids],
            act=self.act,
        )


@pytest.fixture
def flaky() -> Iterator[Flaky]:
    made = Flaky(fails_at=130)
    bulk.register(made.action())
    yield made
    bulk._known.pop("tests.flaky")


def test_a_run_that_was_cut_off_goes_on_without_doing_a_row_twice(desk: Desk, flaky: Flaky) -> None:
    ids = [new_id() for _ in range(230)]
    run_id = bulk.start(by=desk.by, action=flaky.action(), ids=ids, parameters={})
    arguments = {"organization_id": str(desk.by.organization_id), "run_id": str(run_id)}
    with pytest.raises(SystemError):
        tasks.go_on_with_bulk_run(**arguments)
    assert bulk_results.run_page(desk.by, run_id).waiting == 130
    tasks.go_on_with_bulk_run(**arguments)
    page = bulk_results.run_page(desk.by, run_id)
    assert (page.status, page.total, page.waiting) == ("done", 230, 0)
    assert page.skipped == sum(one.int % 3 == 0 for one in ids)
    # The chunk that was cut off was rolled back with all its rows, and is done anew as a whole.
    repeated = {one for one, count in Counter(flaky.done).items() if count > 1}
    assert repeated == set(ids[100:130])
    tasks.go_on_with_bulk_run(**arguments)
    assert len(flaky.done) == 230 + 30


def test_a_stopped_run_leaves_the_rest_undone(desk: Desk, flaky: Flaky) -> None:
    flaky.fails_at = -1
    ids = [new_id() for _ in range(201)]
    run_id = bulk.start(by=desk.by, action=flaky.action(), ids=ids, parameters={})
    bulk.go_on(desk.by, run_id)
    bulk.cancel(by=desk.by, run_id=run_id)
    assert bulk.go_on(desk.by, run_id) is False
    page = bulk_results.run_page(desk.by, run_id)
    assert (page.status, page.waiting, len(flaky.done)) == ("cancelled", 151, 50)
    with pytest.raises(Conflict):
        bulk.cancel(by=desk.by, run_id=run_id)


def test_a_run_is_its_starters_and_the_admins(desk: Desk) -> None:
    order = desk.order({desk.product(): 1})
    ended = run(desk, "set-priority", [order.id], priority="high")
    other = replace(desk.by.actor, id=new_id(), kind="user")
    colleague = replace(desk.by, role="Sales", actor=other)
    for look in (bulk_results.run_page, lambda by, run_id: bulk.cancel(by=by, run_id=run_id)):
        with pytest.raises(NotFound):
            look(colleague, ended.id)
