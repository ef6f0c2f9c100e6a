"""Who the sales representative of a new order is (domain 1.11)."""

from typing import Any
from uuid import UUID

import pytest

from orderwright.directory.models import Customer, CustomerGroup, Staff
from tests.sales.desk import Desk, open_desk

pytestmark = pytest.mark.django_db


def rep(desk: Desk) -> UUID:
    return Staff.objects.create(organization_id=desk.by.organization_id, nickname="Rae").pk


def group(desk: Desk, **fields: Any) -> UUID:
    values = {"name": "Makers", "type": "type_group", "commission_exempt": True, **fields}
    return CustomerGroup.objects.create(organization_id=desk.by.organization_id, **values).pk


@pytest.mark.parametrize("exempt", ["", "customer", "type group", "pricing group", "other group"])
def test_the_customers_rep_leads_unless_the_customer_or_a_group_pays_no_commission(
    exempt: str,
) -> None:
    desk = open_desk()
    found: dict[str, Any] = {"sales_rep_id": rep(desk)}
    if exempt == "customer":
        found["commission_exempt"] = True
    if exempt == "type group":
        found["type_group_id"] = group(desk)
    if exempt == "pricing group":
        found["pricing_group_ids"] = [group(desk, type="pricing_group")]
    if exempt == "other group":
        group(desk)
    Customer.objects.filter(id=desk.customer).update(**found)
    order = desk.order({desk.product(): 1})
    is_paid = exempt in ("", "other group")
    assert order.head.sales_rep_id == (found["sales_rep_id"] if is_paid else None)


def test_a_rep_chosen_on_the_order_stands() -> None:
    desk = open_desk()
    chosen = rep(desk)
    Customer.objects.filter(id=desk.customer).update(commission_exempt=True)
    order = desk.order({desk.product(): 1}, sales_rep_id=chosen)
    assert order.head.sales_rep_id == chosen
