"""Stock arrives: new lots with their tags, or more of lots that are there (domain 1.9).

For one lot that a person adds and for the many of a receipt: the number of statements does not
depend on the number of lots.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import ledger, lot_sql, numbering, tags
from orderwright.inventory.arrival_facts import ArrivalFacts, NewLot, read_facts
from orderwright.inventory.ledger import Cause
from orderwright.inventory.merging import Arrival, Goods, MergePlan, plan_merges
from orderwright.inventory.rules import LotAfter, weight_of_stock
from orderwright.kernel.errors import Conflict, Invalid, TryAgain
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.quantity import check_counted
from orderwright.kernel.shapes import invalid, together
from orderwright.kernel.weight import check_weight, check_weight_unit, is_weight_unit, same


@dataclass(frozen=True, slots=True)
class Put:
    """Where a new lot's stock went: a lot of its own, or one that took it up (`merged`)."""

    lot_id: UUID
    tag_id: str
    quantity: Decimal
    weight: Decimal
    weight_unit: str
    merged: bool


def put_lots(by: Caller, lots: Sequence[NewLot], *, action: str, cause: Cause) -> list[Put]:
    """Put stock into lots and cover what waits for it; each lot's place in the order given.

    `action` and `cause` are what the movements say: `create_record`, `receive_po`, … Permissions
    are the caller's business. Raises Invalid for what is not sound, Conflict `duplicate` for a
    tag that is taken, TryAgain when a tag was taken in this moment.
    """
    if not lots:
        return []
    locked = ledger.lock_products(by, {lot.product_id for lot in lots})
    facts = read_facts(by, lots)
    arrivals = _checked(by, lots, facts)
    plan = plan_merges(arrivals, facts.existing.items())
    makers = _makers(lots, plan)
    made = list(zip([new_id() for _ in makers], _tags_for(by, makers, facts), strict=True))
    _insert(by, makers, plan.new, made, action=action, cause=cause)
    _grow(by, plan.grown, facts, action=action, cause=cause)
    ledger.settle(by, locked)
    begun: set[UUID | int] = set()
    puts = []
    for place, arrival in zip(plan.places, arrivals, strict=True):
        goods = arrival.goods
        lot_id, tag = made[place] if isinstance(place, int) else (place, facts.tags[place])
        is_first = isinstance(place, int) and place not in begun
        begun.add(place)
        puts.append(
            Put(lot_id, tag, goods.quantity, goods.weight, goods.weight_unit, merged=not is_first)
        )
    return puts


def _checked(by: Caller, lots: Sequence[NewLot], facts: ArrivalFacts) -> list[Arrival]:
    """The lots in numbers. Raises Invalid for everything that is not sound, at once."""
    arrivals = []
    refusals: list[Invalid] = []
    for lot in lots:
        try:
            arrivals.append(Arrival(_goods_of(by, lot, facts), lot.auto_merge))
        except Invalid as refusal:
            refusals.append(refusal)
    if refusals:
        raise together(refusals)
    return arrivals


def _goods_of(by: Caller, lot: NewLot, facts: ArrivalFacts) -> Goods:
    product = facts.products.get(lot.product_id)
    if product is None:
        raise invalid("unknown_product", "There is no such product.", f"{lot.field}product_id")
    if product.type != "sale":
        message = f"A product of type {product.type} is not kept in stock."
        raise invalid("not_stocked", message, f"{lot.field}product_id")
    if lot.finished_type and lot.inventory_type != "Finished":
        message = "Only finished inventory has a finished type."
        raise invalid("finished_type_unused", message, f"{lot.field}finished_type")
    weight_unit = lot.weight_unit or product.weight_unit or by.organization.default_weight_unit
    check_weight_unit(weight_unit, f"{lot.field}weight_unit")
    quantity = check_counted(lot.quantity, product.unit, f"{lot.field}quantity")
    has_cost = lot.unit_cost is not None
    return Goods(
        product_id=product.id,
        location_id=_location_of(lot, facts),
        quantity=quantity,
        weight=_weight_of(lot, quantity, product.unit, weight_unit),
        weight_unit=weight_unit,
        status=lot.status,
        inventory_type=lot.inventory_type,
        finished_type=lot.finished_type,
        shape=lot.shape,
        size=lot.size,
        color=lot.color,
        quality=lot.quality,
        rack=lot.rack,
        unit_cost=lot.unit_cost,
        currency=(lot.currency or by.organization.default_currency) if has_cost else "",
    )


def _location_of(lot: NewLot, facts: ArrivalFacts) -> UUID:
    name = f"{lot.field}location_id"
    if lot.location_id is None:
        if facts.default_location is None:
            raise invalid("location_missing", "Say where it lies: there is no default.", name)
        return facts.default_location
    if lot.location_id not in facts.locations:
        raise invalid("unknown_location", "There is no such location.", name)
    if not facts.locations[lot.location_id]:
        raise invalid("inactive_location", "This location is not in use any more.", name)
    return lot.location_id


