"""The values of a report as its table shows them."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from orderwright.kernel.numbers import ZERO, round_half_up
from orderwright.production.metrics import shown
from orderwright.reporting.reports import Field, Row
from orderwright.web import display

PLACES: Final = 3  # of weights on the page; files and answers have all of them
_NUMBERS: Final = ("count", "days", "quantity", "weight", "percent", "money")


@dataclass(frozen=True, slots=True)
class Cell:
    """A value as the table shows it."""

    field: Field
    shown: Any

    @property
    def look(self) -> str:
        """The class of its cell: numbers stand to the right, days on one line."""
        if self.field.kind == "day":
            return "nowrap"
        return "num" if self.field.kind in _NUMBERS else ""


def shown_value(field: Field, row: Row, unit: str, places: int) -> Any:
    """The value of a row in this column: weights in `unit`, percentages with so many decimals."""
    value = row.get(field.name)
    match field.kind:
        case "weight":
            return display.quantity(round_half_up(value or ZERO, PLACES), unit)
        case "quantity":
            return display.quantity(value, str(row.get(field.unit, "")))
        case "money":
            return display.money(value, str(row.get(field.unit) or ""))
        case "percent":
            text = shown(value, places)
            return display.NOTHING if text is None else f"{text} %"
        case "count":
            return display.quantity(Decimal(value or 0))
        case "days":
            return display.NOTHING if value is None else display.quantity(round_half_up(value, 1))
        case "day":
            return display.day(value)
    return _text(field, value)


def _text(field: Field, value: Any) -> Any:
    if field.words and value:
        return display.chip(field.words, value)
    if field.address and value:
        return display.link(value, field.address.format(value), look="code")
    return display.text(value)
