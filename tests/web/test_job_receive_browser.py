"""What comes of a job is weighed in at the bench: on a phone, in the dark, with a scanner."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.plugins.server import Server
from tests.production.workshop import Workshop, open_workshop
from tests.stories.scanner import SCANNER
from tests.web.conftest import sign_in
from tests.web.test_browser import findings, wear

AT = "/production/jobs/PJ-00001"


@pytest.fixture
def shop(server: Server) -> Workshop:
    """A job for ten rings with 32 g of silver in it."""
    with transaction.atomic():
        shop = open_workshop()
        ring = shop.product(sku="RING-1", name="Silver Ring", is_manufactured=True)
        shop.product(sku="BAND-1", name="Silver Band", is_manufactured=True)
        silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
        shop.job(shop.issued({ring: 10}), inputs={silver: 32})
    return shop


@pytest.fixture
def phone(shop: Workshop, page: Page) -> Page:
    """The founder's phone."""
    page.set_default_timeout(15_000)
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, shop.company.email)
    return page


def test_rings_are_weighed_in_with_what_is_pending_in_sight(shop: Workshop, phone: Page) -> None:
    phone.goto(AT)
    phone.get_by_role("link", name="Receive").click()
    running = phone.locator("[data-running]")
    expect(running).to_have_text("0 g in this receipt, pending after this 32 of 32 g")
    ring = phone.locator("[data-output]").first
    ring.get_by_label("Received weight").fill("20,5")
    expect(running).to_have_text("20.5 g in this receipt, pending after this 11.5 of 32 g")
    ring.get_by_label("Waste").fill("0.5")

    # Another product is scanned: a row of it, ready for its weight; an unknown code is said.
    phone.evaluate(SCANNER, "band-1")
    band = phone.locator("[data-output]").nth(1)
    expect(band.get_by_role("combobox", name="Product")).to_have_value("Silver Band")
    expect(band.get_by_label("Received weight")).to_be_focused()
    phone.evaluate(SCANNER, "NOWHERE")
    expect(phone.locator("[data-scan-said]")).to_have_text("NOWHERE: no product and no lot.")
    band.get_by_label("Received weight").fill("60")
    band.get_by_role("combobox", name="Unit").select_option("ct")
    expect(running).to_have_text("33 g in this receipt, over base by 1 g")
    expect(running).to_have_attribute("data-state", "over")
    band.get_by_label("Received weight").fill("55")
    expect(running).to_have_text("32 g in this receipt, pending after this 0 of 32 g")
    expect(running).to_have_attribute("data-state", "full")
    for theme in ("light", "dark"):
        wear(phone, theme)
        assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 360

    phone.get_by_role("button", name="Receive").click()
    expect(phone.locator(".page-head .chip").first).to_have_text("Completed")
    expect(phone.locator(".gap-said")).to_have_text("The balance closes.")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") == 360
    with transaction.atomic():
        shop.company.enter()
        head = shop.seen_job(phone.url.rpartition("/")[2]).head  # type: ignore[arg-type]
    assert (str(head.received.normalize()), str(head.waste.normalize())) == ("31.5", "0.5")


def test_a_completed_job_offers_nothing_more_to_do(shop: Workshop, phone: Page) -> None:
    with transaction.atomic():
        shop.company.enter()
        shop.receive("PJ-00001", received=32)  # type: ignore[arg-type]
    phone.goto(AT)
    expect(phone.locator(".page-head .chip").first).to_have_text("Completed")
    expect(phone.locator(".page-head .btn-primary")).to_have_count(0)
    phone.get_by_role("button", name="Actions").click()
    receive = phone.locator("#job-actions").get_by_role("button", name="Receive")
    expect(receive).to_have_attribute("aria-disabled", "true")
