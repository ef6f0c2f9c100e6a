"""Lines from before they kept a tax rate have that of their order (domain 4.13, 4.15)."""

from importlib import import_module

import psycopg
import pytest
from django.db import transaction

from orderwright.invoicing.models import CreditLine, InvoiceLine
from tests.invoicing.billing_desk import Billing, open_billing
from tests.invoicing.test_back_before_billed import come_back

pytestmark = pytest.mark.django_db(transaction=True)

MIGRATION = import_module("orderwright.invoicing.migrations.0005_tax_rates_of_older_lines")
FORGET = """
    DO $do$
    DECLARE entered uuid;
    BEGIN
        FOR entered IN SELECT id FROM identity_organization LOOP
            PERFORM set_config('app.organization', entered::text, true);
            UPDATE invoicing_invoiceline SET tax_rate = 0;
            UPDATE invoicing_creditline
            SET tax_rate = 0, description = '', unit = '', unit_price = 0;
        END LOOP;
        PERFORM set_config('app.organization', '', true);
    END $do$
"""
Row = tuple[object, ...]


def billed(name: str, email: str) -> Billing:
    """Two lines at 19 % and at nothing, invoiced, of which some came back; and a deposit."""
    desk = open_billing(name=name, email=email)
    with transaction.atomic():
        desk.company.enter()
        taxed = desk.product(sku="GEM", base_price="10.00", tax_rate="0.19")
        free = desk.product(sku="BOOK", base_price="5.00")
        order = desk.shipped({taxed: 10, free: 4})
        desk.final(order)
        come_back(desk, order, 2, 1)
        come_back(desk, order, 1, 2)
    return desk


def standing(desk: Billing) -> tuple[list[Row], list[Row]]:
    with transaction.atomic():
        desk.company.enter()
        told = ("description", "unit", "unit_price", "tax_rate", "tax")
        return (
            sorted(InvoiceLine.objects.values_list(*told)),
            sorted(CreditLine.objects.values_list(*told)),
        )


def test_older_lines_get_the_rate_of_their_order(as_owner: psycopg.Connection) -> None:
    desks = [billed("One", "one@one.example"), billed("Two", "two@two.example")]
    before = [standing(desk) for desk in desks]
    as_owner.execute(FORGET)
    forgotten = {row[3] for desk in desks for rows in standing(desk) for row in rows}
    assert forgotten == {0}

    as_owner.execute(MIGRATION.OF_ALL)

    assert [standing(desk) for desk in desks] == before
    assert [len(rows) for rows in before[0]] == [2, 2]
