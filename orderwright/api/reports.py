"""Reports over HTTP: the same rows as their pages and files."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import answer, caller, day, given, needs
from orderwright.kernel.money import format_money
from orderwright.kernel.numbers import round_half_up, trim
from orderwright.production.metrics import shown
from orderwright.reporting.known_reports import REPORTS
from orderwright.reporting.reports import Field, Row, Told, read_asked, report, tell

router = Router(tags=["Reports"])


@router.get("/reports/{name}")
@needs("reports:read")
def one_report(request: HttpRequest, name: str) -> HttpResponse:
    """A report by its name. `range` is 7d, 30d, month, quarter or custom with `from` and `to`;
    reports of production take a `stage_id`. Weights are in `weight_unit`."""
    by, one = caller(request), report(name, REPORTS)
    told = tell(by, one, read_asked(by, given(request), one))
    places = by.organization.setting("metrics.percent_dp")
    return answer(show_report(told, by.organization.default_weight_unit, places))


def show_report(told: Told, unit: str, places: int) -> dict[str, Any]:
    """The rows with what their columns mean."""
    fields = told.report.fields
    return {
        "report": told.report.key,
        "title": told.report.title,
        "from": day(told.asked.first),
        "to": day(told.asked.last),
        "weight_unit": unit,
        "columns": [
            {"name": one.name, "label": one.label, "kind": one.kind, "unit": one.unit or None}
            for one in fields
        ],
        "data": [_row(row, fields, places) for row in told.rows],
        "totals": _totals(told, places),
    }


def _row(row: Row, fields: tuple[Field, ...], places: int) -> dict[str, Any]:
    values = {one.name: _value(row, one, places) for one in fields}
    units = {one.unit: row[one.unit] for one in fields if one.unit}
    return units | values


def _totals(told: Told, places: int) -> dict[str, Any]:
    """The sums, with the currency of those that have one."""
    fields = {one.name: one for one in told.report.fields}
    return {
        name: _value(told.totals, fields[name], places) if name in fields else value
        for name, value in told.totals.items()
    }


def _value(row: Row, field: Field, places: int) -> Any:
    value = row[field.name]
    if field.kind == "percent":
        return shown(value, places)
    if field.kind == "money" and value is not None:
        return format_money(value, row[field.unit])
    if field.kind == "days" and value is not None:
        return trim(round_half_up(value, 1))
    if isinstance(value, date):
        return day(value)
    return trim(value) if isinstance(value, Decimal) else value
