"""A return as pages and cards show it: what comes back in words, and what to do next."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO
from orderwright.returns.queries import ReturnLineRow, ReturnPage
from orderwright.web import display
from orderwright.web.order_next import Next, Offer

WORDS: Final = {
    "receive": ("Receive return", "package-import"),
    "close": ("Close return", "circle-check"),
    "cancel": ("Cancel return", "ban"),
}


@dataclass(frozen=True, slots=True)
class ReturnView:
    """A return as a card shows it; `offers` are the actions that may be taken now."""

    page: ReturnPage
    goods: str
    offers: list[Offer]

    @property
    def url(self) -> str:
        """Where its page is."""
        return url_of(self.page)


def url_of(found: ReturnPage) -> str:
    """Where the page of a return is."""
    return f"/returns/{found.head.number}"


def return_view(by: Caller, found: ReturnPage) -> ReturnView:
    """What a card shows of a return."""
    offered = offers(by, found)
    return ReturnView(found, goods_of(found), [one for one in offered.values() if one.allowed])


def offers(by: Caller, found: ReturnPage) -> dict[str, Offer]:
    """Every action on a return, each with its reason when it is refused."""
    return {
        one.action: Offer(
            action=one.action,
            text=WORDS[one.action][0],
            icon=WORDS[one.action][1],
            allowed=one.allowed,
            why_not=one.why_not or "",
            is_dangerous=one.action == "cancel",
            url=f"{url_of(found)}/{one.action}",
        )
        for one in found.allowed(by.permissions)
    }


def next_of(found: ReturnPage, offered: dict[str, Offer]) -> Next:
    """The sensible next step: receive what arrives, then close (domain 4.15)."""
    if found.head.status == "requested":
        hint = "Receive it when it arrives. Stock, order and credit follow from that."
        return Next(f"{goods_of(found)} on the way back.", hint, offered["receive"], "amber")
    if found.head.status == "received":
        hint = "Close it when the customer has nothing more to expect from it."
        return Next(f"{goods_of(found)} came back.", hint, offered["close"], "violet")
    if found.head.status == "closed":
        return Next("Closed: nothing more follows from it.", tone="green")
    return Next("Cancelled: the goods stay with the customer.", tone="grey")


def amount_of(line: ReturnLineRow, status: str) -> Decimal:
    """What arrived of a line, or before it has arrived, what was announced."""
    return line.received if status in ("received", "closed") else line.quantity


def goods_of(found: ReturnPage) -> str:
    """What a return carries, in a few words: `2 pcs Silver Ring`."""
    lines = [line for line in found.lines if amount_of(line, found.head.status)]
    shown = [
        f"{display.quantity(amount_of(line, found.head.status), line.unit)} "
        f"{line.description or line.sku}"
        for line in lines[:2]
    ]
    rest = len(lines) - 2
    return ", ".join(shown) + (f" and {rest} more {_lines(rest)}" if rest > 0 else "")


def pieces_of(found: ReturnPage) -> str:
    """How much comes back, by unit: `12 pcs + 3.5 g`."""
    totals: dict[str, Decimal] = {}
    for line in found.lines:
        totals[line.unit] = totals.get(line.unit, ZERO) + amount_of(line, found.head.status)
    return " + ".join(display.quantity(amount, unit) for unit, amount in totals.items())


def numbers_of(found: Iterable[ReturnPage]) -> str:
    """Their numbers in a row."""
    return ", ".join(one.head.number for one in found)


def _lines(count: int) -> str:
    return "line" if count == 1 else "lines"
