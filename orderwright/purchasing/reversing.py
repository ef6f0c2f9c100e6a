"""Reverse a receipt (domain 4.9): while its lots still hold everything that it put into them."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory.ledger import Cause
from orderwright.inventory.taking import Wanted
from orderwright.inventory.withdrawals import withdraw
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.text import check_reason
from orderwright.kernel.versions import check_version
from orderwright.purchasing import lifecycle, queries, sql
from orderwright.purchasing.actions import UPDATE
from orderwright.purchasing.page import OrderPage
from orderwright.purchasing.queries import ReceiptPage
from orderwright.purchasing.receiving import recounted
from orderwright.purchasing.writing import Happening, save


@dataclass(frozen=True, slots=True)
class Reversal:
    """Which receipt, and why."""

    receipt_id: UUID
    reason: str = ""
    version: int | None = None


def reverse_receipt(*, by: Caller, order: UUID | str, reversal: Reversal) -> OrderPage:
    """Take the receipt's stock back out of its lots; the order waits for it again.

    Raises Invalid `unknown_receipt`, Conflict `already_reversed`, `receipt_used` when a lot no
    longer holds what the receipt put into it.
    """
    by.must(UPDATE)
    page = queries.lock_order(by, order, with_stock=True)
    check_version("purchase order", page.head.version, reversal.version)
    lifecycle.check("reverse-receipt", page.facts())
    reason = check_reason(reversal.reason) if reversal.reason else ""
    receipt = _receipt(by, page, reversal.receipt_id)
    _mark(by, receipt)
    _take_back(by, receipt, reason)
    body = {"number": receipt.number, "reason": reason}
    happening = Happening("purchase_order.receipt_reversed", body, subject_id=receipt.id)
    return save(by, page, head=page.head, lines=recounted(by, page), happening=happening)


def _receipt(by: Caller, page: OrderPage, receipt_id: UUID) -> ReceiptPage:
    for receipt in queries.receipts(by, page.id):
        if receipt.id == receipt_id:
            return receipt
    message = "There is no such receipt on this purchase order."
    raise Invalid("unknown_receipt", message, fields={"receipt_id": message})


def _mark(by: Caller, receipt: ReceiptPage) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.REVERSE_RECEIPT,
            {
                "organization": by.organization_id,
                "receipt": receipt.id,
                "at": by.now,
                "actor_name": by.actor.name,
            },
        )
        if cursor.fetchone() is None:
            raise Conflict("already_reversed", "This receipt has been reversed already.")


def _take_back(by: Caller, receipt: ReceiptPage, reason: str) -> None:
    wanted = [
        Wanted(
            lot_id=line.lot_id,
            quantity=line.stock_quantity or None,
            weight=line.stock_weight or None if line.stock_quantity else line.stock_weight,
        )
        for line in receipt.lines
        if line.lot_id is not None
    ]
    wanted += [
        Wanted(lot_id=line.rejected_lot_id, full=True)
        for line in receipt.lines
        if line.rejected_lot_id is not None
    ]
    cause = Cause(receipt.id, f"receipt {receipt.number} reversed")
    try:
        withdraw(by, wanted, action="reverse_receipt", cause=cause, reason=reason[:200])
    except Conflict as refusal:
        if refusal.code != "insufficient_stock":
            raise
        message = "Some of what this receipt brought is no longer in its lot, so it stays."
        details = refusal.details
        raise Conflict("receipt_used", f"{message} {refusal.message}", details=details) from refusal
