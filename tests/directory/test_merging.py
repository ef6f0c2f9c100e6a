"""Merging customers: what moves, what stays, what is refused."""

from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from orderwright.activity.models import Event
from orderwright.catalog.models import ItemCode
from orderwright.directory.merging import merge_customers, preview_merge
from orderwright.directory.models import Address, Contact, Customer
from orderwright.extraction.models import Extraction, LearnedAlias
from orderwright.invoicing.models import Invoice
from orderwright.pricing.models import CustomerPrice, DiscountCode
from orderwright.sales.models import SalesOrder
from tests.company import NOW, Api, Company, found_company

pytestmark = pytest.mark.django_db

REFERRING = """
    SELECT c.conrelid::regclass::text, a.attname
    FROM pg_constraint c
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.contype = 'f' AND c.confrelid = 'directory_customer'::regclass
      AND a.attname <> 'organization_id'
    ORDER BY 1, 2
"""


@pytest.fixture
def company() -> Company:
    return found_company()


def made(api: Api, path: str, **body: Any) -> str:
    """The id of a record that was created."""
    answer = api.post(path, body)
    assert answer.status == 201, answer.body
    return str(answer.body["id"])


def placed(company: Company, customer: UUID, product: UUID, **head: Any) -> Any:
    """An order of one piece."""
    body = {
        "customer_id": str(customer),
        "order_lead_id": str(company.lead_id),
        "accept_terms": True,
        "lines": [{"product_id": str(product), "quantity": "1"}],
        **head,
    }
    answer = company.api().post("/sales-orders", body)
    assert answer.status == 201, answer.body
    return answer.body


def rows_of(customer: UUID) -> dict[str, int]:
    """How many rows of each table refer to a customer, from the foreign keys of the database."""
    with connection.cursor() as cursor:
        cursor.execute(REFERRING)
        found = {}
        for table, column in cursor.fetchall():
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {column} = %s", [customer])
            (found[f"{table}.{column}"],) = cursor.fetchone()
        return found


def customer_with_everything(company: Company, name: str) -> UUID:
    """A customer to which each table refers that can."""
    api = company.api()
    source = company.customer(name=name)
    line = company.product_line(f"Line of {name}")
    gem = company.product(sku=f"GEM {name}", product_line_id=line)
    code = {"code": f"TEN {name}", "type": "percentage", "percentage": "0.1"}
    made(api, "/discount-codes", **code, customer_ids=[str(source)])
    made(api, "/customer-prices", customer_id=str(source), product_line_id=str(line), price="9")
    made(api, "/customers", name=f"Child of {name}", parent_id=str(source))
    contact = {"first_name": "Ann", "last_name": "Lee", "email": "ann@acme.example"}
    codes = [{"code": "A-1", "product_id": str(gem)}]
    sent = {"contacts": [contact], "item_codes": codes}
    assert api.patch(f"/customers/{source}", sent).status == 200
    placed(company, source, gem, discount_code=f"TEN {name}")
    made(api, "/payments", customer_id=str(source), amount="5", method="cash")
    made(api, "/extractions", notes="4 gem", customer_id=str(source))
    company.enter()
    Invoice.objects.create(
        organization_id=company.id,
        order_number="SO-1",
        customer_id=source,
        currency="USD",
        invoice_date=NOW.date(),
        due_date=NOW.date(),
    )
    LearnedAlias.objects.create(
        organization_id=company.id,
        customer_id=source,
        phrase="the usual",
        product_id=gem,
        last_confirmed_at=NOW,
    )
    return source


def test_no_row_of_any_table_is_left_behind(company: Company) -> None:
    target, source = company.customer(name="Acme"), customer_with_everything(company, "Twin")
    company.enter()
    before, own = rows_of(source), rows_of(target)
    untouched = {name for name, count in before.items() if not count}
    assert untouched == set()
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    assert set(rows_of(source).values()) == {0}
    assert rows_of(target) == {name: own[name] + count for name, count in before.items()}
    assert [code.customer_ids for code in DiscountCode.objects.of(company.id).order_by("pk")] == [
        [target]
    ]
    assert not Customer.objects.of(company.id).with_ids([source]).exists()


