"""E-invoices that the official rules of EN 16931 accept, with our amounts (domain 5.4)."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.documents.e_invoice import (
    CREDIT_NOTE,
    INVOICE,
    PREPAYMENT,
    Item,
    Party,
    Sale,
    stated,
)
from orderwright.documents.e_invoice_cii import cii
from orderwright.documents.e_invoice_ubl import ubl
from orderwright.documents.e_invoice_units import CODES
from orderwright.kernel.errors import Invalid
from orderwright.kernel.money import round_money, share_out
from orderwright.kernel.weight import GRAMS
from tests.documents.e_invoice_rules import broken_rules

SELLER = Party("Loupe & Söhne", "DE", "Am Ring 1", "", "75172", "Pforzheim", "", "DE123456788")
BUYER = Party("Acme", "FR", "1 Rue", "Bât. B", "75001", "Paris", "", "FR40303265045")
ITEM = Item("Ring", Decimal(10), "pcs", Decimal("40"), Decimal("400.00"))


def sale(*items: Item, **fields: Any) -> Sale:
    values: dict[str, Any] = {
        "code": INVOICE,
        "number": "INV-00001",
        "issued_on": date(2026, 3, 2),
        "due_on": date(2026, 4, 1),
        "currency": "EUR",
        "seller": SELLER,
        "buyer": BUYER,
        "items": items or (ITEM,),
        **fields,
    }
    return Sale(**values)


def both(made: Sale) -> tuple[bytes, bytes]:
    said = stated(made)
    return ubl(said), cii(said)


def broken(made: Sale) -> list[list[str]]:
    return [broken_rules(xml) for xml in both(made)]


def taxes(made: Sale) -> list[tuple[str, str | None, str, str]]:
    """Category, rate, basis and tax of each sum."""
    return [
        (
            one.tax.category,
            None if one.tax.percent is None else f"{one.tax.percent:.2f}",
            f"{one.basis:.2f}",
            f"{one.amount:.2f}",
        )
        for one in stated(made).tax_sums
    ]


def values(xml: bytes, name: str) -> list[str]:
    """The texts of every element of this name, whatever its namespace."""
    return [one.text or "" for one in Xml.fromstring(xml).iter() if one.tag.endswith(f"}}{name}")]


# The first invoice of the walk (domain 8.5): 750 diamonds less 10 %, and freight.
DIAMONDS = Item(
    "Round Diamond 1.2",
    Decimal(750),
    "pcs",
    Decimal("10.6875"),
    Decimal("8015.63"),
    discount=Decimal("801.56"),
)


def test_the_first_invoice_of_the_walk_says_its_parts_and_7239_07_to_pay() -> None:
    made = sale(DIAMONDS, freight=Decimal("25.00"), currency="USD")
    said = stated(made)
    assert (said.lines_total, said.allowances, said.charges, said.payable) == (
        Decimal("8015.63"),
        Decimal("801.56"),
        Decimal("25.00"),
        Decimal("7239.07"),
    )
    for xml, name in zip(both(made), ("PayableAmount", "DuePayableAmount"), strict=True):
        assert values(xml, name) == ["7239.07"]
    assert broken(made) == [[], []]


def test_each_rate_has_its_sum_and_freight_is_untaxed() -> None:
    standard = replace(ITEM, tax_rate=Decimal("0.19"), tax=Decimal("76.00"))
    reduced = replace(
        ITEM, discount=Decimal("40.00"), tax_rate=Decimal("0.07"), tax=Decimal("25.20")
    )
    made = sale(standard, reduced, ITEM, freight=Decimal("9.90"))
    assert taxes(made) == [
        ("S", "19.00", "400.00", "76.00"),
        ("S", "7.00", "360.00", "25.20"),
        ("Z", "0.00", "409.90", "0.00"),
    ]
    assert broken(made) == [[], []]


def test_a_customer_who_is_exempt_reads_why_no_tax_is_due() -> None:
    made = sale(is_exempt=True)
    assert taxes(made) == [("E", "0.00", "400.00", "0.00")]
    assert broken(made) == [[], []]


def test_a_seller_without_vat_sells_outside_of_it_and_names_nobodys_vat_id() -> None:
    made = sale(seller=replace(SELLER, country="US", tax_number="12-3456789"))
    assert taxes(made) == [("O", None, "400.00", "0.00")]
    assert broken(made) == [[], []]
    assert all(BUYER.tax_number not in xml.decode() for xml in both(made))


def test_sales_tax_of_a_seller_without_vat_id_is_a_rate_like_any_other() -> None:
    taxed = replace(ITEM, tax_rate=Decimal("0.08875"), tax=Decimal("35.50"))
    seller = replace(SELLER, country="US", tax_number="12-3456789")
    made = sale(taxed, ITEM, seller=seller, currency="USD", freight=Decimal(5))
    assert [row[0] for row in taxes(made)] == ["S", "Z"]
    assert broken(made) == [[], []]


def test_what_was_paid_and_deposited_is_taken_off_what_is_to_pay() -> None:
    made = sale(prepaid=Decimal("130.00"))
    assert stated(made).payable == Decimal("270.00")
    assert broken(made) == [[], []]
    paid = sale(prepaid=Decimal("400.00"))
    assert (stated(paid).payable, broken(paid)) == (Decimal(0), [[], []])


def test_a_deposit_is_a_prepayment_invoice() -> None:
    made = sale(Item("Deposit", Decimal(1), "", Decimal(30), Decimal(30)), code=PREPAYMENT)
    assert broken(made) == [[], []]


def test_a_credit_memo_is_a_credit_note_that_names_its_invoices() -> None:
    rings = replace(
        ITEM, quantity=Decimal(2), amount=Decimal(80), discount=Decimal(8), tax=Decimal("13.68")
    )
    made = sale(
        replace(rings, tax_rate=Decimal("0.19")),
        code=CREDIT_NOTE,
        number="CM-00001",
        due_on=None,
        terms="Credit",
        preceding=("INV-00001", "INV-00002"),
    )
    assert stated(made).payable == Decimal("85.68")
    assert broken(made) == [[], []]
    note, other = both(made)
    assert values(note, "CreditNoteTypeCode") == ["381"]
    assert "INV-00002" in values(note, "ID")
    assert values(other, "IssuerAssignedID") == ["INV-00001", "INV-00002"]


def test_orders_are_named_as_both_sides_call_them() -> None:
    both_names = sale(order_number="SO-00001", purchase_order="4711", note="Thanks", terms="Net 30")
    ours = sale(order_number="SO-00001")
    for made in (both_names, ours):
        assert broken(made) == [[], []]
    note, other = both(both_names)
    assert values(note, "SalesOrderID") == ["SO-00001"]
    assert values(note, "BuyerReference") == values(other, "BuyerReference") == ["4711"]
    assert values(other, "IssuerAssignedID") == ["SO-00001", "4711"]


def test_an_account_is_a_credit_transfer() -> None:
    made = sale(iban="DE89370400440532013000")
    assert broken(made) == [[], []]
    assert values(cii(stated(made)), "IBANID") == [made.iban]


@pytest.mark.parametrize("prefix", ["EL", "GR"])
def test_greek_vat_ids_start_with_el_or_gr(prefix: str) -> None:
    assert replace(BUYER, country="GR", tax_number=f"{prefix}094259216").has_vat_id


def test_every_unit_has_a_code_that_the_rules_know() -> None:
    lines = [
        Item(unit, Decimal("1.25"), unit, Decimal(1), Decimal("1.25"))
        for unit in sorted({*CODES, *GRAMS, "tola", "strand"})
    ]
    assert broken(sale(*lines)) == [[], []]
    without = {"tola", "masha", "ratti"}
    assert set(GRAMS) - set(CODES) == without


def test_a_unit_without_a_code_is_named_in_a_note() -> None:
    made = sale(replace(ITEM, unit="tola"))
    assert values(ubl(stated(made)), "Note") == ["Unit: tola"]
    assert values(cii(stated(made)), "Content") == ["Unit: tola"]


@pytest.mark.parametrize("text", ["Ring <b>&amp;", "戒指 ﷽ 💍", "a\x0bb\x00c\ud800", "  "])
def test_any_text_is_written_and_none_breaks_the_document(text: str) -> None:
    made = sale(replace(ITEM, description=text), note=text, terms=text.strip() or "x")
    assert broken(made) == [[], []]
    said = re.sub("[\x00\x0b\ud800]", "", text).strip() or "Item"
    assert values(ubl(stated(made)), "Name") == [said]


def test_currencies_of_three_decimals_are_refused_in_words() -> None:
    with pytest.raises(Invalid) as refused:
        stated(sale(currency="KWD"))
    assert (refused.value.code, list(refused.value.fields)) == ("currency_too_fine", ["currency"])


def test_a_tax_that_rounding_took_far_from_its_rate_leaves_a_rounding_amount() -> None:
    line = replace(ITEM, amount=Decimal(10), unit_price=Decimal(1), tax_rate=Decimal("0.05"))
    made = sale(*[replace(line, tax=Decimal(1)) for _ in range(8)], currency="JPY")
    said = stated(made)
    assert (f"{said.tax}", f"{said.rounding}", said.payable) == ("4", "4", made.total)
    assert broken(made) == [[], []]


AMOUNTS = st.integers(0, 5_000_000).map(lambda units: Decimal(units).scaleb(-4))
RATES = st.sampled_from([Decimal(0), Decimal("0.055"), Decimal("0.07"), Decimal("0.19")])
UNITS = st.sampled_from(["pcs", "pair", "set", "g", "kg", "ct", "oz", "tola", "box"])


@st.composite
def sales(draw: st.DrawFn) -> Sale:
    """Invoices and credit memos with discounts, freight, rates, exemptions, weights, payments."""
    currency = draw(st.sampled_from(["EUR", "USD", "JPY"]))
    lines = []
    for at in range(draw(st.integers(1, 5))):
        unit = draw(UNITS)
        digits = -6 if unit in GRAMS else 0
        quantity = Decimal(draw(st.integers(1, 900_000 if digits else 900))).scaleb(digits)
        price = draw(AMOUNTS)
        amount = round_money(quantity * price, currency)
        lines.append(Item(f"Item {at}", quantity, unit, price, amount, tax_rate=draw(RATES)))
    subtotal = sum((line.amount for line in lines), Decimal(0))
    percent = Decimal(draw(st.integers(0, 100))) / 100
    discount = min(subtotal, round_money(subtotal * percent, currency))
    shares = share_out(discount, [line.amount for line in lines], currency)
    exempt = draw(st.booleans())
    billed = []
    for line, share in zip(lines, shares, strict=True):
        rate = Decimal(0) if exempt else line.tax_rate
        tax = round_money((line.amount - share) * rate, currency)
        billed.append(replace(line, discount=share, tax_rate=rate, tax=tax))
    is_credit = draw(st.booleans())
    freight = round_money(draw(AMOUNTS), currency)
    made = sale(
        *billed,
        code=CREDIT_NOTE if is_credit else INVOICE,
        currency=currency,
        freight=Decimal(0) if is_credit else freight,
        is_exempt=exempt,
        seller=draw(
            st.sampled_from([SELLER, replace(SELLER, country="US", tax_number="12-3456789")])
        ),
        buyer=draw(st.sampled_from([BUYER, replace(BUYER, tax_number="")])),
        due_on=None if is_credit else date(2026, 3, 2) + timedelta(draw(st.integers(0, 90))),
        terms="Net 30" if is_credit else draw(st.sampled_from(["", "Net 30"])),
        purchase_order=draw(st.sampled_from(["", "4711"])),
        order_number=draw(st.sampled_from(["", "SO-00001"])),
        iban=draw(st.sampled_from(["", "DE89370400440532013000"])),
    )
    part = Decimal(draw(st.integers(0, 100))) / 100
    return made if is_credit else replace(made, prepaid=round_money(made.total * part, currency))


@settings(max_examples=60, deadline=None)
@given(sales())
def test_the_official_rules_have_nothing_against_any_sale(made: Sale) -> None:
    assert broken(made) == [[], []]


@settings(max_examples=1_000, deadline=None)
@given(sales())
def test_both_syntaxes_ask_for_what_we_charged_to_the_last_digit(made: Sale) -> None:
    note, other = both(made)
    asked = made.total - made.prepaid
    assert Decimal(values(note, "PayableAmount")[0]) == asked
    assert Decimal(values(other, "DuePayableAmount")[0]) == asked
    pairs = (
        ("LineExtensionAmount", "LineTotalAmount"),
        ("TaxExclusiveAmount", "TaxBasisTotalAmount"),
        ("TaxInclusiveAmount", "GrandTotalAmount"),
        ("TaxableAmount", "BasisAmount"),
    )
    for ours, theirs in pairs:
        assert sorted(values(note, ours)) == sorted(values(other, theirs)), ours
