"""A million orders: `python -m bench.million --data DIR [--orders 1000000]`.

Makes two companies in DIR, one with a thousand orders and one with as many as asked for, and asks
both for the same pages in turn: what a page costs may not depend on how many orders there are. A
DIR that has been filled before is only measured.
"""

import argparse
import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg

from bench import million_sql as sql
from bench.million_words import GOODS, MATERIALS, NAMES, TOWNS, TRADES
from orderwright.database import analyze
from orderwright.folder import opened

FEW = 1_000
STEP = 100_000
EMAIL = "bench@works.example"
PASSWORD = "a password of the benchmark"


@dataclass(frozen=True, slots=True)
class Filled:
    """What is in the database: the organization, and how many orders, customers and products."""

    organization: str
    orders: int
    customers: int
    products: int


def main() -> None:
    """Fill two folders, measure both in turn, print."""
    given = _arguments()
    given.data.mkdir(parents=True, exist_ok=True)
    if given.fill:
        _fill_folder(given.data, given.orders)
        return
    folders = {FEW: given.data / "few", given.orders: given.data / "many"}
    for orders, folder in folders.items():
        # A process of its own for each: Django knows one database at a time.
        command = [sys.executable, "-m", "bench.million", "--fill", "--data", str(folder)]
        subprocess.run([*command, "--orders", str(orders)], check=True)
    from bench import million_measure as measure

    with opened(folders[FEW]) as few, opened(folders[given.orders]) as many:
        figures = measure.measure(few, many)
    measure.show(figures, FEW, given.orders)


def _fill_folder(folder: Path, orders: int) -> None:
    with opened(folder) as installation:
        os.environ.update(installation.app_environment())
        import django

        django.setup()
        with psycopg.connect(installation.owner_url) as connection:
            filled = _found(connection)
        if filled.orders < orders:
            fill(installation.owner_url, filled, orders)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench.million", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="a folder; it is filled once")
    parser.add_argument("--orders", type=int, default=1_000_000)
    parser.add_argument("--fill", action="store_true", help="fill this folder, measure nothing")
    return parser.parse_args()


def _found(connection: psycopg.Connection[Any]) -> Filled:
    """What is there; the company is founded when nothing is."""
    row = connection.execute("SELECT id FROM identity_organization ORDER BY id LIMIT 1").fetchone()
    if row is None:
        from datetime import UTC, datetime

        from orderwright.founding import found_organization

        founded = found_organization(
            name="Million Works", email=EMAIL, password=PASSWORD, now=datetime.now(UTC)
        )
        return Filled(str(founded.organization_id), 0, 0, 0)
    counted = connection.execute(
        "SELECT (SELECT count(*) FROM sales_salesorder), (SELECT count(*) FROM directory_customer),"
        " (SELECT count(*) FROM catalog_product)"
    ).fetchone()
    assert counted is not None
    return Filled(str(row[0]), *counted)


def fill(owner_url: str, filled: Filled, orders: int) -> Filled:
    """Add customers, products and orders up to so many orders; a transaction for each step."""
    begun = time.perf_counter()
    customers, products = max(orders // 5, 50), min(max(orders // 50, 100), 11_000)
    with psycopg.connect(owner_url, cursor_factory=psycopg.ClientCursor) as connection:
        _prepare(connection, filled)
        given = _without_values(connection)
        _fill_records(connection, filled, customers, products)
        _as_before(connection, given)
        connection.commit()
        for first in range(filled.orders + 1, orders + 1, STEP):
            _prepare(connection, filled)
            values = _values(connection, filled) | {
                "first": first,
                "last": min(first + STEP - 1, orders),
                "total": orders,
                "products": products,
            }
            given = _without_values(connection)
            for statement in sql.FOR_ORDERS:
                connection.execute(statement, values)
            _as_before(connection, given)
            connection.commit()
            print(f"{values['last']:,} orders after {time.perf_counter() - begun:.0f} s")
        sequence = f"numbers.sales_order_{filled.organization.replace('-', '')}"
        connection.execute("SELECT setval(%s, %s)", [sequence, orders])
        connection.commit()
        connection.autocommit = True
        connection.execute("VACUUM")
    analyze(owner_url)
    return Filled(filled.organization, orders, customers, products)


# What a column holds that a believable order has nothing to say about.
EMPTY = {
    "character varying": "''",
    "text": "''",
    "boolean": "false",
    "smallint": "0",
    "integer": "0",
    "numeric": "0",
    "jsonb": "'{}'",
    "ARRAY": "'{}'",
}


def _without_values(connection: psycopg.Connection[Any]) -> list[tuple[str, str]]:
    """Columns that need a value get an empty one, until `_as_before`."""
    found = connection.execute(sql.NEEDING_VALUES, [list(sql.TABLES)]).fetchall()
    given = [(table, column, EMPTY[kind]) for table, column, kind in found if kind in EMPTY]
    for table, column, empty in given:
        connection.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" SET DEFAULT {empty}')
    return [(table, column) for table, column, _ in given]


def _as_before(connection: psycopg.Connection[Any], given: list[tuple[str, str]]) -> None:
    for table, column in given:
        connection.execute(f'ALTER TABLE {table} ALTER COLUMN "{column}" DROP DEFAULT')


def _prepare(connection: psycopg.Connection[Any], filled: Filled) -> None:
    """Rows are made by the numbers: foreign keys and triggers would only cost time."""
    connection.execute("SET LOCAL session_replication_role = replica")
    connection.execute("SET LOCAL synchronous_commit = off")
    connection.execute("SELECT set_config('app.organization', %s, true)", [filled.organization])
    organization = {"organization": filled.organization}
    for what, table, more in (
        ("customers", "directory_customer", ""),
        ("products", "catalog_product", ", sku, name"),
    ):
        connection.execute(sql.PLACES.format(what=what, table=table, more=more), organization)
        connection.execute(f"CREATE INDEX ON million_{what} (place)")
        connection.execute(f"ANALYZE million_{what}")


def _fill_records(
    connection: psycopg.Connection[Any], filled: Filled, customers: int, products: int
) -> None:
    words = {"names": NAMES, "trades": TRADES, "towns": TOWNS, "materials": MATERIALS}
    connection.execute(
        sql.WORDS, {name: list(held) for name, held in {**words, "goods": GOODS}.items()}
    )
    mine = _values(connection, filled)
    for statement in (sql.CUSTOMERS, sql.ADDRESSES, sql.CONTACTS):
        connection.execute(statement, mine | {"first": filled.customers + 1, "last": customers})
    for statement in (sql.PRODUCTS, sql.LOTS):
        connection.execute(statement, mine | {"first": filled.products + 1, "last": products})


def _values(connection: psycopg.Connection[Any], filled: Filled) -> dict[str, Any]:
    row = connection.execute(
        """SELECT (SELECT id FROM directory_staff LIMIT 1),
                  (SELECT id FROM inventory_location LIMIT 1),
                  (SELECT id FROM directory_paymentterm WHERE is_default LIMIT 1),
                  (SELECT id FROM directory_shippingterm WHERE is_default LIMIT 1),
                  (SELECT id FROM directory_carrier WHERE is_default LIMIT 1)"""
    ).fetchone()
    assert row is not None
    names = ("lead", "location", "payment_term", "shipping_term", "carrier")
    return {"organization": filled.organization, **dict(zip(names, row, strict=True))}


if __name__ == "__main__":
    main()
