"""Stock that arrives, as it is sent, and what has to be known to take it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_sql, tags
from orderwright.inventory.merging import Goods
from orderwright.kernel.json_text import from_json


@dataclass(frozen=True, slots=True)
class NewLot:
    """Stock that arrives.

    `quantity` in the product's default unit and `weight` in `weight_unit`, as they were sent; the
    weight of a quantity that is itself a weight follows. The weight unit is the product's unless
    given, else the organization's; the location the organization's default. A lot without
    `tag_id` is numbered, or named after `made_from`, the tag of the lot that it came of, as
    `made_as` says: `received`, `rejected`, `scrap`. `field` starts the names of fields in errors.
    """

    product_id: UUID
    quantity: object
    weight: object = None
    weight_unit: str = ""
    location_id: UUID | None = None
    tag_id: str = ""
    made_from: str = ""
    made_as: str = "received"
    status: str = "available"
    inventory_type: str = "Finished"
    finished_type: str = ""
    shape: str = ""
    size: str = ""
    color: str = ""
    quality: str = ""
    rack: str = ""
    unit_cost: Decimal | None = None
    currency: str = ""
    notes: str = ""
    source: str = "manual"
    source_id: UUID | None = None
    auto_merge: bool = False
    field: str = ""


@dataclass(frozen=True, slots=True)
class StockedProduct:
    """A product as its lots need it; `short_name` stands in tags."""

    id: UUID
    type: str
    short_name: str
    unit: str
    weight_unit: str


@dataclass(frozen=True, slots=True)
class ArrivalFacts:
    """What arriving stock has to know of the organization.

    `locations` says of each whether it is in use. `existing` are the lots that may take something
    up, with their tags in `tags`. `taken` are the given tags that exist already, `alike` those
    that begin as the tags to be made from others.
    """

    tag_prefix: str
    products: Mapping[UUID, StockedProduct]
    locations: Mapping[UUID, bool]
    default_location: UUID | None
    existing: Mapping[UUID, Goods]
    tags: Mapping[UUID, str]
    taken: frozenset[str]
    alike: frozenset[str]


def read_facts(by: Caller, lots: Sequence[NewLot]) -> ArrivalFacts:
    """Everything in one statement, after the lock."""
    stems = {tags.stem_of(lot.made_from) for lot in lots if lot.made_from}
    with connection.cursor() as cursor:
        cursor.execute(
            lot_sql.ARRIVAL_FACTS,
            {
                "organization": by.organization_id,
                "products": [lot.product_id for lot in lots],
                "locations": [lot.location_id for lot in lots if lot.location_id],
                "merging": [lot.product_id for lot in lots if lot.auto_merge],
                "tags": [lot.tag_id for lot in lots if lot.tag_id],
                "stems": list(stems),
            },
        )
        ((prefix, products, locations, existing, taken, alike),) = cursor.fetchall()
    places = [(UUID(entry[0]), *entry[1:]) for entry in from_json(locations)]
    stocked = [StockedProduct(UUID(entry[0]), *entry[1:]) for entry in from_json(products)]
    merging = from_json(existing)
    return ArrivalFacts(
        tag_prefix=prefix,
        products={product.id: product for product in stocked},
        locations={place: is_active for place, _, is_active in places},
        default_location=next((place for place, is_default, _ in places if is_default), None),
        existing={UUID(entry[0]): _goods(entry) for entry in merging},
        tags={UUID(entry[0]): entry[-1] for entry in merging},
        taken=frozenset(from_json(taken)),
        alike=frozenset(from_json(alike)),
    )


def _goods(entry: Sequence[Any]) -> Goods:
    return Goods(
        product_id=UUID(entry[1]),
        location_id=UUID(entry[2]),
        quantity=Decimal(entry[3]),
        weight=Decimal(entry[4]),
        weight_unit=entry[5],
        status=entry[6],
        inventory_type=entry[7],
        finished_type=entry[8],
        shape=entry[9],
        size=entry[10],
        color=entry[11],
        quality=entry[12],
        rack=entry[13],
        unit_cost=None if entry[14] is None else Decimal(entry[14]),
        currency=entry[15],
    )
