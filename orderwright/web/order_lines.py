"""The lines of an order as the table of the order page shows them; pure values to HTML."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orderwright.kernel.numbers import ZERO, trim
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.statuses import LINE_STATUSES
from orderwright.web import display
from orderwright.web.vocabulary import word_of

_ATTRIBUTES: Final = ("size", "shape", "color", "quality", "material")
_STEPS: Final = {
    "base": "Base price",
    "customer": "Customer price",
    "volume": "Volume discount",
    "manual": "Set by hand",
    "unit": "Unit",
    "none": "No price",
}


# One format for a row: a template's loop over a hundred lines takes four times as long.
_ROW: Final = (
    '<tr id="line-{id}" data-status="{status}" data-wants="{wants}" class="{look}">'
    '<td class="pick"><input class="form-check-input" type="checkbox" name="line" value="{id}" '
    'aria-label="Select line {position}"></td>'
    '<td class="num quiet pos">{position}</td>'
    '<td class="what"><span class="strong">{name}</span> <span class="quiet code">{sku}</span>'
    "{attributes}{description}</td>"
    '<td class="num" data-label="Ordered"><span>{ordered} <span class="quiet">{unit}</span></span>'
    "</td>"
    '<td data-label="Status">{chip}</td>'
    '<td class="done" data-label="Selected and shipped">{progress}'
    '<span class="small quiet">{said}</span></td>'
    '{making}<td data-label="Shipment">{shipment}</td>{prices}'
    '<td class="more"><button class="btn btn-quiet btn-icon btn-small" type="button" '
    'data-line-menu="{id}" aria-haspopup="true" aria-label="Actions on line {position}">{dots}'
    "</button></td></tr>"
)
_PRICES: Final = (
    '<td class="num" data-label="Unit price">{}</td>'
    '<td class="num strong" data-label="Total">{}</td>'
)
_MAKING: Final = '<td class="done making" data-label="Production">{}</td>'
_SMALL: Final = '<br><span class="quiet small">{}</span>'


@dataclass(frozen=True, slots=True)
class StatusCount:
    """A chip above the table: so many lines are in this status, and which."""

    code: str
    text: str
    icon: str
    tone: str
    count: int
    which: str


def line_rows(
    order: OrderPage,
    *,
    with_prices: bool,
    making: Mapping[UUID, SafeString] | None = None,
    may_make: bool = False,
) -> SafeString:
    """The rows of the table; generated lines stand among the sums below it.

    `making` are bars of production by line, for orders that have jobs; `may_make` offers jobs.
    """
    currency = order.head.currency
    dots = display.icon("dots-vertical")
    return mark_safe(  # noqa: S308 - every row is made by format_html
        "".join(
            _row(
                line,
                currency,
                dots,
                with_prices=with_prices,
                making=None if making is None else making.get(line.id, ""),
                may_make=may_make,
            )
            for line in order.lines
            if not line.is_generated
        )
    )


def status_counts(lines: Iterable[LineRow]) -> list[StatusCount]:
    """How many lines stand in each status, in the order of the statuses; no zeros."""
    positions: dict[str, list[int]] = {}
    for line in lines:
        if line.status:
            positions.setdefault(line.status, []).append(line.position)
    counts = []
    for code in LINE_STATUSES:
        if code in positions:
            word = word_of("line", code)
            which = _named(positions[code])
            counts.append(
                StatusCount(code, word.text, word.icon, word.tone, len(positions[code]), which)
            )
    return counts


def wants(line: LineRow) -> Collection[str]:
    """What can be done with a line: select, ship, cancel, restore, release, return,
    look at shipments."""
    if line.is_generated:
        return ()
    found = []
    if line.is_stock and line.outstanding > line.retrieved:
        found.append("select")
    if line.is_stock and line.outstanding > 0:
        found.append("ship")
    if line.outstanding > 0 and not line.is_cancelled:
        found.append("cancel")
    if line.cancelled_quantity > 0:
        found.append("restore")
    if line.retrieved > 0:
        found.append("release")
    if line.shipment_status:
        found.append("shipped")
    if line.is_stock and line.shipped > line.returned:
        found.append("return")
    return found


def said_of(line: LineRow) -> str:
    """The state of a line's goods in a few words, worst first."""
    parts = []
    if line.shipped:
        parts.append(f"{display.quantity(line.shipped)} shipped")
    if line.retrieved:
        parts.append(f"{display.quantity(line.retrieved)} selected")
    if line.short_quantity > 0:
        parts.append(f"{display.quantity(line.short_quantity)} short")
    if line.returned:
        parts.append(f"{display.quantity(line.returned)} returned")
    if line.cancelled_quantity and not line.is_cancelled:
        parts.append(f"{display.quantity(line.cancelled_quantity)} cancelled")
    return " · ".join(parts)


