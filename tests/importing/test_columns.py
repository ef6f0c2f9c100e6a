"""Which column holds which field, and how texts of cells are read."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.importing import cells
from orderwright.importing.columns import guess_columns
from orderwright.importing.layouts import CUSTOMERS, INVENTORY, LAYOUTS, ORDERS, PRODUCTS, Layout
from orderwright.kernel.numbers import trim

GUESSES: list[tuple[Layout, Sequence[str], dict[str, int]]] = [
    (PRODUCTS, ["SKU", "Name", "Price"], {"sku": 0, "name": 1, "base_price": 2}),
    (PRODUCTS, ["sku", "PRODUCT NAME", "List price"], {"sku": 0, "name": 1, "base_price": 2}),
    (PRODUCTS, ["Item No.", "Titles", "UOM"], {"sku": 0, "name": 1, "default_unit": 2}),
    (PRODUCTS, ["product_code", "productName"], {"sku": 0, "name": 1}),
    (PRODUCTS, ["Article Number", "Desc.", "Price (USD)"],
     {"sku": 0, "description": 1, "base_price": 2}),
    (PRODUCTS, ["Weight", "Weight unit"], {"weight_per_unit": 0, "weight_unit": 1}),
    (PRODUCTS, ["SKU", "SKU"], {"sku": 0}),
    (PRODUCTS, ["Catgory", "Curency"], {"category": 0, "currency": 1}),
    (PRODUCTS, ["foo", "x", ""], {}),
    (CUSTOMERS, ["Cust. No.", "Company", "Zip Code", "Town"],
     {"number": 0, "name": 1, "city": 3, "postal_code": 2}),
    (CUSTOMERS, ["Customer #", "Customer Name", "Straße"], {"number": 0, "name": 1, "street_1": 2}),
    (CUSTOMERS, ["E-Mail", "Contact Email", "Phone No."],
     {"email": 0, "phone": 2, "contact_email": 1}),
    (INVENTORY, ["Product", "SKU", "On hand", "Bin"], {"product": 1, "quantity": 2, "rack": 3}),
    (INVENTORY, ["Lot number", "Item", "Qty.", "Warehouse"],
     {"tag_id": 0, "product": 1, "quantity": 2, "location": 3}),
    (ORDERS, ["Order no", "Sold to", "PO #", "SKU", "Qty", "Due date"],
     {"order": 0, "customer": 1, "customer_po_number": 2, "product": 3, "quantity": 4,
      "date_required": 5}),
]  # fmt: skip


@pytest.mark.parametrize(("layout", "headings", "expected"), GUESSES)
def test_headings_are_understood_in_many_spellings(
    layout: Layout, headings: Sequence[str], expected: dict[str, int]
) -> None:
    assert guess_columns(layout, headings) == expected


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=list(LAYOUTS))
def test_every_heading_of_a_template_is_known(layout: Layout) -> None:
    labels = [field.label for field in layout.fields]
    names = {field.name: place for place, field in enumerate(layout.fields)}
    assert guess_columns(layout, labels) == names
    assert guess_columns(layout, list(names)) == names


def test_a_column_of_addresses_is_seen_in_its_cells() -> None:
    sample = [["Acme", "a@b.example"], ["Bert", "c@d.example"]]
    assert guess_columns(CUSTOMERS, ["Name", "Kontakt"], sample) == {"name": 0, "email": 1}


@pytest.mark.parametrize(
    ("text", "mark", "expected"),
    [
        ("1234.5", ".", "1234.5"),
        ("$1,234.50", ".", "1234.50"),
        ("1,234,567", ".", "1234567"),
        ("12,34,567.8", ".", "1234567.8"),
        ("1 234,50 €", ",", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("1'234.50", ".", "1234.50"),
        ("-3,5", ",", "-3.5"),
        ("1,23", ".", "1,23"),
        ("abc", ".", "abc"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, mark: str, expected: str) -> None:
    assert cells.number(text, mark) == expected


@pytest.mark.parametrize(
    ("text", "day_first", "expected"),
    [
        ("2026-03-04", False, "2026-03-04"),
        ("04.03.2026", False, "2026-03-04"),
        ("3/4/2026", False, "2026-03-04"),
        ("3/4/2026", True, "2026-04-03"),
        ("2026/3/4", True, "2026-03-04"),
        ("2026-03-04 00:00:00", False, "2026-03-04"),
        ("soon", False, "soon"),
        ("3/4/26", False, "3/4/26"),
    ],
)
def test_days_are_read_as_people_write_them(text: str, *, day_first: bool, expected: str) -> None:
    assert cells.day(text, day_first=day_first) == expected


@pytest.mark.parametrize(
    ("texts", "expected"),
    [(["1.5"], "."), (["1,5"], ","), (["1.234,5", "7"], ","), (["1,234"], "."), ([], ".")],
)
def test_the_decimal_mark_is_seen_in_the_numbers(texts: list[str], expected: str) -> None:
    assert cells.guess_decimal_mark(texts) == expected


def test_the_order_of_days_is_settled_by_a_day_that_no_month_could_be() -> None:
    assert cells.guess_day_first(["1/2/2026", "13/2/2026"], usual=False)
    assert not cells.guess_day_first(["1/2/2026", "2/13/2026"], usual=True)
    assert cells.guess_day_first(["1/2/2026"], usual=True)


def test_shares_flags_words_and_pairs() -> None:
    assert [cells.fraction(text) for text in ("5 %", "0.05", "x%")] == ["0.05", "0.05", "x%"]
    assert [cells.flag(text) for text in ("Yes", "0", "maybe")] == ["true", "false", "maybe"]
    assert cells.words("a; b|c\nd;") == ["a", "b", "c", "d"]
    assert cells.pairs("box=12; carton: 144; x") == [("box", "12"), ("carton", "144"), ("x", "")]


@given(st.text(max_size=40))
def test_what_is_kept_from_being_a_formula_reads_as_it_was(text: str) -> None:
    text = text.strip()
    if text.startswith("'"):
        return
    shown = cells.neutral(text)
    assert cells.plain(shown) == text
    assert not shown.startswith(("=", "@", "\t", "\r"))


@given(st.decimals(-(10**12), 10**12, places=4), st.sampled_from(".,"))
def test_a_number_reads_the_same_with_either_decimal_mark(number: Decimal, mark: str) -> None:
    text = trim(number).replace(".", mark)
    assert Decimal(cells.number(text, mark)) == number
