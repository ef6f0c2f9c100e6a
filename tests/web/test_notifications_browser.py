"""The bell in a real browser: by keyboard, without a reload, and as axe sees it."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.activity.models import Event
from orderwright.notifications import telling
from orderwright.sales import actions as sales
from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk
from tests.web.test_browser import findings, wear


@pytest.fixture
def desk(server: Server) -> Desk:
    return open_desk()


def tell(desk: Desk, count: int) -> None:
    """The founder, who leads them, hears of so many orders on hold."""
    company = desk.company
    for _ in range(count):
        order = desk.order()
        with transaction.atomic():
            company.enter()
            sales.issue_order(by=company.by, order=order.id)
            sales.hold_order(by=company.by, order=order.id, reason="Address?")
            event = Event.objects.of(company.id).get(type="sales_order.held", subject_id=order.id)
            telling.tell_of_event(by=company.by, event_id=event.pk, mail=lambda ids: None)


def test_the_count_falls_as_one_reads_without_a_reload(desk: Desk, page: Page) -> None:
    page.set_default_timeout(10_000)
    tell(desk, 2)
    desk.sign_in(page)
    bell = page.locator("[data-bell]")
    expect(bell).to_have_accessible_name("Notifications, 2 unread")
    tell(desk, 1)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(bell).to_have_accessible_name("Notifications, 3 unread")
    bell.focus()
    page.keyboard.press("Enter")
    items = page.locator("#bell-newest .note")
    expect(items).to_have_count(3)
    expect(items.first).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1)).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/sales/SO-00002")
    expect(bell).to_have_accessible_name("Notifications, 2 unread")
    bell.click()
    page.get_by_role("button", name="Mark all as read").click()
    expect(bell).to_have_accessible_name("Notifications")
    assert page.url.endswith("/orders/sales/SO-00002")


@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_at_the_bell_the_list_and_the_choice(
    desk: Desk, page: Page, width: int
) -> None:
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": width, "height": 800})
    tell(desk, 2)
    desk.sign_in(page)
    page.locator("[data-bell]").click()
    expect(page.locator("#bell-newest .note")).to_have_count(2)
    found = [findings(page)]
    for at in ("/notifications", "/notifications?status=all", "/notifications/preferences"):
        page.goto(at)
        for theme in ("light", "dark"):
            wear(page, theme)
            found.append(findings(page))
            fits = page.evaluate("document.documentElement.scrollWidth <= innerWidth")
            assert fits, (at, width)
    assert found == [[]] * 7
