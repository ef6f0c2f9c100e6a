"""A real browser walks through every page of a company with one of everything."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

import brotli
import pytest
from django.db import connection, transaction
from django.test import TransactionTestCase
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page
from pytest_django import DjangoDbBlocker

import orderwright.web
from orderwright.inventory import lots
from orderwright.sales import actions as sales
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from tests.company import PASSWORD, Company
from tests.plugins.server import Server
from tests.web.conftest import sign_in
from tests.web.places import Places, open_places, routes
from tests.web.test_browser import AXE, STANDARD
from tests.web.themes import WEAR

FIRST_LOAD: Final = 200_000
FIFTY_ROWS: Final = 60_000
WIDTHS: Final = (1280, 768, 360)
NARROW: Final = (768, 360)
THEMES: Final = (("light", STANDARD), ("dark", ["color-contrast"]))
TIMING: Final = re.compile(r"total;dur=\d+\.\d, db;dur=\d+\.\d")

# Pages that answer something else than 200, and why.
ELSEWHERE: Final[dict[str, int]] = {
    # The second step of signing in, for who has given no password: back to the first.
    "sign-in/second": 302,
    # An empty draft goes on at its step.
    "orders/sales/new/<uuid:draft_id>": 302,
    # Nobody has sent a logo.
    "settings/organization/logo.bin": 404,
    # What our one order is not in the state for: the page says why not.
    "orders/sales/<str:reference>/production-run": 409,
    "production/jobs/<str:reference>/reopen": 409,
    # Our one payment is no credit memo, and our company has no tax number for e-invoices.
    "payments/<str:reference>/credit-memo.pdf": 409,
    "payments/<str:reference>/factur-x.pdf": 409,
    "payments/<str:reference>/ubl.xml": 409,
    "invoices/<str:reference>/factur-x.pdf": 422,
    "invoices/<str:reference>/ubl.xml": 422,
    "orders/purchase/<str:reference>/issue": 409,
    "orders/purchase/<str:reference>/unissue": 409,
    "orders/purchase/<str:reference>/release-hold": 409,
    "orders/purchase/<str:reference>/restore-lines": 409,
    "orders/purchase/<str:reference>/open": 409,
    "orders/purchase/<str:reference>/remove": 409,
    # A job is made on the page of new jobs.
    "orders/sales/<str:reference>/create-production-job": 302,
    "orders/purchase/new/<uuid:draft_id>": 302,
}

STATIC: Final = Path(orderwright.web.__file__).parent / "static"

# What is wrong with the layout of a page as it stands: wider than the screen, cut off, too small.
LAYOUT: Final = """() => {
  const told = [];
  if (document.documentElement.scrollWidth > innerWidth)
    told.push(`is ${document.documentElement.scrollWidth} px wide`);
  const shown = (one) => one.checkVisibility({checkOpacity: true, checkVisibilityCSS: true});
  const scrolls = (one) => {
    for (let at = one.parentElement; at; at = at.parentElement)
      if (/auto|scroll|hidden|clip/.test(getComputedStyle(at).overflowX)) return true;
    return false;
  };
  for (const one of document.querySelectorAll("main *")) {
    if (!shown(one)) continue;
    const box = one.getBoundingClientRect();
    if (box.width > 1 && (box.right > innerWidth + 1 || box.left < -1) && !scrolls(one))
      told.push(`cut off: ${one.outerHTML.slice(0, 90)}`);
  }
  const targets = "a[href], button, input:not([type=hidden]), select, textarea, [role=tab]";
  const boxes = [...document.querySelectorAll(targets)].filter(shown).map((one) => {
    const held = one.matches("[type=checkbox], [type=radio]") && one.closest("label");
    return [one, (held || one).getBoundingClientRect()];
  }).filter(([, box]) => box.width > 1 && box.height > 1);
  for (const [one, box] of boxes) {
    if (one.closest(".skip, p") || getComputedStyle(one).display === "inline") continue;
    if (box.height > 23.5 && box.width > 23.5) continue;
    // A smaller one is fine where 24 px around its middle touch no other.
    const x = (box.left + box.right) / 2, y = (box.top + box.bottom) / 2;
    const near = boxes.some(([other, at]) => other !== one && !other.contains(one)
      && at.left < x + 12 && at.right > x - 12 && at.top < y + 12 && at.bottom > y - 12);
    if (near) told.push(`${Math.round(box.width)} x ${Math.round(box.height)} px: `
                        + one.outerHTML.slice(0, 90));
  }
  return told;
}"""
LISTEN: Final = """
  window.broken = [];
  addEventListener("securitypolicyviolation", (event) =>
    window.broken.push(`${event.violatedDirective} ${event.blockedURI}`));
