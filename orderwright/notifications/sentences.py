"""In which words people are told: sentences that name the order and, to those who may know, its
customer. Facts without a customer's name give sentences without it."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import trim
from orderwright.notifications.rules import Facts, Words

HELD: Final = ("hold_shipment", "hold_all")
_DOCUMENTS: Final = {
    "acknowledgement": "acknowledgement",
    "purchase_order": "purchase order",
    "invoice_sent": "invoice",
    "invoice_reminded": "reminder",
}


def about_order(ending: str) -> Callable[[Facts], Words]:
    """A sentence about the order, with the reason that was given below it."""
    return lambda facts: Words(f"{facts.order} {ending}.", facts.text("reason"))


def arrived(facts: Facts) -> Words:
    """Goods that an order waited for came in; it can ship when nothing else is missing."""
    lines = list(facts.body.get("lines", ()))
    goods = _listed([_amount(facts, line) for line in lines])
    receipt = facts.text("receipt")
    if facts.waiting_lines or any(Decimal(str(line.get("short", 0))) > 0 for line in lines):
        return Words(
            f"Goods for {facts.order} have arrived: {goods}.",
            f"Receipt {receipt}. The order still waits for more.",
        )
    if facts.is_held:
        return Words(
            f"Everything that {facts.order} waited for has arrived: {goods}.",
            f"Receipt {receipt}. The order is on hold.",
        )
    return Words(f"{facts.order} can ship: {goods} arrived.", f"Receipt {receipt}.")


def _amount(facts: Facts, line: Mapping[str, Any]) -> str:
    name = facts.goods.get(str(line.get("position")), f"line {line.get('position')}")
    return f"{trim(Decimal(str(line.get('quantity', 0))))} {line.get('unit', '')} {name}"


def backordered(facts: Facts) -> Words:
    """Lines of an order wait for goods."""
    lines = [line for line in facts.body.get("lines", ()) if line.get("to") == "backordered"]
    goods = _listed(
        [facts.goods.get(str(line["position"]), f"line {line['position']}") for line in lines]
    )
    verb = "is" if len(lines) == 1 else "are"
    return Words(f"{goods} of {facts.order} {verb} backordered.", "There is not enough in stock.")


def customer_moved(facts: Facts) -> Words | None:
    """A customer was put on hold, or is off hold, and how many orders that concerns."""
    before, after = (status_of(facts.body, name) for name in ("before", "after"))
    name = facts.customer_name or "A customer"
    orders = f"{facts.open_orders} open order{'' if facts.open_orders == 1 else 's'} of yours"
    if after in HELD:
        verb = "is" if facts.open_orders == 1 else "are"
        return Words(f"{name} is on hold: {orders} {verb} affected.", facts.text("reason"))
    if before in HELD:
        verb = "goes" if facts.open_orders == 1 else "go"
        return Words(f"{name} is off hold: {orders} {verb} on.", facts.text("reason"))
    return None


def status_of(body: Mapping[str, Any], name: str) -> str:
    """A customer's status before or after, from the body of its event."""
    held = body.get(name)
    return str(held.get("status", "")) if isinstance(held, Mapping) else ""


def job_words(ending: str) -> Callable[[Facts], Words]:
    """A sentence about a production job."""

    def said(facts: Facts) -> Words:
        made_for = f" for {facts.order}" if facts.order_number else ""
        due = facts.text("deadline")
        return Words(
            f"Production job {facts.text('number')}{made_for} {ending}.",
            f"Its deadline was {due}." if due else "",
        )

    return said


def job_done(facts: Facts) -> Words | None:
    """A job is completed, by somebody or by its last receipt."""
    return job_words("is completed")(facts) if facts.job_status == "completed" else None


def shipped(facts: Facts) -> Words:
    """A shipment has left."""
    carrier, number = facts.text("carrier"), facts.text("tracking_number")
    with_carrier = f" with {carrier}" if carrier else ""
    return Words(
        f"{_shipment(facts)} has left{with_carrier}.",
        f"Tracking number {number}." if number else "",
    )


