"""The pages of purchasing: list, page, dialogs, receiving, suppliers, the wizard."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.catalog import supplying
from orderwright.documents import actions as documents
from orderwright.kernel.ids import new_id
from orderwright.kernel.numbers import trim
from orderwright.purchasing import actions, queries, reversing
from orderwright.purchasing.page import OrderPage
from orderwright.purchasing.receiving import Arrived
from orderwright.purchasing.reversing import Reversal
from orderwright.sales import actions as sales
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from tests.company import PASSWORD
from tests.purchasing.buying import Buying, open_buying
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

AT = "/orders/purchase/PO-00001"


@pytest.fixture
def desk() -> Buying:
    """A company with a supplier."""
    return open_buying()


@pytest.fixture
def web(desk: Buying) -> Client:
    """The founder's browser."""
    return signed_in(desk.company.email)


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


def test_an_order_is_issued_received_and_reversed(desk: Buying, web: Client) -> None:
    gem = desk.product(sku="GEM", name="Round Gem")
    order = desk.order({gem: 10})
    line = order.lines[0].id
    post(web, f"{AT}/issue", {"version": 1})
    assert seen(desk).head.status == "ordered"
    assert f'name="quantity-{line}" type="text" value="10"' in text(web.get(f"{AT}/receive"))
    arrived = {"line": str(line), f"quantity-{line}": "4", f"rejected-{line}": "1", "version": 2}
    post(web, f"{AT}/receive", arrived)
    told = text(web.get(f"{AT}?tab=receipts"))
    assert "PO-00001-R1 is received." in told
    assert [trim(one) for one in (seen(desk).lines[0].received, seen(desk).lines[0].rejected)] == [
        "4",
        "1",
    ]
    (receipt,) = queries.receipts(desk.by, order.id)
    post(web, f"{AT}/receipts/{receipt.id}/reverse", {"reason": "Wrong order"})
    assert trim(seen(desk).lines[0].received) == "0"


def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Buying, web: Client
) -> None:
    order = desk.ordered({desk.product(sku="GEM"): 10, desk.product(sku="RING"): 5})
    first, second = (line.id for line in order.lines)
    sent = {
        "line": [str(first), str(second)],
        f"quantity-{first}": "",
        f"quantity-{second}": "many",
        f"rack-{second}": "B7",
    }
    told = text(post(web, f"{AT}/receive", sent, 422), 422)
    assert f'id="e-quantity-{second}"' in told
    assert 'value="many"' in told
    assert 'value="B7"' in told
    stale = {"line": str(first), f"quantity-{first}": "1", "version": 1}
    assert "Somebody changed this purchase order" in text(
        post(web, f"{AT}/receive", stale, 409), 409
    )
    nothing = {"line": str(first), f"quantity-{first}": "0"}
    assert "Nothing has arrived" in text(post(web, f"{AT}/receive", nothing, 422), 422)
    assert [trim(line.received) for line in seen(desk).lines] == ["0", "0"]


def test_more_than_ordered_is_received_after_a_yes(desk: Buying, web: Client) -> None:
    order = desk.ordered({desk.product(sku="GEM"): 10})
    line = order.lines[0].id
    sent = {"line": str(line), f"quantity-{line}": "12"}
    told = text(post(web, f"{AT}/receive", sent, 409), 409)
    assert 'value="over_receipt"' in told
    post(web, f"{AT}/receive", {**sent, "confirm": "over_receipt"})
    assert trim(seen(desk).lines[0].received) == "12"


def test_after_receiving_it_is_said_which_orders_are_covered(desk: Buying, web: Client) -> None:
    gem = desk.product(sku="GEM")
    customer = desk.company.customer(name="Acme")
    with transaction.atomic():
        wanted = create_order(
            by=desk.by,
            new=NewOrder(
                customer_id=customer,
                order_lead_id=desk.company.lead_id,
                lines=[NewLine(product_id=gem, quantity="6")],
                accept_terms=True,
            ),
        )
        sales.issue_order(by=desk.by, order=wanted.id)
    order = desk.ordered({gem: 10})
    line = order.lines[0].id
    assert "Orders wait for 6 pcs" in text(web.get(AT))
    post(web, f"{AT}/receive", {"line": str(line), f"quantity-{line}": "4"})
    assert "Covers SO-00001 line 1." in text(web.get(AT))
    told = text(web.get("/orders/sales/SO-00001"))
    assert "Receipt PO-00001-R1 covers line 1 (4 pcs)" in told


