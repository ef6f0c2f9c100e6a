"""The pages of the warehouse: the queue, picking, packing, shipping, and documents to print."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from orderwright.kernel.numbers import trim
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries, picking, shipping_out
from orderwright.shipping import queries as shipments
from orderwright.shipping.pick_page import PickPage
from tests.company import Company
from tests.documents.pdf_text import text_of
from tests.sales.desk import Desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(company: Company) -> Desk:
    """The company's desk, behind the pages."""
    return Desk(company, company.by, company.customer(name="Acme"))


@pytest.fixture
def gem(desk: Desk) -> UUID:
    """A product with 100 on hand."""
    product = desk.product(sku="GEM", name="Round Diamond")
    desk.lot(product, 100, tag_id="BOX-1")
    return product


def pick_of(desk: Desk, order: OrderPage) -> PickPage:
    return pick_queries.pick_page(desk.by, order.head.number)


def said(answer: Any) -> str:
    """The page's words, one space between them."""
    return " ".join(answer.content.decode().split())


def record(client: Client, pick: PickPage, quantity: str, **headers: str) -> Any:
    url = f"/picks/{pick.head.number}/lines/{pick.lines[0].id}"
    return client.post(url, {"quantity": quantity}, headers=headers or None)


def packed(desk: Desk, order: OrderPage, cases: int = 1) -> str:
    picking.pick_all(by=desk.by, pick=order.head.number)
    return picking.pack(by=desk.by, pick=order.head.number, cases=cases).head.number


def test_the_queue_shows_what_is_urgent_first(admin: Client, desk: Desk, gem: UUID) -> None:
    desk.issued({gem: 1}, priority="low")
    desk.issued({gem: 1}, date_required=date(2026, 4, 1))
    desk.issued({gem: 1}, date_required=date(2026, 3, 10))
    desk.issued({gem: 1}, priority="high")
    shown = said(admin.get("/picks"))
    places = [shown.index(f"/picks/SO-0000{number}") for number in (4, 3, 2, 1)]
    assert places == sorted(places)
    narrowed = said(admin.get("/picks?priority=high"))
    assert ("/picks/SO-00004" in narrowed, "/picks/SO-00001" in narrowed) == (True, False)


