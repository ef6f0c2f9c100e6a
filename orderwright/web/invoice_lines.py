"""The lines of an invoice as a form asks for them: so much of each line of the order, in its words.

Fields are `lines.0.line_id`, `lines.0.quantity`, `lines.0.description`. A line without a quantity
is left out, so what an action calls `lines.2` may be another row of the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.invoicing.actions import LineAsk
from orderwright.invoicing.billing import Billable
from orderwright.kernel.numbers import ZERO, trim
from orderwright.web import display
from orderwright.web.forms import Form


@dataclass(frozen=True, slots=True)
class BillRow:
    """A row of the form: a line of the order and what was typed for it."""

    index: int
    line: Billable
    said: str
    whole: str

    @property
    def name(self) -> str:
        """How its fields begin."""
        return f"lines.{self.index}"


def bill_rows(lines: Iterable[Billable]) -> list[BillRow]:
    """The rows of these lines, in their order."""
    return [
        BillRow(index, line, _said(line), trim(line.open())) for index, line in enumerate(lines)
    ]


def first_values(
    rows: Sequence[BillRow],
    quantities: Mapping[UUID, Decimal] | None = None,
    words: Mapping[UUID, str] | None = None,
) -> dict[str, Any]:
    """What the form starts with: these quantities, else everything that is open, in these words,
    else those of the order."""
    return {
        "lines": [
            {
                "line_id": str(row.line.id),
                "quantity": row.line.open() if quantities is None else quantities.get(row.line.id),
                "description": (words or {}).get(row.line.id) or row.line.description,
            }
            for row in rows
        ]
    }


def asked_lines(form: Form, rows: Sequence[BillRow]) -> tuple[list[LineAsk], dict[str, str]]:
    """What is asked for, and which row each place in it is. Rows without a quantity are left out,
    and so is 0; anything else is read by the action."""
    asked: list[LineAsk] = []
    names: dict[str, str] = {}
    for row in rows:
        typed = form.number_text(f"{row.name}.quantity")
        if typed.strip("0.") == "":
            continue
        names[f"lines.{len(asked)}"] = row.name
        text = form.value(f"{row.name}.description").replace("\r\n", "\n")
        asked.append(LineAsk(row.line.id, typed, text or None))
    return asked, names


def rename_errors(form: Form, names: Mapping[str, str]) -> None:
    """Name what is wrong with a line as the page names its row."""
    found = {}
    for name, text in form.errors.items():
        head, _, field = name.rpartition(".")
        row = names.get(head, head)
        found[f"{row}.{'quantity' if field == 'line_id' else field}" if head else name] = text
    form.errors = found


def _said(line: Billable) -> str:
    """What of a line has shipped, what of it came back, and what other invoices bill, where that is
    not just what is to be billed."""
    if line.billed.quantity == ZERO and not line.is_service and line.shipped == line.open():
        return ""
    if line.is_service:
        parts = [f"{display.quantity(line.effective, line.unit)} ordered"]
    else:
        parts = [f"{display.quantity(line.shipped, line.unit)} shipped"]
    if line.gone > ZERO:
        parts.append(f"{display.quantity(line.gone)} came back before it was invoiced")
    if line.billed.quantity > ZERO:
        parts.append(f"{display.quantity(line.billed.quantity)} invoiced before")
    return ", ".join(parts)
