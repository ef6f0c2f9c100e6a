"""What stands out on an order, and what to do next: banners and the one primary action.

Pure: the same facts and allowed actions that answers show decide what the page offers.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Final

from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO
from orderwright.sales.page import OrderPage
from orderwright.sales.statuses import badges, hold_reasons
from orderwright.web import display


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as the page offers it; `why_not` is the sentence of a refused one. `url` is where
    it is taken, when that is not under the order."""

    action: str
    text: str
    icon: str
    allowed: bool = True
    why_not: str = ""
    is_dangerous: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """The sensible next step: what it is, in words, and the action that takes it, if any."""

    text: str
    hint: str = ""
    offer: Offer | None = None
    tone: str = "blue"


@dataclass(frozen=True, slots=True)
class Banner:
    """Something that nobody may overlook."""

    tone: str
    icon: str
    text: str
    hint: str = ""


WORDS: Final = {
    "issue": ("Issue order", "file-check"),
    "unissue": ("Unissue", "arrow-back-up"),
    "select-inventory": ("Select inventory", "list-check"),
    "auto-select": ("Select oldest first", "wand"),
    "release-inventory": ("Release inventory", "arrow-back-up"),
    "create-shipment": ("Create shipment", "truck"),
    "create-invoice": ("Create invoice", "file-invoice"),
    "record-deposit": ("Record deposit", "wallet"),
    "return": ("Return goods", "truck-return"),
    "cancel-lines": ("Cancel lines", "ban"),
    "restore-lines": ("Restore lines", "rotate"),
    "hold": ("Put on hold", "hand-stop"),
    "release-hold": ("Release hold", "player-play"),
    "short-close": ("Short close", "flag-3"),
    "reopen": ("Reopen", "lock-open"),
    "finish-correction": ("Finish correction", "circle-check"),
    "close": ("Close order", "archive"),
    "reprice": ("Reprice order", "refresh"),
    "apply-freight": ("Re-quote freight", "truck"),
    "duplicate": ("Duplicate", "copy"),
    "edit": ("Edit order", "pencil"),
    "remove": ("Remove order", "trash"),
}
_MENU: Final = (
    "issue",
    "select-inventory",
    "auto-select",
    "create-shipment",
    "create-invoice",
    "record-deposit",
    "return",
    "release-inventory",
    "hold",
    "release-hold",
    "cancel-lines",
    "restore-lines",
    "short-close",
    "reopen",
    "finish-correction",
    "close",
    "reprice",
    "apply-freight",
    "duplicate",
    "unissue",
    "remove",
)
# Actions of another stage, which would only lengthen the menu; they are shown if allowed after all.
_ELSEWHERE: Final = {
    "estimate": ("short-close", "reopen", "close", "create-invoice"),
    "issued": ("reopen", "close"),
    "fulfilled": ("short-close",),
    "completed": ("short-close", "reopen", "reprice", "apply-freight", "record-deposit"),
}
# Actions whose pages have another name than they.
_PAGES: Final = {"create-invoice": "invoice", "record-deposit": "deposit"}


def offers(allowed: Iterable[Allowed], order: OrderPage) -> dict[str, Offer]:
    """The actions of the order in the order of the menu; of a pair only the one that applies."""
    known = {one.action: one for one in allowed}
    hidden = {"hold"} if order.head.manual_hold else {"release-hold"}
    if order.head.reopened_at is None:
        hidden.add("finish-correction")
    hidden |= {name for name in _ELSEWHERE.get(order.head.status, ()) if not known[name].allowed}
    return {
        action: _offer(known[action], order)
        for action in _MENU
        if action in known and action not in hidden
    }


def next_step(
    order: OrderPage, offered: dict[str, Offer], permissions: Collection[str] = ()
) -> Next:
    """The next sensible step (domain 2.1): issue, then select or pick and pack, then ship; holds
    first. Steps of the warehouse are offered to those who may take them."""
    head = order.head
    if head.manual_hold:
        return Next(
            "This order is on hold.",
            head.hold_reason or "No reason was given.",
            _if_allowed(offered, "release-hold"),
            "red",
        )
    if head.status == "estimate":
        return _next_of_estimate(order, offered)
    if head.status == "issued":
        return _next_of_warehouse(order, permissions) or _next_of_issued(order, offered)
    return _next_of_shipped(order, offered)


def banners(order: OrderPage) -> list[Banner]:
    """Holds, shipments in trouble, returns, freight that nobody knows yet, missing prices."""
    facts = order.facts()
    found = [
        Banner("red", "hand-stop", _sentence(reason.text))
        for reason in hold_reasons(facts)
        if reason.fact != "order_hold"
    ]
    tones = {"shipment_alert": ("red", "alert-triangle"), "returns": ("amber", "truck-return")}
    for badge in badges(facts):
        if badge.code in tones:
            tone, icon = tones[badge.code]
            found.append(Banner(tone, icon, _sentence(badge.text)))
    if "no_price" in head_flags(order):
        found.append(
            Banner("amber", "currency-dollar", "A line has no price.", "Set one before you issue.")
        )
    if "freight_unquoted" in head_flags(order):
        found.append(Banner("amber", "truck", "Freight is not quoted; the total is without it."))
    if "freight_outdated" in head_flags(order) and order.head.status in ("estimate", "issued"):
        hint = "Lines, address or carrier changed since it was quoted. Re-quote it under Actions."
        found.append(Banner("amber", "truck", "Freight may be out of date.", hint))
    if order.head.reopened_at is not None:
        hint = "It is not fulfilled by itself before the correction is finished."
        found.append(Banner("blue", "lock-open", "Reopened for corrections.", hint))
    return found


def head_flags(order: OrderPage) -> list[str]:
    """What pricing left open."""
    return order.head.pricing_flags or []


