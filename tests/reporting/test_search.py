"""Search finds what people mean, in one statement, and nothing that they may not see."""

from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.catalog.models import ItemCode
from orderwright.directory.models import Contact
from orderwright.identity.permissions import default_permissions
from orderwright.inventory import lots
from orderwright.kernel.errors import Invalid
from orderwright.reporting.search import search
from orderwright.sales.models import SalesOrder
from orderwright.shipping.models import Shipment
from tests.company import Company, found_company
from tests.purchasing.buying import open_buying
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db

CUSTOMERS = (
    "Acme Jewelers",
    "Bramble & Finch",
    "Müller Goldschmiede",
    "Northwind Traders",
    "Côté Fasteners",
    "Zeller Brakes",
)
DOMAINS = ("acme", "bramble", "mueller", "northwind", "cote", "zeller")
PRODUCTS = {
    "RD-12": "Round Diamond",
    "GR-18": "Gold Ring",
    "SC-45": "Silver Curb Chain",
    "TG-900": "Titanium Gasket",
    "HX-0108": "Hexagon Bolt M8",
}


@dataclass(slots=True)
class Shop:
    """A company whose records have names worth searching for."""

    desk: Desk
    orders: dict[str, UUID]

    @property
    def company(self) -> Company:
        """The company."""
        return self.desk.company


@pytest.fixture
def shop() -> Shop:
    desk = open_desk()
    company = desk.company
    products = {
        sku: company.product(sku=sku, name=name, aliases=["sparkler"] if sku == "RD-12" else [])
        for sku, name in PRODUCTS.items()
    }
    orders = {}
    for place, name in enumerate(CUSTOMERS):
        customer = company.customer(name=name, number=f"C-{place + 41:05}")
        made = desk.order(
            {products["RD-12"]: 1}, customer_id=customer, customer_po_number=f"AB/2026/{place}77"
        )
        number = f"SO-{1041 + place:05}"
        with transaction.atomic():
            company.enter()
            SalesOrder.objects.filter(pk=made.id).update(number=number)
            Contact.objects.create(
                organization_id=company.id,
                customer_id=customer,
                first_name="Kim",
                last_name="Buyer",
                email=f"kim{place}@{DOMAINS[place]}.example",
            )
        orders[name] = made.id
    with transaction.atomic():
        company.enter()
        ItemCode.objects.create(
            organization_id=company.id,
            customer_id=made.head.customer_id,
            code="ZB-7781",
            product_id=products["TG-900"],
        )
        Shipment.objects.create(
            organization_id=company.id,
            number="SO-01042-2",
            order_id=orders["Bramble & Finch"],
            carrier_id=company.carrier_id,
            tracking_number="1Z 999 AA1 0123 4567 84",
        )
        lots.add_lot(
            by=company.by,
            sent={"product_id": str(products["GR-18"]), "quantity": "5", "tag_id": "GOLRIN0001"},
        )
    return Shop(desk, orders)


FOUND = [
    # typed, kind, label of the first of that kind
    ("acme jewlers", "customer", "Acme Jewelers"),
    ("acme jewelrs", "customer", "Acme Jewelers"),
    ("amce jewelers", "customer", "Acme Jewelers"),
    ("jewelers acme", "customer", "Acme Jewelers"),
    ("ACME J", "customer", "Acme Jewelers"),
    ("muller", "customer", "Müller Goldschmiede"),
    ("mueller goldschmide", "customer", "Müller Goldschmiede"),
    ("goldshmiede", "customer", "Müller Goldschmiede"),
    ("cote fastners", "customer", "Côté Fasteners"),
    ("nothwind", "customer", "Northwind Traders"),
    ("northwnid traders", "customer", "Northwind Traders"),
    ("north wind", "customer", "Northwind Traders"),
    ("brambel finch", "customer", "Bramble & Finch"),
    ("zeler braks", "customer", "Zeller Brakes"),
    ("c42", "customer", "Bramble & Finch"),
    ("kim5@zeller.example", "customer", "Zeller Brakes"),
    ("kimm@zeller.example", "customer", "Zeller Brakes"),
    ("rond diamond", "product", "Round Diamond"),
    ("roudn dimond", "product", "Round Diamond"),
    ("sparklr", "product", "Round Diamond"),
    ("rd12", "product", "Round Diamond"),
    ("gold rnig", "product", "Gold Ring"),
    ("sliver chain", "product", "Silver Curb Chain"),
    ("titanum gaskit", "product", "Titanium Gasket"),
    ("tg 900", "product", "Titanium Gasket"),
    ("zb7781", "product", "Titanium Gasket"),
    ("hexgon bolt", "product", "Hexagon Bolt M8"),
    ("HX-O1O8", "product", "Hexagon Bolt M8"),
    ("1042", "order", "SO-01042"),
    ("so-0", "order", "SO-01046"),
    ("so1042", "order", "SO-01042"),
    ("S0-01042", "order", "SO-01042"),
    ("so 1042", "order", "SO-01042"),
    ("ab2026 377", "order", "SO-01044"),
    ("northwind tradrs", "order", "SO-01044"),
    ("so-01042-2", "shipment", "SO-01042-2"),
    ("1z999aa10123456784", "shipment", "SO-01042-2"),
    ("456784", "shipment", "SO-01042-2"),
    ("1Z999AAI0I23", "shipment", "SO-01042-2"),
    ("golrinooo1", "lot", "GOLRIN0001"),
    ("golrin", "lot", "GOLRIN0001"),
]


