"""What to do next with an invoice, and what its menu offers. Pure."""

from collections.abc import Collection
from datetime import date
from typing import Final

from orderwright.invoicing.page import InvoiceRow
from orderwright.invoicing.rules import FINAL
from orderwright.kernel.lifecycle import why_not_permitted
from orderwright.web.order_next import Next, Offer

WORDS: Final = {
    "finalise": ("Finalise", "file-check"),
    "send": ("Send invoice", "send"),
    "pay": ("Record payment", "coin"),
    "remind": ("Send reminder", "bell"),
    "edit": ("Edit draft", "pencil"),
    "void": ("Void invoice", "ban"),
}
_PAYS: Final = "payments:create"


def offers(head: InvoiceRow, permissions: Collection[str]) -> dict[str, Offer]:
    """The actions in the order of the menu, each with why it is refused."""
    known = {one.action: (one.allowed, one.why_not or "") for one in head.allowed(permissions)}
    known["pay"] = _may_pay(head, permissions)
    if head.step in FINAL and "invoices:update" in permissions:
        known["edit"] = (True, "")
    found = {}
    for action, (text, icon) in WORDS.items():
        allowed, why_not = known[action]
        is_dangerous = action == "void"
        found[action] = Offer(
            action, _named(head, action, text), icon, allowed, why_not, is_dangerous
        )
    return found


def next_step(head: InvoiceRow, offered: dict[str, Offer], *, today: date, to: str = "") -> Next:
    """Finalise, then send, then record what is paid; `to` says who gets it (domain 4.13)."""
    status = head.status(today)
    if status == "void":
        return Next("Void: nobody owes this.", head.void_reason, tone="grey")
    if status == "paid":
        return Next("Paid in full.", "Nothing is left to do.", tone="green")
    if status == "draft":
        hint = "It gets its number then, and its lines stand."
        return Next("Check the lines and finalise it.", hint, offered["finalise"])
    if head.step == "finalised":
        hint = f"It goes to {to}." if to else "Nobody is marked to get invoices; give an address."
        return Next("Send it to the customer.", hint, offered["send"])
    if status == "overdue":
        days = (today - head.due_date).days
        text = f"Overdue for {_days(days)}."
        return Next(text, _reminded(head.reminders), offered["pay"], "red")
    left = (head.due_date - today).days
    text = "Waiting for payment, which is due today." if not left else "Waiting for payment."
    return Next(text, f"Due in {_days(left)}." if left else "", offered["pay"], "violet")


def when_due(head: InvoiceRow, today: date) -> str:
    """How long there is to pay, or how late it is, in words."""
    left = (head.due_date - today).days
    if left < 0:
        return f"{_days(-left)} late"
    return f"in {_days(left)}" if left else "today"


def _may_pay(head: InvoiceRow, permissions: Collection[str]) -> tuple[bool, str]:
    why_not = why_not_permitted((_PAYS,), permissions)
    if why_not:
        return False, why_not
    if head.step == "draft":
        return False, "Finalise this invoice first; money for a draft is recorded as a deposit."
    if head.step == "void":
        return False, "This invoice is void; nobody owes it."
    if head.balance <= 0:
        return False, "This invoice is paid."
    return True, ""


def _named(head: InvoiceRow, action: str, text: str) -> str:
    if action == "edit" and head.step in FINAL:
        return "Change due date"
    if action == "send" and head.step == "sent":
        return "Send again"
    return "Discard draft" if action == "void" and head.step == "draft" else text


def _reminded(count: int) -> str:
    if not count:
        return "Nobody was reminded yet."
    return "A reminder was sent." if count == 1 else f"{count} reminders were sent."


def _days(count: int) -> str:
    return f"{count} {'day' if count == 1 else 'days'}"
