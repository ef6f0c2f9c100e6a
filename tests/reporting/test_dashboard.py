"""The dashboard: each figure is the number of rows of the list that it opens."""

import re
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.activity import records
from orderwright.catalog.models import Product
from orderwright.identity import actions as identity
from orderwright.identity.permissions import default_permissions
from orderwright.invoicing.models import Invoice
from orderwright.production.stages import STAGE
from orderwright.reporting.dashboard import dashboard
from orderwright.returns import actions as returns
from orderwright.returns.rules import Asked
from orderwright.sales import actions
from orderwright.sales.models import OrderTask, SalesOrder
from orderwright.shipping.models import Shipment
from orderwright.web.dashboard import url_of
from tests.company import PASSWORD, found_company
from tests.invoicing.billing_desk import Billing
from tests.production.workshop import Workshop
from tests.sales.desk import Desk, open_desk
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    """A company in the middle of a day, with something under every figure."""
    desk = open_desk()
    desk.by = replace(desk.by, now=datetime.now(tz=desk.by.now.tzinfo))
    today = desk.by.today
    gem = desk.product()
    desk.order({gem: 1})
    desk.order({gem: 1}, date_required=today)
    due = desk.issued({gem: 1}, date_required=today)
    desk.issued({gem: 900})
    desk.issued({gem: 1}, date_required=today + timedelta(days=3))
    held = desk.issued({gem: 2})
    actions.hold_order(by=desk.by, order=held.id, reason="wait")
    mine = desk.by.organization_id
    late = desk.order({gem: 1}, date_required=today)
    SalesOrder.objects.filter(pk=late.id).update(date_required=today - timedelta(days=2))
    ready = desk.issued({gem: 1})
    SalesOrder.objects.filter(pk=ready.id).update(fulfillment_status="ready_to_ship")
    for place, (stage, status, days) in enumerate(
        (
            ("packed", "pending", None),
            ("shipped", "in_transit", None),
            ("shipped", "in_transit", None),
            ("shipped", "exception", None),
            ("shipped", "delivered", 0),
            ("shipped", "delivered", 2),
        )
    ):
        Shipment.objects.create(
            organization_id=mine,
            number=f"SH-{place}",
            carrier_id=desk.company.carrier_id,
            stage=stage,
            tracking_status=status,
            delivered_at=None if days is None else desk.by.now - timedelta(days=days),
        )
    _make(desk)
    _bill_and_take_back(desk)
    Product.objects.create(organization_id=mine, sku="LOW", name="Low", reorder_threshold=5)
    Product.objects.create(organization_id=mine, sku="UNWATCHED", name="Unwatched")
    for days in (-1, 0, 1):
        OrderTask.objects.create(
            organization_id=mine, order_id=due.id, title="Ring", due_on=today + timedelta(days=days)
        )
    return desk


def _make(desk: Desk) -> None:
    """A job under way, and one that was completed today."""
    stage = records.create(by=desk.by, kind=STAGE, sent={"name": "Preform", "sort_order": 10})
    shop = Workshop(desk.company, desk.by, desk.customer, preform=stage)
    ring = shop.product(sku="RING", is_manufactured=True)
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    order = shop.issued({ring: 2})
    done = shop.job(order, inputs={silver: 4})
    shop.receive(done, pieces=1, received=4)
    shop.job(order, inputs={silver: 4})


def _bill_and_take_back(desk: Desk) -> None:
    """An invoice that is overdue, and a return that is on its way."""
    billing = Billing(desk.company, desk.by, desk.customer)
    order = billing.shipped({billing.product(sku="SOLD", base_price="10"): 3})
    invoice = billing.final(order)
    Invoice.objects.filter(pk=invoice.id).update(due_date=desk.by.today - timedelta(days=1))
    line = billing.line(order, 1)
    new = returns.NewReturn(order.id, [Asked(line.id, "1")], reason="Too small")
    returns.request_return(by=desk.by, new=new)


def rows_of(client: Client, url: str) -> int:
    answer = client.get(url)
    assert answer.status_code == 200, url
    return len(re.findall(r"<tr[ >]", answer.content.decode().partition("<tbody>")[2]))


def test_each_card_counts_the_rows_of_the_list_that_it_opens(desk: Desk) -> None:
    cards = dashboard(desk.by).cards
    client = signed_in(desk.company.email)
    desk.company.enter()
    counted = {card.name: card.count for card in cards}
    listed = {card.name: rows_of(client, url_of(card)) for card in cards}
    assert counted == listed
    assert [name for name, count in counted.items() if count == 0] == []