"""
AXE_RUN: Final = "options => axe.run(document, options)"


@dataclass
class Walk:
    """What a walk through all pages has seen; each finding starts with a page."""

    places: Places
    pages: dict[str, str] = field(default_factory=dict)
    status: dict[str, int] = field(default_factory=dict)
    headers: dict[str, dict[str, str]] = field(default_factory=dict)
    scripts: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    axe: list[str] = field(default_factory=list)
    layout: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def filled(
    server_process: Server, django_db_setup: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[Places]:
    """One of everything, for all tests of this file."""
    with django_db_blocker.unblock():
        yield open_places()
        connection.close()
        TransactionTestCase._fixture_teardown(TransactionTestCase())


@pytest.fixture(scope="module")
def desk(
    browser: Browser, server_process: Server, filled: Places
) -> Iterator[tuple[BrowserContext, Page]]:
    """The Admin's browser, signed in with a password given once more."""
    context = browser.new_context(
        base_url=server_process.url, viewport={"width": 1280, "height": 800}
    )
    context.add_init_script(LISTEN)
    page = context.new_page()
    page.set_default_timeout(15_000)
    sign_in(page, filled.world.company.email)
    page.goto("/sign-in/again?next=/account")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    # Not "**/account": the address of the form ends with that too, and the walk would begin before
    # the answer has renewed the session.
    page.wait_for_url(f"{server_process.url}/account")
    yield context, page
    context.close()


@pytest.fixture(scope="module")
def walk(desk: tuple[BrowserContext, Page], filled: Places) -> Walk:
    """Every page that a GET reaches, opened once."""
    context, page = desk
    told = Walk(filled)
    for route in routes():
        address = filled.at(route)
        answer = context.request.get(address, max_redirects=0)
        if answer.status == 405 or (answer.status == 302 and _only_posts(answer, route)):
            continue
        told.status[route] = answer.status
        told.headers[route] = answer.headers
        # A part of a page is looked at on the page that asks for it.
        if answer.status == 200 and "<html" in answer.body()[:200].decode(errors="replace"):
            told.pages[route] = address
    page.on("request", lambda asked: told.hosts.add(urlsplit(asked.url).netloc))
    page.on("console", lambda said: told.scripts.append(f"{page.url}: {said.text}"))
    page.on("pageerror", lambda error: told.scripts.append(f"{page.url}: {error}"))
    for address in [*told.pages.values(), "/nowhere"]:
        _look_at(page, address, told)
    return told


def _only_posts(answer: APIResponse, route: str) -> bool:
    """Whether the page sends who came by a link back to where the button is."""
    return route not in ELSEWHERE and "sign-in" not in answer.headers["location"]


def _look_at(page: Page, address: str, told: Walk) -> None:
    page.set_viewport_size({"width": WIDTHS[0], "height": 800})
    page.goto(address)
    page.evaluate(AXE.read_text())
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        if width in NARROW:
            told.layout += [f"{address} at {width} px {said}" for said in page.evaluate(LAYOUT)]
        for theme, rules in THEMES:
            page.evaluate(WEAR, theme)
            where = f"{address} at {width} px, {theme}"
            told.axe += [f"{where}: {said}" for said in _axe(page, rules)]
    told.scripts += [f"{address}: {said}" for said in page.evaluate("window.broken")]


def _axe(page: Page, rules: list[str]) -> list[str]:
    """What axe has to say of the page as it stands; one rule, or all of some standards."""
    kind = "tag" if len(rules) > 1 else "rule"
    options = {"resultTypes": ["violations"], "runOnly": {"type": kind, "values": rules}}
    found = page.evaluate(AXE_RUN, options)["violations"]
    return [f"{one['id']}: {node['html'][:120]}" for one in found for node in one["nodes"]]


