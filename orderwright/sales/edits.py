"""Change an order within what its phase allows (domain 2.9): head, lines, prices; remove it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_price
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.quantity import check_quantity, check_unit
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.pricing import facts as prices
from orderwright.pricing.units import check_sold_in
from orderwright.sales import edit_rules, new_lines, promises, queries, repricing, sql
from orderwright.sales.actions import locked_with_stock
from orderwright.sales.head_changes import apply_head_changes
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.writing import Happening, save

_WORDS = ("description", "size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class LineChange:
    """Changes of one line; None leaves a field as it is."""

    quantity: object = None
    unit: str | None = None
    unlock_price: bool = False
    lock_price: bool = False
    unit_price: object = None
    description: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None

    @property
    def is_about_price(self) -> bool:
        """Whether the padlock or the price is touched."""
        return self.unlock_price or self.lock_price or self.unit_price is not None


def edit_order(
    *,
    by: Caller,
    order: UUID | str,
    changes: Mapping[str, Any],
    version: int | None = None,
    confirmed: frozenset[str] = frozenset(),
) -> OrderPage:
    """Change fields of the head. A changed customer, currency or code prices the order anew.

    Raises Conflict `order_locked` with `fields` naming what is locked, Invalid for a value that
    makes no sense, NotFound, Conflict `stale_version`.
    """
    by.must("sales_orders:update")
    page = locked_with_stock(by, order, version)
    known = {name: value for name, value in changes.items() if name in edit_rules.GROUP_OF_FIELD}
    edit_rules.check_fields(page.facts(), known)
    if not known:
        return page
    changed = apply_head_changes(by, page, known, confirmed=confirmed)
    body = {"changes": _differences(page, changed)}
    return save(by, page, head=changed.head, lines=changed.lines, happening=_edited("edited", body))


def add_lines(
    *,
    by: Caller,
    order: UUID | str,
    lines: Sequence[NewLine],
    version: int | None = None,
    path: str = "lines.{}.",
) -> OrderPage:
    """Put further lines on the order; on an issued one stock is promised to them at once.

    `path` is where a line stands in the request, for errors. Raises what `new_lines.read_lines` and
    the edit rules raise.
    """
    by.must("sales_orders:update")
    page = queries.lock_order_with_stock(by, order, {line.product_id for line in lines})
    check_version("order", page.head.version, version)
    edit_rules.check_edit(page.facts(), "lines")
    goods = [line for line in page.lines if not line.is_generated]
    facts = prices.price_facts(
        by,
        customer_id=page.head.customer_id,
        product_ids={line.product_id for line in lines},
        shipping_term_id=page.head.shipping_term_id,
        order_id=page.id,
    )
    read = new_lines.read_lines(by, lines, facts, first_position=len(goods) + 1, path=path)
    _insert_lines(by, page, [new_lines.unpriced_row(line) for line in read])
    fresh = [line.id for line in read]
    page_with = queries.read_order(by, page.id)
    ordered = sorted(page_with.lines, key=lambda line: (line.is_generated, line.position))
    priced = repricing.reprice(
        by, replace(page_with, lines=tuple(ordered)), new_line_ids=fresh, changed=True
    )
    kept = _promised(by, priced, fresh) if page.head.status == "issued" else priced.lines
    body = {"lines": [{"line_id": line.id, "description": line.new.description} for line in read]}
    return save(by, page, head=priced.head, lines=kept, happening=_edited("lines_added", body))


def edit_line(
    *,
    by: Caller,
    order: UUID | str,
    line_id: UUID,
    change: LineChange,
    version: int | None = None,
) -> OrderPage:
    """Change a line: its quantity, its words, its price behind the padlock (domain 5.7).

    Unlocking needs `orders_commercial:update`. Raises what the edit rules raise.
    """
    by.must("sales_orders:update")
    page = locked_with_stock(by, order, version)
    line = _line(page, line_id)
    _check_padlock(change)
    if change == LineChange():
        return page
    changed = _words_changed(page, line, change)
    changed = _quantity_changed(by, page, changed, change)
    changed = _price_changed(by, page, changed, change)
    lines = tuple(changed if other.id == line_id else other for other in page.lines)
    relocked = [line_id] if change.lock_price else []
    resized = (changed.ordered, changed.unit) != (line.ordered, line.unit)
    priced = repricing.reprice(by, replace(page, lines=lines), all_lines=relocked, changed=resized)
    kept: Sequence[LineRow] = priced.lines
    if page.head.status == "issued" and promises.wanted_of(changed) != promises.wanted_of(line):
        kept = _promises_resized(by, priced, line_id)
    _write_words(by, changed)
    body = {"line_id": line_id, "position": line.position, "changes": _line_changes(line, changed)}
    return save(by, page, head=priced.head, lines=kept, happening=_edited("line_edited", body))


def delete_line(
    *, by: Caller, order: UUID | str, line_id: UUID, version: int | None = None
) -> OrderPage:
    """Take a line off an order on which nothing has happened to it yet."""
    by.must("sales_orders:update")
    page = locked_with_stock(by, order, version)
    line = _line(page, line_id)
    edit_rules.check_delete_line(page.facts(), page.facts_of(line))
    _resize(by, page, line, ZERO)
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM sales_salesorderline WHERE organization_id = %s AND id = %s",
            [by.organization_id, line_id],
        )
    rest = tuple(other for other in page.lines if other.id != line_id)
    priced = repricing.reprice(by, replace(page, lines=rest), changed=True)
    lines = promises.recounted(by, priced.lines)
    body = {"line_id": line_id, "position": line.position, "description": line.description}
    return save(by, page, head=priced.head, lines=lines, happening=_edited("line_deleted", body))


def _edited(verb: str, body: dict[str, Any]) -> Happening:
    return Happening(f"sales_order.{verb}", body)


def _line(page: OrderPage, line_id: UUID) -> LineRow:
    line = page.line(line_id)
    if line is None or line.is_generated:
        raise NotFound("not_found", "There is no such line on this order.")
    return line


def _words_changed(page: OrderPage, line: LineRow, change: LineChange) -> LineRow:
    words: dict[str, Any] = {
        name: check_text(
            getattr(change, name), name, longest=2_000 if name == "description" else 80
        )
        for name in _WORDS
        if getattr(change, name) is not None
    }
    if words:
        edit_rules.check_edit(page.facts(), "lines")
    return replace(line, **words)


def _check_padlock(change: LineChange) -> None:
    """Locked, a price follows the price lists; so nobody can lock it and type it, or unlock it."""
    if change.lock_price and (change.unlock_price or change.unit_price is not None):
        field = "unlock_price" if change.unlock_price else "unit_price"
        message = "A locked price follows the price lists. Lock it, or unlock it and type a price."
        raise Invalid("price_locked", message, fields={field: message})


def _quantity_changed(by: Caller, page: OrderPage, line: LineRow, change: LineChange) -> LineRow:
    if change.quantity is None and change.unit is None:
        return line
    unit, ratio = line.unit, line.unit_ratio
    if change.unit is not None and change.unit != line.unit:
        unit = check_unit(change.unit)
        ratio = _ratio(by, page, line, unit)
    asked = line.ordered if change.quantity is None else change.quantity
    ordered = check_quantity(asked, unit)
    own = page.facts_of(line)
    edit_rules.check_quantity_change(page.facts(), own, ordered)
    return replace(line, ordered=ordered, unit=unit, unit_ratio=ratio)


def _ratio(by: Caller, page: OrderPage, line: LineRow, unit: str) -> Any:
    touched = line.retrieved or line.picked or line.shipped or line.cancelled_quantity
    if touched or line.product_id is None or line.basis == "weight":
        message = "The unit stays once inventory is selected, or where a weight was ordered."
        raise Invalid("unit_fixed", message, fields={"unit": message})
    facts = prices.price_facts(by, customer_id=page.head.customer_id, product_ids=[line.product_id])
    return check_sold_in(facts.products[line.product_id].pricing, unit)


def _price_changed(by: Caller, page: OrderPage, line: LineRow, change: LineChange) -> LineRow:
    if not change.is_about_price:
        return line
    by.must("orders_commercial:update")
    edit_rules.check_price_change(page.facts(), page.facts_of(line))
    if change.lock_price:
        return replace(line, price_locked=True)
    if change.unit_price is None:
        return replace(line, price_locked=False)
    if line.price_locked and not change.unlock_price:
        message = "The price is locked. Unlock it to type a price."
        raise Invalid("price_locked", message, fields={"unit_price": message})
    price = check_price(change.unit_price)
    return replace(line, price_locked=False, unit_price=price, price_source="manual")


def _promised(by: Caller, page: OrderPage, fresh: Sequence[UUID]) -> list[LineRow]:
    """Reserve for the new lines of an issued order."""
    lines = [
        replace(line, reservation_id=new_id()) if line.id in fresh and line.is_stock else line
        for line in page.lines
    ]
    inventory.reserve(
        by,
        [
            promises.promise_of(line, page.head, reservation_id=line.reservation_id)
            for line in lines
            if line.id in fresh and line.reservation_id is not None
        ],
        quiet=promises.reservations_of(page.lines).values(),
    )
    return promises.recounted(by, lines)


def _promises_resized(by: Caller, page: OrderPage, line_id: UUID) -> list[LineRow]:
    """The reservation follows the line's quantity, and the stock that covers it."""
    line = _line(page, line_id)
    _resize(by, page, line, promises.wanted_of(line))
    return promises.recounted(by, page.lines)


