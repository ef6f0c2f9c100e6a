"""Every report by its key, grouped as people look for them; an area adds its own here."""

from typing import Final

from orderwright.reporting.money_reports import MONEY
from orderwright.reporting.order_reports import ORDERS
from orderwright.reporting.production_reports import PRODUCTION
from orderwright.reporting.reports import Report
from orderwright.reporting.shipping_reports import SHIPMENTS
from orderwright.reporting.stock_reports import STOCK

GROUPS: Final[tuple[tuple[str, tuple[Report, ...]], ...]] = (
    ("Orders", ORDERS),
    ("Shipping", SHIPMENTS),
    ("Money", MONEY),
    ("Stock and purchasing", STOCK),
    ("Production", PRODUCTION),
)
REPORTS: Final[dict[str, Report]] = {one.key: one for _, group in GROUPS for one in group}
