"""Reports, each declared once: its columns, its filters, and the statement that reads it.

The page, the CSV and the answer of the API are made of the same rows. Weights are in the
organization's unit; percentages are exact and rounded where they are shown.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.numbers import EXACT, ZERO, exact

Row = dict[str, Any]
PRESETS: Final = ("7d", "30d", "month", "quarter", "custom")
MOST_ROWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Field:
    """A column. `kind` is text, day, count, days, quantity, weight, percent or money.

    A quantity has its unit, and money its currency, in another field; weights are in the
    organization's unit. `is_summed` has a total below: of money only where all rows have one
    currency. `part_of` makes a percentage of totals: (part, whole). `words` is the vocabulary
    that names its codes.
    """

    name: str
    label: str
    kind: str = "text"
    unit: str = ""
    is_summed: bool = False
    address: str = ""
    part_of: tuple[str, str] = ("", "")
    words: str = ""


def summed_count(name: str, label: str) -> Field:
    """A number of things, summed up."""
    return Field(name, label, "count", is_summed=True)


def in_units(name: str, label: str) -> Field:
    """A quantity in the unit that stands in the row's `unit`."""
    return Field(name, label, "quantity", "unit")


def summed_weight(name: str, label: str) -> Field:
    """A weight, summed up."""
    return Field(name, label, "weight", is_summed=True)


def summed_money(name: str, label: str) -> Field:
    """An amount in the currency that stands in the row's `currency`, summed up."""
    return Field(name, label, "money", "currency", is_summed=True)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a report is narrowed to; days are inclusive."""

    preset: str = "30d"
    first: date | None = None
    last: date | None = None
    stage_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """One report. `read` makes its rows of what the statement found; without a statement it reads
    by itself. Without days it tells how things stand now.

    `chart` names the label and the value that are drawn, as `shape` says: bars, a line over days,
    or a donut; without a value the rows of each label are counted.
    """

    key: str
    title: str
    about: str
    icon: str
    permissions: tuple[str, ...]
    statement: str
    fields: tuple[Field, ...]
    read: Callable[[Caller, Sequence[tuple[Any, ...]]], list[Row]]
    is_dated: bool = True
    has_stages: bool = False
    chart: tuple[str, str] = ("", "")
    shape: str = "bars"


@dataclass(frozen=True, slots=True)
class Told:
    """A report with its rows and its totals."""

    report: Report
    asked: Asked
    rows: list[Row]
    totals: Row


def report(key: str, known: Mapping[str, Report]) -> Report:
    """The report under a key. Raises NotFound."""
    if key not in known:
        raise NotFound("not_found", "There is no such report.")
    return known[key]


def may_see(by: Caller, one: Report) -> bool:
    """Whether the caller's role shows this report."""
    return by.may("reports:read") and all(by.may(needed) for needed in one.permissions)


def tell(by: Caller, one: Report, asked: Asked) -> Told:
    """The report's rows; one statement. Raises Forbidden."""
    by.must("reports:read", *one.permissions)
    starts, ends = _instants(by, asked)
    values = {
        "organization": by.organization_id,
        "today": by.today,
        "timezone": by.organization.timezone,
        "currency": by.organization.default_currency,
        "first": asked.first,
        "last": asked.last,
        "starts": starts,
        "ends": ends,
        "stage": asked.stage_id,
        "most": MOST_ROWS,
    }
    found: Sequence[tuple[Any, ...]] = ()
    if one.statement:
        with connection.cursor() as cursor:
            cursor.execute(one.statement, values)
            found = cursor.fetchall()
    rows = one.read(by, found)
    return Told(one, asked, rows, _totals(one, rows))


def named(*names: str) -> Callable[[Caller, Sequence[tuple[Any, ...]]], list[Row]]:
    """Rows whose columns have these names."""

    def read(by: Caller, found: Sequence[tuple[Any, ...]]) -> list[Row]:
        return [dict(zip(names, one, strict=True)) for one in found]

    return read


def read_asked(by: Caller, given: Mapping[str, str], one: Report) -> Asked:
    """The days and filters of an address. Raises Invalid for what makes no sense."""
    errors: dict[str, str] = {}
    preset = given.get("range") or ("custom" if given.get("from") or given.get("to") else "30d")
    if preset not in PRESETS:
        errors["range"] = f"One of {', '.join(PRESETS)}."
    stage = _read(given, "stage_id", UUID, errors) if one.has_stages else None
    first, last = (_read(given, name, date.fromisoformat, errors) for name in ("from", "to"))
    if first and last and first > last:
        errors["to"] = "The last day is not before the first."
    if errors:
        message = "A filter has a value that it does not know."
        raise Invalid("invalid_filter", message, fields=errors)
    if not one.is_dated:
        return Asked("", None, None, stage)
    if preset != "custom":
        first, last = days_of(preset, by.today)
    return Asked(preset, first, last, stage)


def days_of(preset: str, today: date) -> tuple[date, date]:
    """The days of a preset, today the last: 7d, 30d, this month, this quarter."""
    if preset == "month":
        return today.replace(day=1), today
    if preset == "quarter":
        return today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today
    return today - timedelta(days={"7d": 6}.get(preset, 29)), today


def _instants(by: Caller, asked: Asked) -> tuple[Any, Any]:
    starts = by.day_of(asked.first)[0] if asked.first else None
    ends = by.day_of(asked.last)[1] if asked.last else None
    return starts, ends


def _read(
    given: Mapping[str, str], name: str, kind: Callable[[str], Any], errors: dict[str, str]
) -> Any:
    text = given.get(name)
    try:
        return kind(text) if text else None
    except ValueError:
        errors[name] = "An id." if name.endswith("_id") else "A day like 2026-11-30."
        return None


def _totals(one: Report, rows: Sequence[Row]) -> Row:
    """The sums below the table, with the units of those that have one in all rows."""
    totals: Row = {}
    with exact():
        for field in one.fields:
            units = {row[field.unit] for row in rows} if field.unit else {""}
            if field.is_summed and len(units) == 1:
                totals[field.name] = sum((Decimal(row[field.name] or 0) for row in rows), ZERO)
                totals |= {field.unit: units.pop()} if field.unit else {}
        for field in one.fields:
            part, whole = field.part_of
            if part and totals.get(whole):
                totals[field.name] = EXACT.divide(totals[part] * 100, totals[whole])
    return totals
