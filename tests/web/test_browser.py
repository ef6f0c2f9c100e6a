"""What only a real browser can show: accessibility, the keyboard, themes, weight on the wire."""

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import BrowserContext, Page, expect

from orderwright.inventory import lots
from tests.company import Company, found_company
from tests.plugins.server import Server
from tests.web.conftest import sign_in

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
STANDARD = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (360, 768, 1280)
ROUTES = (
    "/customers",
    "/customers/new",
    "/customers/{customer}",
    "/customers/{customer}/edit",
    "/customers/{customer}/status",
    "/customers/{customer}/addresses/new",
    "/customers/{customer}/contacts/new",
    "/customers/{customer}/item-codes",
    "/products",
    "/products/new",
    "/products/{product}",
    "/products/{product}/edit",
    "/inventory",
    "/inventory/new",
    "/inventory/{lot}",
    "/inventory/{lot}/adjust",
    "/inventory/{lot}/transfer",
    "/inventory/{lot}/edit",
    "/staff",
    "/staff/new",
    "/settings",
    "/settings/carriers",
    "/settings/carriers/new",
    "/settings/payment-terms",
    "/settings/shipping-terms/new",
    "/style",
    "/nowhere",
)


@pytest.fixture
def company(server: Server) -> Company:
    """A company on the server."""
    return found_company()


@pytest.fixture
def desk(company: Company, page: Page) -> Page:
    """The Admin's browser, signed in."""
    page.set_default_timeout(10_000)
    sign_in(page, company.email)
    return page


@pytest.fixture
def places(company: Company) -> dict[str, str]:
    """Ids of one customer, one product and one lot."""
    product = company.product(sku="RING", short_name="RNG")
    with transaction.atomic():
        company.enter()
        lot = lots.add_lot(by=company.by, sent={"product_id": str(product), "quantity": "5"})
    return {"customer": str(company.customer()), "product": str(product), "lot": str(lot.id)}


def findings(page: Page) -> list[str]:
    """What axe has to say about the page as it stands."""
    page.evaluate("scrollTo(0, 0)")
    page.evaluate(AXE.read_text())
    options = {"resultTypes": ["violations"], "runOnly": STANDARD}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{page.url} {one['id']}: {node['html'][:120]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


def wear(page: Page, theme: str) -> None:
    origin = page.evaluate("location.origin")
    page.context.add_cookies([{"name": "theme", "value": theme, "url": origin}])


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_page_is_accessible(desk: Page, places: dict[str, str], theme: str) -> None:
    wear(desk, theme)
    found: list[str] = []
    for route in ROUTES:
        desk.goto(route.format(**places))
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 800})
            found += findings(desk)
            if desk.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{route} is wider than {width} px")
    assert found == []


def test_signing_in_is_accessible(server: Server, page: Page) -> None:
    page.goto("/sign-in")
    assert findings(page) == []


def test_open_dialogs_menus_and_tips_are_accessible(desk: Page, places: dict[str, str]) -> None:
    desk.goto("/style")
    desk.get_by_role("button", name="More actions").click()
    assert findings(desk) == []
    desk.keyboard.press("Escape")
    desk.locator("button.chip").first.focus()
    assert findings(desk) == []
    desk.goto(f"/customers/{places['customer']}")
    desk.get_by_role("link", name="Change status").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert findings(desk) == []


def test_nothing_breaks_the_policy_and_no_script_fails(desk: Page, places: dict[str, str]) -> None:
    said: list[str] = []
    desk.on("console", lambda message: said.append(message.text))
    desk.on("pageerror", lambda error: said.append(str(error)))
    for route in ("/customers", "/customers/new", f"/products/{places['product']}"):
        desk.goto(route)
    desk.goto(f"/customers/{places['customer']}")
    desk.get_by_role("link", name="Add contact").click()
    expect(desk.get_by_role("dialog")).to_be_visible()
    assert said == []


def test_a_chip_says_why_on_focus_and_escape_ends_it(desk: Page) -> None:
    desk.goto("/style")
    chip = desk.locator("button.chip").first
    tip = desk.locator(f"#{chip.get_attribute('data-tip')}")
    expect(tip).to_be_hidden()
    chip.focus()
    expect(tip).to_have_text("4 of 10 shippedThe customer is on hold for shipments")
    expect(tip).to_be_visible()
    desk.keyboard.press("Escape")
    expect(tip).to_be_hidden()
    chip.hover()
    expect(tip).to_be_visible()


