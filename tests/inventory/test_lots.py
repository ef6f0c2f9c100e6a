"""Lots that people add, count, move, describe and delete (domain 1.9; rulings 11 and 16)."""

from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.activity.models import Event
from orderwright.identity.models import Organization
from orderwright.identity.permissions import default_permissions
from orderwright.inventory import arrivals, lot_queries, lots
from orderwright.inventory.actions import Cause
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.lot_queries import LotRow
from orderwright.inventory.models import Location
from orderwright.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refusal
from orderwright.kernel.ids import new_id
from tests.inventory.warehouse import Warehouse, figures, open_warehouse, rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def warehouse() -> Warehouse:
    return open_warehouse()


@pytest.fixture
def gem(warehouse: Warehouse) -> UUID:
    return warehouse.product(sku="GEM")


@pytest.fixture
def vault(warehouse: Warehouse) -> UUID:
    return Location.objects.create(organization_id=warehouse.company.id, name="Vault").pk


def as_role(warehouse: Warehouse, role: str) -> Warehouse:
    by = replace(warehouse.by, role=role, permissions=default_permissions(role))
    return replace(warehouse, by=by)


def fields_of(refusal: Refusal) -> tuple[int, str, list[str]]:
    return refusal.status, refusal.code, sorted(refusal.fields)


def amounts(lot: LotRow) -> tuple[str, str, str]:
    return str(lot.quantity.normalize()), f"{lot.weight.normalize():f}", lot.weight_unit


def events_of(lot: UUID) -> list[tuple[str, dict[str, Any]]]:
    found = Event.objects.filter(subject_id=lot).order_by("pk")
    return list(found.values_list("type", "body"))


def movements_of(warehouse: Warehouse, lot: UUID) -> list[tuple[str, str, str, str]]:
    """Action, delta, what stood after it, and why; newest first."""
    return [
        (row.action, f"{row.quantity_delta:f}".rstrip("0").rstrip("."),
         f"{row.quantity_after:f}".rstrip("0").rstrip("."), row.reason)
        for row in lot_queries.movements(by=warehouse.by, lot_id=lot)
    ]  # fmt: skip


# Tags --------------------------------------------------------------------------------------------


def test_a_tag_counts_on_from_the_prefix_of_organization_and_product(
    warehouse: Warehouse,
) -> None:
    Organization.objects.filter(pk=warehouse.company.id).update(tag_prefix="Gem")
    stone = warehouse.product(sku="STONE-1", short_name="Día")
    nameless = warehouse.product(sku="r.2")
    tags = [warehouse.added(product, 1).tag_id for product in (stone, stone, nameless, stone)]
    assert tags == ["GEMDIA0001", "GEMDIA0002", "GEMR20001", "GEMDIA0003"]


def test_numbers_that_people_used_are_stepped_over(warehouse: Warehouse, gem: UUID) -> None:
    for tag in ("GEM0001", "gem0002", "GEM0007", "GEM0009-RCV1", "GEMX0099"):
        warehouse.lot(gem, 1, tag_id=tag)
    first, second, third = [warehouse.added(gem, 1).tag_id for _ in range(3)]
    assert (first, second, third) == ("GEM0008", "GEM0009", "GEM0010")


def test_a_tag_is_taken_once_and_written_in_capitals(warehouse: Warehouse, gem: UUID) -> None:
    assert warehouse.added(gem, 1, tag_id=" gem-x1 ").tag_id == "GEM-X1"
    with pytest.raises(Conflict) as refused:
        warehouse.lot(gem, 1, tag_id="Gem-x1")
    assert fields_of(refused.value) == (409, "duplicate", ["tag_id"])


@pytest.mark.parametrize("tag", ["GEM_1", "GÉM1", "GEM 1", "G" * 51, "\U0001f48e"])
def test_a_tag_has_fifty_capitals_digits_and_hyphens(
    warehouse: Warehouse, gem: UUID, tag: str
) -> None:
    with pytest.raises(Invalid) as refused:
        warehouse.lot(gem, 1, tag_id=tag)
    assert fields_of(refused.value) == (422, "invalid_tag", ["tag_id"])


def test_the_longest_tag_fits(warehouse: Warehouse, gem: UUID) -> None:
    assert warehouse.added(gem, 1, tag_id="G" * 50).tag_id == "G" * 50


