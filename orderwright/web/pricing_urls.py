"""Every page of pricing on one screen; its records have the addresses of all records."""

from typing import Final

from django.urls import URLPattern, path

from orderwright.web import price_checker, pricing, volume_discounts
from orderwright.web.records import RecordPages

RECORDS: Final[tuple[RecordPages, ...]] = (
    pricing.CUSTOMER_PRICES,
    volume_discounts.VOLUME_DISCOUNTS,
    pricing.DISCOUNT_CODES,
)

urlpatterns: list[URLPattern] = [
    path("pricing/checker", price_checker.price_checker),
    path("pricing/volume-discounts/example", volume_discounts.volume_example),
]
