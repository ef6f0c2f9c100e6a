"""The list of invoices: by the statuses that people see, in pages, within bounds."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.identity.caller import Caller
from orderwright.invoicing import actions, invoice_lists, previewing
from orderwright.invoicing.invoice_lists import InvoiceListFilter
from orderwright.invoicing.rules import STATUSES
from orderwright.kernel.errors import Forbidden, Invalid
from orderwright.kernel.paging import Sort, Window
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Billing:
    """A company with an invoice in every status."""
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10")
    desk.draft(desk.shipped({gem: 1}))
    final = [desk.final(desk.shipped({gem: count})) for count in (2, 3, 4, 5, 6)]
    actions.send_invoice(by=desk.by, invoice=final[1].id, recipients=["bea@acme.example"])
    desk.pay(final[2], "10")
    desk.pay(final[3], "50")
    actions.void_invoice(by=desk.by, invoice=final[4].id, reason="Wrong")
    late = desk.final(desk.shipped({gem: 7}))
    past = {"due_date": late.head.invoice_date}
    actions.edit_invoice(by=desk.by, invoice=late.id, changes=past)
    return desk


def tomorrow(desk: Billing) -> Caller:
    """The same person a day later."""
    return replace(desk.by, now=desk.by.now + timedelta(days=1))


def test_each_status_that_people_see_has_its_invoices_and_its_count(desk: Billing) -> None:
    by = tomorrow(desk)
    found = {
        status: [
            row.status(by.today)
            for row in invoice_lists.page_of_list(by, InvoiceListFilter(status=(status,))).rows
        ]
        for status in STATUSES
    }
    assert found == {status: [status] for status in STATUSES}
    assert invoice_lists.counts(by) == {"all": 7, **dict.fromkeys(STATUSES, 1)}


@pytest.mark.parametrize("name", ["", *invoice_lists.SORT_NAMES])
@pytest.mark.parametrize("falls", [True, False])
def test_every_row_is_met_once_in_every_sort(desk: Billing, name: str, falls: bool) -> None:
    window = Window(Sort(name, falls) if name else Sort(), size=2)
    seen: list[invoice_lists.InvoiceSummary] = []
    while True:
        page = invoice_lists.page_of_list(desk.by, InvoiceListFilter(), window)
        seen += page.rows
        if page.later is None:
            break
        window = Window(window.sort, page.later, size=2)
    assert len({row.id for row in seen}) == len(seen) == 7
    read = {
        "total": lambda row: row.total,
        "balance": lambda row: row.balance,
        "due": lambda row: row.due_date,
    }.get(name)
    if read:
        values = [read(row) for row in seen]
        assert values == sorted(values, reverse=falls)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("status", "late"),
        ("status", "sent,late"),
        ("kind", "service"),
        ("open", "maybe"),
        ("due_from", "2026-02-30"),
        ("invoiced_to", "soon"),
        ("customer_id", "acme"),
        ("order_id", "1,2"),
    ],
)
def test_a_filter_that_makes_no_sense_is_named(name: str, text: str) -> None:
    with pytest.raises(Invalid) as refusal:
        invoice_lists.read_filter({name: text})
    assert list(refusal.value.fields) == [name]


def test_a_page_and_the_counts_are_one_statement_each(desk: Billing) -> None:
    with CaptureQueriesContext(connection) as captured:
        invoice_lists.page_of_list(desk.by, InvoiceListFilter(status=("sent", "overdue")))
        invoice_lists.counts(desk.by)
        previewing.orders_to_bill(desk.by)
    assert len(captured) == 3


def test_who_may_not_see_invoices_sees_no_list(desk: Billing) -> None:
    nobody = replace(desk.by, permissions=frozenset())
    for read in (
        lambda: invoice_lists.page_of_list(nobody, InvoiceListFilter()),
        lambda: invoice_lists.counts(nobody),
        lambda: previewing.orders_to_bill(nobody),
    ):
        with pytest.raises(Forbidden):
            read()