def test_of_equal_rows_that_of_the_customer_that_stays_is_kept(company: Company) -> None:
    target = customer_with_everything(company, "Acme")
    source = customer_with_everything(company, "Twin")
    company.enter()
    kept = {
        model: list(model.objects.of(company.id).filter(customer_id=target).values_list("pk"))
        for model in (ItemCode, LearnedAlias, Contact)
    }
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    for model, rows in kept.items():
        now = model.objects.of(company.id).filter(customer_id=target).values_list("pk")
        assert list(now) == rows
    assert Extraction.objects.of(company.id).filter(customer_id=target).count() == 2


def test_the_target_keeps_its_identity_defaults_and_addresses(company: Company) -> None:
    source = company.customer(name="Twin")
    target = company.customer(name="Acme", priority="high", default_currency="EUR")
    company.enter()
    (own,) = Address.objects.of(company.id).filter(customer_id=target)
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    now = Customer.objects.of(company.id).get(pk=target)
    assert (now.name, now.number, now.priority, now.default_currency, now.version) == (
        "Acme",
        "C-Acme",
        "high",
        "EUR",
        2,
    )
    assert (now.bill_to_address_id, now.ship_to_address_id) == (own.pk, own.pk)
    assert Address.objects.of(company.id).filter(customer_id=target).count() == 2


def test_nobodys_price_changes_by_a_merge(company: Company) -> None:
    api = company.api()
    target, source = company.customer(name="Acme"), company.customer(name="Twin")
    gems, rings = company.product_line("Gems"), company.product_line("Rings")
    sent = [(target, gems, "9"), (source, gems, "8"), (source, rings, "7")]
    for customer, line, price in sent:
        ids = {"customer_id": str(customer), "product_line_id": str(line)}
        made(api, "/customer-prices", **ids, price=price)
    company.enter()
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    prices = CustomerPrice.objects.of(company.id).filter(customer_id=target).order_by("pk")
    assert [(str(one.price), one.is_active) for one in prices] == [
        ("9.0000", True),
        ("8.0000", False),
        ("7.0000", True),
    ]


def test_the_merge_is_an_event_of_the_target_and_an_end_of_the_source(company: Company) -> None:
    target, source = company.customer(name="Acme"), company.customer(name="Twin")
    company.enter()
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    merged, deleted = Event.objects.of(company.id).order_by("-pk")[:2][::-1]
    twin = {"id": str(source), "number": "C-Twin", "name": "Twin"}
    assert (merged.type, merged.subject_id, merged.body) == (
        "customer.merged",
        target,
        {"sources": [twin], "moved": {"Address": 1}},
    )
    assert (deleted.type, deleted.subject_id, deleted.body) == (
        "customer.deleted",
        source,
        {
            "before": twin,
            "merged_into": {"id": str(target), "number": "C-Acme", "name": "Acme"},
        },
    )


def test_orders_of_the_source_follow_the_hold_of_the_target(company: Company) -> None:
    target = company.customer(name="Acme", status="hold_all")
    source = company.customer(name="Twin")
    order = placed(company, source, company.product())
    assert order["on_hold"] is False
    company.enter()
    merge_customers(by=company.by, target_id=target, source_ids=[source])
    now = company.api().get(f"/sales-orders/{order['id']}").body
    assert (now["customer"]["name"], now["on_hold"]) == ("Acme", True)


def test_a_parent_is_not_merged_into_its_child(company: Company) -> None:
    parent = company.customer(name="Group")
    middle = company.customer(name="Region", parent_id=parent)
    child = company.customer(name="Shop", parent_id=middle)
    answer = company.api().post(
        f"/customers/{child}/actions/merge", {"source_ids": [str(middle), str(parent)]}
    )
    assert (answer.status, answer.body["code"], answer.body["fields"]) == (
        409,
        "merges_parent",
        {"source_ids.0": "It is the parent."},
    )
    up = company.api().post(f"/customers/{parent}/actions/merge", {"source_ids": [str(middle)]})
    assert up.status == 200
    company.enter()
    assert Customer.objects.of(company.id).get(pk=child).parent_id == parent


