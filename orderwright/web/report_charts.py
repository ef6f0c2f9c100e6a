"""The chart of a report: bars, a line over days, or a donut, drawn on the server without styles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from orderwright.kernel.numbers import ONE, ZERO, exact, round_half_up, trim
from orderwright.reporting.reports import Field, Row, Told
from orderwright.web import display
from orderwright.web.report_cells import shown_value
from orderwright.web.vocabulary import word_of

BARS: Final = 12
_WIDTH: Final = Decimal(600)
_HEIGHT: Final = Decimal(120)


@dataclass(frozen=True, slots=True)
class Part:
    """One bar of a chart, or one slice with its tone: what it is of, and how much."""

    label: str
    value: str
    bar: SafeString | str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What is drawn above the table. A line has its picture and what stands below its ends."""

    title: str
    shape: str
    parts: Sequence[Part] = ()
    drawing: SafeString | str = ""
    ends: tuple[str, str] = ("", "")


def chart_of(told: Told, unit: str, places: int) -> Chart | None:
    """The chart that the report declares; None when there is nothing to draw."""
    label, name = told.report.chart
    field = next((one for one in told.report.fields if one.name == name), None)
    if told.report.shape == "donut":
        return _donut(told, label)
    if field is None:
        return None
    rows = _comparable(told.rows, field)
    sums = _sums(rows, label, name)
    say = {field.unit: rows[0][field.unit]} if rows and field.unit else {}

    def value_of(value: Decimal) -> str:
        return str(shown_value(field, {name: value, **say}, unit, places))

    title = f"{field.label} ({say[field.unit]})" if say and field.kind == "money" else field.label
    if told.report.shape == "line":
        return _line(told, sums, title, value_of)
    return _bars(sums, title, value_of, is_percent=field.kind == "percent")


def _comparable(rows: Sequence[Row], field: Field) -> list[Row]:
    """The rows with something to draw; of several currencies, those of the most frequent one."""
    found = [row for row in rows if row[field.name]]
    if field.kind != "money" or not found:
        return found
    codes = [row[field.unit] for row in found]
    most = max(sorted(set(codes)), key=codes.count)
    return [row for row in found if row[field.unit] == most]


def _sums(rows: Sequence[Row], label: str, name: str) -> dict[Any, Decimal]:
    sums: dict[Any, Decimal] = {}
    with exact():
        for row in rows:
            sums[row[label]] = sums.get(row[label], ZERO) + Decimal(row[name])
    return sums


def _bars(
    sums: Mapping[Any, Decimal], title: str, value_of: Any, *, is_percent: bool
) -> Chart | None:
    """The largest values, those of one label added up; percentages are each their own."""
    largest = sorted(sums.items(), key=lambda one: -one[1])[:BARS]
    most = max((value for _, value in largest), default=ZERO)
    whole = max(most, Decimal(100)) if is_percent else most
    if whole <= 0:
        return None
    parts = [
        Part(str(text), value_of(value), display.bar([("blue", value / whole)], str(text)))
        for text, value in largest
    ]
    return Chart(title, "bars", parts)


def _donut(told: Told, label: str) -> Chart | None:
    """How many rows there are of each code, in the tones of its words."""
    field = next(one for one in told.report.fields if one.name == label)
    counts: dict[str, int] = {}
    for row in told.rows:
        counts[row[label]] = counts.get(row[label], 0) + 1
    if not counts:
        return None
    largest = sorted(counts.items(), key=lambda one: -one[1])
    words = [(word_of(field.words, code), count) for code, count in largest]
    return Chart(
        field.label,
        "donut",
        [Part(word.text, str(count), tone=word.tone) for word, count in words],
        _ring([(word.tone, count) for word, count in words]),
    )


def _ring(slices: Sequence[tuple[str, int]]) -> SafeString:
    """A ring of slices; the length of the circle is 100, and a gap divides neighbours."""
    whole = Decimal(sum(count for _, count in slices))
    gap = Decimal("0.8") if len(slices) > 1 else ZERO
    drawn, start = [], ZERO
    for tone, count in slices:
        length = Decimal(count) / whole * 100
        seen = max(length - gap, Decimal("0.4"))
        drawn.append((tone, trim(round_half_up(seen, 2)), trim(round_half_up(-start, 2))))
        start += length
    return format_html(
        '<svg class="donut" viewBox="0 0 42 42" aria-hidden="true">{}'
        '<text x="21" y="22.5">{}</text></svg>',
        format_html_join(
            "",
            '<circle class="donut-{}" cx="21" cy="21" r="15.9" pathLength="100" '
            'stroke-dasharray="{} 100" stroke-dashoffset="{}"/>',
            drawn,
        ),
        trim(whole),
    )


def _line(told: Told, sums: Mapping[Any, Decimal], title: str, value_of: Any) -> Chart | None:
    """The value of each day from the first to the last; days without any are zero."""
    days = _days(told, sums)
    most = max(sums.values(), default=ZERO)
    if len(days) < 2 or most <= 0:
        return None
    step = _WIDTH / (len(days) - 1)
    points = [
        (
            trim(round_half_up(step * place, 1)),
            trim(round_half_up(_HEIGHT * (ONE - sums.get(one, ZERO) / most), 1)),
        )
        for place, one in enumerate(days)
    ]
    path = " ".join(f"{x},{y}" for x, y in points)
    said = f"{title} by day, at most {value_of(most)}"
    drawing = format_html(
        '<svg class="line-chart" viewBox="0 0 {0} {1}" preserveAspectRatio="none" role="img" '
        'aria-label="{2}"><polygon points="0,{1} {3} {0},{1}"/><polyline points="{3}"/></svg>',
        trim(_WIDTH),
        trim(_HEIGHT),
        said,
        path,
    )
    ends = (display.day(days[0]), display.day(days[-1]))
    return Chart(title, "line", [Part("", value_of(most))], drawing, ends)


def _days(told: Told, sums: Mapping[Any, Decimal]) -> list[date]:
    first = told.asked.first or min(sums, default=None)
    last = told.asked.last or max(sums, default=None)
    if first is None or last is None:
        return []
    return [first + timedelta(days=place) for place in range((last - first).days + 1)]