def test_what_was_mistyped_is_found_first_of_its_kind(shop: Shop) -> None:
    missed = {}
    for typed, kind, label in FOUND:
        first = next((hit for hit in search(shop.company.by, typed) if hit.kind == kind), None)
        if first is None or first.label != label:
            missed[typed] = first and first.label
    assert missed == {}


def test_a_number_stands_before_everything_that_only_mentions_it(shop: Shop) -> None:
    hits = search(shop.company.by, "SO-01042")
    assert [(hit.kind, hit.label) for hit in hits][:2] == [
        ("order", "SO-01042"),
        ("shipment", "SO-01042-2"),
    ]


def test_what_resembles_nothing_finds_nothing(shop: Shop) -> None:
    for typed in ("xqzvw", "zzz zzz", "%", "___", "'; --", "SO-99999", "\0", "   ", ""):
        assert search(shop.company.by, typed) == []


def test_who_may_not_know_customers_neither_sees_nor_finds_by_them(shop: Shop) -> None:
    by = replace(shop.company.by, permissions=shop.company.by.permissions - {"customers:read"})
    for typed in ("Acme Jewelers", "acme jewlers", "kim5@zeller.example", "ZB-7781", "C-00042"):
        assert search(by, typed) == []
    (hit,) = search(by, "SO-01042", kinds=["order"])
    assert (hit.label, hit.hint) == ("SO-01042", "AB/2026/177")


def test_who_only_ships_finds_customers_by_name_and_number_not_by_their_people(shop: Shop) -> None:
    by = replace(shop.company.by, permissions=default_permissions("Warehouse"))
    for typed in ("kim5@zeller.example", "kimm@zeller.example"):
        assert search(by, typed) == []
    for typed in ("zeler braks", "C-00046", "zeller"):
        found = [hit.label for hit in search(by, typed, kinds=["customer"])]
        assert (typed, found) == (typed, ["Zeller Brakes"])


def test_each_role_finds_the_kinds_that_it_may_read(shop: Shop) -> None:
    reads = {
        "Admin": {"order", "customer", "product", "shipment", "lot"},
        "Member": {"product", "lot"},
        "Manager": {"order", "product", "lot"},
    }
    for role, kinds in reads.items():
        by = replace(shop.company.by, role=role, permissions=default_permissions(role))
        found = {
            hit.kind
            for typed in ("1042", "bramble", "round", "456784", "golrin")
            for hit in search(by, typed)
        }
        assert found == kinds


def test_a_stranger_finds_nothing_of_others(shop: Shop) -> None:
    stranger = found_company("Strangers", email="eve@strangers.example")
    with transaction.atomic():
        stranger.enter()
        for typed, _, _ in FOUND:
            assert search(stranger.by, typed) == []


def test_without_an_organization_the_database_finds_nothing(shop: Shop) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization', '', true)")
        cursor.execute(
            "SELECT count(*) FROM (SELECT id FROM search_customers('acme', 9, true)"
            " UNION ALL SELECT id FROM search_products('ring', 9, true)"
            " UNION ALL SELECT id FROM search_orders('1042', 9, '{}')"
            " UNION ALL SELECT id FROM search_shipments('456784', 9)"
            " UNION ALL SELECT id FROM search_lots('golrin', 9)) AS found"
        )
        assert cursor.fetchone() == (0,)


def test_a_search_is_one_statement(shop: Shop) -> None:
    for typed in ("acme jewlers", "1042", "a"):
        with CaptureQueriesContext(connection) as statements:
            search(shop.company.by, typed)
        assert len(statements) == 1


def test_a_kind_that_does_not_exist_is_refused(shop: Shop) -> None:
    with pytest.raises(Invalid, match="spaceship is no kind of record"):
        search(shop.company.by, "x", kinds=["spaceship"])


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.sampled_from(CUSTOMERS), st.data())
def test_a_name_with_one_letter_dropped_is_found(
    shop: Shop, name: str, data: st.DataObject
) -> None:
    place = data.draw(st.integers(1, len(name) - 1))
    typed = name[:place] + name[place + 1 :]
    hits = [hit.label for hit in search(shop.company.by, typed) if hit.kind == "customer"]
    assert hits[:1] == [name]


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(max_size=240))
def test_whatever_is_typed_has_an_answer(shop: Shop, typed: str) -> None:
    shop.company.enter()
    search(shop.company.by, typed)


def test_a_purchase_is_found_by_its_number_reference_and_supplier() -> None:
    desk = open_buying()
    order = desk.order({desk.product(sku="GEM"): 1}, supplier_reference="Q-2041/B")
    for typed in ("PO-00001", "po1", "00001", "q2041b"):
        found = [hit.label for hit in search(desk.by, typed, kinds=["purchase"])]
        assert (typed, found) == (typed, ["PO-00001"])
    for typed in ("Rough & Sons", "rugh sons", "V00001"):
        found = search(desk.by, typed, kinds=["supplier"])
        assert [(hit.label, hit.hint) for hit in found] == [("Rough & Sons", "V00001")]
    assert order.head.number == "PO-00001"
