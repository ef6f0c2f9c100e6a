"""Products with less on hand than their threshold."""

from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.reporting import dashboard_sql as sql


def low_products(by: Caller) -> list[UUID]:
    """The active products whose stock on hand is at their threshold or below; one statement.

    Raises Forbidden without `products:read` and `inventory:read`.
    """
    by.must("products:read", "inventory:read")
    with connection.cursor() as cursor:
        cursor.execute(sql.LOW_PRODUCTS, {"organization": by.organization_id})
        return [row[0] for row in cursor.fetchall()]