def attributes_of(line: Any) -> str:
    """Size, shape, colour, quality, material and weight of a line, as one text."""
    found = [getattr(line, name) for name in _ATTRIBUTES if getattr(line, name)]
    if line.requested_weight:
        each = " each" if line.weight_basis == "each" else ""
        found.append(f"{display.quantity(line.requested_weight, line.weight_unit)}{each}")
    return " · ".join(found)


def step_name(step: str) -> str:
    """What a step of a price breakdown is called."""
    return _STEPS.get(step, step.replace("_", " ").capitalize())


def _row(
    line: LineRow,
    currency: str,
    dots: str,
    *,
    with_prices: bool,
    making: str | None,
    may_make: bool,
) -> str:
    name = line.product_name or line.description
    attributes = attributes_of(line)
    is_described = line.description and line.description != name
    prices = ""
    if with_prices:
        total = display.money(line.line_total, currency)
        prices = format_html(_PRICES, _price(line, currency), total)
    return format_html(
        _ROW,
        id=line.id,
        status=line.status or "",
        wants=" ".join([*wants(line), *(["make"] if may_make and _can_be_made(line) else [])]),
        making="" if making is None else format_html(_MAKING, making),
        look="gone" if line.is_cancelled else "",
        position=line.position,
        name=name,
        sku=line.sku,
        attributes=format_html(_SMALL, attributes) if attributes else "",
        description=format_html(_SMALL, line.description) if is_described else "",
        ordered=display.quantity(line.ordered),
        unit=line.unit,
        chip=display.chip("line", line.status, line.reasons) if line.status else "",
        progress=_progress(line),
        said=said_of(line),
        shipment=display.chip("tracking", line.shipment_status) if line.shipment_status else "",
        prices=prices,
        dots=dots,
    )


def _can_be_made(line: LineRow) -> bool:
    return line.is_stock and line.outstanding > 0 and not line.is_cancelled


def _progress(line: LineRow) -> str:
    if not line.is_stock or line.is_cancelled or not line.effective:
        return ""
    shipped = _part(line.shipped, line.effective)
    selected = _part(line.retrieved, line.effective)
    label = (
        f"{trim(line.shipped)} shipped and {trim(line.retrieved)} selected "
        f"of {trim(line.effective)} {line.unit}"
    )
    return display.bar([("green", shipped), ("violet", selected)], label)


def _part(some: Decimal, whole: Decimal) -> Decimal:
    return min(Decimal(1), some / whole) if whole else ZERO


def _price(line: LineRow, currency: str) -> SafeString:
    """The unit price as a button that opens its steps; a padlock says whether it is kept."""
    steps = format_html_join(
        "",
        '<li><span>{} <span class="quiet">{}</span></span><span class="num">{}</span></li>',
        (
            (step_name(step["step"]), step["note"], display.price(Decimal(step["price"]), currency))
            for step in line.price_breakdown
        ),
    )
    return format_html(
        '<button type="button" class="price" popovertarget="price-{id}" data-menu="price-{id}">'
        '<span class="sr-only">Why </span>{price}{padlock}</button>'
        '<div class="menu price-steps" id="price-{id}" popover role="group" '
        'aria-label="How the price came about"><ol>{steps}</ol><p class="quiet">{lock}</p></div>',
        id=line.id,
        price=display.price(line.unit_price, currency),
        padlock=_padlock(line.price_locked),
        steps=steps,
        lock="Locked: rules decide this price."
        if line.price_locked
        else "Unlocked: rules leave this price alone.",
    )


@cache
def _padlock(is_locked: bool) -> SafeString:
    if is_locked:
        return display.icon("lock")
    return format_html('<span class="unlocked">{}</span>', display.icon("lock-open"))


def _named(positions: list[int]) -> str:
    shown = ", ".join(str(position) for position in positions[:12])
    rest = len(positions) - 12
    noun = "Line" if len(positions) == 1 else "Lines"
    return f"{noun} {shown}" + (f" and {rest} more" if rest > 0 else "")
