"""The list of open tasks across all orders, what is due first on top."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller

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