def _next_of_estimate(order: OrderPage, offered: dict[str, Offer]) -> Next:
    short = [line for line in order.lines if line.is_stock]
    making = _open_jobs(order)
    planned = f" In production: {making}." if making else ""
    hint = f"{_lines(len(short))}; prices and dates are fixed from then on.{planned}"
    return Next("Check the lines and issue the order.", hint, _shown(offered, "issue"))


def _next_of_warehouse(order: OrderPage, permissions: Collection[str]) -> Next | None:
    """What is packed can leave, what is picked can be packed; None when neither is there."""
    head = order.head
    packed = order.facts().packed_shipments
    if packed:
        number = packed[0].number
        url = f"/shipments/{number}/ship?back=/orders/sales/{head.number}"
        may = "shipments:update" in permissions
        return Next(
            f"Ship the packed shipment {number}.",
            "It is packed and still here.",
            Offer("ship", "Ship", "truck", url=url) if may else None,
            "violet",
        )
    picked = [line for line in order.lines if line.is_stock and line.picked > line.packed]
    if not picked:
        return None
    offer = Offer("pack", "Pack", "package", url=f"/picks/{head.number}/pack")
    may = "picks:update" in permissions
    text = f"Pack what is picked: {_lines(len(picked))}."
    return Next(text, "The pick shows what is still to fetch.", offer if may else None, "violet")


def _next_of_issued(order: OrderPage, offered: dict[str, Offer]) -> Next:
    goods = [line for line in order.lines if line.is_stock and not line.is_cancelled]
    waiting = [line for line in goods if line.outstanding > line.retrieved]
    servable = [line for line in waiting if line.reserved_quantity > 0]
    selected = [line for line in goods if line.retrieved > 0]
    if not any(line.outstanding for line in goods):
        return _next_of_done(order, offered, has_goods=bool(goods))
    if servable and not (selected and len(selected) >= len(goods)):
        text = f"Select inventory for {_lines(len(servable))}."
        short = [line for line in waiting if line.short_quantity > 0]
        hint = f"{_lines(len(short))} short of stock." if short else "Stock is reserved for all."
        return Next(text, hint, _shown(offered, "select-inventory"))
    if selected:
        rest = len(waiting)
        hint = f"{_lines(rest)} still waiting for stock." if rest else "Everything is selected."
        text = f"Ship what is selected: {_lines(len(selected))}."
        return Next(text, hint, _shown(offered, "create-shipment"), "violet")
    if making := _open_jobs(order):
        hint = "What they make is selected for its lines, or goes into stock."
        return Next(f"Waiting for production: {making}.", hint)
    total = sum((line.short_quantity for line in waiting), ZERO)
    hint = f"{display.quantity(total)} short; stock that arrives is promised to this order."
    return Next("Waiting for stock.", hint, tone="amber")


def _open_jobs(order: OrderPage) -> str:
    """The jobs that are not done yet, by number."""
    numbers = [
        job["number"] for job in order.head.jobs if job["status"] not in ("completed", "cancelled")
    ]
    more = f" and {len(numbers) - 3} more" if len(numbers) > 3 else ""
    return f"{', '.join(numbers[:3])}{more}"


def _next_of_done(order: OrderPage, offered: dict[str, Offer], *, has_goods: bool) -> Next:
    """Nothing is outstanding, and the order is issued all the same."""
    if order.head.reopened_at is not None:
        text = "Correct the order, then finish the correction."
        return Next(text, "Nothing is outstanding.", _shown(offered, "finish-correction"))
    if has_goods:
        return Next("Everything has shipped.", tone="green")
    close, short = _if_allowed(offered, "close"), _if_allowed(offered, "short-close")
    if close is None and short is not None:
        return Next("Nothing has to be shipped.", "Short close the order when it is done.", short)
    return Next("Every line is cancelled.", "Close the order to archive it.", close, "grey")


def _next_of_shipped(order: OrderPage, offered: dict[str, Offer]) -> Next:
    if order.head.status == "completed":
        return Next("Shipped, paid and closed.", "Nothing is left to do.", tone="green")
    live = [
        one
        for one in order.head.shipments
        if one["stage"] == "shipped" and one["tracking_status"] != "cancelled"
    ]
    trouble = [one["number"] for one in live if one["tracking_status"] in ("exception", "returned")]
    if trouble:
        return Next(
            f"Look after shipment {', '.join(trouble)}.", "The carrier needs help.", tone="red"
        )
    under_way = [one["number"] for one in live if one["tracking_status"] != "delivered"]
    if under_way:
        return Next(
            "Everything has shipped.", f"Not delivered yet: {', '.join(under_way)}.", tone="green"
        )
    if order.head.payment_status in ("paid", "overpaid"):
        close = _if_allowed(offered, "close")
        return Next("Delivered and paid.", "Close the order.", close, "green")
    return Next("Everything is delivered.", tone="green")


def _offer(one: Allowed, order: OrderPage) -> Offer:
    name = _PAGES.get(one.action)
    text, icon = WORDS.get(one.action, (one.action.replace("-", " ").capitalize(), "circle"))
    return Offer(
        action=one.action,
        text=text,
        icon=icon,
        allowed=one.allowed,
        why_not=one.why_not or "",
        is_dangerous=one.action in ("remove", "cancel-lines", "short-close"),
        url=f"/orders/sales/{order.head.number}/{name}" if name else "",
    )


def _shown(offered: dict[str, Offer], action: str) -> Offer | None:
    return offered.get(action)


def _if_allowed(offered: dict[str, Offer], action: str) -> Offer | None:
    offer = offered.get(action)
    return offer if offer is not None and offer.allowed else None


def _lines(count: int) -> str:
    return f"{count} line" if count == 1 else f"{count} lines"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}".rstrip(".") + "."
