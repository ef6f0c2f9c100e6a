"""Search over everything that a caller may see, in one statement; forgives typing errors.

Adding a kind of record is one entry in `KINDS` and its finder in the database.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity.finding import MOST_TYPED
from orderwright.directory.queries import sees_whole_customers
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid

MOST: Final = 50


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record that can be found.

    `rows` answers (id, label, hint, status, score) of what a finder found; it names the typed text
    `%(q)s`, how many rows are wanted `%(most)s`, and the customers that fit as `fitting`.
    `customer` stands in it for an expression that only those see who may know customers.
    """

    name: str
    permission: str
    rows: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. `status` is a value of the kind's own axis; score is 0 to 1."""

    kind: str
    id: UUID
    label: str
    hint: str
    status: str
    score: float


KINDS: Final = (
    Kind(
        "order",
        "sales_orders:read",
        """
        SELECT o.id, o.number, concat_ws(', ', nullif({customer:c.name}, ''),
            nullif(o.customer_po_number, '')), o.fulfillment_status, f.score
        FROM search_orders(%(q)s, %(most)s, ARRAY (SELECT id FROM fitting)) AS f
        JOIN sales_salesorder o ON o.organization_id = %(organization)s AND o.id = f.id
        JOIN directory_customer c
          ON c.organization_id = o.organization_id AND c.id = o.customer_id
        """,
    ),
    Kind(
        "customer",
        "customers:read",
        """
        SELECT c.id, c.name, concat_ws(', ', c.number, (
            SELECT nullif(a.city, '') FROM directory_address a
            WHERE a.organization_id = c.organization_id AND a.customer_id = c.id AND a.is_ship_to
            ORDER BY a.id LIMIT 1)),
            CASE WHEN c.is_active THEN {customer:status} ELSE 'inactive' END, f.score
        FROM fitting AS f
        JOIN directory_customer c ON c.organization_id = %(organization)s AND c.id = f.id
        """,
    ),
    Kind(
        "product",
        "products:read",
        """
        SELECT p.id, p.name, p.sku, CASE WHEN p.is_active THEN '' ELSE 'inactive' END, f.score
        FROM search_products(%(q)s, %(most)s, {customer:true}) AS f
        JOIN catalog_product p ON p.organization_id = %(organization)s AND p.id = f.id
        """,
    ),
    Kind(
        "shipment",
        "shipments:read",
        """
        SELECT s.id, s.number, concat_ws(', ', k.name, nullif(s.tracking_number, '')),
            s.tracking_status, f.score
        FROM search_shipments(%(q)s, %(most)s) AS f
        JOIN shipping_shipment s ON s.organization_id = %(organization)s AND s.id = f.id
        JOIN directory_carrier k ON k.organization_id = s.organization_id AND k.id = s.carrier_id
        """,
    ),
    Kind(
        "return",
        "returns:read",
        """
        SELECT r.id, r.number, concat_ws(', ', o.number, nullif({customer:c.name}, '')), r.status,
            f.score
        FROM search_returns(%(q)s, %(most)s) AS f
        JOIN returns_return r ON r.organization_id = %(organization)s AND r.id = f.id
        JOIN sales_salesorder o ON o.organization_id = r.organization_id AND o.id = r.order_id
        JOIN directory_customer c
          ON c.organization_id = o.organization_id AND c.id = o.customer_id
        """,
    ),
    Kind(
        "invoice",
        "invoices:read",
        """
        SELECT i.id, coalesce(i.number, 'Draft for ' || i.order_number),
            concat_ws(', ', i.order_number, nullif({customer:c.name}, '')),
            CASE WHEN i.status IN ('draft', 'void') THEN i.status
                WHEN i.total <= i.allocated THEN 'paid'
                WHEN i.due_date < %(today)s THEN 'overdue'
                WHEN i.allocated > 0 THEN 'partially_paid' ELSE i.status END,
            f.score
        FROM search_invoices(%(q)s, %(most)s) AS f
        JOIN invoicing_invoice i ON i.organization_id = %(organization)s AND i.id = f.id
        JOIN directory_customer c
          ON c.organization_id = i.organization_id AND c.id = i.customer_id
        """,
    ),
    Kind(
        "payment",
        "payments:read",
        """
        SELECT p.id, p.number, concat_ws(', ', nullif({customer:c.name}, ''),
            nullif(p.reference, '')), p.type, f.score
        FROM search_payments(%(q)s, %(most)s) AS f
        JOIN invoicing_payment p ON p.organization_id = %(organization)s AND p.id = f.id
        JOIN directory_customer c
          ON c.organization_id = p.organization_id AND c.id = p.customer_id
        """,
    ),
    Kind(
        "lot",
        "inventory:read",
        """
        SELECT l.id, l.tag_id, p.name, l.status, f.score
        FROM search_lots(%(q)s, %(most)s) AS f
        JOIN inventory_lot l ON l.organization_id = %(organization)s AND l.id = f.id
        JOIN catalog_product p ON p.organization_id = l.organization_id AND p.id = l.product_id
        """,
    ),
    Kind(
        "purchase",
        "purchase_orders:read",
        """
        SELECT o.id, o.number, concat_ws(', ', s.name, nullif(o.supplier_reference, '')),
            o.fulfillment_status, f.score
        FROM search_purchases(%(q)s, %(most)s) AS f
        JOIN purchasing_purchaseorder o ON o.organization_id = %(organization)s AND o.id = f.id
        JOIN directory_supplier s ON s.organization_id = o.organization_id AND s.id = o.supplier_id
        """,
    ),
    Kind(
        "supplier",
        "suppliers:read",
        """
        SELECT s.id, s.name, s.number, CASE WHEN s.is_active THEN '' ELSE 'inactive' END, f.score
        FROM search_suppliers(%(q)s, %(most)s) AS f
        JOIN directory_supplier s ON s.organization_id = %(organization)s AND s.id = f.id
        """,
    ),
    Kind(
        "job",
        "production:read",
        """
        SELECT j.id, j.number, concat_ws(', ', s.name, p.name, nullif(j.order_number, '')),
            j.status, f.score
        FROM search_jobs(%(q)s, %(most)s) AS f
        JOIN production_productionjob j ON j.organization_id = %(organization)s AND j.id = f.id
        JOIN production_stage s ON s.organization_id = j.organization_id AND s.id = j.stage_id
        LEFT JOIN catalog_product p ON p.organization_id = j.organization_id AND p.id = j.product_id
        """,
    ),
    Kind(
        "run",
        "production:read",
        """
        SELECT r.id, r.number, r.order_number, r.status, f.score
        FROM search_runs(%(q)s, %(most)s) AS f
        JOIN production_productionrun r ON r.organization_id = %(organization)s AND r.id = f.id
        """,
    ),
)
NAMES: Final = tuple(kind.name for kind in KINDS)

