"""The list of lots: its tabs, filters, columns, and many at once."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Final
from uuid import UUID

from orderwright.catalog.kinds import PRODUCT
from orderwright.identity.caller import Caller
from orderwright.inventory import bulk, locations, lot_lists
from orderwright.inventory.lot_queries import LotRow
from orderwright.kernel.paging import Page, Window
from orderwright.web import choices
from orderwright.web.display import chip, link, measured, price
from orderwright.web.inputs import Input
from orderwright.web.list_lookups import record_filter
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.list_tabs import shown_tabs, tabs_by
from orderwright.web.lists import Asked, Column, Empty, Filter, Tab
from orderwright.web.vocabulary import choices_of

_PARAMETERS: Final = (
    "stock",
    "location_id",
    "status",
    "product_id",
    "inventory_type",
    "shape",
    "size",
    "color",
    "quality",
)
_TABS: Final = tabs_by(
    "stock",
    ("All", None),
    ("In stock", "in"),
    ("Low", "low"),
    ("Out", "out"),
    ("Rejected and scrap", "rejected"),
)


def location_choices(by: Caller) -> list[tuple[str, str]]:
    """The locations in use."""
    return choices.of_kind(by, locations.LOCATION, is_active=True)


def kinds_of(row: LotRow) -> str:
    """What a lot is like, in words."""
    kinds = (row.finished_type, row.shape, row.size, row.color, row.quality)
    return ", ".join(kind for kind in kinds if kind)


def _weight_of(row: LotRow) -> Decimal | None:
    return row.weight or None


COLUMNS: Final = (
    Column(
        "Tag",
        lambda row: link(row.tag_id, f"/inventory/{row.id}"),
        primary=True,
        sort="tag",
        value=lambda row: row.tag_id,
    ),
    Column(
        "Product",
        lambda row: link(row.product_name, f"/products/{row.product_id}"),
        value=lambda row: row.product_name,
    ),
    Column("SKU", lambda row: row.product_sku, optional=True),
    Column("Status", lambda row: chip("lot", row.status)),
    Column(
        "On hand",
        lambda row: measured(row.quantity, row.unit),
        numeric=True,
        value=lambda row: row.quantity,
        unit=lambda row: row.unit,
    ),
    Column(
        "Weight",
        lambda row: measured(row.weight, row.weight_unit) if row.weight else "",
        numeric=True,
        value=_weight_of,
        unit=lambda row: row.weight_unit if row.weight else "",
    ),
    Column("Location", lambda row: f"{row.location_name} {row.rack}".strip()),
    Column("Type", lambda row: row.inventory_type),
    Column("Quality", kinds_of, quiet=True),
    Column("Notes", lambda row: row.notes, optional=True, quiet=True),
)
_COST: Final = Column(
    "Unit cost",
    lambda row: price(row.unit_cost, row.currency) if row.unit_cost is not None else "",
    numeric=True,
    optional=True,
    value=lambda row: row.unit_cost,
    unit=lambda row: row.currency,
)


def _columns(by: Caller) -> Sequence[Column]:
    """What stock cost is for those who may see commercial values."""
    return (*COLUMNS, _COST) if by.may("orders_commercial:read") else COLUMNS


def _read(by: Caller, asked: Asked, window: Window) -> Page[LotRow]:
    return lot_lists.page_of_lots(by, {**asked.values, "q": asked.q}, window)


def _ids(by: Caller, given: Mapping[str, str], most: int) -> list[UUID]:
    return lot_lists.ids_of_lots(by, given, most=most)


def _tabs(by: Caller, asked: Asked) -> list[Tab]:
    return shown_tabs(asked, _TABS, lambda: lot_lists.counts(by))


def _filters(by: Caller, asked: Asked) -> list[Filter]:
    return [
        Filter("location_id", "Location", location_choices(by)),
        Filter("status", "Status", choices_of("lot")),
        *record_filter(
            by,
            asked,
            "product_id",
            "Product",
            PRODUCT,
            source="/lookup/products?type=sale",
            more=True,
        ),
    ]


def _empty(by: Caller) -> Empty:
    return Empty(
        "No inventory yet",
        "Every physical quantity of a product stands here with its tag and place.",
        "building-warehouse",
        "Add inventory" if by.may("inventory:create") else "",
        "/inventory/new",
    )


LIST: Final = ListPage(
    key=bulk.LIST,
    name="Inventory",
    path="/inventory",
    nouns=("lot", "lots"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=_PARAMETERS,
    sorts=lot_lists.SORT_NAMES,
    tabs=_tabs,
    search="Tag, product or SKU",
    label=lambda row: row.tag_id,
    bulk=(
        BulkOffer(
            "transfer",
            "Move",
            "arrows-exchange",
            "will be moved",
            "moved",
            "inventory:update",
            (
                Input(
                    "location_id",
                    "To",
                    "select",
                    choices=location_choices,
                    none="Choose",
                    required=True,
                ),
            ),
        ),
    ),
    ids=_ids,
)
