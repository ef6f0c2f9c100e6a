"""Each role at each set-up record: exactly what the matrix of domain 1.2 says."""

from typing import Final

import pytest

from tests.api.test_setup_records import PATHS, bodies
from tests.company import found_company

pytestmark = pytest.mark.django_db

ROLES: Final = ("Admin", "Manager", "Member", "Viewer", "Sales", "Warehouse", "Finance")

# C create, R read, U update, D delete; names of people, places and terms are open to all.
NAMES: Final = ("CRUD", "R", "R", "R", "R", "R", "R")
CUSTOMERS: Final = ("CRUD", "", "", "R", "CRU", "R", "R")
PRODUCTS: Final = ("CRUD", "R", "R", "R", "R", "R", "R")
SUPPLIERS: Final = ("CRUD", "", "", "R", "R", "R", "R")
PRODUCTION: Final = ("CRUD", "CRUD", "CRU", "R", "R", "R", "R")
DISCOUNTS: Final = ("CRUD", "", "", "R", "RU", "", "R")
USERS: Final = ("CRUD", "", "", "", "", "", "")

TABLE: Final = {
    "/staff": NAMES,
    "/locations": NAMES,
    "/payment-terms": NAMES,
    "/shipping-terms": NAMES,
    "/carriers": NAMES,
    "/customer-groups": CUSTOMERS,
    "/product-lines": PRODUCTS,
    "/product-categories": PRODUCTS,
    "/products": PRODUCTS,
    "/customers": CUSTOMERS,
    "/suppliers": SUPPLIERS,
    "/stages": PRODUCTION,
    "/customer-prices": DISCOUNTS,
    "/volume-discounts": DISCOUNTS,
    "/discount-codes": DISCOUNTS,
    "/roles": USERS,
    "/users": USERS,
}


def test_the_table_is_complete() -> None:
    assert set(TABLE) == set(PATHS)


@pytest.mark.parametrize("path", PATHS)
def test_a_role_may_do_what_the_table_says_and_nothing_else(path: str) -> None:
    company = found_company()
    body = bodies(company)[path]
    made = company.api().post(path, body).body["id"]
    found = {}
    for role in ROLES[1:]:
        api = company.api(role)
        statuses = {
            "C": api.post(path, {}).status,
            "R": api.get(path).status,
            "U": api.patch(f"{path}/{made}", {"version": 99}).status,
            "D": api.delete(f"{path}/00000000-0000-7000-8000-000000000000").status,
        }
        found[role] = "".join(letter for letter, status in statuses.items() if status != 403)
    assert found == dict(zip(ROLES[1:], TABLE[path][1:], strict=True))


@pytest.mark.parametrize("path", PATHS)
def test_nobody_gets_in_without_a_key(path: str) -> None:
    from django.test import Client

    found_company()
    assert Client().get(f"/api/v1{path}").status_code == 401