def test_each_card_counts_what_the_api_lists_under_the_filters_that_it_names(desk: Desk) -> None:
    cards = dashboard(desk.by).cards
    api = desk.company.api()
    listed = {
        card.name: api.get(f"{card.list}?{urlencode(card.filters)}&limit=100") for card in cards
    }
    assert {name: answer.status for name, answer in listed.items()} == {
        card.name: 200 for card in cards
    }
    assert {name: len(answer.body["data"]) for name, answer in listed.items()} == {
        card.name: card.count for card in cards
    }


def test_the_page_shows_the_same_figures_and_links(desk: Desk) -> None:
    page = signed_in(desk.company.email).get("/").content.decode()
    desk.company.enter()
    shown = re.findall(
        r'class="dash-card[^"]*" href="([^"]+)">.*?class="dash-count">([\d,]+)<', page, re.S
    )
    cards = dashboard(desk.by).cards
    assert {(url.replace("&amp;", "&"), int(count)) for url, count in shown} == {
        (url_of(card), card.count) for card in cards
    }


def test_roles_see_the_cards_that_they_may_open(desk: Desk) -> None:
    orders = {"open_orders", "due_today", "past_due", "ready_to_ship", "on_hold", "backordered"}
    orders |= {"estimates", "tasks_due"}
    shipping = {"picks_open", "packed", "in_transit", "exceptions", "delivered_today"}
    making = {"active_jobs", "completed_today"}
    seen = {
        "Member": {"low_stock"} | making,
        "Manager": orders | {"low_stock"} | making,
        "Warehouse": orders | shipping | making | {"low_stock", "returns_requested"},
    }
    for role, names in seen.items():
        by = replace(desk.by, role=role, permissions=default_permissions(role))
        assert {card.name for card in dashboard(by).cards} == names


def test_a_dashboard_costs_two_statements_whatever_happened(desk: Desk) -> None:
    with CaptureQueriesContext(connection) as statements:
        dashboard(desk.by)
    assert len(statements) == 2


def test_a_stranger_counts_nothing_of_others(desk: Desk) -> None:
    stranger = found_company("Strangers", email="eve@strangers.example")
    with transaction.atomic():
        stranger.enter()
        read = dashboard(stranger.by)
    assert {card.count for card in read.cards} == {0}
    assert read.feed == ()


def test_a_new_organization_is_told_its_first_steps_until_it_has_an_order() -> None:
    company = found_company()
    client = signed_in(company.email)
    page = client.get("/").content.decode()
    assert re.findall(r'<li class="(is-done|)">', page) == ["", "", "", ""]
    company.customer()
    company.product()
    with transaction.atomic():
        company.enter()
        identity.create_user(
            by=company.by, email="bob@works.example", role="Sales", password=PASSWORD
        )
    page = client.get("/").content.decode()
    assert re.findall(r'<li class="(is-done|)">', page) == ["is-done", "is-done", "is-done", ""]


def test_steps_end_with_the_first_order(desk: Desk) -> None:
    assert dashboard(desk.by).steps == ()


def test_what_happened_names_the_customer_only_to_those_who_may_know(desk: Desk) -> None:
    known = dashboard(desk.by).feed
    assert {entry.customer for entry in known} != {""}
    by = replace(desk.by, permissions=desk.by.permissions - {"customers:read"})
    hidden = dashboard(by).feed
    assert [entry.order_number for entry in hidden] == [entry.order_number for entry in known]
    assert {entry.customer for entry in hidden} == {""}


def test_the_api_answers_the_same_figures(desk: Desk) -> None:
    answer = desk.company.api().get("/dashboard").body
    desk.company.enter()
    cards = dashboard(desk.by).cards
    assert [(card["name"], card["count"]) for card in answer["cards"]] == [
        (card.name, card.count) for card in cards
    ]
    assert answer["first_steps"] == []
    for card in answer["cards"]:
        if card["list"] == "/sales-orders":
            listed = desk.company.api().get(card["list"], limit=200, **card["filters"])
            assert len(listed.body["data"]) == card["count"]


def test_the_api_finds_what_was_mistyped(desk: Desk) -> None:
    name = "Northwind Traders"
    desk.company.customer(name=name)
    answer = desk.company.api().get("/search", q="nothwind tradrs", kinds="customer")
    assert [hit["label"] for hit in answer.body["data"]] == [name]
    wrong = desk.company.api().get("/search", q="x", kinds="spaceship")
    assert (wrong.status, wrong.body["code"]) == (422, "unknown_kind")
    assert desk.company.api().get("/search", q="x", limit=0).body["code"] == "invalid_limit"