def test_what_came_of_a_lot_carries_its_tag_and_does_not_advance_the_numbers(
    warehouse: Warehouse, gem: UUID
) -> None:
    source = warehouse.added(gem, 5).tag_id
    long = "G" * 50
    put = arrivals.put_lots(
        warehouse.by,
        [
            NewLot(gem, "3", made_from=source),
            NewLot(gem, "1", made_from=source, made_as="rejected", status="rejected"),
            NewLot(gem, "2", made_from=source),
            NewLot(gem, "2", made_from=long, made_as="scrap", status="scrap"),
        ],
        action="receive_job",
        cause=Cause(None, "PJ-00001"),
    )
    again = arrivals.put_lots(
        warehouse.by,
        [NewLot(gem, "3", made_from=source), NewLot(gem, "3")],
        action="receive_job",
        cause=Cause(None, "PJ-00002"),
    )
    assert [one.tag_id for one in put] == [
        "GEM0001-RCV1", "GEM0001-REJ1", "GEM0001-RCV2", f"{'G' * 43}-SCRAP1",
    ]  # fmt: skip
    assert [one.tag_id for one in again] == ["GEM0001-RCV3", "GEM0002"]
    assert warehouse.figures(gem)["on_hand"] == "16"


# Adding ------------------------------------------------------------------------------------------


