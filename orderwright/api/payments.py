"""Payments and receivables over HTTP."""

from collections.abc import Callable
from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import answer, caller, day, listed, needs, page_size
from orderwright.api.invoicing_bodies import (
    AllocateBody,
    DeallocateBody,
    DepositPaymentBody,
    PaymentBody,
    SettlementBody,
)
from orderwright.api.invoicing_shapes import show_aged, show_payment, show_statement
from orderwright.api.records import current_in_details
from orderwright.directory import queries as directory
from orderwright.invoicing import payments, queries, receivables, settlement
from orderwright.invoicing.page import PaymentPage
from orderwright.kernel.cursors import read_cursor

router = Router(tags=["Payments"])
READ, CREATE, UPDATE, DELETE = (
    "payments:read",
    "payments:create",
    "payments:update",
    "payments:delete",
)
ONE = "/payments/{reference}"


class PaymentQuery(Schema):
    """Filters, all of them optional."""

    limit: int | None = None
    cursor: str | None = None
    type: str | None = None
    customer_id: UUID | None = None
    order_id: UUID | None = None
    invoice_id: UUID | None = None
    open: bool | None = None
    q: str | None = None

    def read(self) -> queries.PaymentFilter:
        """The filter as the query takes it."""
        names = queries.PaymentFilter.__slots__
        return queries.PaymentFilter(**{name: getattr(self, name) for name in names})


def _acted(request: HttpRequest, reference: str, act: Callable[[], PaymentPage]) -> HttpResponse:
    """Do it, and answer the payment as it then is; a stale version carries the current one."""
    by = caller(request)
    with current_in_details(lambda: show_payment(queries.read_payment(by, reference))):
        page = act()
    return answer(show_payment(page))


@router.get("/payments")
@needs(READ)
def list_payments(request: HttpRequest, wanted: Query[PaymentQuery]) -> HttpResponse:
    """Payments, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    before = read_cursor(wanted.cursor)
    rows = queries.payments(by, wanted.read(), before=before, limit=size)
    return listed(rows, limit=size, show=show_payment)


@router.post("/payments")
@needs(CREATE)
def record_payment(request: HttpRequest, body: PaymentBody) -> HttpResponse:
    """Write down a payment, credit, adjustment, rebate or refund."""
    made = payments.record_payment(by=caller(request), new=body.read())
    return answer(show_payment(made), status=201)


@router.post("/sales-orders/{reference}/actions/record-deposit")
@needs(CREATE)
def record_deposit(request: HttpRequest, reference: str, body: DepositPaymentBody) -> HttpResponse:
    """Money for an order before it is invoiced; answers the payment."""
    made = payments.record_deposit(by=caller(request), order=reference, new=body.read())
    return answer(show_payment(made), status=201)


@router.get(ONE)
@needs(READ)
def one_payment(request: HttpRequest, reference: str) -> HttpResponse:
    """A payment by its id or number."""
    return answer(show_payment(queries.payment_page(caller(request), reference)))


@router.post(f"{ONE}/actions/allocate")
@needs(UPDATE)
def allocate_payment(request: HttpRequest, reference: str, body: AllocateBody) -> HttpResponse:
    """Settle invoices with what it has left."""
    by, wanted = caller(request), [one.read() for one in body.allocations]
    return _acted(
        request,
        reference,
        lambda: payments.allocate(
            by=by, payment=reference, allocations=wanted, version=body.version
        ),
    )


@router.post(f"{ONE}/actions/deallocate")
@needs(DELETE)
def deallocate_payment(request: HttpRequest, reference: str, body: DeallocateBody) -> HttpResponse:
    """Take allocations back."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: payments.deallocate(
            by=by, payment=reference, allocation_ids=body.allocation_ids, version=body.version
        ),
    )


@router.post("/settlements")
@needs(UPDATE)
def settle(request: HttpRequest, body: SettlementBody) -> HttpResponse:
    """Settle several invoices with several payments of a customer, all of it or nothing; answers
    the payments."""
    made = settlement.settle(
        by=caller(request),
        uses=[one.read() for one in body.payments],
        settles=[one.read() for one in body.allocations],
    )
    return answer({"data": [show_payment(one) for one in made]})


@router.get("/customers/{customer_id}/statement")
@needs("payments:read")
def statement(
    request: HttpRequest,
    customer_id: UUID,
    first: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> HttpResponse:
    """What moved a customer's balance between two days, 90 of them unless said otherwise."""
    by = caller(request)
    directory.customer(by=by, record_id=customer_id)
    starts, last = receivables.days_of_statement(by, first, until)
    told = receivables.statements(by, customer_id, first=starts, until=last)
    return answer(
        {"from": day(starts), "to": day(last), "data": [show_statement(one) for one in told]}
    )


@router.get("/receivables/aging")
@needs("invoices:read")
def aging_of_receivables(request: HttpRequest, as_of: date | None = None) -> HttpResponse:
    """Who owes what, by the age of the invoices."""
    by = caller(request)
    rows = receivables.aging(by, as_of=as_of)
    found = [show_aged(one) for one in rows]
    return answer({"as_of": day(as_of or by.today), "customers": found})