def _weight_of(lot: NewLot, quantity: Decimal, unit: str, weight_unit: str) -> Decimal:
    """The weight given, or what follows from the quantity; something must have arrived."""
    follows = weight_of_stock(quantity, unit, weight_unit)
    if follows and lot.weight is None:
        return check_weight(follows, f"{lot.field}quantity")
    given = check_weight(lot.weight if lot.weight is not None else 0, f"{lot.field}weight")
    if is_weight_unit(unit) and not same(given, follows):
        message = f"{quantity} {unit} cannot weigh {given} {weight_unit}. Leave the weight out."
        raise invalid("weight_mismatch", message, f"{lot.field}weight")
    if not quantity and not given:
        message = "The quantity must be more than zero."
        raise invalid("invalid_quantity", message, f"{lot.field}quantity")
    return given


def _makers(lots: Sequence[NewLot], plan: MergePlan) -> list[NewLot]:
    """For each new lot the one that makes it: the first of those that become one."""
    return [lots[plan.places.index(place)] for place in range(len(plan.new))]


def _tags_for(by: Caller, makers: Sequence[NewLot], facts: ArrivalFacts) -> list[str]:
    """A tag for each new lot: as given, as made from another lot's, else numbered."""
    given = [lot for lot in makers if lot.tag_id]
    twice = [tag for tag, count in Counter(lot.tag_id for lot in given).items() if count > 1]
    for lot in given:
        if lot.tag_id in facts.taken or lot.tag_id in twice:
            message = "Another lot has this tag."
            fields = {f"{lot.field}tag_id": message}
            raise Conflict("duplicate", f"{message} Choose another.", fields=fields)
    taken = set(facts.alike) | {lot.tag_id for lot in given}
    prefixes = {
        index: tags.tag_prefix(facts.tag_prefix, facts.products[lot.product_id].short_name)
        for index, lot in enumerate(makers)
        if not lot.tag_id and not lot.made_from
    }
    numbered = numbering.next_tags(by, Counter(prefixes.values()), frozenset(taken))
    found = []
    for index, lot in enumerate(makers):
        if lot.tag_id:
            tag = lot.tag_id
        elif lot.made_from:
            tag = tags.suffixed_tag(lot.made_from, lot.made_as, taken)
        else:
            tag = numbered[prefixes[index]].pop(0)
        taken.add(tag)
        found.append(tag)
    return found


def _insert(
    by: Caller,
    makers: Sequence[NewLot],
    goods: Sequence[Goods],
    made: Sequence[tuple[UUID, str]],
    *,
    action: str,
    cause: Cause,
) -> None:
    if not makers:
        return
    rows = [
        {
            **{name: getattr(item, name) for name in Goods.__slots__},
            "id": lot_id,
            "tag_id": tag,
            "movement": new_id(),
            "source": lot.source,
            "source_id": lot.source_id,
            "notes": lot.notes,
        }
        for lot, item, (lot_id, tag) in zip(makers, goods, made, strict=True)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            lot_sql.INSERT_LOTS,
            {
                "organization": by.organization_id,
                "lots": to_json(rows),
                "action": action,
                "cause_id": cause.id,
                "cause": cause.text,
                "actor_name": by.actor.name,
                "at": by.now,
                "may_go_negative": by.organization.setting("stock.allow_negative"),
            },
        )
        inserted = cursor.fetchone()
    if inserted != (len(rows),):
        raise TryAgain  # somebody took one of the tags in this moment


def _grow(
    by: Caller, grown: Mapping[UUID, Goods], facts: ArrivalFacts, *, action: str, cause: Cause
) -> None:
    """Lots that take something up, each with its movement and its new mean cost."""
    if not grown:
        return
    after = [
        LotAfter(
            id=lot_id,
            product_id=goods.product_id,
            quantity=goods.quantity,
            weight=goods.weight,
            status=goods.status,
            delta_quantity=goods.quantity - facts.existing[lot_id].quantity,
            delta_weight=goods.weight - facts.existing[lot_id].weight,
        )
        for lot_id, goods in grown.items()
    ]
    ledger.change_lots(by, after, action=action, cause=cause)
    costs = [
        {"id": lot_id, "unit_cost": goods.unit_cost}
        for lot_id, goods in grown.items()
        if goods.unit_cost is not None
    ]
    if costs:
        with connection.cursor() as cursor:
            cursor.execute(
                lot_sql.SET_COSTS, {"organization": by.organization_id, "lots": to_json(costs)}
            )