def test_lines_and_terms_are_edited(desk: Buying, web: Client) -> None:
    order = desk.order({desk.product(sku="GEM"): 10})
    line = order.lines[0].id
    post(web, f"{AT}/lines/{line}", {"quantity": "12", "unit_price": "4.50", "version": 1})
    box = {"quantity": "1", "unit": "pcs", "description": "A box"}
    post(web, f"{AT}/lines/add", {**box, "version": 2})
    post(web, f"{AT}/edit", {"supplier_reference": "Q-77", "priority": "high", "version": 3})
    post(web, f"{AT}/note", {"internal_note": "Ask again"})
    page = seen(desk)
    assert [(line.description, trim(line.ordered)) for line in page.lines][1] == ("A box", "1")
    assert (trim(page.lines[0].unit_price), page.head.supplier_reference) == ("4.5", "Q-77")
    assert (page.head.priority, page.head.internal_note) == ("high", "Ask again")
    post(web, f"{AT}/lines/{page.lines[1].id}/delete", {})
    post(web, f"{AT}/cancel-lines", {"line": str(line), "reason": "Too late"})
    post(web, f"{AT}/restore-lines", {"line": str(line)})
    post(web, f"{AT}/hold", {"reason": "Wait"})
    post(web, f"{AT}/release-hold", {})
    post(web, f"{AT}/close", {})
    post(web, f"{AT}/open", {})
    wrong = post(web, f"{AT}/remove", {"confirm_number": "PO-2"}, 422)
    assert "Type the number" in text(wrong, 422)
    post(web, f"{AT}/remove", {"confirm_number": "PO-00001"})


def test_notes_become_a_purchase_order_with_the_suppliers_own_codes(
    desk: Buying, web: Client
) -> None:
    gem = desk.product(sku="GEM", name="Round Gem", unit_cost="3")
    with transaction.atomic():
        supplying.change_supplier(
            by=desk.by,
            supplier_id=desk.supplier,
            sent={"supplied_products": [{"product_id": str(gem), "code": "RS-100"}]},
        )
    notes = {
        "supplier_id": str(desk.supplier),
        "order_lead_id": str(desk.company.lead_id),
        "notes": "20 pcs RS-100",
    }
    at = post(web, "/orders/purchase/new", notes)["Location"]
    assert 'value="Round Gem"' in text(web.get(at))
    row = {
        "row_product_id": str(gem),
        "row_product_name": "Round Gem",
        "row_quantity": "20",
        "row_unit": "pcs",
        "row_accepted": "yes",
    }
    unaccepted = post(web, at, {**row, "row_accepted": ""}, 422)
    assert "accept it, or delete it" in text(unaccepted, 422)
    at = post(web, at, row)["Location"]
    assert 'name="lines.0.unit_price" value="3"' in text(web.get(at))
    wrong = {"date_required": "2099-01-01", "lines.0.unit_price": "cheap"}
    assert 'value="cheap"' in text(post(web, at, wrong, 422), 422)
    at = post(web, at, {**wrong, "lines.0.unit_price": "2.75"})["Location"]
    assert "$55.00" in text(web.get(at))
    post(web, at, {}, 422)
    made = post(web, at, {"accept_terms": "on"})["Location"]
    assert made == AT
    page = seen(desk)
    assert (trim(page.lines[0].ordered), trim(page.lines[0].unit_price)) == ("20", "2.75")
    assert web.get(at)["Location"] == AT


def test_a_supplier_is_added_and_changed_with_its_codes(desk: Buying, web: Client) -> None:
    gem = desk.product(sku="GEM")
    sent = {
        "name": "Stones Ltd",
        "is_active": "on",
        "supplied_products.0.product_id": str(gem),
        "supplied_products.0.code": "S-1",
        "addresses.0.label": "Works",
        "addresses.0.country": "BE",
        "addresses.0.city": "Antwerp",
    }
    at = post(web, "/suppliers/new", sent)["Location"]
    told = text(web.get(at))
    assert "S-1" in told
    assert "Antwerp" in told
    supplier = UUID(at.rpartition("/")[2])
    twice = {"supplied_products.1.product_id": str(gem), "supplied_products.1.code": "S-2"}
    assert "twice" in text(post(web, f"{at}/edit", {**sent, **twice, "version": 1}, 422), 422)
    post(web, f"{at}/edit", {**sent, "supplied_products.0.code": "S-3", "version": 1})
    desk.company.enter()
    assert supplying.codes_of(desk.by, supplier) == {gem: "S-3"}
    post(web, f"{at}/remove", {})


