"""Tasks on an order: what somebody is to do about it, by a person\'s hand or raised by itself."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.directory.models import Staff
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.sales import edit_rules, queries
from orderwright.sales.models import OrderTask
from orderwright.sales.page import LineRow, OrderPage

LONGEST_TITLE = 300
FIELDS = ("title", "assignee_id", "due_on", "done")
COLUMNS = (
    "id",
    "version",
    "title",
    "assignee_id",
    "assignee__nickname",
    "due_on",
    "done_at",
    "done_by",
    "source",
    "created_at",
)


@dataclass(frozen=True, slots=True)
class TaskRow:
    """One task, in the order of `COLUMNS`. `source`: `person`, or `system` for one that the
    domain asks for."""

    id: UUID
    version: int
    title: str
    assignee_id: UUID | None
    assignee_name: str | None
    due_on: date | None
    done_at: datetime | None
    done_by: str
    source: str
    created_at: datetime

    @property
    def is_done(self) -> bool:
        """Whether somebody ticked it."""
        return self.done_at is not None


def tasks_of_order(
    by: Caller, order_id: UUID, *, before: UUID | None = None, limit: int | None = None
) -> list[TaskRow]:
    """The tasks of an order, newest first, one more than `limit` when there are more. One
    statement."""
    by.must("sales_orders:read")
    found = OrderTask.objects.of(by.organization_id).filter(order_id=order_id).order_by("-id")
    if before is not None:
        found = found.filter(id__lt=before)
    rows = found.values_list(*COLUMNS)
    return [TaskRow(*row) for row in (rows[: limit + 1] if limit is not None else rows)]


def task_of_order(by: Caller, order_id: UUID, task_id: UUID) -> TaskRow:
    """One task. Raises NotFound."""
    by.must("sales_orders:read")
    found = OrderTask.objects.of(by.organization_id).filter(order_id=order_id, id=task_id)
    row = found.values_list(*COLUMNS).first()
    if row is None:
        raise NotFound("not_found", "There is no such task on this order.")
    return TaskRow(*row)


def add_task(*, by: Caller, order: UUID | str, sent: Mapping[str, Any]) -> TaskRow:
    """Put a task on an order; possible until it is completed (domain 2.9).

    `sent`: `title`, `assignee_id?`, `due_on?`. Raises Invalid with the field, Conflict
    `order_locked`.
    """
    by.must("sales_orders:update")
    page = queries.lock_order(by, order)
    edit_rules.check_edit(page.facts(), "tasks")
    values = _read(by, {"title": "", **sent})
    made = OrderTask.objects.create(organization_id=by.organization_id, order_id=page.id, **values)
    task = task_of_order(by, page.id, made.pk)
    _record(by, page, task, "task_added")
    return task


def edit_task(
    *,
    by: Caller,
    order: UUID | str,
    task_id: UUID,
    sent: Mapping[str, Any],
    version: int | None = None,
) -> TaskRow:
    """Change a task, or tick it with `done` true or false. Raises as `add_task`, NotFound, and
    Conflict `stale_version`."""
    by.must("sales_orders:update")
    page = queries.lock_order(by, order)
    edit_rules.check_edit(page.facts(), "tasks")
    before = task_of_order(by, page.id, task_id)
    check_version("task", before.version, version)
    values = _read(by, sent)
    if not values or all(getattr(before, name) == value for name, value in values.items()):
        return before
    OrderTask.objects.of(by.organization_id).filter(id=task_id).update(
        **values, version=before.version + 1, updated_at=by.now
    )
    after = task_of_order(by, page.id, task_id)
    verb = "task_edited"
    if before.is_done != after.is_done:
        verb = "task_done" if after.is_done else "task_undone"
    _record(by, page, after, verb)
    return after


def delete_task(*, by: Caller, order: UUID | str, task_id: UUID) -> None:
    """Take a task off an order. Raises NotFound, Conflict `order_locked`."""
    by.must("sales_orders:update")
    page = queries.lock_order(by, order)
    edit_rules.check_edit(page.facts(), "tasks")
    task = task_of_order(by, page.id, task_id)
    OrderTask.objects.of(by.organization_id).filter(id=task_id).delete()
    _record(by, page, task, "task_deleted")


def raise_tasks(by: Caller, page: OrderPage, titles: Sequence[str]) -> None:
    """Tasks that the domain asks for, for the order lead; one statement and one event."""
    if not titles:
        return
    OrderTask.objects.bulk_create(
        OrderTask(
            organization_id=by.organization_id,
            order_id=page.id,
            title=title[:LONGEST_TITLE],
            assignee_id=page.head.order_lead_id,
            source="system",
        )
        for title in titles
    )
    body = {"title": "; ".join(titles), "count": len(titles)}
    activity.record(by, "sales_order.task_raised", page.id, body=body)


def raise_for_cancelling(
    by: Caller, before: OrderPage, after: OrderPage, lines: Sequence[LineRow]
) -> None:
    """What somebody has to decide after these lines were cancelled: on jobs that still make them,
    because material may be in process, and on money that is now too much (domain 2.5, 4.10)."""
    raise_for_jobs(by, before, lines)
    raise_for_money(by, before, after)


def raise_for_jobs(by: Caller, page: OrderPage, lines: Sequence[LineRow]) -> None:
    """A task for each job of these lines that is neither completed nor cancelled."""
    titles = [
        f"Decide on production job {job.number}: line {line.position} is cancelled"
        for line in lines
        for job in page.facts_of(line).jobs
        if job.status not in ("completed", "cancelled")
    ]
    raise_tasks(by, page, titles)


def raise_for_money(by: Caller, before: OrderPage, after: OrderPage) -> None:
    """More is paid than is due: somebody refunds or credits it (domain 2.5)."""
    if after.head.payment_status == "overpaid" != before.head.payment_status:
        raise_tasks(by, after, ["Refund or credit what is paid beyond the total"])


def _read(by: Caller, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The columns to write of what was sent, checked. Raises Invalid with the field."""
    values: dict[str, Any] = {}
    if "title" in sent:
        title = check_text(sent["title"] or "", "title", longest=LONGEST_TITLE).strip()
        if not title:
            raise _invalid("title", "Say what is to be done.")
        values["title"] = title
    if "assignee_id" in sent:
        values["assignee_id"] = _assignee(by, sent["assignee_id"])
    if "due_on" in sent:
        values["due_on"] = _day(sent["due_on"])
    if "done" in sent:
        if not isinstance(sent["done"], bool):
            raise _invalid("done", "A task is done (true) or not (false).")
        values["done_at"] = by.now if sent["done"] else None
        values["done_by"] = by.actor.name if sent["done"] else ""
    return values


def _assignee(by: Caller, sent: Any) -> UUID | None:
    if sent in (None, ""):
        return None
    try:
        staff_id = UUID(str(sent))
    except ValueError as error:
        raise _invalid("assignee_id", "This is no id. Choose from the list.") from error
    known = Staff.objects.of(by.organization_id).filter(id=staff_id, is_active=True)
    if not known.exists():
        raise _invalid("assignee_id", "There is no such person. Choose one from the list.")
    return staff_id


def _day(sent: Any) -> date | None:
    if sent in (None, ""):
        return None
    if isinstance(sent, date):
        return sent
    try:
        return date.fromisoformat(check_text(sent, "due_on", longest=10))
    except ValueError as error:
        raise _invalid("due_on", "Give a date as YYYY-MM-DD.") from error


def _record(by: Caller, page: OrderPage, task: TaskRow, verb: str) -> None:
    body = {"task_id": task.id, "title": task.title, "assignee": task.assignee_name}
    activity.record(by, f"sales_order.{verb}", page.id, body=body)


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("invalid_input", message, fields={field: message})
