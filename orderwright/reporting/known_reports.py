"""Every report by its key; an area adds its own here."""

from typing import Final

from orderwright.reporting.production_reports import PRODUCTION
from orderwright.reporting.reports import Report
from orderwright.reporting.stock_reports import STOCK

REPORTS: Final[dict[str, Report]] = {one.key: one for one in (*PRODUCTION, *STOCK)}
