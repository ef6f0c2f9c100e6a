"""Tasks across all orders: those that are open, what is due first on top; and all of them."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.sales.models import OrderTask
from orderwright.sales.order_tasks import COLUMNS, TaskRow

MOST: Final = 200

# Tasks without a day come last; those of one day in the order in which they were made.
_LIST: Final = """
    SELECT k.id, k.title, k.due_on, k.assignee_id, s.nickname, o.id, o.number, k.created_at
    FROM sales_ordertask k
    JOIN sales_salesorder o ON o.organization_id = k.organization_id AND o.id = k.order_id
    LEFT JOIN directory_staff s
      ON s.organization_id = k.organization_id AND s.id = k.assignee_id
    WHERE k.organization_id = %(organization)s AND k.done_at IS NULL
      AND (%(due_to)s::date IS NULL OR k.due_on <= %(due_to)s::date)
      AND (%(assignee)s::uuid IS NULL OR k.assignee_id = %(assignee)s::uuid)
    ORDER BY k.due_on NULLS LAST, k.id
    LIMIT %(most)s
"""


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task that nobody has ticked yet, and its order."""

    id: UUID
    title: str
    due_on: date | None
    assignee_id: UUID | None
    assignee_name: str | None
    order_id: UUID
    order_number: str
    created_at: datetime


def open_tasks(
    by: Caller,
    *,
    due_to: date | None = None,
    assignee_id: UUID | None = None,
    most: int = MOST,
) -> list[OpenTask]:
    """Open tasks that are due until that day, first the most urgent; one statement.

    Raises Forbidden without `sales_orders:read`.
    """
    by.must("sales_orders:read")
    values = {
        "organization": by.organization_id,
        "due_to": due_to,
        "assignee": assignee_id,
        "most": most,
    }
    with connection.cursor() as cursor:
        cursor.execute(_LIST, values)
        return [OpenTask(*row) for row in cursor.fetchall()]


@dataclass(frozen=True, slots=True)
class TaskOfOrder:
    """A task, ticked or not, and the order that it stands on."""

    task: TaskRow
    order_id: UUID
    order_number: str


@dataclass(frozen=True, slots=True)
class TaskFilter:
    """What a list of tasks is narrowed to; days are those on which they are due, inclusive."""

    assignee_id: UUID | None = None
    order_id: UUID | None = None
    done: bool | None = None
    due_from: date | None = None
    due_to: date | None = None


def tasks(
    by: Caller, wanted: TaskFilter, *, before: UUID | None = None, limit: int = 50
) -> list[TaskOfOrder]:
    """Tasks of all orders, newest first, one more than `limit` when there are more. One statement.

    Raises Forbidden without `sales_orders:read`.
    """
    by.must("sales_orders:read")
    narrowed: dict[str, Any] = {
        "assignee_id": wanted.assignee_id,
        "order_id": wanted.order_id,
        "due_on__gte": wanted.due_from,
        "due_on__lte": wanted.due_to,
        "done_at__isnull": None if wanted.done is None else not wanted.done,
    }
    found = OrderTask.objects.of(by.organization_id).before(before).newest_first()
    found = found.filter(**{name: held for name, held in narrowed.items() if held is not None})
    rows = found.values_list(*COLUMNS, "order_id", "order__number")[: limit + 1]
    return [TaskOfOrder(TaskRow(*row[:-2]), row[-2], row[-1]) for row in rows]
