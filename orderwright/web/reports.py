"""Reports (U33): what there is, each with its days, a chart beside its table, and its CSV."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from orderwright.identity.caller import Caller
from orderwright.reporting.known_reports import GROUPS, REPORTS
from orderwright.reporting.reports import (
    Asked,
    Field,
    Report,
    Row,
    may_see,
    read_asked,
    report,
    tell,
)
from orderwright.web.job_list import stages
from orderwright.web.list_exports import csv_of
from orderwright.web.lists import Column
from orderwright.web.report_cells import Cell, shown_value
from orderwright.web.report_charts import chart_of
from orderwright.web.road import page
from orderwright.web.vocabulary import word_of

SHOWN: Final = 300
_PRESETS: Final = (
    ("7d", "7 days"),
    ("30d", "30 days"),
    ("month", "This month"),
    ("quarter", "This quarter"),
)


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
    groups = [(name, [one for one in group if may_see(by, one)]) for name, group in GROUPS]
    return page(request, "reports/index.html", {"groups": [one for one in groups if one[1]]})


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
            [Cell(field, shown_value(field, row, unit, places)) for field in one.fields]
            for row in told.rows[:SHOWN]
        ],
        "more": max(0, len(told.rows) - SHOWN),
        "count": len(told.rows),
        "totals": [
            Cell(
                field,
                shown_value(field, told.totals, unit, places) if field.name in told.totals else "",
            )
            for field in one.fields
        ]
        if told.totals and told.rows
        else [],
        "chart": chart_of(told, unit, places),
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
        found = row[field.name]
        return word_of(field.words, found).text if field.words and found else found

    def unit_of(row: Row) -> str:
        return unit if field.kind == "weight" else str(row[field.unit])

    has_unit = field.kind == "weight" or bool(field.unit)
    return Column(field.label, value, value=value, unit=unit_of if has_unit else None)


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
