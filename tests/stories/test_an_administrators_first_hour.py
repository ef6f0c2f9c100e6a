"""An administrator's first hour: from an empty organization to its first order.

What people do in front of the screen is done in a real browser; set-up pages that are plain forms
are posted as a browser posts them.
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from tests.company import Company, found_company
from tests.importing.desk import worked
from tests.plugins.server import Server
from tests.web.conftest import sign_in, signed_in
from tests.web.test_joining import links, run_jobs

CUSTOMERS = (
    b"Name,Number,Street,City,Postal code,Country\n"
    b"Acme Jewelers,C-1,1 Main St,Springfield,62701,US\n"
)
PRODUCTS = b"SKU,Name,Base price,Product line\nGR-18,Gold Ring,310.00,Rings\n"
WAREHOUSE = [
    "Dashboard", "Sales Orders", "Purchase Orders", "Returns", "Picks", "Shipments",
    "Inventory", "Jobs", "Runs", "Products", "Customers", "Suppliers", "Staff", "Reports",
]  # fmt: skip
CLOSED = ("/settings", "/settings/users", "/audit", "/pricing/customer-prices", "/settings/roles")

TRAIL = [
    "Organization: equipped",
    "Organization: updated",
    "User: created",
    "User: invited",
    "User: invitation sent",
    "User: joined",
    "Role: created",
    "Api key: created",
    "Payment term: created",
    "Product line: created",
    "Import: uploaded",
    "Import: started",
    "Customer: created",
    "Import: finished",
    "Import: uploaded",
    "Import: started",
    "Product: created",
    "Import: finished",
    "Customer price: created",
    "Sales order: created",
]


@dataclass(frozen=True, slots=True)
class Office:
    """The administrator's screen in an empty organization; `forms` posts what plain pages send."""

    company: Company
    server: Server
    page: Page
    forms: Client

    def steps(self) -> dict[str, bool]:
        """The checklist on the dashboard: what is done."""
        self.page.goto("/")
        rows = self.page.locator(".steps-list li").all()
        return {
            str(row.locator("a").text_content()): "is-done" in str(row.get_attribute("class"))
            for row in rows
        }

    def post(self, url: str, **sent: str | list[str]) -> Any:
        """Send the form of a page, which answers with the page that follows."""
        answer = self.forms.post(url, sent)
        assert answer.status_code == 302, (url, answer.content.decode()[-3000:])
        return answer

    def bring(self, kind: str, content: bytes) -> None:
        """A file becomes records, through the pages of imports."""
        file = SimpleUploadedFile(f"{kind}.csv", content)
        at = self.post("/imports/new", kind=kind, file=file).url  # type: ignore[arg-type]
        self.post(f"{at}/start")
        worked(self.company.by, UUID(at.rpartition("/")[2]))
        self.page.goto(at)
        expect(self.page.get_by_role("button", name="Undo")).to_be_visible()

    def found(self, path: str, **filters: str) -> Any:
        """The one record of a list."""
        (row,) = self.company.api().get(path, **filters).body["data"]
        return row

    def trail(self) -> list[str]:
        """Everything that the audit trail shows, the first on top."""
        self.page.goto("/audit")
        told = self.page.locator("main .list a[data-dialog]").all_text_contents()
        return [one for one in reversed(told) if ": " in one]


@pytest.fixture
def office(server: Server, page: Page) -> Office:
    """An organization that was founded a minute ago, and its founder at the sign-in page."""
    company = found_company()
    page.set_default_timeout(10_000)
    sign_in(page, company.email)
    return Office(company, server, page, signed_in(company.email))


def joined(office: Office, browser: Browser) -> tuple[list[str], list[int]]:
    """A colleague accepts the invitation: what their menu shows, and what closed pages answer."""
    assert run_jobs("directory.send_invitation") == 1
    (link,) = links("join")
    context = browser.new_context(base_url=office.server.url)
    theirs = context.new_page()
    theirs.goto(link)
    theirs.get_by_label("First name").fill("Bo")
    theirs.get_by_label("Password").fill("a good password")
    theirs.get_by_role("button", name="Join").click()
    theirs.wait_for_url("**/")
    menu = [text.strip() for text in theirs.locator("#side .side-link").all_text_contents()]
    answers = [context.request.get(path).status for path in CLOSED]
    context.close()
    return menu, answers


def choose(page: Page, typed: str, option: str) -> None:
    """Type into a chooser and take what it finds."""
    page.keyboard.type(typed)
    expect(page.get_by_role("option", name=option).and_(page.locator(":visible"))).to_be_visible()
    page.keyboard.press("Enter")


def called(office: Office, key: str) -> list[str]:
    """One call of the API with a key, over HTTP: the products that it reads."""
    asked = Request(
        f"{office.server.url}/api/v1/products", headers={"Authorization": f"Bearer {key}"}
    )
    with urlopen(asked, timeout=30) as answer:
        return [row["sku"] for row in json.loads(answer.read())["data"]]


def test_an_administrators_first_hour(office: Office, browser: Browser) -> None:
    page = office.page
    nothing = dict.fromkeys(
        ("Add products", "Add customers", "Invite people", "Enter the first order"), False
    )
    assert office.steps() == nothing

    page.goto("/settings/organization")
    page.get_by_label("Street").fill("1 Mill Lane")
    page.get_by_label("City").fill("Springfield")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_label("Street")).to_have_value("1 Mill Lane")

    page.goto("/settings/users/invite")
    page.get_by_label("E-mail").fill("bo@works.example")
    page.get_by_label("Role").select_option("Warehouse")
    page.get_by_role("button", name="Send the invitation").click()
    expect(page.get_by_text("An invitation goes to bo@works.example.")).to_be_visible()
    assert joined(office, browser) == (WAREHOUSE, [403] * len(CLOSED))

    office.post("/settings/roles/new", name="Counter", permissions=["products:read"])
    made = office.forms.post(
        "/settings/api-keys/new", {"name": "Shop", "role": "Counter", "expires": ""}
    )
    (key,) = re.findall(r'id="key">(ow_[^<]+)<', made.content.decode())
    office.post(
        "/settings/payment-terms/new", name="Net 7", code="NET7", timing="net", net_days="7"
    )
    office.post("/settings/product-lines/new", name="Rings")
    office.bring("customers", CUSTOMERS)
    office.bring("products", PRODUCTS)
    assert called(office, key) == ["GR-18"]
    office.post(
        "/pricing/customer-prices/new",
        customer_id=office.found("/customers")["id"],
        product_line_id=office.found("/product-lines")["id"],
        price="290",
        is_active="on",
    )
    assert office.steps() == nothing | {
        "Add products": True,
        "Add customers": True,
        "Invite people": True,
    }

    page.goto("/orders/sales/quick")
    choose(page, "Acme", "Acme Jewelers")
    choose(page, "GR-18", "Gold Ring")
    page.keyboard.type("3")
    expect(page.locator("[data-totals] .grand dd")).to_have_text("$870.00")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", name="SO-00001")).to_be_visible()
    assert office.trail() == TRAIL
