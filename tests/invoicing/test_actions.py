"""Invoices and payments, from the draft to the last cent (domain 4.13, 4.14)."""

from decimal import Decimal

import pytest

from tests.invoicing.billing_desk import open_billing

pytestmark = pytest.mark.django_db


def test_what_has_shipped_is_billed_and_paying_it_completes_the_order() -> None:
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    order = desk.shipped({gem: 10})
    invoice = desk.final(order)
    assert (invoice.head.number, invoice.head.total) == ("INV-00001", Decimal("100.00"))
    assert desk.money(order) == ("fulfilled", "unpaid")
    desk.pay(invoice, "40.00")
    assert desk.money(order) == ("fulfilled", "partially_paid")
    desk.pay(invoice, "60.00")
    assert desk.money(order) == ("completed", "paid")
    assert desk.invoice(invoice).head.status(desk.by.today) == "paid"
