"""Select Inventory: a card per line with its lots, the oldest already suggested (4.6, U12)."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries as inventory
from orderwright.inventory.lot_queries import LotRow
from orderwright.kernel.errors import Conflict, Refusal
from orderwright.kernel.numbers import ONE, ZERO, trim
from orderwright.kernel.quantity import decimals_allowed, round_quantity
from orderwright.kernel.weight import convert, is_weight_unit, round_weight
from orderwright.sales import queries, stock
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.stock import LineAsk, LotAsk
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_actions import chosen_of
from orderwright.web.order_lines import attributes_of
from orderwright.web.order_page import url_of
from orderwright.web.road import page

MOST_CARDS = 50


@dataclass(frozen=True, slots=True)
class LotOffer:
    """A lot in the lookup of a card. `factor`: what one of its stock unit counts for the line, or
    on a line by weight one of its weight unit."""

    row: LotRow
    key: str
    attributes: str
    on_hand: str
    weight: str
    factor: str
    is_full: bool
    quantity: str
    taken_weight: str
    error: str


@dataclass(frozen=True, slots=True)
class LineCard:
    """A line with the lots that could serve it."""

    row: LineRow
    attributes: str
    to_select: str
    wanted: str
    lots: list[LotOffer]
    is_ready: bool
    error: str


@dataclass(frozen=True, slots=True)
class Sent:
    """What the form asks for, and the names of its inputs by the paths that refusals use."""

    lines: list[LineAsk]
    names: dict[str, str]


def select_inventory(request: HttpRequest, reference: str) -> HttpResponse:
    """Show the cards; take what was entered, all or nothing."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    check_allowed(by, order, "select-inventory")
    lines = [line for line in order.lines if line.id in chosen_of(request, order, "select")]
    lines = (lines or _to_mark(request, order))[:MOST_CARDS]
    form, refused = Form.of({}), ""
    if request.method == "POST":
        form = Form.posted(request)
        sent = read_cards(form, lines)
        done_so, refused = attempt(
            form,
            sent,
            lambda: stock.select_inventory(
                by=by, order=order.id, lines=sent.lines, version=form.whole("version")
            ),
        )
        if done_so:
            return done(request, url_of(order), "The inventory is selected.")
    context = {
        "order": order.head,
        "url": url_of(order),
        "form": form,
        "cards": cards_of(by, lines, form),
        "refused": refused,
        "more": max(0, len(chosen_of(request, order, "select")) - MOST_CARDS),
    }
    return page(request, "sales/select_inventory.html", context, status=form.status)


def cards_of(by: Caller, lines: Sequence[LineRow], form: Form) -> list[LineCard]:
    """A card for each line; what was typed stays, else the oldest lots are suggested."""
    found = inventory.lots_to_select(by, {line.product_id for line in lines if line.product_id})
    left = {lot.id: (lot.quantity, lot.weight) for lots in found.values() for lot in lots}
    return [_card(line, found.get(line.product_id, []), left, form) for line in lines]  # type: ignore[arg-type]


def read_cards(form: Form, lines: Iterable[LineRow]) -> Sent:
    """The asks of every card that says anything, with the inputs they came from."""
    asks: list[LineAsk] = []
    names: dict[str, str] = {}
    for line in lines:
        lots: list[LotAsk] = []
        for name in form.values:
            prefix = f"q-{line.id}-"
            if not name.startswith(prefix):
                continue
            key = name.removeprefix("q-")
            quantity, weight = form.value(name).strip(), form.value(f"w-{key}").strip()
            full = form.flag(f"full-{key}")
            if quantity or full or (weight and line.basis == "weight"):
                path = f"lines.{len(asks)}.selections.{len(lots)}"
                names |= {path: name, f"{path}.quantity": name, f"{path}.weight": f"w-{key}"}
                lot_id = UUID(name.removeprefix(prefix))
                lots.append(LotAsk(lot_id, quantity or None, weight or None, full=full))
        ready = form.flag(f"ready-{line.id}")
        if lots or ready:
            names[f"lines.{len(asks)}.line_id"] = f"card-{line.id}"
            asks.append(
                LineAsk(
                    line_id=line.id,
                    selections=lots,
                    mark_ready=ready,
                    force_ready=ready and "force" in form.several("anyway"),
                    allow_over="over" in form.several("anyway"),
                )
            )
    return Sent(asks, names)


def attempt(form: Form, sent: Sent, act: Callable[[], Any]) -> tuple[bool, str]:
    """Do it; on a refusal put its sentences beside the inputs and answer its code."""
    code = ""

    def remembered() -> Any:
        nonlocal code
        try:
            return act()
        except Refusal as refusal:
            code = refusal.code
            raise

    accepted = form.accept(remembered)
    if not accepted:
        form.errors = {sent.names.get(path, path): text for path, text in form.errors.items()}
    return accepted, code


