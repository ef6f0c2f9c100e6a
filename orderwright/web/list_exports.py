"""Lists as files: CSV and XLSX of exactly what is shown, all rows that match.

No cell can start a formula in whoever's spreadsheet opens the file: texts that could are marked
with an apostrophe, numbers stay numbers.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from html import unescape
from tempfile import TemporaryFile
from typing import IO, Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

import xlsxwriter
from django.utils.html import strip_tags

from orderwright.kernel.formulas import quoted
from orderwright.kernel.numbers import trim
from orderwright.web.display import NOTHING
from orderwright.web.lists import Column

BOM: Final = "\ufeff"
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_XLSX_ROWS: Final = 1_048_575
_UNREADABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


def heads_of(columns: Sequence[Column]) -> list[str]:
    """The first row: the headings."""
    heads = []
    for column in columns:
        heads += (
            [column.label, column.unit_label or f"{column.label} unit"]
            if column.unit
            else [column.label]
        )
    return heads


def cells_of(columns: Sequence[Column], row: Any) -> list[Any]:
    """A row as values: numbers, days, instants and texts; None for nothing."""
    cells: list[Any] = []
    for column in columns:
        cells.append(column.value(row) if column.value else _words(column.show(row)))
        if column.unit:
            cells.append(column.unit(row))
    return cells


def csv_of(columns: Sequence[Column], rows: Iterator[Any], *, timezone: str) -> Iterator[bytes]:
    """The lines of a CSV file: UTF-8 with a mark, so that Excel reads it as that."""
    writer = csv.writer(_Echo())
    yield (BOM + writer.writerow(heads_of(columns))).encode()
    for row in rows:
        cells = [_as_text(cell, timezone) for cell in cells_of(columns, row)]
        yield str(writer.writerow(cells)).encode()


def xlsx_of(columns: Sequence[Column], rows: Iterator[Any], *, timezone: str) -> IO[bytes]:
    """A workbook in a file that is gone when it is closed; memory does not grow with the rows."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(file, options) as book:
        sheet = book.add_worksheet()
        styles = _Styles(book, timezone)
        for place, head in enumerate(heads_of(columns)):
            sheet.write_string(0, place, head, styles.head)
        sheet.freeze_panes(1, 0)
        for number, row in enumerate(rows, start=1):
            if number > MOST_XLSX_ROWS:
                break
            for place, cell in enumerate(cells_of(columns, row)):
                _write(sheet, number, place, cell, styles)
    file.seek(0)
    return file


class _Echo:
    """What `csv` writes into: it gives the line back."""

    def write(self, line: str) -> str:
        return line


class _Styles:
    def __init__(self, book: Any, timezone: str) -> None:
        self.timezone = timezone
        self.head = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "yyyy-mm-dd"})
        self.instant = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})


def _write(sheet: Any, row: int, place: int, cell: Any, styles: _Styles) -> None:
    match cell:
        case None | "":
            return
        case bool():
            sheet.write_string(row, place, _as_text(cell, styles.timezone))
        case int() | Decimal():
            sheet.write_number(row, place, cell)
        case datetime():
            local = cell.astimezone(ZoneInfo(styles.timezone)).replace(tzinfo=None)
            sheet.write_datetime(row, place, local, styles.instant)
        case date():
            sheet.write_datetime(row, place, cell, styles.day)
        case _:
            text = _UNREADABLE.sub("", _as_text(cell, styles.timezone))
            sheet.write_string(row, place, text[:32_000])


def _as_text(cell: Any, timezone: str) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case Decimal():
            return trim(cell)
        case int() | UUID():
            return str(cell)
        case datetime():
            return cell.astimezone(ZoneInfo(timezone)).isoformat(timespec="seconds")
        case date():
            return cell.isoformat()
    return quoted(str(cell))


def _words(shown: Any) -> str:
    """A cell of the page without its HTML."""
    if shown in (None, "") or shown == NOTHING:
        return ""
    return " ".join(unescape(strip_tags(str(shown))).split())
