"""Scripts that somebody types into a field: every page shows them as the text that they are."""

import re
from dataclasses import dataclass, field
from typing import Any, Final

import pytest
from django.db import transaction
from django.test import Client
from playwright.sync_api import Dialog, Page, expect

from orderwright.activity.models import Event, SavedView
from tests.access.world import made
from tests.company import PASSWORD, Api, Company, found_company
from tests.plugins.server import Server
from tests.stories.scanner import SCANNER
from tests.web.conftest import sign_in

SCRIPT: Final = "'\"><img src=x onerror=__xss=1>"
LISTEN: Final = """
  window.broken = [];
  addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
# What the page would hold had a text become markup, or a link of it had become a script.
GREW: Final = """() => [
  ...document.querySelectorAll("[onerror], [onfocus], [src='x'], a[href^='javascript']"),
].map((one) => one.outerHTML.slice(0, 120)).concat(window.broken, window.__xss ? ["ran"] : [])"""
SHOWN: Final = """() => [
  document.body.textContent,
  ...[...document.querySelectorAll("input, textarea")].map((one) => one.value),
].join("\\n")"""


def evil(name: str) -> str:
    """A text that would run if it were ever taken for markup, told apart by its name."""
    return f"{name}{SCRIPT}"


@dataclass
class Trap:
    """A company where every text is a script."""

    company: Company
    ids: dict[str, str]
    sprung: list[str] = field(default_factory=list)

    def look(self, page: Page, at: str, *names: str) -> None:
        """Notes what ran on this page, and which of the texts it does not show as they are."""
        self.sprung += [f"{at}: {one}" for one in page.evaluate(GREW)]
        shown = page.evaluate(SHOWN)
        self.sprung += [f"{at}: no {name}" for name in names if evil(name) not in shown]


def addressed(name: str) -> dict[str, Any]:
    """An address of scripts, to bill and ship to."""
    place = {part: evil(part) for part in ("company", "attention", "street_1", "city")}
    return {"label": evil(name), **place, "postal_code": "1<b>", "country": "US",
            "is_bill_to": True, "is_ship_to": True}  # fmt: skip


def filled(company: Company, api: Api) -> dict[str, str]:
    """A customer, a product, an issued order with a task, a shipment and a role, all of scripts."""
    customer = made(
        api,
        "/customers",
        {
            **{one: evil(one) for one in ("name", "first_name", "last_name", "nickname")},
            "notes": evil("customer_notes"),
            "addresses": [addressed("label")],
            "contacts": [
                {
                    "first_name": evil("contact"),
                    "last_name": evil("contact_last"),
                    "email": "bea@acme.example",
                }
            ],
        },
    )
    product = made(
        api,
        "/products",
        {
            "sku": evil("sku"),
            "name": evil("product"),
            "description": evil("description"),
            "aliases": [evil("alias")],
            "base_price": "4",
        },
    )
    lot = made(api, "/lots", {"product_id": product["id"], "quantity": "50"})
    lead = made(api, "/staff", {"nickname": evil("lead"), "email": "bo@works.example"})
    order = made(
        api,
        "/sales-orders",
        {
            "customer_id": customer["id"],
            "order_lead_id": lead["id"],
            "accept_terms": True,
            "customer_po_number": evil("po"),
            "notes": evil("notes"),
            "internal_note": evil("internal"),
            "lines": [
                {
                    "product_id": product["id"],
                    "quantity": "5",
                    "description": evil("line"),
                    **{one: evil(one) for one in ("size", "shape", "color", "quality")},
                }
            ],
        },
    )
    at = f"/sales-orders/{order['id']}"
    made(api, f"{at}/tasks", {"title": evil("task")})
    assert api.post(f"{at}/actions/issue").status == 200
    parcel = {
        "carrier_id": str(company.carrier_id),
        "tracking_number": evil("track"),
        "note": evil("shipment_note"),
        "lines": [
            {
                "line_id": order["lines"][0]["id"],
                "lots": [{"lot_id": lot["id"], "quantity": "2"}],
            }
        ],
    }
    shipment = made(api, f"{at}/actions/create-shipment", parcel)
    assert api.post(f"{at}/actions/hold", {"reason": evil("hold")}).status == 200
    role = made(api, "/roles", {"name": evil("role"), "permissions": ["products:read"]})
    return {
        "customer": customer["id"],
        "product": product["id"],
        "role": role["id"],
        "order": order["number"],
        "shipment": shipment["number"],
    }


def saved_view(company: Company) -> str:
    """A view of the order list with a script for a name."""
    browser = Client()
    assert (
        browser.post("/sign-in", {"email": company.email, "password": PASSWORD}).status_code == 302
    )
    sent = {"name": evil("view"), "query": "priority=normal"}
    assert browser.post("/lists/sales-orders/views/new", sent).status_code in (200, 302)
    with transaction.atomic():
        company.enter()
        return str(SavedView.objects.of(company.id).get().pk)


@pytest.fixture
def trap(server: Server) -> Trap:
    """The company, behind its server."""
    company = found_company()
    ids = filled(company, company.api()) | {"view": saved_view(company)}
    with transaction.atomic():
        company.enter()
        for kind in ("customer", "product", "sales_order"):
            rows = Event.objects.of(company.id).filter(type=f"{kind}.created")
            ids[f"{kind}_event"] = str(rows.order_by("pk")[0].pk)
    return Trap(company, ids)


@pytest.fixture
def screen(trap: Trap, page: Page) -> Page:
    """The founder's browser, where no dialog of a script may open."""

    def asked(dialog: Dialog) -> None:
        if dialog.type != "beforeunload":
            trap.sprung.append(f"{page.url}: a dialog says {dialog.message}")
        dialog.accept()

    page.set_default_timeout(10_000)
    page.add_init_script(LISTEN)
    page.on("dialog", asked)
    sign_in(page, trap.company.email)
    return page


