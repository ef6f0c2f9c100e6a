"""What people taught: codes, aliases and units of one partner answer for that partner alone."""

from datetime import date
from decimal import Decimal

from orderwright.extraction.answer import Row
from orderwright.extraction.engine import Context, extract
from orderwright.extraction.retrieval import CatalogIndex, CatalogProduct

PRODUCTS = [
    CatalogProduct("1", "HB-8", "Hex Bolt M8x30", units={"box": Decimal(100)}),
    CatalogProduct("2", "HN-8", "Hex Nut M8"),
    CatalogProduct("3", "FW-8", "Flat Washer M8"),
    CatalogProduct("4", "FW-9", "Flat Washer M9"),
]


def only(notes: str, index: CatalogIndex, **context: object) -> Row:
    (row,) = extract(
        notes,
        catalog=index,
        context=Context(date(2026, 12, 2), **context),  # type: ignore[arg-type]
    ).rows
    return row


def sku(row: Row) -> str | None:
    return row.product.sku if row.product else None


def test_a_partners_own_code_names_the_product() -> None:
    index = CatalogIndex.build(PRODUCTS, partner_codes={"ZX-4471": "2"})
    row = only("20 x ZX-4471", index)
    assert (sku(row), row.quantity, row.score) == ("HN-8", Decimal(20), 1.0)


def test_a_partners_code_comes_before_our_own_sku() -> None:
    index = CatalogIndex.build(PRODUCTS, partner_codes={"HB-8": "3"})
    assert sku(only("20 x HB-8", index)) == "FW-8"


def test_a_partners_alias_comes_before_the_organizations() -> None:
    organization = CatalogIndex.build(PRODUCTS, organization_aliases={"silver thingies": "3"})
    partner = organization.for_partner(codes={}, aliases={"silver thingies": "2"})
    assert sku(only("20 silver thingies", organization)) == "FW-8"
    assert sku(only("20 silver thingies", partner)) == "HN-8"


def test_one_partners_memory_never_answers_for_another() -> None:
    index = CatalogIndex.build(PRODUCTS)
    taught = index.for_partner(codes={"Q7": "1", "AB12": "2"}, aliases={"the usual sixers": "2"})
    assert sku(only("20 the usual sixers", taught)) == "HN-8"
    assert sku(only("20 usual sixers", index)) is None
    assert extract("AB12 x 5", catalog=index, context=Context(date(2026, 12, 2))).rows == ()


def test_a_product_that_is_gone_from_the_catalog_is_not_remembered() -> None:
    index = CatalogIndex.build(
        PRODUCTS, partner_codes={"ZX-4471": "9"}, partner_aliases={"bits": "9"}
    )
    assert index.codes.keys() == {"hb8", "hn8", "fw8", "fw9"}
    assert index.aliases == {}


def test_the_products_own_pack_counts() -> None:
    row = only("3 boxes hex bolt M8x30", CatalogIndex.build(PRODUCTS))
    assert (row.quantity, row.unit, row.flags) == (Decimal(3), "box", ())


def test_a_box_that_the_product_has_not_is_kept_and_flagged() -> None:
    row = only("3 boxes hex nut M8", CatalogIndex.build(PRODUCTS))
    assert (row.quantity, row.unit, row.flags) == (Decimal(3), "box", ("unknown_unit",))


def test_a_box_means_what_this_partner_means_by_it() -> None:
    index = CatalogIndex.build(PRODUCTS)
    row = only("3 boxes hex nut M8", index, unit_dialect={"box": Decimal(12)})
    assert (row.quantity, row.unit, row.flags) == (Decimal(36), "pcs", ("converted",))


def test_the_usual_product_is_preferred_and_the_doubt_is_shown() -> None:
    index = CatalogIndex.build(PRODUCTS)
    row = only("10 flat washers", index, preferred_products=frozenset({"4"}))
    assert (sku(row), row.flags) == ("FW-9", ("ambiguous_product",))
    assert [one.sku for one in row.alternatives] == ["FW-8"]


def test_what_nothing_in_the_catalog_matches_is_a_new_product() -> None:
    row = only("Please send 4 circulation pumps", CatalogIndex.build(PRODUCTS))
    assert (row.product, row.quantity, row.unit, row.flags) == (
        None, Decimal(4), "pcs", ("no_product_match",),
    )  # fmt: skip
