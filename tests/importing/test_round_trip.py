"""What a list exports, the import reads: nothing differs, whatever the records are called."""

import string
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.activity import record_sets
from orderwright.catalog.kinds import PRODUCT
from orderwright.importing import actions, queries
from orderwright.kernel.formulas import quoted, unquoted
from tests.company import Company, found_company
from tests.importing.desk import worked
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

WORDS = st.text(
    st.sampled_from(string.ascii_letters + string.digits + "=+-@'\",;|&<>()#% äßé＝‑"),
    min_size=1,
    max_size=30,
).map(lambda text: " ".join(text.split()))
NAMES = WORDS.filter(bool)
PRODUCTS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "type": st.sampled_from(["sale", "service", "shipping", "tax"]),
        "default_unit": st.sampled_from(["pcs", "g", "m"]),
        "is_active": st.booleans(),
    },
    optional={
        "base_price": st.decimals(0, 10**7, places=4).map(str),
        "currency": st.sampled_from(["USD", "EUR", "JPY"]),
    },
)


def again(company: Company, kind: str) -> dict[str, int]:
    """The counts of the rows of a list's CSV when it is imported as it is."""
    answer = signed_in(company.email).get(f"/lists/{kind}/export.csv")
    assert answer.status_code == 200
    content = b"".join(answer.streaming_content)
    company.enter()
    import_id = actions.upload_import(
        by=company.by, kind=kind, file_name=f"{kind}.csv", content=content
    )
    worked(company.by, import_id)
    found = queries.read_import(by=company.by, import_id=import_id)
    rows = queries.list_rows(by=company.by, found=found, limit=1000)
    bad = [(row.values, row.errors) for row in rows if row.state != "unchanged"]
    assert bad == []
    return found.counts


@given(st.text(st.sampled_from("=+-@'＝ \t\r\nx1")))
def test_a_quoted_text_is_read_as_it_was(text: str) -> None:
    assert unquoted(quoted(text)) == text


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=st.lists(PRODUCTS, min_size=1, max_size=12))
def test_exported_products_come_back_unchanged(
    company: Company, rows: list[dict[str, Any]]
) -> None:
    with transaction.atomic():
        company.enter()
        planned = [
            record_sets.plan_new(company.by, PRODUCT, {"sku": f"={place}", **row})
            for place, row in enumerate(rows)
        ]
        record_sets.insert_all(company.by, PRODUCT, planned)
        assert again(company, "products") == {"unchanged": len(rows)}
        transaction.set_rollback(True)


def test_exported_customers_come_back_unchanged(company: Company) -> None:
    for number, name in (("C1", "Acme"), ("C2", "'=Borealis"), ("C3", "+Ćirić, d.o.o.")):
        company.customer(name=name, number=number)
    answer = company.api().post(
        "/customers",
        {"name": "Depot only", "email": "d@depot.example", "phone": "+12175550100",
         "status": "hold_all",
         "addresses": [{"label": "Depot", "city": "Aton", "street_1": "1 St", "country": "US",
                        "postal_code": "11111", "state": "IL", "is_ship_to": True}]},
    )  # fmt: skip
    assert answer.status == 201, answer.body
    company.enter()
    assert again(company, "customers") == {"unchanged": 4}


@pytest.fixture
def company() -> Company:
    return found_company()
