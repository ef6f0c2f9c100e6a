"""Files become records: checked first, then written in chunks, exactly as single records would."""

from decimal import Decimal

import pytest

from orderwright.activity.models import Event
from orderwright.catalog.models import Product
from orderwright.directory.models import Address, Contact, Customer
from orderwright.importing import actions, queries, undoing
from orderwright.inventory.models import Lot, Movement
from orderwright.kernel.errors import Conflict, Forbidden, Invalid
from orderwright.sales.models import SalesOrder
from tests.company import NOW, Company, found_company
from tests.importing.desk import bad_rows, imported, rows_of, uploaded, worked

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return found_company()


PRODUCTS = [
    ["SKU", "Name", "Price", "Unit", "Further units", "Aliases", "Active"],
    ["GEM", "Gem", "$1,234.50", "pcs", "box=12; carton=144", "stone; jewel", "yes"],
    ["RING", "Ring", "40", "pcs", "", "", "no"],
]


def test_products_are_created_with_units_aliases_and_prices(company: Company) -> None:
    found = imported(company.by, "products", PRODUCTS)
    assert (found.status, found.counts) == ("finished", {"created": 2})
    gem = Product.objects.of(company.id).get(sku="GEM")
    assert (gem.name, gem.base_price, gem.currency) == ("Gem", Decimal("1234.5"), "USD")
    assert gem.units == {"box": {"ratio": "12"}, "carton": {"ratio": "144"}}
    assert gem.aliases == ["stone", "jewel"]
    assert not Product.objects.of(company.id).get(sku="RING").is_active
    assert Event.objects.of(company.id).filter(type="product.created").count() == 2


def test_a_preview_writes_nothing_and_says_what_would_happen(company: Company) -> None:
    company.product(sku="ring", name="Ring", base_price="40.00", is_active=False)
    found = uploaded(company.by, "products", [*PRODUCTS, ["", "No SKU", "", "", "", "", ""]])
    assert (found.status, found.counts) == ("ready", {"new": 1, "update": 1, "bad": 1})
    assert Product.objects.of(company.id).count() == 1
    assert bad_rows(company.by, found) == {4: {"sku": "This is needed."}}


def test_the_same_file_again_changes_nothing(company: Company) -> None:
    imported(company.by, "products", PRODUCTS)
    again = uploaded(company.by, "products", PRODUCTS)
    assert again.counts == {"unchanged": 2}
    with pytest.raises(Conflict) as refusal:
        actions.start_import(by=company.by, import_id=again.id)
    assert refusal.value.code == "invalid_transition"


def test_a_change_raises_the_version_and_leaves_what_is_blank(company: Company) -> None:
    imported(company.by, "products", PRODUCTS)
    rows = [["sku", "name", "price"], ["gem", "", "9.5"]]
    found = imported(company.by, "products", rows)
    assert found.counts == {"updated": 1}
    gem = Product.objects.of(company.id).get(sku="gem")
    assert (gem.name, gem.base_price, gem.version) == ("Gem", Decimal("9.5"), 2)


def test_every_bad_product_row_says_why_in_the_words_of_the_catalog(company: Company) -> None:
    rows = [
        ["SKU", "Name", "Price", "Product line", "Type", "Unit", "Price unit"],
        ["A", "A", "-1", "", "", "", ""],
        ["B", "B", "abc", "", "", "", ""],
        ["C", "C", "", "Rings", "", "", ""],
        ["D", "D", "", "", "thing", "", ""],
        ["E", "E", "1", "", "", "pcs", "box"],
        ["F", "F", "1", "", "", "", ""],
        ["f", "F again", "1", "", "", "", ""],
    ]
    found = uploaded(company.by, "products", rows)
    assert bad_rows(company.by, found) == {
        2: {"base_price": "A price cannot be negative."},
        3: {"base_price": 'Give a plain number with a decimal point, like 12.5 or "12.5".'},
        4: {"product_line": "There is no product line named Rings. Add it under Settings first."},
        5: {"type": "Use one of sale, service, shipping, credit, return, tax."},
        6: {"price_unit": "The product is not sold in box. Add this unit, or choose another."},
        8: {"": "Line 7 has this SKU already. Keep one of them."},
    }


def test_a_mode_decides_what_may_be_written(company: Company) -> None:
    company.product(sku="GEM", name="Old")
    only_new = uploaded(company.by, "products", PRODUCTS, mode="create")
    assert bad_rows(company.by, only_new) == {
        2: {"": "There is a product with this SKU already; this import only adds."}
    }
    only_old = uploaded(company.by, "products", PRODUCTS, mode="update")
    assert bad_rows(company.by, only_old) == {
        3: {"": "There is no product with this SKU; this import only changes."}
    }