def test_who_may_not_buy_is_refused_and_who_sees_no_prices_sees_none(
    desk: Buying, client: Client
) -> None:
    from orderwright.identity import actions as identity

    order = desk.ordered([_priced(desk)])
    desk.company.enter()
    for role in ("Manager", "Member"):
        identity.create_user(
            by=desk.by, email=f"{role.lower()}@w.example", role=role, password=PASSWORD
        )
    client.post("/sign-in", {"email": "manager@w.example", "password": PASSWORD})
    told = text(client.get(AT)) + text(client.get("/orders/purchase"))
    assert "77.77" not in told
    assert str(order.lines[0].id) in told
    assert client.post(f"{AT}/close", {}).status_code in (403, 409)
    assert client.get("/suppliers").status_code == 403
    client.post("/sign-out")
    client.post("/sign-in", {"email": "member@w.example", "password": PASSWORD})
    assert client.get(AT).status_code == 403


def _priced(desk: Buying) -> Any:
    from orderwright.purchasing.new_lines import NewLine as Bought

    return Bought(product_id=desk.product(sku="GEM"), quantity="3", unit_price="77.77")


def statements(web: Client, url: str) -> int:
    """How many statements a page costs."""
    with CaptureQueriesContext(connection) as found:
        text(web.get(url))
    return len(found)


def test_a_page_costs_the_same_for_thirty_lines_as_for_one(desk: Buying, web: Client) -> None:
    products = [desk.product(sku=f"P{index}") for index in range(30)]
    small, large = desk.ordered({products[0]: 5}), desk.ordered(dict.fromkeys(products, 5))
    for order in (small, large):
        desk.receive(order, {line.position: 2 for line in order.lines})
    for part in ("", "?tab=receipts", "/receive"):
        one = statements(web, f"{AT}{part}")
        assert statements(web, f"/orders/purchase/PO-00002{part}") == one
    one = statements(web, "/orders/purchase")
    for _ in range(3):
        actions.issue_order(by=desk.by, order=desk.order({products[0]: 1}).id)
    assert statements(web, "/orders/purchase") == one


def test_a_supplier_shows_what_it_sent_whatever_order_it_was_for(desk: Buying, web: Client) -> None:
    gem, ring = desk.product(sku="GEM", name="Gem"), desk.product(sku="RING", name="Ring")
    first, second = desk.ordered({gem: 10}), desk.ordered({gem: 5, ring: 5})
    kept = desk.receive(first, {1: 4})
    gone = desk.receive(first, {1: 2})
    reversing.reverse_receipt(by=desk.by, order=first.id, reversal=Reversal(gone.id))
    desk.receive(second, {1: Arrived(second.lines[0].id, quantity="3", rejected="1"), 2: 5})
    at = f"/suppliers/{desk.supplier}/receipts"
    found = re.findall(r">(PO-\d+-R\d+|[A-Z][a-z]+(?: \w+)*)</(?:a|span)>", text(web.get(at)))
    rows = [one for one in found if one.startswith("PO-")]
    assert rows == ["PO-00002-R1", gone.number, kept.number]
    page = text(web.get(at))
    assert "Gem and 1 more line" in page
    assert re.findall(r'class="chip chip-\w+ i-[\w-]+">([^<]+)<', page) == [
        "With rejects",
        "Reversed",
        "Received",
    ]
    many = statements(web, at)
    desk.company.enter()
    desk.receive(first, {1: 1})
    assert statements(web, at) == many


def test_the_e_mails_of_an_order_stand_on_its_page_and_go_out_again(
    desk: Buying, web: Client
) -> None:
    page = desk.ordered({desk.product(sku="GEM", name="Round Gem"): 10})
    assert "No e-mails yet" in text(web.get(f"{AT}?tab=emails"))
    documents.send_purchase_order(by=desk.by, order_id=page.id, event_id=new_id())
    shown = text(web.get(f"{AT}?tab=emails"))
    assert "Purchase order PO-00001" in shown
    assert "orders@rough.example" in shown
    (again,) = set(re.findall(r'href="(/emails/[0-9a-f-]+/resend[^"]*)"', shown))
    answer = post(web, again, {"recipients": "new@rough.example"})
    assert answer["Location"] == AT
    told = text(web.get(f"{AT}?tab=timeline"))
    assert "Asked to mail it again to new@rough.example" in told