def test_two_orders_with_one_po_number_keep_their_customers_apart(company: Company) -> None:
    target, source = company.customer(name="Acme"), company.customer(name="Twin")
    gem = company.product()
    orders = [
        placed(company, one, gem, customer_po_number="PO-1")["number"] for one in (target, source)
    ]
    answer = company.api().post(f"/customers/{target}/actions/merge", {"source_ids": [str(source)]})
    assert (answer.status, answer.body["code"], answer.body["details"]) == (
        409,
        "duplicate_po_number",
        {"orders": orders},
    )
    company.enter()
    assert SalesOrder.objects.of(company.id).filter(customer_id=source).count() == 1


@pytest.mark.parametrize(
    ("sources", "status", "code"),
    [
        ([], 422, "required"),
        (["itself"], 422, "merges_itself"),
        (["00000000-0000-7000-8000-000000000000"], 422, "unknown_reference"),
        (["stranger"], 422, "unknown_reference"),
        (["nonsense"], 422, "invalid_input"),
        ([f"00000000-0000-7000-8000-{n:012}" for n in range(21)], 422, "too_many"),
    ],
)
def test_what_makes_no_sense_is_refused(
    company: Company, sources: list[str], status: int, code: str
) -> None:
    other = found_company("Other", email="bo@other.example")
    ids = {"itself": str(company.customer()), "stranger": str(other.customer(name="Theirs"))}
    sent = {"source_ids": [ids.get(one, one) for one in sources]}
    answer = company.api().post(f"/customers/{ids['itself']}/actions/merge", sent)
    assert (answer.status, answer.body["code"]) == (status, code)


def test_only_who_may_delete_customers_merges_them(company: Company) -> None:
    target, source = company.customer(name="Acme"), company.customer(name="Twin")
    sent = {"source_ids": [str(source)]}
    assert company.api("Sales").post(f"/customers/{target}/actions/merge", sent).status == 403
    stale = company.api().post(f"/customers/{target}/actions/merge", {**sent, "version": 9})
    assert (stale.status, stale.body["code"]) == (409, "stale_version")
    merged = company.api().post(f"/customers/{target}/actions/merge", {**sent, "version": 1})
    assert (merged.status, merged.body["version"]) == (200, 2)


def test_a_preview_counts_what_would_move_and_moves_nothing(company: Company) -> None:
    target, source = company.customer(name="Acme"), customer_with_everything(company, "Twin")
    company.enter()
    before = rows_of(source)
    seen = preview_merge(by=company.by, target_id=target, source_ids=[source])
    assert seen.moves == {
        "Customer": 1,
        "Address": 1,
        "Contact": 1,
        "ItemCode": 1,
        "CustomerPrice": 1,
        "Redemption": 1,
        "SalesOrder": 1,
        "Extraction": 1,
        "Invoice": 1,
        "Payment": 1,
        "LearnedAlias": 1,
    }
    assert rows_of(source) == before


def test_more_rows_cost_no_more_statements(company: Company) -> None:
    def cost(orders: int) -> int:
        target, source = (company.customer(name=f"{one} {orders}") for one in ("A", "B"))
        gem = company.product(sku=f"GEM {orders}")
        for _ in range(orders):
            order = placed(company, source, gem)
            company.enter()
            SalesOrder.objects.of(company.id).filter(pk=order["id"]).update(status="completed")
        company.enter()
        with connection.execute_wrapper(counter := _Counter()):
            merge_customers(by=company.by, target_id=target, source_ids=[source])
        return counter.count

    assert cost(1) == cost(5)


class _Counter:
    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)
