"""The demo company: a believable small maker with orders in every status that exists.

Everything is made through the actions that people use, so that the demo cannot lie.
"""

import random
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from orderwright.activity import records
from orderwright.catalog import actions as catalog
from orderwright.catalog.kinds import PRODUCT, PRODUCT_LINE
from orderwright.demo import (
    customers,
    making,
    money,
    notifications,
    orders,
    products,
    purchases,
    returns,
)
from orderwright.directory import actions as directory
from orderwright.directory import organization as house
from orderwright.directory.kinds import CARRIER, CUSTOMER, CUSTOMER_GROUP, PAYMENT_TERM, STAFF
from orderwright.founding import found_organization
from orderwright.identity.caller import Caller
from orderwright.identity.models import Organization
from orderwright.identity.queries import system_caller
from orderwright.identity.tenancy import entered
from orderwright.inventory import lots
from orderwright.pricing.kinds import CUSTOMER_PRICE, DISCOUNT_CODE, VOLUME_DISCOUNT

NAME = "Larkspur Jewellery Works"
EMAIL = "demo@orderwright.example"
HOME = {
    "street": "5 Orchard Lane",
    "city": "Providence",
    "state": "RI",
    "postal_code": "02903",
    "country": "US",
    "settings": {"invoicing.tax_number": "05-1234567"},
}
LEADS = ("Maya", "Jonas", "Priya", "Tom")


@dataclass(frozen=True, slots=True)
class Made:
    """How to sign in to the demo company."""

    email: str
    password: str
    api_key: str


def make(*, now: datetime) -> Made:
    """Make the company; the same each time but for its secrets. Raises Conflict if it exists."""
    password = secrets.token_urlsafe(9)
    founded = found_organization(name=NAME, email=EMAIL, password=password, now=now)
    desk = Desk(founded.organization_id, now, random.Random(7))
    desk.set_up()
    orders.place_all(desk)
    purchases.place_all(desk)
    making.make_all(desk)
    money.make_all(desk)
    returns.make_all(desk)
    notifications.make_all(desk)
    return Made(email=EMAIL, password=password, api_key=founded.api_key)


