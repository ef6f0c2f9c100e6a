"""People change their minds in the middle of a message, and mention what they do not order."""

from datetime import date
from decimal import Decimal

import pytest

from orderwright.extraction.engine import Context, extract
from tests.extraction import corpus

CONTEXT = Context(date(2026, 12, 2))


def ordered(notes: str) -> dict[str, Decimal | None]:
    rows = extract(notes, catalog=corpus.catalog("jewellery"), context=CONTEXT).rows
    return {row.product.sku if row.product else "?": row.quantity for row in rows}


def unused(notes: str) -> list[tuple[str, str]]:
    found = extract(notes, catalog=corpus.catalog("jewellery"), context=CONTEXT).unused
    return [(one.text, one.why) for one in found]


@pytest.mark.parametrize(
    "notes",
    [
        "10 rope chains. Make that 12.",
        "10 rope chains, actually 12 not 10",
        "10 rope chains\nchange the 10 to 12",
        "10 rope chains\n5 studs\nsorry, rope chains 12",
        "10 rope chains please, no wait, 12",
    ],
)
def test_a_correction_replaces_the_quantity(notes: str) -> None:
    assert ordered(notes)["CH-ROP50"] == 12


def test_a_corrected_row_says_so_and_why() -> None:
    (row,) = extract(
        "10 rope chains. Make that 12.", catalog=corpus.catalog("jewellery"), context=CONTEXT
    ).rows
    assert row.flags == ("corrected",)
    assert row.reasons == ("corrected from 10 later in the notes",)


def test_a_corrected_product_replaces_the_product_and_keeps_the_quantity() -> None:
    assert ordered("20 round diamonds 1.2mm. Sorry, make that 1.5mm.") == {"RD-15": Decimal(20)}


@pytest.mark.parametrize(
    "notes",
    [
        "20 studs and 5 rope chains. Skip the studs.",
        "20 studs\n5 rope chains\ncancel the studs please",
        "5 rope chains, no studs this time",
        "5 rope chains but we don't need any studs",
    ],
)
def test_what_is_cancelled_is_not_ordered(notes: str) -> None:
    assert ordered(notes) == {"CH-ROP50": Decimal(5)}


@pytest.mark.parametrize(
    "notes",
    [
        "5 each of rope chain, studs and silver band",
        "5 each: rope chain, studs, silver band",
        "rope chain, studs and silver band, 5 of each",
        "5 of each please:\n- rope chain\n- studs\n- silver band",
    ],
)
def test_each_of_gives_every_product_the_quantity(notes: str) -> None:
    assert ordered(notes) == {"CH-ROP50": 5, "ST-G": 5, "SB-925": 5}


def test_one_of_each() -> None:
    assert ordered("One of each: rope chain, studs") == {"CH-ROP50": 1, "ST-G": 1}


def test_the_same_again_takes_the_quantity_of_the_row_before() -> None:
    assert ordered("7 rope chains and the same again for the silver bands") == {
        "CH-ROP50": 7, "SB-925": 7,
    }  # fmt: skip


def test_a_heading_counts_for_the_rows_below() -> None:
    assert ordered("Gold rings: 10 in 18k yellow, 5 in 14k yellow") == {"GR-18Y": 10, "GR-14Y": 5}


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ("5 rope chains at $85.00 each", [("at $85.00 each", "price")]),
        ("5 rope chains, call 0161 496 0123", [("call 0161 496 0123", "phone number")]),
        ("5 rope chains on 2 pallets", [("on 2 pallets", "pallet count, not a quantity ordered")]),
        ("5 rope chains. We have 30 studs left.", [("30", "stock level, not an order")]),
        ("5 rope chains, no 12 studs", [("12", "not wanted")]),
        ("5 rope chains\nInvoice 20331 is paid", [("Invoice 20331", "a reference number")]),
        ("5 rope chains\nThanks\nAnn, 14 Mill Road", [("14 Mill Road", "part of an address")]),
        ("5 rope chains\n> we had 8 of them", [("8", "in a quoted message")]),
    ],
)
def test_every_number_that_is_not_used_has_a_reason(
    notes: str, expected: list[tuple[str, str]]
) -> None:
    assert ordered(notes) == {"CH-ROP50": 5}
    assert unused(notes) == expected
