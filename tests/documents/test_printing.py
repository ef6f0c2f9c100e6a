"""Printed documents say what the records say, and nothing that people type can break them."""

from base64 import b64decode
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.directory import organization
from orderwright.documents import barcodes, figures, queries
from orderwright.documents.printing import to_pdf, to_png
from orderwright.kernel.errors import Forbidden
from orderwright.sales import stock
from tests.documents.pdf_text import pages_of, text_of
from tests.sales.desk import Desk, counted, open_desk

AT = datetime(2026, 3, 2, 9, 0, 0, 250_000, tzinfo=UTC)


def a_document(**changed: Any) -> dict[str, Any]:
    """An order document with one row, as its template takes it."""
    return {
        "paper": "a4",
        "letterhead": {"name": "Nordlicht", "lines": ["Hafen 1"]},
        "title": "Estimate",
        "number": "SO-00001",
        "barcode": figures.barcode("SO-00001"),
        "addresses": [{"title": "Ship to", "lines": ["Acme"]}],
        "facts": [["Date", "2 Mar 2026"]],
        "columns": [figures.column("#"), figures.column("Product", width=1)],
        "rows": [{"cells": ["1", "Ring"], "sku": "RING", "detail": ""}],
        "totals": [["Total", "10.00 USD"]],
        "notes": [],
        **changed,
    }


def test_a_document_is_an_archivable_pdf_with_its_words_in_it() -> None:
    made = to_pdf("order", a_document(), at=AT)
    assert made.startswith(b"%PDF-")
    assert b"<pdfaid:part>2</pdfaid:part>" in made
    assert "NordlichtHafen 1EstimateSO-00001" in text_of(made)
    assert pages_of(made) == 1


def test_the_same_values_at_the_same_instant_are_the_same_bytes() -> None:
    assert to_pdf("order", a_document(), at=AT) == to_pdf("order", a_document(), at=AT)


@pytest.mark.parametrize(
    "typed",
    [
        '#panic("no")',
        "*bold* _soft_ `code` $x^2$ #let x = 1",
        "[content] <label> @reference // no comment",
        '#image("/etc/passwd") #read("look.typ")',
        "\\ ~ -- --- ' \"",
    ],
)
def test_what_people_type_is_printed_as_typed(typed: str) -> None:
    found = text_of(to_pdf("order", a_document(letterhead={"name": typed, "lines": []}), at=AT))
    assert found.startswith(typed.replace("  ", " "))


@pytest.mark.parametrize(
    "name",
    [
        "宝石株式会社",
        "ООО «Алмаз»",
        "Ελλάδα",
        "한국 보석",
        "珠宝有限公司",
        "Zażółć gęślą jaźń",
        "Đồng hồ",
    ],
)
def test_names_of_most_scripts_are_printed_whole(name: str) -> None:
    made = to_pdf("order", a_document(letterhead={"name": name, "lines": []}), at=AT)
    assert text_of(made).startswith(name)
    assert b"<pdfaid:part>2</pdfaid:part>" in made


@pytest.mark.parametrize("name", ["شركة الجواهر", "תכשיטים", "हीरा", "บริษัท"])
def test_scripts_that_join_their_letters_are_archivable_too(name: str) -> None:
    made = to_pdf("order", a_document(letterhead={"name": name, "lines": []}), at=AT)
    assert b"<pdfaid:part>2</pdfaid:part>" in made


def test_a_character_that_no_font_has_costs_the_standard_but_not_the_document() -> None:
    made = to_pdf("order", a_document(letterhead={"name": "A🙂B", "lines": []}), at=AT)
    assert made.startswith(b"%PDF-")
    assert b"pdfaid" not in made


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(name=st.text(max_size=60))
def test_no_text_at_all_breaks_a_document(name: str) -> None:
    values = a_document(
        letterhead={"name": name, "lines": [name]},
        rows=[{"cells": ["1", name], "sku": name, "detail": name}],
        notes=figures.notes("Note", name),
        number=name,
        barcode=figures.barcode(name),
    )
    assert to_pdf("order", values, at=AT).startswith(b"%PDF-")


def test_a_long_table_goes_on_under_its_head_and_counts_its_pages() -> None:
    rows = [{"cells": [str(n), f"Ring {n}"], "sku": "", "detail": ""} for n in range(120)]
    made = to_pdf("order", a_document(rows=rows), at=AT)
    pages = pages_of(made)
    assert pages == 3
    assert text_of(made).count("#Product") == pages
    assert f"Page {pages} of {pages}" in text_of(made)
    assert len(to_png("order", a_document(rows=rows), at=AT, ppi=20)) == pages


