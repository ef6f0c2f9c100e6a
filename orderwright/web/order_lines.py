"""The lines of an order as the table of the order page shows them; pure values to HTML."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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
_GENERATED: Final = {"freight": "Freight", "discount": "Discount", "tax": "Tax"}


@dataclass(frozen=True, slots=True)
class LineView:
    """One line as the table shows it."""

    row: LineRow
    name: str
    attributes: str
    chip: str
    progress: str
    said: str
    shipment: str
    price: str
    total: str
    wants: str

    @property
    def id(self) -> UUID:
        """The line's id."""
        return self.row.id

    @property
    def is_selectable(self) -> bool:
        """Whether a bulk action could do anything with it."""
        return not self.row.is_generated


@dataclass(frozen=True, slots=True)
class StatusCount:
    """A chip above the table: so many lines are in this status, and which."""

    code: str
    text: str
    icon: str
    tone: str
    count: int
    which: str


def line_views(order: OrderPage, *, with_prices: bool) -> list[LineView]:
    """The rows of the table, generated ones last, as they stand on the order."""
    currency = order.head.currency
    return [_view(line, currency, with_prices=with_prices) for line in order.lines]


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
    """What a bulk action could do with a line: select, ship, cancel, restore, release."""
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


def _view(line: LineRow, currency: str, *, with_prices: bool) -> LineView:
    name = _GENERATED.get(line.kind) or line.product_name or line.description
    return LineView(
        row=line,
        name=name,
        attributes=attributes_of(line),
        chip=display.chip("line", line.status, line.reasons) if line.status else "",
        progress=_progress(line),
        said=said_of(line),
        shipment=display.chip("tracking", line.shipment_status) if line.shipment_status else "",
        price=_price(line, currency) if with_prices and not line.is_generated else "",
        total=display.money(line.line_total, currency) if with_prices else "",
        wants=" ".join(wants(line)),
    )


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
    opened = (
        ""
        if line.price_locked
        else format_html(
            '<span class="unlocked" title="Unlocked: set by hand">{}</span>',
            display.icon("lock-open"),
        )
    )
    return format_html(
        '<button type="button" class="price" popovertarget="price-{id}" data-menu="price-{id}">'
        '<span class="sr-only">Why </span>{price}</button>{opened}'
        '<div class="menu price-steps" id="price-{id}" popover role="group" aria-label="How the price '
        'came about"><ol>{steps}</ol><p class="quiet">{lock}</p></div>',
        id=line.id,
        price=display.price(line.unit_price, currency),
        opened=opened,
        steps=steps,
        lock="Locked: rules decide this price."
        if line.price_locked
        else "Unlocked: rules leave this price alone.",
    )


def _named(positions: list[int]) -> str:
    shown = ", ".join(str(position) for position in positions[:12])
    rest = len(positions) - 12
    noun = "Line" if len(positions) == 1 else "Lines"
    return f"{noun} {shown}" + (f" and {rest} more" if rest > 0 else "")