def test_customers_come_with_addresses_and_contacts_in_several_rows(company: Company) -> None:
    rows = [
        ["Number", "Name", "Address name", "Street", "City", "Zip", "Country", "Ship to",
         "Contact first name", "Contact last name", "Contact e-mail", "Terms"],
        ["C1", "Acme", "Main", "1 A St", "Aton", "111", "US", "yes", "Ann", "Lee",
         "ann@acme.example", "NET30"],
        ["C1", "", "Depot", "2 B St", "Bton", "222", "US", "yes", "Bob", "Ray",
         "bob@acme.example", ""],
    ]  # fmt: skip
    found = imported(company.by, "customers", rows)
    assert found.counts == {"created": 2}
    (acme,) = Customer.objects.of(company.id)
    assert acme.payment_term is not None
    assert acme.payment_term.code == "NET30"
    addresses = Address.objects.of(company.id).order_by("label").values_list("label", "street_1")
    assert list(addresses) == [("Depot", "2 B St"), ("Main", "1 A St")]
    assert Contact.objects.of(company.id).count() == 2
    assert uploaded(company.by, "customers", rows).counts == {"unchanged": 2}


def test_a_customer_keeps_the_addresses_that_a_file_does_not_mention(company: Company) -> None:
    acme = company.customer(name="Acme", number="C1")
    rows = [["number", "address name", "street", "country"], ["C1", "Depot", "2 B St", "US"]]
    assert imported(company.by, "customers", rows).counts == {"updated": 1}
    labels = Address.objects.of(company.id).filter(customer_id=acme).order_by("label")
    assert list(labels.values_list("label", flat=True)) == ["Depot", "Main"]


def test_every_bad_customer_row_says_why(company: Company) -> None:
    company.customer(name="Twin", number="T1")
    company.customer(name="Twin", number="T2")
    rows = [
        ["Number", "Name", "E-mail", "Country", "Street", "Ship to", "Terms", "Contact e-mail"],
        ["", "", "a@b.example", "", "", "", "", ""],
        ["C2", "B", "no", "", "", "", "", ""],
        ["C3", "C", "", "Narnia", "1 St", "", "", ""],
        ["C4", "D", "", "US", "1 St", "yes", "", ""],
        ["C5", "E", "", "", "", "", "NET31", ""],
        ["C6", "F", "", "", "", "", "", "f@f.example"],
        ["", "Twin", "", "", "", "", "", ""],
    ]
    found = uploaded(company.by, "customers", rows)
    bad = bad_rows(company.by, found)
    assert {number: sorted(errors) for number, errors in bad.items()} == {
        2: ["name"],
        3: ["email"],
        4: ["country"],
        5: ["city", "postal_code"],
        6: ["payment_term"],
        7: ["contact_first_name", "contact_last_name"],
        8: ["number"],
    }
    assert bad[8] == {"number": "Several customers are named Twin. Give the number."}


LOTS = [
    ["Tag", "SKU", "Qty", "Weight", "Location", "Rack", "Quality"],
    ["GEM-7", "GEM", "250", "12.5", "", "A-3", "VS"],
    ["", "gem", "10", "", "", "", ""],
]


def test_inventory_is_put_into_lots_with_movements(company: Company) -> None:
    company.product(sku="GEM")
    found = imported(company.by, "inventory", LOTS)
    assert found.counts == {"created": 2}
    lot = Lot.objects.of(company.id).get(tag_id="GEM-7")
    assert (lot.quantity, lot.weight, lot.rack, lot.source) == (
        250,
        Decimal("12.5"),
        "A-3",
        "import",
    )
    assert Movement.objects.of(company.id).filter(action="create_record").count() == 2


def test_a_tag_that_is_there_is_counted_moved_and_described_anew(company: Company) -> None:
    company.product(sku="GEM")
    imported(company.by, "inventory", LOTS[:2])
    made = company.api().post("/locations", {"name": "Vault"})
    assert made.status == 201
    company.enter()
    rows = [LOTS[0], ["GEM-7", "GEM", "200", "12.5", "vault", "B-1", "SI"]]
    assert imported(company.by, "inventory", rows).counts == {"updated": 1}
    lot = Lot.objects.of(company.id).get(tag_id="GEM-7")
    assert (lot.quantity, lot.location.name, lot.rack, lot.quality) == (200, "Vault", "B-1", "SI")
    assert uploaded(company.by, "inventory", rows).counts == {"unchanged": 1}