def test_a_dialog_keeps_what_was_typed_until_somebody_says_so(
    desk: Page, places: dict[str, str]
) -> None:
    desk.goto(f"/customers/{places['customer']}")
    desk.get_by_role("link", name="Add contact").click()
    desk.get_by_label("First name").fill("Bea")
    desk.get_by_role("button", name="Save contact").click()
    expect(desk.get_by_label("Last name")).to_be_focused()
    expect(desk.get_by_label("First name")).to_have_value("Bea")
    expect(desk.get_by_role("link", name="Last name: This is needed.")).to_be_visible()
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Cancel").last.click()
    expect(desk.get_by_label("First name")).to_have_value("Bea")
    desk.keyboard.press("Escape")
    desk.get_by_role("button", name="Discard").click()
    expect(desk.locator("dialog[open]")).to_have_count(0)


def test_a_changed_form_asks_before_it_is_left(desk: Page) -> None:
    asked: list[str] = []
    desk.goto("/customers/new")
    desk.get_by_label("Name *").first.fill("Aster")
    desk.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    desk.goto("/customers")
    assert asked == ["beforeunload"]


def test_a_customer_is_added_with_the_keyboard_alone(desk: Page) -> None:
    desk.goto("/customers/new")
    desk.locator("#f-name").focus()
    desk.keyboard.type("Aster Jewellery")
    desk.locator("[name='addresses.0.is_ship_to']").focus()
    desk.keyboard.press("Space")
    desk.locator("[name='addresses.0.country']").focus()
    desk.keyboard.type("Canada")
    desk.keyboard.press("Control+Enter")
    expect(desk.get_by_role("heading", level=1)).to_have_text("Aster Jewellery")
    expect(desk.get_by_role("status")).to_contain_text("The customer is added.")


def test_suggestions_are_chosen_with_the_keyboard(desk: Page, places: dict[str, str]) -> None:
    desk.goto("/inventory/new")
    product = desk.get_by_role("combobox", name="Product")
    product.focus()
    desk.keyboard.type("rin")
    expect(desk.locator("#o-product_id [role=option]")).to_have_count(1)
    desk.keyboard.press("Enter")
    expect(product).to_have_value("Ring")
    expect(desk.locator("input[name='product_id']")).to_have_value(places["product"])


def test_a_search_narrows_the_list_and_its_address(desk: Page, company: Company) -> None:
    company.customer(name="Acme")
    company.customer(name="Borealis")
    desk.goto("/customers")
    desk.locator("#list-q").focus()
    desk.keyboard.type("bor")
    expect(desk.locator("tbody tr")).to_have_count(1)
    assert desk.url.endswith("/customers?q=bor")
    desk.reload()
    expect(desk.locator("tbody tr")).to_have_count(1)


def test_the_dark_theme_is_there_before_the_first_paint(desk: Page) -> None:
    wear(desk, "dark")
    answer = desk.request.get("/customers")
    assert 'data-bs-theme="dark"' in answer.text()


def test_a_dark_system_is_followed_without_a_flash(context: BrowserContext, server: Server) -> None:
    page = context.new_page()
    page.emulate_media(color_scheme="dark")
    page.goto("/sign-in", wait_until="commit")
    page.wait_for_selector("body", state="attached")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_the_theme_menu_changes_and_remembers(desk: Page) -> None:
    desk.goto("/customers")
    desk.get_by_role("button", name="Theme").click()
    desk.get_by_role("menuitemradio", name="Dark").click()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")
    desk.reload()
    expect(desk.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_the_menu_of_a_small_screen_opens_and_closes(desk: Page) -> None:
    desk.set_viewport_size({"width": 360, "height": 740})
    desk.goto("/customers")
    products = desk.get_by_role("link", name="Products")
    expect(products).to_be_hidden()
    desk.get_by_role("button", name="Menu").click()
    expect(products).to_be_visible()
    desk.keyboard.press("Escape")
    expect(products).to_be_hidden()


def test_paper_shows_no_chrome(desk: Page) -> None:
    desk.goto("/customers")
    desk.emulate_media(media="print")
    expect(desk.locator(".side")).to_be_hidden()
    expect(desk.locator(".top")).to_be_hidden()
    expect(desk.get_by_role("heading", name="Customers", exact=True)).to_be_visible()


def test_a_list_of_fifty_rows_is_light(desk: Page, company: Company) -> None:
    for number in range(50):
        company.customer(name=f"Customer {number:02}", email=f"c{number}@example.com")
    html = desk.request.get("/customers").body()
    assert len(html) < 60_000
