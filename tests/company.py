"""A company to test with: founded through the actions, with what an order needs.

    company = found_company()
    acme = company.customer(name="Acme")
    ring = company.product(sku="RING", base_price="40.00")
    answer = company.api().post("/products", {"sku": "GEM", "name": "Gem"})

Inside a test's transaction the database shows the company that was founded or entered last.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.test import Client

from orderwright.catalog.models import Product, ProductLine
from orderwright.directory.models import (
    Address,
    Carrier,
    Customer,
    PaymentTerm,
    ShippingTerm,
    Staff,
)
from orderwright.founding import found_organization
from orderwright.identity import actions as identity
from orderwright.identity.caller import Caller
from orderwright.identity.models import Organization
from orderwright.identity.queries import system_caller
from orderwright.identity.tenancy import enter
from orderwright.inventory.models import Location

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PASSWORD = "correct horse battery"


@dataclass(frozen=True, slots=True)
class Answer:
    """What the API said."""

    status: int
    body: Any
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Api:
    """The API as the holder of one key sees it; paths start after /api/v1."""

    key: str

    def get(self, path: str, **filters: Any) -> Answer:
        """Read; filters become the query."""
        return self._send("get", path, filters)

    def post(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Create or act."""
        return self._send("post", path, body, headers)

    def patch(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Change."""
        return self._send("patch", path, body, headers)

    def delete(self, path: str, body: Any = None, **headers: str) -> Answer:
        """Remove."""
        return self._send("delete", path, body, headers)

    def _send(
        self, verb: str, path: str, body: Any, headers: Mapping[str, str] | None = None
    ) -> Answer:
        sent = {"Authorization": f"Bearer {self.key}", **(headers or {})}
        if verb == "get":
            response = Client().get(f"/api/v1{path}", body, headers=sent)
        else:
            response = getattr(Client(), verb)(
                f"/api/v1{path}",
                json.dumps(body or {}, default=str),
                content_type="application/json",
                headers=sent,
            )
        is_json = "json" in response.get("Content-Type", "")
        return Answer(
            status=response.status_code,
            body=json.loads(response.content) if is_json and response.content else None,
            headers=dict(response.items()),
        )


@dataclass(frozen=True, slots=True)
class Company:
    """A founded organization, seen by its Admin."""

    by: Caller
    api_key: str
    user_id: UUID
    email: str
    lead_id: UUID
    location_id: UUID
    payment_term_id: UUID
    shipping_term_id: UUID
    carrier_id: UUID

    @property
    def id(self) -> UUID:
        """The organization's id."""
        return self.by.organization_id

    def enter(self) -> None:
        """From here on the database shows this company again."""
        enter(self.id)

    def api(self, role: str = "Admin") -> Api:
        """The API for a holder of this role."""
        if role == "Admin":
            return Api(self.api_key)
        with transaction.atomic():
            self.enter()
            return Api(identity.create_api_key(by=self.by, name=role, role=role))

    def customer(self, *, name: str = "Acme", **fields: Any) -> UUID:
        """A customer with one address to bill and ship to. Fields as in the model."""
        with transaction.atomic():
            self.enter()
            customer = Customer.objects.create(
                organization_id=self.id,
                name=name,
                number=fields.pop("number", f"C-{name}"),
                **fields,
            )
            Address.objects.create(
                organization_id=self.id,
                customer=customer,
                label="Main",
                street_1="1 Main Street",
                city="Springfield",
                postal_code="12345",
                country="US",
                is_bill_to=True,
                is_ship_to=True,
            )
            return customer.pk

    def product_line(self, name: str = "Gems") -> UUID:
        """A product line."""
        with transaction.atomic():
            self.enter()
            return ProductLine.objects.create(organization_id=self.id, name=name).pk

    def product(self, *, sku: str = "GEM", base_price: str | None = "10.00", **fields: Any) -> UUID:
        """A product to sell, counted in pcs unless said. Fields as in the model."""
        with transaction.atomic():
            self.enter()
            return Product.objects.create(
                organization_id=self.id,
                sku=sku,
                name=fields.pop("name", sku.title()),
                base_price=base_price,
                currency=fields.pop("currency", "USD"),
                **fields,
            ).pk


def found_company(
    name: str = "Orderwright Works", *, email: str = "ada@works.example", now: datetime = NOW
) -> Company:
    """A company with system terms, carriers, a location and its first staff."""
    founded = found_organization(name=name, email=email, password=PASSWORD, now=now)
    with transaction.atomic():
        enter(founded.organization_id)
        mine = founded.organization_id
        return Company(
            by=system_caller(Organization.objects.get(pk=mine), now=now, name="Ada"),
            api_key=founded.api_key,
            user_id=founded.user_id,
            email=founded.email,
            lead_id=Staff.objects.of(mine).get().pk,
            location_id=Location.objects.of(mine).get().pk,
            payment_term_id=PaymentTerm.objects.of(mine).get(is_default=True).pk,
            shipping_term_id=ShippingTerm.objects.of(mine).get(is_default=True).pk,
            carrier_id=Carrier.objects.of(mine).get(is_default=True).pk,
        )
