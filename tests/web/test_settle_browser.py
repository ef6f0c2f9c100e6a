"""Settling in a real browser: oldest first fills both sides, and what was written stands there."""

from decimal import Decimal

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.invoicing.billing_desk import Billing, open_billing
from tests.plugins.server import Server
from tests.web.conftest import sign_in
from tests.web.test_browser import findings, wear


@pytest.fixture
def desk(server: Server) -> Billing:
    """A company that bills."""
    with transaction.atomic():
        return open_billing()


def test_open_credit_settles_the_oldest_invoices_first(desk: Billing, page: Page) -> None:
    with transaction.atomic():
        desk.company.enter()
        gem = desk.product(sku="GEM", base_price="10.00")
        first, second = (desk.final(desk.shipped({gem: count})) for count in (10, 5))
        desk.pay(None, "90.00", reference="CHK 1")
        desk.pay(None, "40.00", reference="CHK 2")
    sign_in(page, desk.company.email)
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"/payments/settle?customer={desk.customer}")
        for theme in ("light", "dark"):
            wear(page, theme)
            assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.get_by_role("button", name="Oldest first").click()
    for label, filled in (
        ("Use of PAY-00001", "90.00"),
        ("Use of PAY-00002", "40.00"),
        (f"Settle of {first.head.number}", "100.00"),
        (f"Settle of {second.head.number}", "30.00"),
    ):
        expect(page.get_by_label(label, exact=True)).to_have_value(filled)
    expect(page.locator("[data-settle-difference]")).to_have_text("$0.00")
    page.get_by_label("Use of PAY-00002", exact=True).fill("35")
    expect(page.locator("[data-settle-difference]")).to_have_text("-$5.00")
    page.get_by_role("button", name="Settle", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Make both the same.")
    expect(page.get_by_label("Use of PAY-00002", exact=True)).to_have_value("35")
    page.get_by_label(f"Settle of {second.head.number}", exact=True).fill("25")
    page.get_by_role("button", name="Settle", exact=True).click()
    page.wait_for_url("**/balance")
    assert findings(page) == []
    with transaction.atomic():
        desk.company.enter()
        left = [desk.invoice(one).head.balance for one in (first, second)]
    assert left == [0, Decimal("25.00")]


def test_a_customer_that_is_chosen_brings_its_open_invoices(desk: Billing, page: Page) -> None:
    with transaction.atomic():
        desk.company.enter()
        invoice = desk.final(desk.shipped({desk.product(sku="GEM", base_price="10.00"): 10}))
    sign_in(page, desk.company.email)
    page.goto("/payments/new")
    page.get_by_role("combobox", name="Customer").fill("Acme")
    page.get_by_role("option", name="Acme").click()
    field = page.get_by_label(f"Settle of {invoice.head.number}", exact=True)
    expect(field).to_have_value("")
    page.get_by_label("Amount").fill("60")
    page.get_by_role("button", name="Oldest first").click()
    expect(field).to_have_value("60.00")
    expect(page.get_by_role("combobox", name="Why it is adjusted")).to_be_hidden()
    page.get_by_label("Method").select_option("check")
    assert findings(page) == []
    page.get_by_role("button", name="Record").click()
    page.wait_for_url("**/payments/PAY-00001")
    page.get_by_role("link", name="Take back").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("has $100.00 left to pay instead of $40.00")
    dialog.get_by_role("button", name="Take back").click()
    expect(page.locator(".figure-open")).to_contain_text("$60.00")