class Desk:
    """A person at work in the demo company, on a day of the past."""

    def __init__(self, organization_id: UUID, now: datetime, chance: random.Random) -> None:
        self.organization_id = organization_id
        self.now = now
        self.chance = chance
        self.products: dict[str, Any] = {}
        self.customers: dict[str, Any] = {}
        self.leads: list[UUID] = []
        self.carriers: dict[str, UUID] = {}

    @contextmanager
    def on(self, days_ago: float, *, who: str = "Maya") -> Iterator[Caller]:
        """Act as somebody, so many days ago, in one transaction."""
        with entered(self.organization_id):
            organization = Organization.objects.get(pk=self.organization_id)
            by = system_caller(organization, now=self.now - timedelta(days=days_ago), name=who)
            yield replace(by, actor=replace(by.actor, kind="user"))

    def set_up(self) -> None:
        """People, catalog, customers, prices and stock."""
        with self.on(400) as by:
            house.change_organization(by=by, sent=HOME)
            self.leads = [
                records.create(by=by, kind=STAFF, sent={"nickname": name}) for name in LEADS
            ]
            self._make_catalog(by)
            self._make_customers(by)
            self._make_prices(by)
            self.carriers = {
                row.name: row.id for row in records.listed(by=by, kind=CARRIER, limit=50)
            }
        with self.on(90, who="Tom") as by:
            self._make_stock(by)

    def _make_catalog(self, by: Caller) -> None:
        lines = {
            name: str(records.create(by=by, kind=PRODUCT_LINE, sent={"name": name}))
            for name in products.LINES
        }
        for sent in products.products(lines):
            catalog.create_product(by=by, sent=sent)
        found = records.listed(by=by, kind=PRODUCT, limit=200)
        self.products = {row.sku: row for row in found}

    def _make_customers(self, by: Caller) -> None:
        terms = {
            row.code: str(row.id) for row in records.listed(by=by, kind=PAYMENT_TERM, limit=50)
        }
        net = [terms[code] for code in sorted(terms) if code.upper().startswith("NET")]
        for sent in customers.customers(net, str(self.leads[0])):
            directory.create_customer(by=by, sent={**sent, "status": "normal"})
        found = records.listed(by=by, kind=CUSTOMER, limit=200)
        self.customers = {row.name: row for row in found}

    def _make_prices(self, by: Caller) -> None:
        gems = str(self.products["GEM-RD-12"].product_line_id)
        tiers = [
            {"name": "100+", "threshold": "100", "percent": "0.05"},
            {"name": "500+", "threshold": "500", "percent": "0.10"},
            {"name": "1000+", "threshold": "1000", "percent": "0.15"},
        ]
        bulk = {"name": "Bulk gems", "tiers": tiers, "product_line_ids": [gems]}
        records.create(by=by, kind=VOLUME_DISCOUNT, sent=bulk)
        chains = str(self.products["CHN-CBL-45"].product_line_id)
        trade = {"name": "Trade", "type": "pricing_group"}
        group = str(records.create(by=by, kind=CUSTOMER_GROUP, sent=trade))
        for_trade = {
            "name": "Chains for the trade",
            "tiers": [{"name": "50+", "threshold": "50", "percent": "0.08"}],
            "product_line_ids": [chains],
            "customer_group_ids": [group],
        }
        records.create(by=by, kind=VOLUME_DISCOUNT, sent=for_trade)
        self._make_a_family(by, group)
        self._make_codes(by)
        self._make_customer_prices(by, gems, chains)

    def _make_a_family(self, by: Caller, group: str) -> None:
        """A retail group with a shop that belongs to it: the shop pays its parent's prices."""
        for name, parent in (
            ("Lumen Retail Group", None),
            ("Harbour Lights", "Lumen Retail Group"),
        ):
            sent: dict[str, Any] = {"pricing_group_ids": [group]}
            if parent:
                sent["parent_id"] = str(self.customers[parent].id)
            directory.change_customer(by=by, customer_id=self.customers[name].id, sent=sent)

    def _make_codes(self, by: Caller) -> None:
        spring = by.today.replace(month=3, day=1)
        for code in (
            {"code": "TEN", "percentage": "0.10", "once_per_customer": False},
            {
                "code": "SPRING",
                "name": "Spring fair",
                "percentage": "0.15",
                "starts_on": spring.isoformat(),
                "ends_on": spring.replace(month=5, day=31).isoformat(),
                "max_redemptions": 50,
            },
            {
                "code": "WELCOME25",
                "name": "First order",
                "amount": "25",
                "customer_ids": [str(self.customers["Juniper Lane"].id)],
            },
        ):
            kind = "percentage" if "percentage" in code else "amount"
            records.create(by=by, kind=DISCOUNT_CODE, sent={**code, "type": kind})

    def _make_customer_prices(self, by: Caller, gems: str, chains: str) -> None:
        for name, line, price, further in (
            ("Fairlight & Sons", chains, "17.90", {}),
            ("Lumen Retail Group", chains, "16.50", {}),
            ("Lumen Retail Group", gems, "11.80", {}),
            ("Harbour Lights", gems, "11.20", {"attributes": {"shape": ["round"]}}),
        ):
            sent = {
                "customer_id": str(self.customers[name].id),
                "product_line_id": line,
                "price": price,
                **further,
            }
            records.create(by=by, kind=CUSTOMER_PRICE, sent=sent)

    def _make_stock(self, by: Caller) -> None:
        for sku, product in sorted(self.products.items()):
            if product.type != "sale" or sku in orders.OUT_OF_STOCK:
                continue
            for _ in range(self.chance.randint(1, 3)):
                quantity = self.chance.choice((120, 250, 400, 650, 900))
                lots.add_lot(by=by, sent=_stock(product, quantity))


def _stock(product: Any, quantity: int) -> dict[str, str]:
    """So many of a product, with what they weigh together."""
    sent = {"product_id": str(product.id), "quantity": str(quantity)}
    if product.weight_per_unit is not None:
        sent |= {"weight": str(product.weight_per_unit * quantity), "weight_unit": "g"}
    return sent
