"""Tasks on a sales order over HTTP."""

from datetime import date
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import (
    about,
    answer,
    caller,
    day,
    instant,
    listed,
    needs,
    page_size,
    uuid_or_missing,
)
from orderwright.api.sales_bodies import TaskBody, TaskChangesBody
from orderwright.api.sales_shapes import named
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.sales import order_tasks, queries, task_lists
from orderwright.sales.order_tasks import TaskRow
from orderwright.sales.task_lists import TaskFilter, TaskOfOrder

router = Router(tags=["Sales orders"])


class TaskQuery(Schema):
    """Filters, all of them optional; days are those on which a task is due, inclusive."""

    limit: int | None = None
    cursor: str | None = None
    assignee_id: UUID | None = None
    order_id: UUID | None = None
    done: bool | None = None
    due_from: date | None = None
    due_to: date | None = None


def _task(by: Caller, reference: str, task_id: str) -> None:
    """Raises NotFound unless the task stands on the order."""
    order = queries.read_order(by, reference)
    order_tasks.task_of_order(by, order.id, uuid_or_missing(task_id, "task on this order"))


@router.get("/tasks")
@needs("sales_orders:read")
def list_all_tasks(request: HttpRequest, wanted: Query[TaskQuery]) -> HttpResponse:
    """What is to do about all orders, newest first."""
    size = page_size(wanted.limit)
    chosen = TaskFilter(**wanted.dict(exclude={"limit", "cursor"}))
    before = read_cursor(wanted.cursor)
    rows = task_lists.tasks(caller(request), chosen, before=before, limit=size)
    return listed(rows, limit=size, show=show_task_of_order, position=lambda row: row.task.id)


@router.get("/sales-orders/{reference}/tasks")
@needs("sales_orders:read")
def list_tasks(
    request: HttpRequest, reference: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """What is to do about the order, newest first."""
    by, size = caller(request), page_size(limit)
    order = queries.order_page(by, reference)
    rows = order_tasks.tasks_of_order(by, order.id, before=read_cursor(cursor), limit=size)
    return listed(rows, limit=size, show=show_task)


@router.post("/sales-orders/{reference}/tasks")
@needs("sales_orders:update")
def add_task(request: HttpRequest, reference: str, body: TaskBody) -> HttpResponse:
    """A new task."""
    sent = body.model_dump()
    task = order_tasks.add_task(by=caller(request), order=reference, sent=sent)
    return answer(show_task(task), status=201)


@router.patch("/sales-orders/{reference}/tasks/{task_id}")
@needs("sales_orders:update")
@about(_task)
def edit_task(
    request: HttpRequest, reference: str, task_id: UUID, body: TaskChangesBody
) -> HttpResponse:
    """Change a task, or tick it."""
    task = order_tasks.edit_task(
        by=caller(request),
        order=reference,
        task_id=task_id,
        sent=body.changes(),
        version=body.version,
    )
    return answer(show_task(task))


@router.delete("/sales-orders/{reference}/tasks/{task_id}")
@needs("sales_orders:update")
@about(_task)
def delete_task(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Take a task off the order."""
    order_tasks.delete_task(by=caller(request), order=reference, task_id=task_id)
    return HttpResponse(status=204)


def show_task(task: TaskRow) -> dict[str, Any]:
    """A task of an order."""
    return {
        "id": str(task.id),
        "version": task.version,
        "title": task.title,
        "assignee_id": str(task.assignee_id) if task.assignee_id else None,
        "assignee": named(task.assignee_id, task.assignee_name),
        "due_on": day(task.due_on),
        "done": task.is_done,
        "done_at": instant(task.done_at),
        "done_by": task.done_by or None,
        "source": task.source,
        "created_at": instant(task.created_at),
    }


def show_task_of_order(row: TaskOfOrder) -> dict[str, Any]:
    """A task with its order."""
    order = {"id": str(row.order_id), "number": row.order_number}
    return {**show_task(row.task), "order_id": order["id"], "order": order}
