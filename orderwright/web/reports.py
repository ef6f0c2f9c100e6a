"""Reports (U33): what there is, each with its days, a chart beside its table, and its CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.safestring import SafeString

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO, exact, round_half_up
from orderwright.production.metrics import shown
from orderwright.reporting.known_reports import REPORTS
from orderwright.reporting.reports import (
    Asked,
    Field,
    Report,
    Row,
    Told,
    may_see,
    read_asked,
    report,
    tell,
)
from orderwright.web import display
from orderwright.web.job_list import stages
from orderwright.web.list_exports import csv_of
from orderwright.web.lists import Column
from orderwright.web.road import page

SHOWN: Final = 300
BARS: Final = 12
PLACES: Final = 3  # of weights on the page; files and answers have all of them
_PRESETS: Final = (
    ("7d", "7 days"),
    ("30d", "30 days"),
    ("month", "This month"),
    ("quarter", "This quarter"),
)
_NUMBERS: Final = ("count", "quantity", "weight", "percent")


@dataclass(frozen=True, slots=True)
class ChartBar:
    """One bar: what it is of, how long, how much."""

    label: str
    bar: SafeString
    value: str


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the table shows it."""

    field: Field
    shown: Any

    @property
    def is_number(self) -> bool:
        """Whether it stands to the right."""
        return self.field.kind in _NUMBERS


@dataclass(frozen=True, slots=True)
class Preset:
    """Days that people ask for often."""

    text: str
    url: str
    is_here: bool


def index(request: HttpRequest) -> HttpResponse:
    """Every report that the caller may see."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("reports:read")
    found = [one for one in REPORTS.values() if may_see(by, one)]
    return page(request, "reports/index.html", {"reports": found})


def one_report(request: HttpRequest, key: str) -> HttpResponse:
    """A report with its filters in the address."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    one = report(key, REPORTS)
    asked = read_asked(by, request.GET.dict(), one)
    told = tell(by, one, asked)
    places = by.organization.setting("metrics.percent_dp")
    unit = by.organization.default_weight_unit
    context = {
        "report": one,
        "asked": asked,
        "fields": [Cell(field, field.label) for field in one.fields],
        "rows": [
            [Cell(field, _shown(field, row, unit, places)) for field in one.fields]
            for row in told.rows[:SHOWN]
        ],
        "more": max(0, len(told.rows) - SHOWN),
        "count": len(told.rows),
        "totals": [
            Cell(field, _shown(field, told.totals, unit, places) if field.is_summed else "")
            for field in one.fields
        ]
        if told.totals and told.rows
        else [],
        "chart": _chart(told, unit, places),
        "chart_of": next((f.label for f in one.fields if f.name == one.chart[1]), ""),
        "presets": _presets(one, asked),
        "stages": stages(by) if one.has_stages and by.may("production:read") else [],
        "csv": f"/reports/{one.key}.csv?{_query(asked)}",
        "here": request.path,
    }
    return page(request, "reports/report.html", context)


def balance(request: HttpRequest) -> HttpResponse:
    """The weight balance stands with production too."""
    return one_report(request, "weight-balance")


def csv(request: HttpRequest, key: str) -> HttpResponseBase:
    """Exactly the rows of the page, all of them."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    one = report(key, REPORTS)
    told = tell(by, one, read_asked(by, request.GET.dict(), one))
    columns = [_column(field, by.organization.default_weight_unit) for field in one.fields]
    lines = csv_of(columns, iter(told.rows), timezone=by.organization.timezone)
    response = StreamingHttpResponse(_held(lines), content_type="text/csv; charset=utf-8")
    name = f"{one.key}-{by.today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _held(lines: Iterator[bytes]) -> Iterator[bytes]:
    yield from lines


def _column(field: Field, unit: str) -> Column:
    def value(row: Row) -> Any:
        return row[field.name]

    def unit_of(row: Row) -> str:
        return unit if field.kind == "weight" else str(row[field.unit])

    has_unit = field.kind == "weight" or bool(field.unit)
    return Column(field.label, value, value=value, unit=unit_of if has_unit else None)


def _shown(field: Field, row: Row, unit: str, places: int) -> Any:
    value = row.get(field.name)
    match field.kind:
        case "weight":
            return display.quantity(round_half_up(value or ZERO, PLACES), unit)
        case "quantity":
            return display.quantity(value, str(row.get(field.unit, "")))
        case "percent":
            text = shown(value, places)
            return display.NOTHING if text is None else f"{text} %"
        case "count":
            return display.quantity(Decimal(value or 0))
        case "day":
            return display.day(value)
    if field.address and value:
        return display.link(value, field.address.format(value), look="code")
    return display.text(value)


def _chart(told: Told, unit: str, places: int) -> list[ChartBar]:
    """The largest values, those of one label added up; percentages are each their own."""
    label, name = told.report.chart
    field = next((one for one in told.report.fields if one.name == name), None)
    if field is None:
        return []
    sums: dict[str, Decimal] = {}
    with exact():
        for row in told.rows:
            if row[name]:
                sums[row[label]] = sums.get(row[label], ZERO) + Decimal(row[name])
    largest = sorted(sums.items(), key=lambda one: -one[1])[:BARS]
    most = max((value for _, value in largest), default=ZERO)
    whole = max(most, Decimal(100)) if field.kind == "percent" else most
    return [
        ChartBar(
            text,
            display.bar([("blue", value / whole)], text),
            str(_shown(field, {name: value}, unit, places)),
        )
        for text, value in largest
        if whole > 0
    ]


def _presets(one: Report, asked: Asked) -> Sequence[Preset]:
    if not one.is_dated:
        return ()
    stage = {"stage_id": str(asked.stage_id)} if asked.stage_id else {}
    return [
        Preset(text, f"?{urlencode({'range': key, **stage})}", asked.preset == key)
        for key, text in _PRESETS
    ]


def _query(asked: Asked) -> str:
    state = {
        "range": asked.preset,
        "from": asked.first if asked.preset == "custom" else None,
        "to": asked.last if asked.preset == "custom" else None,
        "stage_id": asked.stage_id,
    }
    return urlencode({name: str(value) for name, value in state.items() if value})
