"""A company with products, stock and an order, in front of a browser."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from playwright.sync_api import Page

from orderwright.inventory import lots
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from orderwright.sales.page import OrderPage
from tests.company import Company, found_company
from tests.web.conftest import sign_in


@dataclass(frozen=True, slots=True)
class Desk:
    """What the tests of the sales pages stand on."""

    company: Company
    acme: UUID
    diamond: UUID
    ring: UUID
    grain: UUID

    def order(self, lines: Sequence[tuple[UUID, str]] | None = None, **fields: Any) -> OrderPage:
        """An estimate of Acme's: 25 diamonds unless said."""
        with transaction.atomic():
            self.company.enter()
            return create_order(
                by=self.company.by,
                new=NewOrder(
                    customer_id=fields.pop("customer_id", self.acme),
                    order_lead_id=self.company.lead_id,
                    accept_terms=True,
                    lines=[
                        NewLine(product_id=product, quantity=quantity)
                        for product, quantity in lines or [(self.diamond, "25")]
                    ],
                    **fields,
                ),
            )

    def sign_in(self, page: Page) -> Page:
        """The founder, signed in."""
        sign_in(page, self.company.email)
        return page


def open_desk() -> Desk:
    """Acme, three products, 40 diamonds in two lots and 10 rings."""
    company = found_company()
    desk = Desk(
        company=company,
        acme=company.customer(name="Acme Jewelers"),
        diamond=company.product(
            sku="RD-12",
            name="Round Diamond",
            base_price="12.50",
            weight_per_unit="0.2",
            weight_unit="g",
        ),
        ring=company.product(sku="GR-18", name="Gold Ring", base_price="310.00"),
        grain=company.product(sku="SG-1", name="Silver Grain", base_price="0.90", default_unit="g"),
    )
    with transaction.atomic():
        company.enter()
        for product, quantity in ((desk.diamond, "30"), (desk.diamond, "10"), (desk.ring, "10")):
            lots.add_lot(by=company.by, sent={"product_id": str(product), "quantity": quantity})
    return desk