def tracked(facts: Facts) -> Words | None:
    """A shipment has arrived, or something is wrong with it."""
    if facts.text("to") == "delivered":
        place = facts.text("location")
        return Words(f"{_shipment(facts)} was delivered.", f"Place: {place}." if place else "")
    return Words(f"{_shipment(facts)} has a problem on its way.", facts.text("message"))


def _shipment(facts: Facts) -> str:
    """A shipment and whose it is; its number usually tells the order's."""
    customer = f" for {facts.customer_name}" if facts.customer_name else ""
    number = facts.text("number")
    if number.startswith(facts.order_number):
        return f"Shipment {number}{customer}"
    return f"Shipment {number} of {facts.order_number}{customer}"


def paid_up(facts: Facts) -> Words:
    """An invoice of an order is paid."""
    customer = f" of {facts.customer_name}" if facts.customer_name else ""
    return Words(f"Invoice {facts.text('number')}{customer} is paid in full.")


def paid(facts: Facts) -> Words:
    """A payment came in."""
    amount = _money(facts.body.get("totals"), "amount")
    payer = facts.customer_name
    said = f"{payer} paid {amount}." if payer else f"A payment of {amount} was received."
    more = f" for {facts.order_number}" if facts.order_number else ""
    return Words(said, f"Payment {facts.text('number')}{more}.")


def overdue_invoice(facts: Facts) -> Words:
    """An invoice is past its day."""
    amount = _money(facts.body.get("totals"), "amount")
    customer = f" of {facts.customer_name}" if facts.customer_name else ""
    return Words(
        f"Invoice {facts.text('number')}{customer} is overdue: {amount} is open.",
        f"It was due on {facts.text('due')}.",
    )


def _money(totals: Any, name: str) -> str:
    if not isinstance(totals, Mapping):
        return "an amount"
    currency = str(totals.get("currency", ""))
    amount = Decimal(format_money(Decimal(str(totals.get(name, 0))), currency))
    return f"{amount:,} {currency}".strip()


def return_words(verb: str) -> Callable[[Facts], Words]:
    """A sentence about goods that come back."""
    return lambda facts: Words(
        f"Return {facts.text('number')} of {facts.order} {verb}.", facts.text("reason")
    )


def low(facts: Facts) -> Words:
    """A product's stock fell to its threshold."""
    return Words(
        f"{facts.text('name')} is low: {facts.text('on_hand')} {facts.text('unit')} on hand.",
        f"Its threshold is {facts.text('threshold')} {facts.text('unit')}.",
    )


def imported(facts: Facts) -> Words:
    """The file that somebody imported is through."""
    bad = int(facts.body.get("bad") or 0)
    counts = [(name, int(facts.body.get(name) or 0)) for name in ("created", "updated")]
    done = _listed([f"{count} {name}" for name, count in counts if count]) or "nothing to do"
    left = f" {bad} row{'' if bad == 1 else 's'} could not be read." if bad else ""
    return Words(f"Your import of {facts.text('kind')} is finished: {done}.", left.strip())


def task_words(facts: Facts) -> Words:
    """Somebody got a task."""
    due = facts.text("due")
    return Words(
        f"You have a task about {facts.order}: {facts.text('title')}",
        f"Due on {due}." if due else "",
    )


def task_due(facts: Facts) -> Words:
    """The day of a task has come."""
    return Words(
        f"A task about {facts.order} is due: {facts.text('title')}", f"Due on {facts.text('due')}."
    )


def raised(facts: Facts) -> Words:
    """The system raised a task for the lead."""
    return Words(f"Something is to decide about {facts.order}: {facts.text('title')}")


def not_mailed(facts: Facts) -> Words:
    """An e-mail about an order did not leave."""
    document = _DOCUMENTS.get(facts.text("template"), "e-mail")
    about = f" of {facts.order}" if facts.order_number else ""
    to = ", ".join(str(one) for one in facts.body.get("recipients", ()))
    return Words(
        f"The {document}{about} could not be sent by e-mail.",
        f"To {to}: {facts.text('failure')}" if facts.customer_name else "",
    )


def _listed(parts: list[str]) -> str:
    """`a, b and c`; of many the first three and how many more."""
    if len(parts) > 4:
        parts = [*parts[:3], f"{len(parts) - 3} more"]
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