_FITTING: Final = "SELECT id, score FROM search_customers(%(q)s, %(most)s, %(with_people)s)"
_NOBODY: Final = "SELECT NULL::uuid AS id, 0::real AS score WHERE false"


def search(
    by: Caller, typed: str, *, kinds: Collection[str] | None = None, limit: int = 8
) -> list[Hit]:
    """What fits, of each kind the best `limit` records that the caller may see, best first.

    One statement; none when nothing was typed. Raises Invalid for a kind that does not exist.
    """
    unknown = sorted(set(kinds or ()) - set(NAMES))
    if unknown:
        raise Invalid(
            "unknown_kind",
            f"{unknown[0]} is no kind of record. Kinds are {', '.join(NAMES)}.",
            fields={"kinds": f"One of {', '.join(NAMES)}."},
        )
    asked = [
        kind for kind in KINDS if by.may(kind.permission) and (kinds is None or kind.name in kinds)
    ]
    text = typed.replace("\0", "").strip()[:MOST_TYPED]
    if not text or not asked:
        return []
    values: dict[str, Any] = {
        "q": text,
        "most": min(limit, MOST),
        "organization": by.organization_id,
        "with_people": by.may("contacts:read"),
        "today": by.today,
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(by, asked), values)
        return [Hit(*row) for row in cursor.fetchall()]


def _statement(by: Caller, kinds: Sequence[Kind]) -> str:
    knows_customers, sees_whole = by.may("customers:read"), sees_whole_customers(by)
    parts = "\nUNION ALL\n".join(
        f"SELECT '{kind.name}', found.* FROM ({_for(kind.rows, knows_customers, sees_whole)})"
        " AS found (id, label, hint, status, score)"
        for kind in kinds
    )
    fitting = _FITTING if knows_customers else _NOBODY
    return (
        f"WITH fitting AS MATERIALIZED ({fitting}) SELECT * FROM ({parts})"
        " AS every (kind, id, label, hint, status, score) ORDER BY score DESC, id DESC"
    )


def _for(rows: str, knows_customers: bool, sees_whole: bool) -> str:
    rows = rows.replace("{customer:status}", "c.status" if sees_whole else "''")
    shown = {"{customer:c.name}": ("c.name", "''"), "{customer:true}": ("true", "false")}
    for mark, (known, unknown) in shown.items():
        rows = rows.replace(mark, known if knows_customers else unknown)
    return rows
