"""Actions on many invoices at once: finalise drafts, send what is final, remind of what is due."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.activity.bulk import BulkAction, Outlook, Parameters
from orderwright.identity.caller import Caller
from orderwright.invoicing import actions, invoice_lists, invoice_sql, queries, rules
from orderwright.invoicing.models import Invoice
from orderwright.invoicing.writing import lock_orders
from orderwright.kernel.errors import Refusal

LIST: Final = "invoices"


def _outlook(action: str) -> Callable[[Caller, Sequence[UUID], Parameters], list[Outlook]]:
    def outlook(by: Caller, ids: Sequence[UUID], given: Parameters) -> list[Outlook]:
        heads = queries.invoice_heads(by, ids)
        return [Outlook(head.id, head.title, _why_not(action, head.facts())) for head in heads]

    return outlook


def _why_not(action: str, facts: rules.InvoiceFacts) -> Refusal | None:
    return rules.why_refused(action, facts)


def _lock(by: Caller, ids: Sequence[UUID]) -> None:
    """The orders of these invoices in key order, then the invoices in key order."""
    with connection.cursor() as cursor:
        named: dict[str, Any] = {"organization": by.organization_id, "invoices": list(ids)}
        cursor.execute(invoice_sql.ORDERS_OF, named)
        orders = [row[0] for row in cursor.fetchall()]
    lock_orders(by, orders)
    list(Invoice.objects.of(by.organization_id).with_ids(ids).locked().values_list("pk"))


def _action(name: str, act: Callable[[Caller, UUID], Any]) -> BulkAction:
    return BulkAction(
        name=name,
        of=LIST,
        permissions=(rules.PERMISSION,),
        outlook=_outlook(name),
        act=lambda by, invoice_id, given: act(by, invoice_id),
        check=lambda by, given: {},
        lock=_lock,
    )


BULK_ACTIONS: Final = (
    _action("finalise", lambda by, one: actions.finalise_invoice(by=by, invoice=one)),
    _action("send", lambda by, one: actions.send_invoice(by=by, invoice=one)),
    _action("remind", lambda by, one: actions.remind(by=by, invoice=one)),
)


def ids_of(by: Caller, filters: Mapping[str, str], *, most: int) -> list[UUID]:
    """The invoices that match an address's filters, `most` at most. Raises Invalid."""
    return invoice_lists.ids_of_list(by, invoice_lists.read_filter(filters), most=most)