def _resize(by: Caller, page: OrderPage, line: LineRow, wanted: Decimal) -> None:
    if line.reservation_id is not None and line.product_id is not None:
        own = promises.reservations_of(page.lines).values()
        inventory.close_promises(by, {line.reservation_id: wanted}, [line.product_id], quiet=own)


def _insert_lines(by: Caller, page: OrderPage, rows: Sequence[dict[str, Any]]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_salesorderline SET position = position + %s "
            "WHERE organization_id = %s AND order_id = %s AND kind IN ('freight', 'discount')",
            [len(rows), by.organization_id, page.id],
        )
        cursor.execute(
            sql.INSERT_LINES,
            {"organization": by.organization_id, "order": page.id, "lines": to_json(list(rows))},
        )


def _write_words(by: Caller, line: LineRow) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_salesorderline SET description = %s, size = %s, shape = %s, color = %s, "
            "quality = %s, material = %s WHERE organization_id = %s AND id = %s",
            [*(getattr(line, name) for name in _WORDS), by.organization_id, line.id],
        )


def _line_changes(before: LineRow, after: LineRow) -> dict[str, list[str]]:
    names = (*_WORDS, "ordered", "unit", "unit_price", "price_locked")
    return {
        name: [str(getattr(before, name)), str(getattr(after, name))]
        for name in names
        if getattr(before, name) != getattr(after, name)
    }


def _differences(before: OrderPage, after: OrderPage) -> dict[str, list[str]]:
    return {
        name: [str(getattr(before.head, name)), str(getattr(after.head, name))]
        for name in before.head.__slots__
        if getattr(before.head, name) != getattr(after.head, name)
    }
