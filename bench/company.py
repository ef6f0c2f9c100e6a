"""The company that the benchmark works for: products, lots and customers enough."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from orderwright.catalog.models import Product, ProductLine
from orderwright.directory.models import Address, Carrier, Customer, Staff
from orderwright.founding import found_organization
from orderwright.identity.tenancy import enter
from orderwright.inventory.models import Location, Lot

PASSWORD = "a password of the benchmark"


@dataclass(frozen=True, slots=True)
class Company:
    """Whom the requests speak for, and what they may name. `lots[i]` holds `products[i]`."""

    id: UUID
    api_key: str
    user_id: UUID
    lead_id: UUID
    carrier_id: UUID
    customers: list[UUID]
    products: list[UUID]
    lots: list[UUID]


def found(*, products: int, customers: int) -> Company:
    """A company with so many products, one large lot of each, and so many customers."""
    now = datetime.now(UTC)
    founded = found_organization(
        name="Benchmark Works", email="bench@works.example", password=PASSWORD, now=now
    )
    with transaction.atomic():
        enter(founded.organization_id)
        mine = founded.organization_id
        made = _products(mine, products)
        return Company(
            id=mine,
            api_key=founded.api_key,
            user_id=founded.user_id,
            lead_id=Staff.objects.of(mine).get().pk,
            carrier_id=Carrier.objects.of(mine).get(is_default=True).pk,
            customers=_customers(mine, customers),
            products=[product.pk for product in made],
            lots=_lots(mine, made),
        )


def _products(mine: UUID, count: int) -> list[Product]:
    line = ProductLine.objects.create(organization_id=mine, name="Gems")
    return Product.objects.bulk_create(
        Product(
            organization_id=mine,
            sku=f"GEM-{number:05}",
            name=f"Gem number {number}",
            product_line_id=line.pk,
            base_price="12.50",
            currency="USD",
        )
        for number in range(count)
    )


def _lots(mine: UUID, products: list[Product]) -> list[UUID]:
    location = Location.objects.of(mine).get()
    lots = Lot.objects.bulk_create(
        Lot(
            organization_id=mine,
            tag_id=f"T{number:06}",
            product_id=product.pk,
            location_id=location.pk,
            quantity=10_000_000,
            weight=20_000_000,
            weight_unit="g",
        )
        for number, product in enumerate(products)
    )
    return [lot.pk for lot in lots]


def _customers(mine: UUID, count: int) -> list[UUID]:
    made = Customer.objects.bulk_create(
        Customer(organization_id=mine, number=f"C-{number:05}", name=f"Customer {number}")
        for number in range(count)
    )
    Address.objects.bulk_create(
        Address(
            organization_id=mine,
            customer_id=customer.pk,
            label="Main",
            street_1="1 Main Street",
            city="Springfield",
            postal_code="12345",
            country="US",
            is_bill_to=True,
            is_ship_to=True,
        )
        for customer in made
    )
    return [customer.pk for customer in made]