def test_a_new_lot_lies_at_the_default_place_and_its_first_movement_says_so(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.added(gem, 600, weight="120", size="1.2 mm", quality="VS", notes="from Ada")
    assert amounts(lot) == ("6E+2", "120", "g")
    assert (lot.location_name, lot.status, lot.inventory_type) == ("Main", "available", "Finished")
    assert (lot.size, lot.quality, lot.notes, lot.source) == ("1.2 mm", "VS", "from Ada", "manual")
    assert movements_of(warehouse, lot.id) == [("create_record", "600", "600", "")]
    assert events_of(lot.id) == [
        (
            "lot.created",
            {
                "after": {
                    "tag_id": "GEM0001",
                    "product_id": str(gem),
                    "quantity": "600",
                    "unit": "pcs",
                    "weight": "120",
                    "weight_unit": "g",
                    "status": "available",
                }
            },
        )
    ]


def test_the_weight_unit_is_given_or_the_products_or_the_organizations(
    warehouse: Warehouse, gem: UUID
) -> None:
    stone = warehouse.product(sku="STONE", weight_unit="ct")
    units = [
        warehouse.added(gem, 1).weight_unit,
        warehouse.added(stone, 1).weight_unit,
        warehouse.added(stone, 1, weight="5", weight_unit="mg").weight_unit,
    ]
    assert units == ["g", "ct", "mg"]


def test_a_quantity_that_is_a_weight_weighs_what_it_says(warehouse: Warehouse) -> None:
    grain = warehouse.product(sku="GRAIN", default_unit="kg")
    assert amounts(warehouse.added(grain, "1.25")) == ("1.25", "1250", "g")
    assert amounts(warehouse.added(grain, "1.25", weight="1250")) == ("1.25", "1250", "g")
    with pytest.raises(Invalid) as refused:
        warehouse.lot(grain, "1.25", weight="1249")
    assert fields_of(refused.value) == (422, "weight_mismatch", ["weight"])


def test_a_lot_may_be_kept_by_weight_alone(warehouse: Warehouse, gem: UUID) -> None:
    assert amounts(warehouse.added(gem, 0, weight="12.5")) == ("0", "12.5", "g")


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"quantity": "0"}, "invalid_quantity", "quantity"),
        ({"quantity": "-1"}, "invalid_quantity", "quantity"),
        ({"quantity": "1.5"}, "invalid_quantity", "quantity"),
        ({"quantity": "1000000000000"}, "invalid_quantity", "quantity"),
        ({"quantity": "NaN"}, "invalid_number", "quantity"),
        ({"quantity": "1e3"}, "invalid_number", "quantity"),
        ({"quantity": True}, "invalid_number", "quantity"),
        ({"quantity": None}, "required", "quantity"),
        ({"quantity": ["1"]}, "invalid_number", "quantity"),
        ({"weight": "-0.1"}, "invalid_weight", "weight"),
        ({"weight": "0.0000001"}, "invalid_weight", "weight"),
        ({"weight": "1000000000000"}, "invalid_weight", "weight"),
        ({"weight_unit": "stone"}, "unknown_weight_unit", "weight_unit"),
        ({"product_id": None}, "required", "product_id"),
        ({"product_id": "GEM"}, "unknown_reference", "product_id"),
        ({"product_id": str(new_id())}, "unknown_product", "product_id"),
        ({"location_id": str(new_id())}, "unknown_location", "location_id"),
        ({"unit_cost": "-1"}, "invalid_price", "unit_cost"),
        ({"unit_cost": "1", "currency": "GLD"}, "unknown_currency", "currency"),
        ({"quality": "x" * 41}, "invalid_text", "quality"),
        ({"rack": "a\nb"}, "invalid_text", "rack"),
        ({"notes": "4111 1111 1111 1111"}, "card_number", "notes"),
        (
            {"inventory_type": "Rough", "finished_type": "Polished"},
            "finished_type_unused",
            "finished_type",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_field(
    warehouse: Warehouse, gem: UUID, sent: dict[str, Any], code: str, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        lots.add_lot(by=warehouse.by, sent={"product_id": str(gem), "quantity": "1", **sent})
    assert fields_of(refused.value) == (422, code, [field])
    assert rows("SELECT count(*) FROM inventory_lot") == [(0,)]


def test_a_service_is_not_kept_in_stock(warehouse: Warehouse) -> None:
    service = warehouse.product(sku="FIT", type="service")
    with pytest.raises(Invalid) as refused:
        warehouse.lot(service, 1)
    assert fields_of(refused.value) == (422, "not_stocked", ["product_id"])


def test_a_location_out_of_use_takes_nothing(warehouse: Warehouse, gem: UUID, vault: UUID) -> None:
    Location.objects.filter(pk=vault).update(is_active=False)
    lot = warehouse.lot(gem, 1)
    with pytest.raises(Invalid) as adding:
        warehouse.lot(gem, 1, location_id=vault)
    with pytest.raises(Invalid) as moving:
        lots.transfer_lot(by=warehouse.by, ref=lot, sent={"location_id": vault})
    assert fields_of(adding.value) == (422, "inactive_location", ["location_id"])
    assert fields_of(moving.value) == (422, "inactive_location", ["location_id"])


def test_a_lot_of_another_organization_cannot_be_put_anywhere_here(
    warehouse: Warehouse, gem: UUID
) -> None:
    other = open_warehouse(name="Stranger", email="s@stranger.example")
    with pytest.raises(Invalid) as product:
        other.lot(gem, 1)
    own = other.product()
    with pytest.raises(Invalid) as place:
        other.lot(own, 1, location_id=warehouse.company.location_id)
    assert product.value.code == "unknown_product"
    assert place.value.code == "unknown_location"


def test_a_merged_lot_answers_the_one_that_took_it_up(
    warehouse: Warehouse, gem: UUID, vault: UUID
) -> None:
    first = warehouse.added(gem, 600, weight="120", unit_cost="2.00")
    merged = warehouse.added(gem, 200, weight="40", unit_cost="4.00", auto_merge=True)
    apart = warehouse.added(
        gem, 200, weight="40", unit_cost="4.00", location_id=vault, auto_merge=True
    )
    assert merged.id == first.id
    assert amounts(merged) == ("8E+2", "160", "g")
    assert merged.unit_cost == Decimal("2.5000")
    assert apart.id != first.id
    assert movements_of(warehouse, first.id) == [
        ("create_record", "200", "800", ""),
        ("create_record", "600", "600", ""),
    ]
    assert [name for name, _ in events_of(first.id)] == ["lot.created", "lot.merged"]
    assert events_of(first.id)[1][1]["added"] == {"quantity": "200", "weight": "40"}


def test_arriving_stock_covers_who_waits_in_the_same_transaction(
    warehouse: Warehouse, gem: UUID
) -> None:
    line = warehouse.promise(gem, 10)
    warehouse.lot(gem, 6)
    assert warehouse.held(line) == ("10", "6")
    warehouse.lot(gem, 6, auto_merge=True)
    assert warehouse.held(line) == ("10", "10")
    assert warehouse.figures(gem) == figures(on_hand=12, reserved=10)


def test_a_receipt_of_thirty_lots_takes_as_many_statements_as_one(warehouse: Warehouse) -> None:
    counts = []
    for size in (1, 30):
        product = warehouse.product(sku=f"P{size}")
        warehouse.promise(product, 100)
        news = [NewLot(product, "1", size=str(index)) for index in range(size)]
        with CaptureQueriesContext(connection) as found:
            arrivals.put_lots(
                warehouse.by, news, action="receive_po", cause=Cause(new_id(), "PO-00001")
            )
        counts.append(len(found))
    assert counts == [9, 9]  # one of them is the question of sales whose order it covers


def test_errors_of_a_receipt_name_every_row(warehouse: Warehouse, gem: UUID) -> None:
    with pytest.raises(Invalid) as refused:
        arrivals.put_lots(
            warehouse.by,
            [
                NewLot(gem, "-1", field="rows.0."),
                NewLot(gem, "1", field="rows.1."),
                NewLot(new_id(), "1", field="rows.2."),
            ],
            action="receive_po",
            cause=Cause(None, "PO-00001"),
        )
    assert fields_of(refused.value) == (
        422,
        "invalid_input",
        ["rows.0.quantity", "rows.2.product_id"],
    )


# Counting ----------------------------------------------------------------------------------------


def test_a_count_sets_the_new_values_and_says_why(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 600, weight="120")
    counted = lots.adjust_lot(
        by=warehouse.by,
        ref=lot,
        sent={"quantity": 590, "weight": "118", "reason": "stocktaking"},
    )
    assert amounts(counted) == ("5.9E+2", "118", "g")
    assert counted.version == 2
    assert movements_of(warehouse, lot)[0] == ("user_correction", "-10", "590", "stocktaking")
    name, body = events_of(lot)[-1]
    assert name == "lot.adjusted"
    assert (body["before"]["quantity"], body["after"]["quantity"]) == ("600", "590")
    assert body["reason"] == "stocktaking"


def test_a_count_of_the_weight_alone_keeps_the_pieces(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 600, weight="120")
    assert amounts(warehouse.adjust(lot, weight="119.5")) == ("6E+2", "119.5", "g")


def test_of_a_quantity_that_is_a_weight_one_says_the_other(warehouse: Warehouse) -> None:
    grain = warehouse.product(sku="GRAIN", default_unit="kg")
    lot = warehouse.lot(grain, "2")
    assert amounts(warehouse.adjust(lot, quantity="1.5")) == ("1.5", "1500", "g")
    assert amounts(warehouse.adjust(lot, weight="1200")) == ("1.2", "1200", "g")
    assert amounts(warehouse.adjust(lot, quantity="1", weight="1000")) == ("1", "1000", "g")
    with pytest.raises(Invalid) as refused:
        warehouse.adjust(lot, quantity="1", weight="900")
    assert fields_of(refused.value) == (422, "weight_mismatch", ["weight"])


def test_a_lot_counted_at_nothing_is_retrieved_out_and_comes_back(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5, weight="1")
    assert warehouse.adjust(lot, quantity="0").status == "retrieved_out"
    assert warehouse.adjust(lot, quantity="3").status == "available"


@pytest.mark.parametrize(
    ("sent", "code", "field"),
    [
        ({"quantity": "-1"}, "invalid_quantity", "quantity"),
        ({"quantity": "1.5"}, "invalid_quantity", "quantity"),
        ({"weight": "-1"}, "invalid_weight", "weight"),
        ({}, "nothing_counted", "quantity"),
        ({"quantity": "1", "reason": ""}, "required", "reason"),
        ({"quantity": "1", "reason": None}, "required", "reason"),
        ({"quantity": "1", "reason": "x" * 201}, "invalid_text", "reason"),
    ],
)
def test_a_count_that_makes_no_sense_is_refused(
    warehouse: Warehouse, gem: UUID, sent: dict[str, Any], code: str, field: str
) -> None:
    lot = warehouse.lot(gem, 5)
    with pytest.raises(Invalid) as refused:
        lots.adjust_lot(by=warehouse.by, ref=lot, sent={"reason": "counted", **sent})
    assert fields_of(refused.value) == (422, code, [field])


def test_a_count_below_zero_needs_the_organizations_leave(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    loose = warehouse.allowing_negative()
    assert loose.adjust(lot, quantity="-2").quantity == -2
    assert warehouse.adjust(lot, quantity="0").quantity == 0


# Moving ------------------------------------------------------------------------------------------


def test_a_lot_moves_as_a_whole_and_the_journey_is_kept(
    warehouse: Warehouse, gem: UUID, vault: UUID
) -> None:
    line = warehouse.promise(gem, 5)
    lot = warehouse.lot(gem, 5, rack="A1")
    moved = lots.transfer_lot(by=warehouse.by, ref=lot, sent={"location_id": str(vault)})
    assert (moved.location_name, moved.rack, moved.version) == ("Vault", "", 2)
    assert movements_of(warehouse, lot)[0] == ("user_action", "0", "5", "Main → Vault")
    assert warehouse.held(line) == ("5", "5")
    name, body = events_of(lot)[-1]
    assert name == "lot.transferred"
    assert (body["before"]["location"], body["before"]["rack"]) == ("Main", "A1")
    assert body["after"] == {"location_id": str(vault), "location": "Vault", "rack": ""}


def test_a_lot_moves_to_another_rack_and_not_to_where_it_is(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5, rack="A1")
    here = warehouse.company.location_id
    assert (
        lots.transfer_lot(by=warehouse.by, ref=lot, sent={"location_id": here, "rack": "B2"}).rack
        == "B2"
    )
    for rack in (None, "B2"):
        with pytest.raises(Conflict) as refused:
            lots.transfer_lot(by=warehouse.by, ref=lot, sent={"location_id": here, "rack": rack})
        assert refused.value.code == "already_there"


@pytest.mark.parametrize("target", [None, "", "vault", "00000000-0000-7000-8000-000000000001"])
def test_a_lot_moves_nowhere_without_a_place(
    warehouse: Warehouse, gem: UUID, target: object
) -> None:
    lot = warehouse.lot(gem, 5)
    with pytest.raises(Invalid) as refused:
        lots.transfer_lot(by=warehouse.by, ref=lot, sent={"location_id": target})
    assert sorted(refused.value.fields) == ["location_id"]


# Describing --------------------------------------------------------------------------------------


def test_a_lot_is_described_anew(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5, quality="VS", size="1.2 mm")
    sent = {"quality": "VVS", "size": None, "tag_id": "own-1", "quantity": "5"}
    edited = lots.edit_lot(by=warehouse.by, ref=lot, sent=sent, version=1)
    assert (edited.quality, edited.size, edited.tag_id, edited.version) == ("VVS", "", "OWN-1", 2)
    assert events_of(lot)[-1] == (
        "lot.updated",
        {
            "before": {"quality": "VS", "size": "1.2 mm", "tag_id": "GEM0001"},
            "after": {"quality": "VVS", "size": "", "tag_id": "OWN-1"},
        },
    )


def test_an_edit_that_changes_nothing_writes_nothing(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5, quality="VS")
    edited = lots.edit_lot(by=warehouse.by, ref=lot, sent={"quality": "VS"})
    assert edited.version == 1
    assert len(events_of(lot)) == 1


@pytest.mark.parametrize(
    "sent",
    [
        {"quantity": "6"},
        {"weight": "6"},
        {"weight_unit": "ct"},
        {"product_id": str(new_id())},
        {"location_id": str(new_id())},
    ],
)
def test_what_is_changed_elsewhere_is_refused_here(
    warehouse: Warehouse, gem: UUID, sent: dict[str, Any]
) -> None:
    lot = warehouse.lot(gem, 5)
    with pytest.raises(Invalid) as refused:
        lots.edit_lot(by=warehouse.by, ref=lot, sent=sent)
    assert fields_of(refused.value) == (422, "not_editable", list(sent))


def test_a_tag_that_another_lot_has_is_refused(warehouse: Warehouse, gem: UUID) -> None:
    lot, other = warehouse.lot(gem, 5), warehouse.seen(warehouse.lot(gem, 5))
    with pytest.raises(Conflict) as refused:
        lots.edit_lot(by=warehouse.by, ref=lot, sent={"tag_id": other.tag_id})
    assert fields_of(refused.value) == (409, "duplicate", ["tag_id"])
    assert warehouse.seen(lot).tag_id == "GEM0001"


def test_a_stale_edit_is_refused(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    warehouse.adjust(lot, quantity="4")
    acts = [
        lambda: lots.edit_lot(by=warehouse.by, ref=lot, sent={"size": "2"}, version=1),
        lambda: lots.transfer_lot(
            by=warehouse.by, ref=lot, sent={"location_id": new_id()}, version=1
        ),
        lambda: lots.adjust_lot(
            by=warehouse.by, ref=lot, sent={"quantity": 1, "reason": "x"}, version=1
        ),
        lambda: lots.delete_lot(by=warehouse.by, ref=lot, version=1),
    ]
    codes = []
    for act in acts:
        with pytest.raises(Conflict) as refused:
            act()
        codes.append(refused.value.code)
    assert codes == ["stale_version"] * 4


def test_an_empty_lot_that_is_made_available_stays_retrieved_out(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    lots.edit_lot(by=warehouse.by, ref=lot, sent={"status": "archived"})
    warehouse.adjust(lot, quantity="0")
    edited = lots.edit_lot(by=warehouse.by, ref=lot, sent={"status": "available"})
    assert edited.status == "retrieved_out"


def test_a_status_that_stock_gave_is_kept_and_cannot_be_given(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    with pytest.raises(Invalid) as refused:
        lots.edit_lot(by=warehouse.by, ref=lot, sent={"status": "retrieved_out"})
    warehouse.adjust(lot, quantity="0")
    sent = {"status": "retrieved_out", "size": "2"}
    edited = lots.edit_lot(by=warehouse.by, ref=lot, sent=sent)
    assert fields_of(refused.value) == (422, "unknown_choice", ["status"])
    assert (edited.status, edited.size) == ("retrieved_out", "2")


# Deleting ----------------------------------------------------------------------------------------


def test_a_lot_that_was_never_used_is_deleted_and_its_coverage_is_lost(
    warehouse: Warehouse, gem: UUID
) -> None:
    lot = warehouse.lot(gem, 5)
    line = warehouse.promise(gem, 5)
    lots.delete_lot(by=warehouse.by, ref=lot)
    with pytest.raises(NotFound):
        warehouse.seen(lot)
    assert warehouse.held(line) == ("5", "0")
    assert events_of(lot)[-1][0] == "lot.deleted"
    assert warehouse.added(gem, 1).tag_id == "GEM0002"


def test_a_lot_that_was_used_is_kept(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    line = warehouse.promise(gem, 5)
    selected = warehouse.select(line, {lot: 1})
    warehouse.release(line, *selected)
    received = arrivals.put_lots(
        warehouse.by, [NewLot(gem, "1")], action="receive_po", cause=Cause(None, "PO-00001")
    )
    for used in (lot, received[0].lot_id):
        with pytest.raises(Conflict) as refused:
            lots.delete_lot(by=warehouse.by, ref=used)
        assert refused.value.code == "in_use"
    assert warehouse.figures(gem)["on_hand"] == "6"


# Who may -----------------------------------------------------------------------------------------


def test_each_verb_needs_its_permission(warehouse: Warehouse, gem: UUID, vault: UUID) -> None:
    lot = warehouse.lot(gem, 5)
    viewer = as_role(warehouse, "Viewer").by
    keeper = as_role(warehouse, "Warehouse").by
    finance = as_role(warehouse, "Finance").by
    refused = [
        (viewer, lambda by: lots.add_lot(by=by, sent={"product_id": gem, "quantity": 1})),
        (viewer, lambda by: lots.adjust_lot(by=by, ref=lot, sent={"quantity": 1, "reason": "x"})),
        (viewer, lambda by: lots.transfer_lot(by=by, ref=lot, sent={"location_id": vault})),
        (viewer, lambda by: lots.edit_lot(by=by, ref=lot, sent={"size": "2"})),
        (keeper, lambda by: lots.delete_lot(by=by, ref=lot)),
        (keeper, lambda by: lots.add_lot(
            by=by, sent={"product_id": gem, "quantity": 1, "unit_cost": "2"})),
        (keeper, lambda by: lots.edit_lot(by=by, ref=lot, sent={"unit_cost": "2"})),
        (replace(finance, permissions=frozenset()), lambda by: lot_queries.lots(by=by)),
        (replace(finance, permissions=frozenset()), lambda by: lot_queries.lot(by=by, ref=lot)),
    ]  # fmt: skip
    missing = []
    for by, act in refused:
        with pytest.raises(Forbidden) as error:
            act(by)
        missing.append(error.value.details["permission"])
    assert missing == [
        "inventory:create", "inventory:update", "inventory:update", "inventory:update",
        "inventory:delete", "orders_commercial:update", "orders_commercial:update",
        "inventory:read", "inventory:read",
    ]  # fmt: skip


# Reading -----------------------------------------------------------------------------------------


def test_a_list_is_narrowed_down_by_each_filter(
    warehouse: Warehouse, gem: UUID, vault: UUID
) -> None:
    ring = warehouse.product(sku="RING-925", name="Silver Ring")
    one = warehouse.lot(gem, 1, quality="VS", size="1.2 mm")
    two = warehouse.lot(gem, 2, location_id=vault, color="red")
    three = warehouse.lot(ring, 3, shape="round", inventory_type="Rough")
    lots.edit_lot(by=warehouse.by, ref=three, sent={"status": "rejected"})

    def found(**filters: Any) -> list[UUID]:
        return [lot.id for lot in lot_queries.lots(by=warehouse.by, filters=filters)]

    assert found() == [three, two, one]
    assert found(product_id=str(gem)) == [two, one]
    assert found(location_id=vault) == [two]
    assert found(status="rejected") == [three]
    assert found(status="available", product_id=gem) == [two, one]
    assert found(tag="gem") == [two, one]
    assert found(tag="GEM0001") == [one]
    assert found(tag="EM0001") == []
    assert found(q="silver") == [three]
    assert found(q="925") == [three]
    assert found(q="gem0002") == [two]
    assert found(q="100%_") == []
    assert found(quality="VS", size="1.2 mm") == [one]
    assert found(color="red") == [two]
    assert found(shape="round", inventory_type="Rough") == [three]
    assert found(product_id=str(new_id())) == []
    assert found(q="", status=None) == [three, two, one]


@pytest.mark.parametrize(
    "filters", [{"status": "lost"}, {"product_id": "gem"}, {"q": "x" * 201}, {"tag": "a\x00"}]
)
def test_a_filter_that_makes_no_sense_is_refused(
    warehouse: Warehouse, filters: dict[str, Any]
) -> None:
    with pytest.raises(Invalid) as refused:
        lot_queries.lots(by=warehouse.by, filters=filters)
    assert sorted(refused.value.fields) == list(filters)


def test_a_search_that_means_many_products_finds_their_lots_too(
    warehouse: Warehouse, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lot_queries, "_FEW_PRODUCTS", 1)
    products = [warehouse.product(sku=f"STONE-{number}") for number in range(3)]
    made = [warehouse.lot(product, 1) for product in products]
    other = warehouse.lot(warehouse.product(sku="RING"), 1, tag_id="STONE-X")
    found = [lot.id for lot in lot_queries.lots(by=warehouse.by, filters={"q": "stone"})]
    assert found == [other, *reversed(made)]


def test_pages_go_on_where_the_last_one_ended(warehouse: Warehouse, gem: UUID) -> None:
    made = [warehouse.lot(gem, 1) for _ in range(5)]
    first = lot_queries.lots(by=warehouse.by, limit=2)
    second = lot_queries.lots(by=warehouse.by, limit=2, before=first[1].id)
    third = lot_queries.lots(by=warehouse.by, limit=2, before=second[1].id)
    assert [lot.id for lot in first] == [made[4], made[3], made[2]]
    assert [lot.id for lot in second] == [made[2], made[1], made[0]]
    assert [lot.id for lot in third] == [made[0]]


@pytest.mark.parametrize("count", [1, 3])
def test_a_list_takes_one_statement_and_a_search_two(
    warehouse: Warehouse, gem: UUID, count: int
) -> None:
    for _ in range(count):
        warehouse.lot(gem, 1)
    with CaptureQueriesContext(connection) as listing:
        lot_queries.lots(by=warehouse.by)
    with CaptureQueriesContext(connection) as searching:
        lot_queries.lots(by=warehouse.by, filters={"q": "gem"})
    assert (len(listing), len(searching)) == (1, 2)


def test_a_lot_is_found_by_its_id_and_by_its_tag(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.added(gem, 1)
    found = [lot_queries.lot(by=warehouse.by, ref=ref) for ref in (lot.id, str(lot.id), "gem0001")]
    assert found == [lot, lot, lot]


def test_movements_are_read_in_pages_newest_first(warehouse: Warehouse, gem: UUID) -> None:
    lot = warehouse.lot(gem, 1)
    for quantity in range(2, 6):
        warehouse.adjust(lot, quantity=str(quantity))
    first = lot_queries.movements(by=warehouse.by, lot_id=lot, limit=2)
    rest = lot_queries.movements(by=warehouse.by, lot_id=lot, limit=9, before=first[1].id)
    assert [row.quantity_after for row in first] == [5, 4, 3]
    assert [row.quantity_after for row in rest] == [3, 2, 1]
    assert {row.actor_name for row in first} == {"Ada"}