def test_every_bad_inventory_row_says_why(company: Company) -> None:
    company.product(sku="GEM")
    company.product(sku="FEE", type="service")
    rows = [
        ["Tag", "Product", "Quantity", "Location"],
        ["A!", "GEM", "1", ""],
        ["A-2", "NONE", "1", ""],
        ["A-3", "FEE", "1", ""],
        ["A-4", "GEM", "0", ""],
        ["A-5", "GEM", "1.5", ""],
        ["A-6", "GEM", "1", "Moon"],
        ["A-7", "GEM", "1", ""],
        ["a-7", "GEM", "1", ""],
    ]
    found = uploaded(company.by, "inventory", rows)
    bad = bad_rows(company.by, found)
    assert {number: sorted(errors) for number, errors in bad.items()} == {
        2: ["tag_id"],
        3: ["product"],
        4: ["product"],
        5: ["quantity"],
        6: ["quantity"],
        7: ["location"],
        9: [""],
    }
    assert found.counts == {"new": 1, "bad": 7}


ORDERS = [
    ["Order", "Customer", "PO number", "Order lead", "SKU", "Qty", "Date required"],
    ["1", "C1", "P-1", "Ada", "GEM", "5", "2026-12-01"],
    ["1", "C1", "", "", "RING", "2", ""],
    ["2", "Acme", "P-2", "Ada", "GEM", "1", ""],
]


def _shop(company: Company) -> None:
    company.customer(name="Acme", number="C1")
    company.product(sku="GEM")
    company.product(sku="RING", base_price="40")


def _lead(company: Company) -> str:
    return str(company.api().get("/staff").body["data"][0]["nickname"])


def test_rows_of_one_order_become_one_estimate(company: Company) -> None:
    _shop(company)
    lead = _lead(company)
    company.enter()
    rows = [[lead if cell == "Ada" else cell for cell in row] for row in ORDERS]
    found = imported(company.by, "orders", rows)
    assert found.counts == {"created": 3}
    orders = SalesOrder.objects.of(company.id).order_by("number")
    facts = orders.values_list("status", "source", "customer_po_number", "grand_total")
    assert list(facts) == [
        ("estimate", "import", "P-1", Decimal(130)),
        ("estimate", "import", "P-2", Decimal(10)),
    ]


def test_an_order_with_one_bad_line_is_left_out_whole(company: Company) -> None:
    _shop(company)
    rows = [
        ["Order", "Customer", "SKU", "Qty", "Date required"],
        ["1", "C1", "GEM", "5", ""],
        ["1", "C1", "NONE", "2", ""],
        ["2", "Nobody", "GEM", "1", ""],
        ["3", "C1", "GEM", "1", "2020-01-01"],
        ["4", "C1", "GEM", "x", ""],
    ]
    found = uploaded(company.by, "orders", rows, defaults={"order_lead": _lead(company)})
    company.enter()
    bad = bad_rows(company.by, found)
    assert bad[2] == {"": "The order was left out: see line 3."}
    assert bad[3] == {"product": "There is no product NONE."}
    assert bad[4] == {"customer": "There is no customer Nobody."}
    assert sorted(bad[5]) == ["date_required"]
    assert sorted(bad[6]) == ["quantity"]
    yes = uploaded(company.by, "orders", [rows[0], rows[4]], confirm=["past_date"],
                   defaults={"order_lead": _lead(company)})  # fmt: skip
    assert yes.counts == {"new": 1}


def test_stop_and_resume_write_no_row_twice(company: Company) -> None:
    rows = [["sku", "name"], *([f"S{n}", f"Product {n}"] for n in range(2500))]
    found = uploaded(company.by, "products", rows)
    assert found.counts == {"new": 2500}
    actions.start_import(by=company.by, import_id=found.id)
    from orderwright.importing.chunks import work_chunk

    assert work_chunk(company.id, found.id, now=NOW)
    actions.stop_import(by=company.by, import_id=found.id)
    assert not work_chunk(company.id, found.id, now=NOW)
    stopped = queries.read_import(by=company.by, import_id=found.id)
    assert (stopped.status, stopped.counts) == ("stopped", {"created": 1000, "new": 1500})
    actions.resume_import(by=company.by, import_id=found.id)
    worked(company.by, found.id)
    assert queries.read_import(by=company.by, import_id=found.id).counts == {"created": 2500}
    assert Product.objects.of(company.id).count() == 2500


