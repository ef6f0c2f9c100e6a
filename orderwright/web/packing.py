"""Pack: which picked lines go into how many cases, and from which lots (domain 4.8, U19)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO, trim
from orderwright.shipping import pick_queries as queries
from orderwright.shipping import picking
from orderwright.shipping.pick_page import PickLineRow, PickPage
from orderwright.shipping.picking import PackLot
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_stock import Sent, attempt
from orderwright.web.picks import LotView, RowView, view_of
from orderwright.web.road import page


@dataclass(frozen=True, slots=True)
class LotInput:
    """A lot from which the packed goods can come, with what was typed for it."""

    view: LotView
    name: str
    typed: str
    error: str


@dataclass(frozen=True, slots=True)
class PackCard:
    """A picked row in the dialog. `needed` is what no open selection covers, in stock units where
    they are the line's; `is_covered`: nothing has to be chosen."""

    view: RowView
    picked: str
    is_ticked: bool
    is_covered: bool
    needed: str
    selected: list[LotView]
    lots: list[LotInput]
    error: str


def pack(request: HttpRequest, reference: str) -> HttpResponse:
    """Show what is picked; pack what is ticked, all or nothing."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("picks:update")
    found = queries.pick_page(by, reference)
    form, refused = Form.of({"cases": "1"}), ""
    if request.method == "POST":
        form = Form.posted(request)
        names: dict[str, str] = {}
        asked = _read(form, found, names)
        accepted, refused = attempt(form, Sent([], names), lambda: _pack(by, found, form, asked))
        if accepted:
            number = form.result.head.number
            return done(request, f"/shipments/{number}", f"Shipment {number} is packed.")
    chosen = {} if form.values.get("version") else _chosen_lots(request)
    context = {
        "pick": found.head,
        "url": f"/picks/{found.head.number}",
        "form": form,
        "cards": [_card(row, form, chosen) for row in found.open_lines if row.quantity],
        "refused": refused,
    }
    return page(request, "warehouse/pack.html", context, status=form.status)


def _pack(by: Caller, found: PickPage, form: Form, lots: list[PackLot]) -> Any:
    cases = form.whole("cases", required="Say how many cases.")
    form.check()
    return picking.pack(
        by=by,
        pick=found.head.id,
        line_ids=form.uuids("line"),
        cases=cases if cases is not None else 1,
        lots=lots,
        allow_over="over" in form.several("anyway"),
        version=form.whole("version"),
    )


def _read(form: Form, found: PickPage, names: dict[str, str]) -> list[PackLot]:
    """The lots that are named for ticked rows; `names` learns which input a refusal means."""
    ticked = set(form.several("line"))
    asked: list[PackLot] = []
    for row in found.open_lines:
        if str(row.id) not in ticked:
            continue
        for lot in row.suggested_lots:
            name = f"lot-{row.id}-{lot.lot_id}"
            typed = form.number_text(name)
            if typed:
                path = f"lots.{len(asked)}"
                names |= {path: name, f"{path}.quantity": name, f"{path}.lot_id": name}
                asked.append(PackLot(row.id, lot.lot_id, typed))
    names |= {f"line_ids.{index}": f"row-{id_}" for index, id_ in enumerate(form.several("line"))}
    return asked


def _chosen_lots(request: HttpRequest) -> dict[str, list[str]]:
    """The lots that were scanned on the page before: `lot=<row>:<lot>`."""
    chosen: dict[str, list[str]] = {}
    for text in request.GET.getlist("lot"):
        row, _, lot = text.partition(":")
        chosen.setdefault(row, []).append(lot)
    return chosen


def _card(row: PickLineRow, form: Form, chosen: Mapping[str, list[str]]) -> PackCard:
    view = view_of(row, ())
    selected = [lot for lot in view.lots if lot.is_selected]
    free = [lot for lot in view.lots if not lot.is_selected]
    needed = _needed(row)
    is_posted = bool(form.values.get("version"))
    return PackCard(
        view=view,
        picked=display.quantity(row.quantity, row.unit),
        is_ticked=str(row.id) in form.several("line") if is_posted else True,
        is_covered=bool(selected) and needed == ZERO,
        needed=trim(needed) if needed is not None else "",
        selected=selected,
        lots=_inputs(row, free, needed, form, chosen.get(str(row.id), [])),
        error=form.errors.get(f"row-{row.id}", ""),
    )


def _needed(row: PickLineRow) -> Decimal | None:
    """What must come from lots; None where stock is counted in another unit than the line."""
    units = {one.unit for one in row.open_selections} | {one.unit for one in row.suggested_lots}
    if units - {row.unit}:
        return None
    covered = sum((one.quantity for one in row.open_selections), ZERO)
    return max(ZERO, row.quantity - covered)


def _inputs(
    row: PickLineRow,
    lots: list[LotView],
    needed: Decimal | None,
    form: Form,
    chosen: list[str],
) -> list[LotInput]:
    found = []
    left = needed or ZERO
    for lot in lots:
        name = f"lot-{row.id}-{lot.lot_id}"
        typed = form.value(name)
        if str(lot.lot_id) in chosen and left > 0:
            takes = min(left, Decimal(lot.quantity))
            left -= takes
            typed = trim(takes)
        found.append(LotInput(lot, name, typed, form.errors.get(name, "")))
    return found
