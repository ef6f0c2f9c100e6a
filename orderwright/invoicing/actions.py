"""What people do with invoices: make, change, finalise, send, remind, void (domain 4.13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.invoicing import deposits, queries, rules, sql
from orderwright.invoicing.billing import plan_asked
from orderwright.invoicing.drafting import (
    Book,
    content_of,
    content_of_deposit,
    everything_open,
    insert_draft,
    open_book,
    write_lines,
)
from orderwright.invoicing.models import Allocation, Invoice, InvoiceLine, Payment
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.writing import (
    lock_orders,
    orders_of_payments,
    take_number,
    tell_orders,
)
from orderwright.kernel.contacts import check_email
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.money import check_money
from orderwright.kernel.numbers import trim
from orderwright.kernel.text import check_reason, check_text
from orderwright.kernel.versions import check_version
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage

UPDATE: Final = rules.PERMISSION
MOST_RECIPIENTS: Final = 20


@dataclass(frozen=True, slots=True)
class LineAsk:
    """So much of a line of the order, in its unit; `description` is what the invoice calls it,
    else what it, or the order, calls it already."""

    line_id: UUID
    quantity: object
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Deposit:
    """A free amount that is billed ahead of the goods."""

    amount: object
    description: str = "Deposit"


def create_invoice(
    *,
    by: Caller,
    order: UUID | str,
    lines: Sequence[LineAsk] | None = None,
    deposit: Deposit | None = None,
) -> InvoicePage:
    """Draft an invoice: of these quantities, else of all that shipped, was kept, is not invoiced.

    Raises Conflict `not_issued`, `over_invoicing`; Invalid `nothing_to_bill`, `unknown_line`,
    `invalid_quantity`, `invalid_amount`.
    """
    by.must("invoices:create")
    page = sales.lock_order(by, order)
    if page.head.status == "estimate":
        message = "Issue the order first. What is paid ahead is recorded as a deposit."
        raise Conflict("not_issued", message)
    book = open_book(by, page)
    if deposit is not None:
        amount = check_money(deposit.amount, page.head.currency, "deposit.amount")
        deposits.check_room(by, page, book, amount)
        said = check_text(deposit.description or "Deposit", "deposit.description", longest=500)
        content = content_of_deposit(amount, said.strip() or "Deposit")
        made = insert_draft(by, page, book, content, kind="deposit")
        return queries.read_invoice(by, made)
    if lines is None:
        parts = everything_open(page, book)
    else:
        asked = [(one.line_id, one.quantity) for one in lines]
        parts = plan_asked(book.lines, asked, page.head.currency)
    if not parts:
        message = "Nothing has shipped that is not yet invoiced."
        raise Invalid("nothing_to_bill", message, fields={"lines": message})
    content = content_of(book, parts, words_of(lines or ()))
    return queries.read_invoice(by, insert_draft(by, page, book, content))


def edit_invoice(
    *, by: Caller, invoice: UUID | str, changes: Mapping[str, Any], version: int | None = None
) -> InvoicePage:
    """Change a draft: `lines`, `notes`, `invoice_date`, `due_date`; of a final one its due date.

    `changes` are the fields that were sent. Raises Conflict `invoice_locked`, `stale_version`,
    `over_invoicing`; Invalid with the field.
    """
    by.must(UPDATE)
    found, page = _locked(by, invoice, version)
    head = found.head
    locked = set(changes) - ({"due_date"} if head.step in rules.FINAL else set())
    if head.step != "draft" and locked:
        message = "Only a draft can be changed. Void this invoice and make a new one."
        fields = dict.fromkeys(sorted(locked), message)
        raise Conflict("invoice_locked", message, fields=fields, details={"reason": head.step})
    values = _checked(changes)
    starts = values.get("invoice_date", head.invoice_date)
    if page is not None and head.step == "draft":
        book = open_book(by, page, without=head.id, shipment=head.shipment_id)
        if "invoice_date" in values and "due_date" not in values:
            values["due_date"] = book.due(starts)
        if changes.get("lines") is not None:
            values |= _rebilled(by, found, page, changes["lines"])
    if values.get("due_date", head.due_date) < starts:
        message = "An invoice is due on its own date at the earliest."
        raise Invalid("invalid_due_date", message, fields={"due_date": message})
    _update(by, head.id, head.version, **values)
    changed = sorted({*values, *changes} & {*_EDITABLE, "lines"})
    _record(by, found, "invoice.edited", {"fields": changed})
    tell_orders(by, [head.order_id])
    return queries.read_invoice(by, head.id)


def finalise_invoice(*, by: Caller, invoice: UUID | str, version: int | None = None) -> InvoicePage:
    """Give a draft its number and lock its lines; numbers have neither gap nor twin.

    Raises Conflict `invalid_transition`, `over_invoicing` when goods came back meanwhile, or when
    a deposit was invoiced that the draft does not take off.
    """
    by.must(UPDATE)
    found, page = _locked(by, invoice, version)
    step = rules.check("finalise", found.head.facts())
    if page is not None:
        book = open_book(by, page, without=found.id)
        _check_shipped(by, found, book)
        deposits.check_finalising(by, page, book, found)
    number = take_number(by, "invoice", by.organization.invoice_prefix)
    _update(by, found.id, found.head.version, status=step, number=number, finalised_at=by.now)
    _record(by, found, "invoice.finalised", {"number": number})
    tell_orders(by, [found.head.order_id])
    return queries.read_invoice(by, found.id)


def send_invoice(
    *,
    by: Caller,
    invoice: UUID | str,
    recipients: Sequence[object] | None = None,
    message: str = "",
    version: int | None = None,
) -> InvoicePage:
    """Send a final invoice to these addresses, else to the order's invoice contacts; a job mails
    it. Raises Invalid `no_recipient`, `invalid_email`; Conflict `invalid_transition`.
    """
    by.must(UPDATE)
    found, page = _locked(by, invoice, version)
    step = rules.check("send", found.head.facts())
    addresses = _recipients(page, recipients)
    said = check_text(message or "", "message", longest=5_000).strip()
    _update(by, found.id, found.head.version, status=step, sent_at=by.now, sent_to=addresses)
    body = {"number": found.head.number, "recipients": addresses, "message": said}
    _record(by, found, "invoice.sent", body)
    return queries.read_invoice(by, found.id)


def remind(
    *,
    by: Caller,
    invoice: UUID | str,
    recipients: Sequence[object] | None = None,
    version: int | None = None,
) -> InvoicePage:
    """Send it again with the remark that it is not paid; a job mails it.

    Raises Conflict `invoice_paid`, `invalid_transition`; Invalid `no_recipient`.
    """
    by.must(UPDATE)
    found, page = _locked(by, invoice, version)
    rules.check("remind", found.head.facts())
    addresses = _recipients(page, recipients or found.head.sent_to or None)
    count = found.head.reminders + 1
    _update(by, found.id, found.head.version, reminders=count)
    body = {"number": found.head.number, "recipients": addresses, "count": count}
    _record(by, found, "invoice.reminded", body)
    return queries.read_invoice(by, found.id)


def void_invoice(
    *, by: Caller, invoice: UUID | str, reason: object, version: int | None = None
) -> InvoicePage:
    """Take an invoice back; its record and number stay, what was allocated is open credit again.

    Raises Invalid `reason_missing`; Conflict `invoice_paid`, `invalid_transition`,
    `deposit_deducted`.
    """
    by.must(UPDATE)
    said = check_reason(reason or "")
    found, _ = _locked(by, invoice, version)
    step = rules.check("void", found.head.facts())
    deposits.check_voiding(by, found)
    freed = sorted({one.payment_id for one in found.allocations})
    if freed:
        # Locked in one statement, counted in the next: somebody may be spending them elsewhere.
        list(Payment.objects.of(by.organization_id).with_ids(freed).locked().values_list("pk"))
        Allocation.objects.of(by.organization_id).filter(invoice_id=found.id).delete()
        recount(by, payment_ids=freed, invoice_ids=[found.id])
    _update(by, found.id, found.head.version, status=step, void_reason=said, voided_at=by.now)
    body = {"number": found.head.number, "reason": said, "freed": len(freed)}
    _record(by, found, "invoice.voided", body)
    tell_orders(by, [found.head.order_id, *orders_of_payments(by, freed)])
    return queries.read_invoice(by, found.id)


def words_of(lines: Sequence[LineAsk]) -> dict[UUID, str]:
    """What lines are called, where somebody said it. Raises Invalid for a text that is too long."""
    return {
        one.line_id: check_text(one.description, f"lines.{at}.description", longest=2_000).strip()
        for at, one in enumerate(lines)
        if one.description and one.description.strip()
    }


def recount(by: Caller, *, payment_ids: Sequence[UUID], invoice_ids: Sequence[UUID]) -> None:
    """What is settled of these, from their allocations; two statements."""
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "at": by.now,
        "payments": list(payment_ids),
        "invoices": list(invoice_ids),
    }
    with connection.cursor() as cursor:
        cursor.execute(sql.RECOUNT_PAYMENTS, values)
        cursor.execute(sql.RECOUNT_INVOICES, values)


_EDITABLE: Final = ("notes", "invoice_date", "due_date")


def _locked(
    by: Caller, invoice: UUID | str, version: int | None
) -> tuple[InvoicePage, OrderPage | None]:
    """The invoice with its order, locked one after the other, as they stand then; all orders whose
    deposits settle it are locked with it, in key order."""
    before = queries.read_invoice(by, invoice)
    head = before.head
    if ahead := orders_of_payments(by, [one.payment_id for one in before.allocations]):
        lock_orders(by, [head.order_id, *ahead])
    page = sales.lock_order(by, head.order_id) if head.order_id is not None else None
    queries.lock_invoices(by, [head.id])
    found = queries.read_invoice(by, head.id)
    check_version("invoice", found.head.version, version)
    return found, page


def _checked(changes: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    if "notes" in changes:
        values["notes"] = check_text(changes["notes"] or "", "notes", longest=10_000)
    for name in ("invoice_date", "due_date"):
        if changes.get(name) is not None:
            if not isinstance(changes[name], date):
                message = "Give a date like 2026-12-01."
                raise Invalid("invalid_date", message, fields={name: message})
            values[name] = changes[name]
    return values


def _rebilled(
    by: Caller, found: InvoicePage, page: OrderPage, asked: Sequence[LineAsk]
) -> dict[str, Decimal]:
    """Bill these quantities instead; answers the sums of the head."""
    if found.head.kind == "deposit":
        message = "A deposit bills a free amount. Void it and make a new one."
        raise Conflict("invoice_locked", message, fields={"lines": message})
    book = open_book(by, page, without=found.id, shipment=found.head.shipment_id)
    parts = plan_asked(
        book.lines, [(one.line_id, one.quantity) for one in asked], found.head.currency
    )
    if not parts:
        message = "An invoice bills something. Void it when nothing is left on it."
        raise Invalid("nothing_to_bill", message, fields={"lines": message})
    words = {one.line_id: one.description for one in found.lines if one.line_id}
    content = content_of(book, parts, {**words, **words_of(asked)})
    InvoiceLine.objects.of(by.organization_id).filter(invoice_id=found.id).delete()
    write_lines(by, found.id, content)
    return content.sums


def _check_shipped(by: Caller, found: InvoicePage, book: Book) -> None:
    """Refuse an invoice of goods that have come back, or are on another final one."""
    mine = [line for line in found.lines if line.line_id in book.lines]
    with connection.cursor() as cursor:
        ids = [one.line_id for one in mine]
        cursor.execute(sql.FINAL_BY_LINE, {"organization": by.organization_id, "lines": ids})
        final = {row[0]: row[1] for row in cursor.fetchall()}
    for line in mine:
        assert line.line_id is not None
        row = book.lines[line.line_id]
        if final.get(row.id, 0) + line.quantity > row.reached:
            message = (
                f"Line {row.position} bills {trim(line.quantity)} {row.unit}, and not so much has "
                "shipped that did not come back and is not invoiced. Change the draft first."
            )
            raise Conflict("over_invoicing", message, details={"line_id": str(row.id)})


def _recipients(page: OrderPage | None, given: Sequence[object] | None) -> list[str]:
    if given is not None:
        if len(given) > MOST_RECIPIENTS:
            message = f"Send it to at most {MOST_RECIPIENTS} addresses."
            raise Invalid("too_many_recipients", message, fields={"recipients": message})
        found = [check_email(one, f"recipients.{at}") for at, one in enumerate(given)]
    else:
        contacts = page.head.invoice_contacts if page is not None else []
        found = [one["email"] for one in contacts if one["email"]]
    found = list(dict.fromkeys(one for one in found if one))
    if not found:
        message = "Nobody is named to whom invoices go. Give an address, or mark a contact."
        raise Invalid("no_recipient", message, fields={"recipients": message})
    return found


def _update(by: Caller, invoice_id: UUID, version: int, **values: Any) -> None:
    rows = Invoice.objects.of(by.organization_id).with_ids([invoice_id])
    rows.update(version=version + 1, updated_at=by.now, **values)


def _record(by: Caller, found: InvoicePage, event_type: str, body: dict[str, Any]) -> None:
    head = found.head
    more = {
        "order": head.order_number,
        "totals": {"total": head.total, "currency": head.currency},
    }
    activity.record(
        by, event_type, head.id, topic_id=head.order_id or head.id, body={**more, **body}
    )