def test_a_barcode_holds_plain_characters_only() -> None:
    width, bars = barcodes.code_128("SO-00001") or (0, ())
    # Start, eight characters, check and stop, of 11 modules each; the stop has two more.
    assert (width, bars[0], len(bars)) == (112, (0, 2), 31)
    assert barcodes.code_128("宝") is None
    assert barcodes.code_128("") is None
    assert barcodes.code_128("x" * 61) is None


def test_a_square_code_is_square() -> None:
    found = barcodes.qr("GEM-000002")
    assert found is not None
    assert found.size == len(found.rows) == len(found.rows[0]) == 21
    assert barcodes.qr("") is None


@pytest.mark.parametrize(
    ("value", "shown"),
    [("8015.63", "8,015.63"), ("-0.5", "-0.50"), ("-1234.5", "-1,234.50"), ("0", "0.00")],
)
def test_amounts_are_grouped(value: str, shown: str) -> None:
    assert figures.money(Decimal(value), "USD") == shown


def test_quantities_lose_their_trailing_zeros() -> None:
    assert figures.quantity(Decimal("1250.500000"), "g") == "1,250.5 g"
    assert figures.quantity(None, "g") == ""


def test_a_name_of_a_file_is_safe() -> None:
    assert queries.file_name("Pick sheet", 'SO/"№\r\n 1') == "pick-sheet-SO-1.pdf"
    assert queries.file_name("Label", "../../x") == "label-..-..-x.pdf"


def an_order(desk: Desk) -> Any:
    gem = desk.product(sku="GEM", name="Round Diamond")
    desk.lot(gem, 100)
    return desk.issued({gem: 25}, customer_po_number="PO-7")


@pytest.mark.django_db
def test_an_acknowledgement_says_who_gets_what_at_which_price() -> None:
    desk = open_desk()
    order = an_order(desk)
    with counted() as statements:
        printed = queries.order_document_of(desk.by, order.head.number)
    assert statements == [4]
    assert printed.file_name == "order-acknowledgement-SO-00001.pdf"
    found = text_of(printed.content)
    for words in ("Order acknowledgement", "AcmeMain1 Main Street", "PO-7", "25 pcs10.00250.00"):
        assert words in found
    assert found.endswith("Page 1 of 1")
    assert "Total250.00 USD" in found


@pytest.mark.django_db
def test_who_may_not_see_prices_or_customers_prints_neither() -> None:
    desk = open_desk()
    order = an_order(desk)
    shown = text_of(queries.order_document_of(desk.acting_as("Manager").by, order.id).content)
    assert "GEMRound Diamond25 pcs" in shown
    for hidden in ("250", "USD", "Acme", "Main Street"):
        assert hidden not in shown
    with pytest.raises(Forbidden):
        queries.order_document_of(desk.acting_as("Member").by, order.id)


PIXEL = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


@pytest.mark.django_db
def test_the_head_carries_the_organizations_logo_and_address() -> None:
    desk = open_desk()
    order = an_order(desk)
    plain = queries.order_document_of(desk.by, order.id).content
    organization.change_logo(by=desk.by, content=PIXEL)
    sent = {"street": "1 Pearl St", "city": "Boston", "state": "MA", "postal_code": "02108"}
    organization.change_organization(by=desk.by, sent={**sent, "country": "US"})
    made = queries.order_document_of(desk.by, order.id).content
    assert "1 Pearl StBoston, MA 02108United States" in text_of(made)
    assert (b"/Subtype/Image" in made, b"/Subtype/Image" in plain) == (True, False)
    assert b"<pdfaid:part>2</pdfaid:part>" in made


@pytest.mark.django_db
def test_an_estimate_is_called_so() -> None:
    desk = open_desk()
    order = desk.order({desk.product(): 5})
    assert "Estimate" in text_of(queries.order_document_of(desk.by, order.id).content)


@pytest.mark.django_db
def test_a_packing_slip_names_the_goods_and_no_price() -> None:
    desk = open_desk()
    order = an_order(desk)
    stock.auto_select(by=desk.by, order=order.id)
    shipment = desk.ship(order, note="Fragile\nThis side up")
    printed = queries.packing_slip_of(desk.acting_as("Warehouse").by, shipment.head.number)
    found = text_of(printed.content)
    for words in ("Packing slip", "25 pcs25 pcs", "1Z00001", "FragileThis side up", "PO-7"):
        assert words in found
    assert "250" not in found
    assert "USD" not in found


@pytest.mark.django_db
def test_a_label_carries_tag_and_product() -> None:
    desk = open_desk()
    lot = desk.lot(desk.product(sku="GEM", name="Round Diamond"), 5, tag_id="BOX-7")
    printed = queries.lot_label_of(desk.by, lot)
    assert printed.file_name == "label-BOX-7.pdf"
    assert text_of(printed.content).startswith("BOX-7GEMRound Diamond")