def test_every_page_answers(walk: Walk) -> None:
    wrong = {
        route: status
        for route, status in walk.status.items()
        if status != ELSEWHERE.get(route, 200)
    }
    assert wrong == {}


def test_no_script_fails_and_nothing_breaks_the_policy(walk: Walk) -> None:
    expected = [said for said in walk.scripts if "/nowhere" not in said]
    assert expected == []


def test_no_page_asks_another_host(walk: Walk, server_process: Server) -> None:
    assert walk.hosts == {urlsplit(server_process.url).netloc}


def test_axe_finds_nothing_in_either_theme_at_any_width(walk: Walk) -> None:
    assert walk.axe == []


def test_nothing_is_cut_off_or_too_small_on_narrow_screens(walk: Walk) -> None:
    assert walk.layout == []


def test_every_page_tells_its_time_and_is_protected(walk: Walk) -> None:
    bare = [
        route
        for route, held in walk.headers.items()
        if not TIMING.fullmatch(held.get("server-timing", ""))
        or held.get("x-content-type-options") != "nosniff"
        or held.get("x-frame-options") != "DENY"
        or "script-src 'self'" not in held.get("content-security-policy", "")
    ]
    assert bare == []


def test_answers_of_the_api_are_protected_too(walk: Walk, server_process: Server) -> None:
    api = walk.places.world.api
    for path in ("/sales-orders", "/no-such-thing", "/openapi.json"):
        held = api.get(path).headers
        assert held["X-Content-Type-Options"] == "nosniff"
        assert held["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"


@pytest.mark.parametrize("address", ["/", "/orders/sales", "/sign-in", "/orders/sales/SO-00001"])
def test_a_first_load_is_light(
    browser: Browser, desk: tuple[BrowserContext, Page], server_process: Server, address: str
) -> None:
    state = desk[0].storage_state()
    context = browser.new_context(base_url=server_process.url, storage_state=state)
    page = context.new_page()
    page.goto(address, wait_until="networkidle")
    sizes: dict[str, int] = page.evaluate(
        """() => Object.fromEntries([...performance.getEntriesByType("navigation"),
             ...performance.getEntriesByType("resource")].map((one) => [one.name, one.transferSize])
        )"""
    )
    context.close()
    weights = {url: _on_the_wire(url, size) for url, size in sizes.items()}
    assert sum(weights.values()) <= FIRST_LOAD, weights


def _on_the_wire(url: str, size: int) -> int:
    """What a file weighs where static files are collected and compressed, as a wheel has them."""
    path = STATIC / urlsplit(url).path.removeprefix("/static/")
    if path.suffix not in (".css", ".js") or not path.is_file():
        return size
    return min(size, len(brotli.compress(path.read_bytes())) + 350)


@pytest.mark.parametrize(
    "address", ["/customers", "/products", "/inventory", "/orders/sales", "/audit", "/picks"]
)
def test_a_list_of_fifty_rows_is_light(
    many: None, desk: tuple[BrowserContext, Page], address: str
) -> None:
    html = desk[0].request.get(address).body()
    assert len(html) <= FIFTY_ROWS


@pytest.fixture(scope="module")
def many(filled: Places) -> None:
    """Fifty more of what lists show."""
    company = filled.world.company
    product = company.product(sku="MANY")
    for number in range(50):
        company.customer(name=f"Customer {number:02}", email=f"c{number}@example.com")
        company.product(sku=f"SKU-{number:02}")
    with transaction.atomic():
        company.enter()
        for _ in range(50):
            lots.add_lot(by=company.by, sent={"product_id": str(product), "quantity": "5"})
            order_of_two(company, filled, product)


def order_of_two(company: Company, filled: Places, product: Any) -> None:
    made = create_order(
        by=company.by,
        new=NewOrder(
            customer_id=filled.world.ids["customers"],
            order_lead_id=company.lead_id,
            accept_terms=True,
            lines=[NewLine(product_id=product, quantity="2")],
        ),
    )
    sales.issue_order(by=company.by, order=made.id)
