"""The pages of purchasing: list, page, dialogs, receiving, suppliers, the wizard."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.catalog import supplying
from orderwright.kernel.numbers import trim
from orderwright.purchasing import actions, queries
from orderwright.purchasing.page import OrderPage
from orderwright.sales import actions as sales
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from tests.company import PASSWORD
from tests.purchasing.buying import Buying, open_buying

pytestmark = pytest.mark.django_db

AT = "/orders/purchase/PO-00001"


@pytest.fixture
def desk() -> Buying:
    """A company with a supplier."""
    return open_buying()


@pytest.fixture
def web(desk: Buying, client: Client) -> Client:
    """The founder's browser."""
    client.post("/sign-in", {"email": desk.company.email, "password": PASSWORD})
    return client


def seen(desk: Buying) -> OrderPage:
    """The first purchase order as it stands."""
    desk.company.enter()
    return queries.order_page(desk.by, "PO-00001")


def text(response: Any, status: int = 200) -> str:
    """What a page says."""
    assert response.status_code == status, response.content.decode()[:3000]
    return str(response.content.decode())


def post(web: Client, url: str, sent: Mapping[str, Any], status: int = 302) -> Any:
    """A form that was sent."""
    response = web.post(url, sent)
    assert response.status_code == status, response.content.decode()[:3000]
    return response


def test_every_page_of_purchasing_opens(desk: Buying, web: Client) -> None:
    gem = desk.product(sku="GEM", name="Round Gem")
    order = desk.ordered({gem: 10})
    receipt = desk.receive(order, {1: 4})
    line = order.lines[0].id
    quote = desk.order({gem: 5})
    for page in (
        "/orders/purchase",
        "/orders/purchase?status=ordered&closed=no",
        "/orders/purchase?past_due=yes&q=rough&sort=-total",
        "/orders/purchase/new",
        f"/orders/purchase/new?supplier={desk.supplier}",
        AT,
        f"{AT}?tab=receipts",
        *(f"{AT}/{name}" for name in ("hold", "cancel-lines", "close", "edit", "note", "receive")),
        f"{AT}/lines/add",
        f"{AT}/lines/{line}",
        f"{AT}/receipts/{receipt.id}/reverse",
        f"/orders/purchase/{quote.head.number}/issue",
        f"/orders/purchase/{quote.head.number}/remove",
        "/suppliers",
        "/suppliers/new",
        f"/suppliers/{desk.supplier}",
        f"/suppliers/{desk.supplier}/orders",
        f"/suppliers/{desk.supplier}/activity",
        f"/suppliers/{desk.supplier}/edit",
        "/lookup/suppliers?q=rough",
        f"/lookup/products?supplier_id={desk.supplier}",
        f"/products/{gem}",
    ):
        text(web.get(page))
    document = web.get(f"{AT}/document.pdf")
    assert document.content.startswith(b"%PDF")