# Each page, and the texts that stand on it.
PAGES: Final[dict[str, tuple[str, ...]]] = {
    "/": ("name",),
    "/tasks": ("task",),
    "/customers": ("name",),
    "/customers/{customer}": ("name", "customer_notes", "street_1", "city", "contact"),
    "/customers/{customer}/edit": ("name", "first_name", "nickname", "customer_notes"),
    "/customers/{customer}/orders": ("name", "po"),
    "/customers/{customer}/shipments": ("name",),
    "/customers/{customer}/prices": ("name",),
    "/customers/{customer}/activity": ("name",),
    "/customers/{customer}/item-codes": (),
    "/products": ("product", "sku"),
    "/products/{product}": ("product", "sku", "description", "alias"),
    "/products/{product}/edit": ("product", "sku", "description"),
    "/inventory": ("product",),
    "/inventory/new": (),
    "/orders/sales": ("name", "view", "lead"),
    "/views/{view}": ("view",),
    "/orders/sales/{order}": ("name", "po", "notes", "internal", "line", "hold", "street_1"),
    "/orders/sales/{order}?tab=tasks": ("task",),
    "/orders/sales/{order}?tab=shipments": ("track",),
    "/orders/sales/{order}?tab=timeline": ("hold",),
    "/orders/sales/{order}/edit": ("notes",),
    "/orders/sales/{order}/cancel-lines": (),
    "/orders/sales/{order}/select-inventory": (),
    "/orders/sales/{order}/shipments": ("track",),
    "/orders/sales/quick?copy={order}": ("name",),
    "/orders/sales/new": ("lead",),
    "/picks": ("name",),
    "/picks/{order}": ("name", "product"),
    "/shipments": ("name", "track"),
    "/shipments/{shipment}": ("name", "track", "shipment_note", "street_1", "line"),
    "/shipments/{shipment}/edit": ("track", "shipment_note"),
    "/search?q=product": ("product",),
    "/search?q=%27%22%3E%3Cimg+src%3Dx+onerror%3D__xss%3D1%3E": (),
    "/audit": ("name", "product", "role"),
    "/audit/{customer_event}": ("name", "customer_notes"),
    "/audit/{product_event}": ("product", "description"),
    "/audit/{sales_order_event}": (),
    "/settings/roles": ("role",),
    "/settings/roles/{role}": ("role",),
    "/settings/users/invite": ("role",),
    "/settings/api-keys/new": ("role",),
    "/staff": ("lead",),
    "/pricing/checker": (),
}


def test_every_page_shows_a_script_as_text(trap: Trap, screen: Page) -> None:
    screen.goto("/sign-in/again?next=/account")
    screen.get_by_label("Password").fill(PASSWORD)
    screen.keyboard.press("Enter")
    screen.wait_for_url(re.compile(r"/account$(?<!next=/account)"))
    for route, names in PAGES.items():
        at = route.format(**trap.ids)
        answer = screen.goto(at)
        assert answer is not None
        assert (at, answer.status) == (at, 200)
        trap.look(screen, route, *names)
    assert trap.sprung == []


def test_what_our_own_scripts_draw_is_text_too(trap: Trap, screen: Page) -> None:
    """Palette, choosers, toasts and the words of the scanner are put in by scripts."""
    screen.goto(f"/orders/sales/{trap.ids['order']}")
    screen.goto("/")
    screen.keyboard.press("Control+k")
    screen.keyboard.type("product'\"><img")
    expect(screen.locator("#palette [aria-label='Products'] [role=option]").first).to_be_visible()
    trap.look(screen, "palette", "product")
    screen.goto("/orders/sales/quick")
    screen.keyboard.type("name'\"")
    expect(
        screen.get_by_role("option", name="name").and_(screen.locator(":visible"))
    ).to_be_visible()
    trap.look(screen, "chooser", "name")
    screen.keyboard.press("Enter")
    trap.look(screen, "chosen", "name")
    screen.goto(f"/picks/{trap.ids['order']}")
    for code in (evil("nothing"), evil("sku")):
        screen.evaluate(SCANNER, code)
        expect(screen.locator("[data-scan-said]")).to_contain_text(SCRIPT)
        trap.look(screen, f"scanned {code}")
    screen.goto(f"/customers/{trap.ids['customer']}/edit")
    screen.get_by_label("Notes").fill(evil("changed"))
    screen.get_by_role("button", name="Save").first.click()
    screen.wait_for_url(f"**/customers/{trap.ids['customer']}")
    trap.look(screen, "toast", "changed")
    assert trap.sprung == []


def test_a_text_that_became_markup_would_be_noticed(trap: Trap, screen: Page) -> None:
    """The proof of the others: they would fail if one text were put into a page as it is."""
    screen.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", evil("probe"))
    screen.wait_for_function("window.broken.length")
    trap.look(screen, "probe", "probe")
    assert [one.partition(" ")[0] for one in trap.sprung] == ["probe:"] * 3
    assert [one.split()[1] for one in trap.sprung] == ["<img", "script-src-attr", "no"]
