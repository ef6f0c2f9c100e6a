"""What to do next with a purchase order, and what its menu offers. Pure."""

from collections.abc import Iterable
from typing import Final

from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import trim
from orderwright.purchasing.page import LineRow, OrderPage
from orderwright.web.order_next import Next, Offer

WORDS: Final = {
    "issue": ("Issue order", "file-check"),
    "receive": ("Receive inventory", "package-import"),
    "hold": ("Put on hold", "hand-stop"),
    "release-hold": ("Release hold", "player-play"),
    "cancel-lines": ("Cancel lines", "ban"),
    "restore-lines": ("Restore lines", "rotate"),
    "close": ("Close order", "archive"),
    "open": ("Open again", "lock-open"),
    "unissue": ("Unissue", "arrow-back-up"),
    "remove": ("Remove order", "trash"),
}
_DANGEROUS: Final = frozenset({"cancel-lines", "remove"})


def offers(allowed: Iterable[Allowed], order: OrderPage) -> dict[str, Offer]:
    """The actions in the order of the menu; of a pair only the one that applies."""
    known = {one.action: one for one in allowed}
    hidden = {"hold" if order.head.manual_hold else "release-hold"}
    hidden.add("close" if order.head.is_closed else "open")
    if not known["restore-lines"].allowed:
        hidden.add("restore-lines")
    if order.head.status != "ordered":
        hidden.add("unissue")
    return {
        action: Offer(
            action=action,
            text=text,
            icon=icon,
            allowed=known[action].allowed,
            why_not=known[action].why_not or "",
            is_dangerous=action in _DANGEROUS,
        )
        for action, (text, icon) in WORDS.items()
        if action not in hidden
    }


def next_step(order: OrderPage, offered: dict[str, Offer], *, is_late: bool) -> Next:
    """The sensible next step: issue, then receive, then close; holds first (domain 2.7)."""
    head = order.head
    if head.is_closed:
        return Next("Closed: nothing more is expected.", tone="grey")
    if head.manual_hold:
        hint = head.hold_reason or "No reason was given."
        return Next("This order is on hold.", hint, _able(offered, "release-hold"), "red")
    if head.status == "quoted":
        hint = "The supplier can be told by e-mail. Nothing can be received before."
        return Next("Check the lines and issue the order.", hint, offered.get("issue"))
    waiting = [line for line in order.lines if line.outstanding and not line.is_cancelled]
    if not waiting:
        return Next(
            "Everything has arrived.", "Close it when nothing is left to settle.",
            _able(offered, "close"), "green",
        )  # fmt: skip
    hint = wanted_by(waiting)
    if is_late:
        hint = f"It is late. {hint}".strip()
    count = f"{len(waiting)} {'line' if len(waiting) == 1 else 'lines'}"
    tone = "amber" if is_late else "violet"
    return Next(f"Waiting for goods of {count}.", hint, offered.get("receive"), tone)


def wanted_by(lines: Iterable[LineRow]) -> str:
    """How much sales orders wait for, of what is to arrive; each product once."""
    short = {line.product_id: line for line in lines if line.short > 0}
    told = [
        f"{trim(line.short)} {line.stock_unit} of {line.product_name}" for line in short.values()
    ]
    if not told:
        return ""
    shown = ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")
    return f"Orders wait for {shown}."


def _able(offered: dict[str, Offer], action: str) -> Offer | None:
    offer = offered.get(action)
    return offer if offer is not None and offer.allowed else None