def test_a_chunk_costs_the_same_number_of_statements_for_any_number_of_rows(
    company: Company, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from orderwright.importing.chunks import work_chunk

    counts = []
    for kind, start in (("products", "P"), ("inventory", "L")):
        for size in (3, 30):
            if kind == "products":
                rows = [["sku", "name"], *([f"{start}{size}-{n}", f"N {n}"] for n in range(size))]
            else:
                rows = [["sku", "qty"], *([f"P{size}-{n}", "5"] for n in range(size))]
            found = uploaded(company.by, kind, rows)
            actions.start_import(by=company.by, import_id=found.id)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                assert work_chunk(company.id, found.id, now=NOW)
            worked(company.by, found.id)
            counts.append(len(captured))
    assert counts[0] == counts[1]
    assert counts[2] == counts[3]
    assert max(counts) <= 30


def test_undo_takes_back_what_nothing_has_used(company: Company) -> None:
    for kind, rows in (("products", PRODUCTS),):
        found = imported(company.by, kind, rows)
        actions.undo_import(by=company.by, import_id=found.id)
        undoing.undo_import(company.id, found.id, now=NOW)
        undone = queries.read_import(by=company.by, import_id=found.id)
        assert (undone.status, undone.counts) == ("undone", {"undone": 2})
    assert Product.objects.of(company.id).count() == 0


def test_undo_of_inventory_and_orders_and_customers(company: Company) -> None:
    _shop(company)
    lead = _lead(company)
    company.enter()
    rows = [[lead if cell == "Ada" else cell for cell in row] for row in ORDERS]
    people = [["number", "name"], ["X1", "X"], ["X2", "Y"]]
    for kind, file in (("inventory", LOTS), ("orders", rows), ("customers", people)):
        found = imported(company.by, kind, file)
        actions.undo_import(by=company.by, import_id=found.id)
        undoing.undo_import(company.id, found.id, now=NOW)
        undone = queries.read_import(by=company.by, import_id=found.id)
        assert (undone.status, undone.counts) == ("undone", {"undone": len(file) - 1})
    assert Lot.objects.of(company.id).count() == 0
    assert SalesOrder.objects.of(company.id).count() == 0
    assert Customer.objects.of(company.id).count() == 1


def test_undo_of_what_is_in_use_removes_nothing_and_says_why(company: Company) -> None:
    found = imported(company.by, "products", PRODUCTS)
    imported(company.by, "inventory", LOTS)
    actions.undo_import(by=company.by, import_id=found.id)
    undoing.undo_import(company.id, found.id, now=NOW)
    after = queries.read_import(by=company.by, import_id=found.id)
    assert (after.status, after.counts) == ("finished", {"created": 2})
    assert after.failure == ("Nothing was undone: 1 of its records are in use. The rows say why.")
    reasons = {row.number: row.errors for row in rows_of(company.by, after)}
    assert reasons == {2: {"": "Other records refer to this product meanwhile."}, 3: {}}
    assert Product.objects.of(company.id).count() == 2


def test_without_the_columns_that_are_needed_nothing_is_read(company: Company) -> None:
    found = uploaded(company.by, "products", [["foo", "bar"], ["1", "2"]])
    assert found.failure == ("Say which column holds SKU: without it nothing can be read.")
    actions.change_import(
        by=company.by, import_id=found.id, sent={"columns": {"sku": 0, "name": 1}}
    )
    again = queries.read_import(by=company.by, import_id=found.id)
    assert (again.failure, again.counts) == ("", {"new": 1})


def test_columns_that_make_no_sense_are_refused(company: Company) -> None:
    found = uploaded(company.by, "products", PRODUCTS)
    for columns in ({"sku": 99}, {"nothing": 1}, {"sku": 0, "name": 0}, {"sku": "0"}, []):
        with pytest.raises(Invalid):
            actions.change_import(by=company.by, import_id=found.id, sent={"columns": columns})


def test_importing_needs_the_right_to_create_and_change(company: Company) -> None:
    from dataclasses import replace

    viewer = replace(company.by, role="Viewer", permissions=frozenset({"products:read"}))
    with pytest.raises(Forbidden):
        uploaded(viewer, "products", PRODUCTS)


def test_prices_need_the_right_to_see_them(company: Company) -> None:
    from dataclasses import replace

    some = frozenset({"products:create", "products:update", "products:read"})
    clerk = replace(company.by, permissions=some)
    found_id = actions.upload_import(
        by=clerk, kind="products", file_name="p.csv", content=b"sku,name,price\nA,B,1\n"
    )
    found = queries.read_import(by=clerk, import_id=found_id)
    assert found.counts == {"bad": 1}


def test_bad_rows_come_back_as_a_file_that_can_be_corrected_and_uploaded(
    company: Company,
) -> None:
    rows = [["SKU", "Name", "Price"], ["A", "=HYPERLINK(1)", "x"], ["B", "Fine", "-2"]]
    found = uploaded(company.by, "products", rows)
    text = queries.bad_rows_file(by=company.by, found=found)
    assert text.splitlines()[0] == "\ufeffSKU,Name,Price,Reason"
    assert text.splitlines()[1].startswith("A,'=HYPERLINK(1),x,")
    corrected = text.replace(",x,", ",1,").replace(",-2,", ",2,").encode()
    import_id = actions.upload_import(
        by=company.by, kind="products", file_name="again.csv", content=corrected
    )
    again = queries.read_import(by=company.by, import_id=import_id)
    assert again.counts == {"new": 2}
    actions.start_import(by=company.by, import_id=import_id)
    worked(company.by, import_id)
    names = Product.objects.of(company.id).order_by("sku").values_list("name", flat=True)
    assert list(names) == ["=HYPERLINK(1)", "Fine"]