def check_allowed(by: Caller, order: OrderPage, action: str) -> None:
    """Refuse with the sentence that the button would show."""
    for one in order.allowed(by.permissions):
        if one.action == action and not one.allowed:
            raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")


def _to_mark(request: HttpRequest, order: OrderPage) -> list[LineRow]:
    """Lines that have all they need may still be marked ready."""
    asked = {*request.GET.getlist("line"), *request.POST.getlist("line")}
    return [
        line
        for line in order.lines
        if str(line.id) in asked and line.is_stock and line.outstanding and not line.is_cancelled
    ]


def _card(
    line: LineRow, lots: Sequence[LotRow], left: dict[UUID, tuple[Decimal, Decimal]], form: Form
) -> LineCard:
    wanted = max(ZERO, line.outstanding - line.retrieved)
    suggested = {} if form.values else _suggest(line, lots, left, wanted)
    return LineCard(
        row=line,
        attributes=attributes_of(line),
        to_select=display.quantity(wanted, line.unit),
        wanted=trim(wanted),
        lots=[_offer(line, lot, suggested, form) for lot in lots],
        is_ready=form.flag(f"ready-{line.id}") if form.values else False,
        error=form.errors.get(f"card-{line.id}", ""),
    )


def _offer(
    line: LineRow, lot: LotRow, suggested: Mapping[UUID, tuple[str, str, bool]], form: Form
) -> LotOffer:
    key = f"{line.id}-{lot.id}"
    quantity, weight, full = suggested.get(lot.id, ("", "", False))
    if form.values:
        quantity, weight = form.value(f"q-{key}"), form.value(f"w-{key}")
        full = form.flag(f"full-{key}")
    return LotOffer(
        row=lot,
        key=key,
        attributes=" · ".join(
            text for text in (lot.quality, lot.size, lot.shape, lot.color) if text
        ),
        on_hand=trim(lot.quantity),
        weight=trim(lot.weight),
        factor=trim(_factor(line, lot)),
        is_full=full,
        quantity=quantity,
        taken_weight=weight,
        error=form.errors.get(f"q-{key}") or form.errors.get(f"w-{key}", ""),
    )


def _factor(line: LineRow, lot: LotRow) -> Decimal:
    if line.basis == "weight":
        return convert(ONE, lot.weight_unit, line.unit) if is_weight_unit(line.unit) else ONE
    return ONE / line.unit_ratio


def _suggest(
    line: LineRow,
    lots: Sequence[LotRow],
    left: dict[UUID, tuple[Decimal, Decimal]],
    wanted: Decimal,
) -> dict[UUID, tuple[str, str, bool]]:
    """Oldest first, as much of each lot as the line still wants; lines share what there is."""
    found: dict[UUID, tuple[str, str, bool]] = {}
    for lot in lots:
        if wanted <= 0:
            break
        quantity, weight = left[lot.id]
        took = _take(line, lot, quantity, weight, wanted)
        if took is None:
            continue
        takes, weighs = took
        left[lot.id] = (quantity - takes, weight - weighs)
        counted = (weighs if line.basis == "weight" else takes) * _factor(line, lot)
        wanted = round_quantity(wanted - counted)
        full = takes == lot.quantity and weighs == lot.weight
        found[lot.id] = (trim(takes), trim(weighs) if weighs else "", full)
    return found


def _take(
    line: LineRow, lot: LotRow, quantity: Decimal, weight: Decimal, wanted: Decimal
) -> tuple[Decimal, Decimal] | None:
    """A quantity and a weight of one lot, in its units; None when it has nothing for the line."""
    if line.basis == "weight":
        weighs = round_weight(min(weight, wanted / _factor(line, lot)))
        takes = quantity if weighs == weight else _share(lot, quantity, weighs, weight)
        return (takes, weighs) if weighs > 0 else None
    takes = min(quantity, wanted * line.unit_ratio)
    if not decimals_allowed(lot.unit):
        takes = takes.to_integral_value(ROUND_DOWN)
    if takes <= 0:
        return None
    weighs = weight if takes == quantity else round_weight(lot.weight * takes / lot.quantity)
    return takes, min(weighs, weight)


def _share(lot: LotRow, quantity: Decimal, weighs: Decimal, weight: Decimal) -> Decimal:
    takes = quantity * weighs / weight if weight else ZERO
    if not decimals_allowed(lot.unit):
        return takes.to_integral_value(ROUND_DOWN)
    return round_quantity(takes)