def test_a_queue_longer_than_a_page_goes_on_where_it_stopped(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    for _ in range(52):
        desk.issued({gem: 1})
    first = admin.get("/picks")
    (url,) = {line for line in first.content.decode().split('"') if line.startswith("/picks?from=")}
    rest = said(admin.get(url.replace("&amp;", "&")))
    assert [f"/picks/SO-000{number}" in rest for number in (50, 51, 52)] == [False, True, True]
    assert admin.get("/picks?from=nonsense").status_code == 422


def test_a_recorded_quantity_is_answered_as_it_was_kept(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    pick = pick_of(desk, desk.issued({gem: 25}))
    answer = record(admin, pick, "25", accept="application/json")
    assert answer.json() == {
        "quantity": "25",
        "state": "full",
        "said": "1 of 1 lines picked",
        "percent": "100",
    }
    refused = record(admin, pick, "-1", accept="application/json")
    assert refused.status_code == 422
    assert set(refused.json()) == {"message"}
    # Without scripts the form goes back to the page.
    assert record(admin, pick, "3").headers["Location"] == "/picks/SO-00001"
    assert trim(pick_of(desk, desk.read_by_number("SO-00001")).lines[0].quantity) == "3"
    kept = record(admin, pick, "many")
    assert kept.status_code == 422


def test_the_customers_own_code_stands_on_its_line(admin: Client, desk: Desk, gem: UUID) -> None:
    answer = admin.post(
        f"/customers/{desk.customer}/item-codes",
        {"item_codes.0.code": "ACME-7", "item_codes.0.product_id": str(gem)},
    )
    assert answer.status_code in (200, 302)
    order = desk.issued({gem: 1})
    shown = admin.get(f"/picks/{order.head.number}").content.decode()
    assert 'data-codes="GEM\nACME-7"' in shown


def test_pick_all_then_pack_into_cases_makes_a_shipment(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    order = desk.issued({gem: 25})
    admin.post("/picks/SO-00001/pick-all")
    dialog = admin.get("/picks/SO-00001/pack")
    assert "BOX-1" in said(dialog)
    row = pick_of(desk, order).lines[0]
    answer = admin.post("/picks/SO-00001/pack", {"version": "", "cases": "3", "line": str(row.id)})
    assert answer.headers["Location"] == "/shipments/SO-00001"
    shipment = shipments.shipment_page(desk.by, "SO-00001")
    assert (shipment.head.stage, len(shipment.cases)) == ("packed", 3)
    shown = said(admin.get("/shipments/SO-00001"))
    assert "SO-00001/C3" in shown
    assert "Everything is packed" in said(admin.get("/picks/SO-00001"))


def test_packing_says_beside_the_field_what_is_wrong(admin: Client, desk: Desk, gem: UUID) -> None:
    order = desk.issued({gem: 25})
    picking.pick_all(by=desk.by, pick=order.head.number)
    row = pick_of(desk, order).lines[0]
    name = f"lot-{row.id}-{row.suggested_lots[0].lot_id}"
    none = admin.post("/picks/SO-00001/pack", {"cases": "0", "line": str(row.id)})
    assert none.status_code == 422
    assert 'id="e-cases"' in said(none)
    bad = admin.post("/picks/SO-00001/pack", {"cases": "2", "line": str(row.id), name: "x"})
    assert bad.status_code == 422
    assert f'id="e-{name}"' in said(bad)
    assert 'value="x"' in said(bad)


def test_void_resets_a_pick_until_something_is_packed(admin: Client, desk: Desk, gem: UUID) -> None:
    order = desk.issued({gem: 25})
    picking.pick_all(by=desk.by, pick=order.head.number)
    admin.post("/picks/SO-00001/void")
    assert trim(pick_of(desk, order).lines[0].quantity) == "0"
    packed(desk, order)
    assert admin.post("/picks/SO-00001/void").status_code == 409


def test_a_packed_shipment_is_shipped_with_a_number_for_each_case(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    number = packed(desk, desk.issued({gem: 25}), cases=2)
    first, second = shipments.shipment_page(desk.by, number).cases
    carrier = str(desk.company.carrier_id)
    sent = {"carrier_id": carrier, f"case-{first.id}": "1Z1", f"case-{second.id}": "1Z2"}
    dialog = said(admin.get(f"/shipments/{number}/ship"))
    assert f"Tracking number of {number}/C2" in dialog
    missing = admin.post(f"/shipments/{number}/ship", {"carrier_id": carrier})
    assert missing.status_code == 422
    answer = admin.post(f"/shipments/{number}/ship", sent)
    assert answer.headers["Location"] == f"/shipments/{number}"
    shipment = shipments.shipment_page(desk.by, number)
    assert shipment.head.stage == "shipped"
    assert [case.tracking_number for case in shipment.cases] == ["1Z1", "1Z2"]


def test_a_voided_shipment_can_be_packed_again(admin: Client, desk: Desk, gem: UUID) -> None:
    order = desk.issued({gem: 25})
    number = packed(desk, order)
    admin.post(f"/shipments/{number}/void", {"reason": "wrong box"})
    assert shipments.shipment_page(desk.by, number).head.stage == "voided"
    assert len(pick_of(desk, order).open_lines) == 1
    assert desk.figures(gem)["on_hand"] == "100"


def test_the_list_of_shipments_knows_what_is_packed(admin: Client, desk: Desk, gem: UUID) -> None:
    packed(desk, desk.issued({gem: 5}))
    desk.ship_lots(desk.issued({gem: 5}), {UUID(str(lot_of(desk, gem))): 5})
    shown = said(admin.get("/shipments?stage=packed"))
    assert ("/shipments/SO-00001" in shown, "/shipments/SO-00002" in shown) == (True, False)


def lot_of(desk: Desk, gem: UUID) -> UUID:
    order = desk.issued({gem: 1})
    return pick_of(desk, order).lines[0].suggested_lots[0].lot_id


def test_a_standalone_shipment_is_added_and_linked_later(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    bare = admin.post("/shipments/new", {"tracking_number": "1Z9"})
    assert bare.status_code == 422
    assert 'id="e-carrier_id"' in said(bare)
    assert 'value="1Z9"' in said(bare)
    sent = {"carrier_id": str(desk.company.carrier_id), "tracking_number": "1Z9"}
    url = admin.post("/shipments/new", sent).headers["Location"]
    assert "Of no order" in said(admin.get(url))
    order = desk.issued({gem: 25})
    assert "no order with this number" in said(admin.get(f"{url}/link?order=SO-9"))
    assert "25 pcs outstanding" in said(admin.get(f"{url}/link?order=SO-00001"))
    line = order.lines[0].id
    over = admin.post(f"{url}/link", {"order": "SO-00001", f"line-{line}": "99"})
    assert over.status_code == 409
    answer = admin.post(f"{url}/link", {"order": "SO-00001", f"line-{line}": "25"})
    assert answer.headers["Location"] == url
    assert trim(desk.line(order).shipped) == "25"


def test_the_order_says_what_the_warehouse_does_next(admin: Client, desk: Desk, gem: UUID) -> None:
    order = desk.issued({gem: 25})
    picking.pick_all(by=desk.by, pick=order.head.number)
    assert "Pack what is picked: 1 line." in said(admin.get("/orders/sales/SO-00001"))
    number = picking.pack(by=desk.by, pick=order.head.number).head.number
    shown = said(admin.get("/orders/sales/SO-00001?tab=shipments"))
    assert f"Ship the packed shipment {number}." in shown
    assert f'hx-get="/shipments/{number}/ship?back=/orders/sales/SO-00001"' in shown
    shipping_out.ship(by=desk.by, shipment=number, tracking_number="1Z1")
    assert "Ship the packed shipment" not in said(admin.get("/orders/sales/SO-00001"))


def test_documents_open_in_the_browser_under_safe_names(
    admin: Client, desk: Desk, gem: UUID
) -> None:
    packed(desk, desk.issued({gem: 25}), cases=2)
    pick = desk.issued({gem: 1})
    for url, name, words in (
        ("/orders/sales/SO-00001/document.pdf", "order-acknowledgement-SO-00001.pdf", "GEM"),
        (f"/picks/{pick.head.number}/sheet.pdf", "pick-sheet-SO-00002.pdf", "BOX-1"),
        ("/shipments/SO-00001/packing-slip.pdf", "packing-slip-SO-00001.pdf", "SO-00001/C2"),
        ("/inventory/BOX-1/label.pdf", "label-BOX-1.pdf", "Round Diamond"),
    ):
        answer = admin.get(url)
        assert answer.headers["Content-Type"] == "application/pdf"
        assert answer.headers["Content-Disposition"] == f'inline; filename="{name}"'
        assert words in text_of(answer.content)


@pytest.mark.parametrize("role", ["Member", "Manager"])
def test_who_is_not_of_the_warehouse_sees_no_picks(
    person: Callable[[str], Client], desk: Desk, gem: UUID, role: str
) -> None:
    desk.issued({gem: 1})
    browser = person(role)
    for url in ("/picks", "/picks/SO-00001", "/picks/SO-00001/sheet.pdf"):
        assert browser.get(url).status_code == 403


def test_who_may_only_look_is_offered_no_work(
    person: Callable[[str], Client], desk: Desk, gem: UUID
) -> None:
    desk.issued({gem: 1})
    shown = said(person("Viewer").get("/picks/SO-00001"))
    assert "data-pack" not in shown
    assert "data-step" not in shown
