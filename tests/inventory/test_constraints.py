"""The database has the last word about stock: each constraint refuses what the code should never
ask for."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from orderwright.activity.constraints import refusal_of
from orderwright.identity.tenancy import enter
from orderwright.inventory import actions
from orderwright.inventory.rules import plan_take
from orderwright.kernel.ids import new_id
from tests.inventory.warehouse import Line, Warehouse, open_warehouse, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse() -> Warehouse:
    return open_warehouse()


@pytest.fixture
def gem(warehouse: Warehouse) -> UUID:
    return warehouse.product(sku="GEM")


@pytest.fixture
def lot(warehouse: Warehouse, gem: UUID) -> UUID:
    return warehouse.lot(gem, 10, weight="5")


@pytest.fixture
def line(warehouse: Warehouse, gem: UUID, lot: UUID) -> Line:
    return warehouse.promise(gem, 10)


def refused(statement: str, *parameters: object) -> str:
    """The constraint that refuses a statement."""
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        connection.cursor().execute(statement, parameters)
    cause: Any = error.value.__cause__
    return str(cause.diag.constraint_name)


@pytest.mark.parametrize("column", ["quantity", "weight"])
def test_a_lot_is_never_negative(lot: UUID, column: str) -> None:
    statement = f"UPDATE inventory_lot SET {column} = -0.000001 WHERE id = %s"
    assert refused(statement, lot) == "lot_never_negative"


def test_a_lot_below_zero_by_a_race_is_answered_as_too_little_stock(lot: UUID) -> None:
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        rows("UPDATE inventory_lot SET quantity = -1 WHERE id = %s RETURNING 1", lot)
    refusal = refusal_of(error.value)
    assert (refusal.status, refusal.code) == (409, "insufficient_stock")


def test_a_lot_has_a_known_status(lot: UUID) -> None:
    assert refused("UPDATE inventory_lot SET status = 'lost' WHERE id = %s", lot) == (
        "lot_status_known"
    )


def test_a_tag_is_given_once(warehouse: Warehouse, gem: UUID, lot: UUID) -> None:
    other = warehouse.lot(gem, 1)
    tag = warehouse.seen(lot).tag_id
    assert refused("UPDATE inventory_lot SET tag_id = %s WHERE id = %s", tag, other) == (
        "lot_tag_once"
    )


@pytest.mark.parametrize("covered", ["-0.000001", "10.000001"])
def test_a_reservation_is_covered_between_nothing_and_all(line: Line, covered: str) -> None:
    statement = "UPDATE inventory_reservation SET covered = %s WHERE id = %s"
    assert refused(statement, covered, line.reservation) == "reservation_covered_within_required"


def test_a_closed_reservation_holds_nothing(line: Line) -> None:
    statement = "UPDATE inventory_reservation SET is_open = false WHERE id = %s"
    assert refused(statement, line.reservation) == "closed_reservation_holds_nothing"


@pytest.mark.parametrize(("quantity", "weight"), [(0, 0), (-1, 5), (5, -1)])
def test_a_selection_takes_something_and_nothing_negative(
    warehouse: Warehouse, line: Line, lot: UUID, quantity: int, weight: int
) -> None:
    statement = (
        "INSERT INTO inventory_selection (organization_id, id, reservation_id, lot_id, quantity,"
        " weight, weight_unit, status, selected_at, selected_by)"
        " VALUES (%s, %s, %s, %s, %s, %s, 'g', 'retrieved', now(), 'somebody')"
    )
    constraint = refused(
        statement, warehouse.company.id, new_id(), line.reservation, lot, quantity, weight
    )
    assert constraint == "selection_takes_something"


def test_a_selection_has_a_known_status(warehouse: Warehouse, line: Line, lot: UUID) -> None:
    (selected,) = warehouse.select(line, {lot: 1})
    statement = "UPDATE inventory_selection SET status = 'lost' WHERE id = %s"
    assert refused(statement, selected.id) == "selection_status_known"


def test_a_prefix_counts_its_tags_in_one_place(warehouse: Warehouse, lot: UUID) -> None:
    statement = (
        "INSERT INTO inventory_tagnumber (organization_id, id, prefix, last)"
        " VALUES (%s, %s, 'GEM', 0)"
    )
    assert refused(statement, warehouse.company.id, new_id()) == "tag_number_prefix_once"


def test_an_organization_has_one_default_location(warehouse: Warehouse) -> None:
    statement = (
        "INSERT INTO inventory_location (organization_id, id, name, short_name, type, street, city,"
        " country, postal_code, is_default, is_active, version, created_at, updated_at)"
        " VALUES (%s, %s, 'Other', '', '', '', '', '', '', true, true, 1, now(), now())"
    )
    assert refused(statement, warehouse.company.id, new_id()) == "location_default_once"


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE inventory_movement SET quantity_delta = 0",
        "UPDATE inventory_movement SET reason = 'nothing happened'",
        "DELETE FROM inventory_movement",
    ],
)
def test_movements_are_written_once_and_for_good(lot: UUID, statement: str) -> None:
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        connection.cursor().execute(statement)
    assert rows("SELECT count(*) FROM inventory_movement WHERE lot_id = %s", lot) == [(1,)]


def test_what_is_selected_keeps_its_lot_and_its_reservation(
    warehouse: Warehouse, line: Line, lot: UUID
) -> None:
    warehouse.select(line, {lot: 1})
    deletions = [
        refused("DELETE FROM inventory_lot WHERE id = %s", lot),
        refused("DELETE FROM inventory_reservation WHERE id = %s", line.reservation),
        refused("DELETE FROM catalog_product WHERE id = %s", line.product),
    ]
    assert deletions == [
        "inventory_selection_lot_id_within",
        "inventory_selection_reservation_id_within",
        "inventory_lot_product_id_within",
    ]


def test_no_lot_points_into_another_organization(warehouse: Warehouse, lot: UUID) -> None:
    other = open_warehouse(name="Stranger", email="s@stranger.example")
    theirs = other.product(sku="THEIRS")
    enter(warehouse.company.id)
    assert refused("UPDATE inventory_lot SET product_id = %s WHERE id = %s", theirs, lot) == (
        "inventory_lot_product_id_within"
    )


def test_another_organization_sees_and_changes_nothing_of_ours(
    warehouse: Warehouse, gem: UUID, lot: UUID, line: Line
) -> None:
    open_warehouse(name="Stranger", email="s@stranger.example")
    tables = ("lot", "reservation", "selection", "movement", "tagnumber")
    seen = [rows(f"SELECT count(*) FROM inventory_{table}") for table in tables]
    changed = rows("UPDATE inventory_lot SET quantity = 0 WHERE id = %s RETURNING 1", lot)
    assert seen == [[(0,)]] * len(tables)
    assert changed == []
    enter(warehouse.company.id)
    assert warehouse.seen(lot).quantity == 10


def test_a_plan_that_names_a_lot_twice_is_a_mistake_of_ours_and_writes_nothing(
    warehouse: Warehouse, lot: UUID
) -> None:
    after = plan_take(warehouse.seen(lot).facts(), quantity=Decimal(1), weight=Decimal(1))
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.change_lots(
            warehouse.by, [after, after], action="system_action", cause=actions.Cause(None, "")
        )
    assert warehouse.seen(lot).quantity == 10
