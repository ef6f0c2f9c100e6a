"""Rows of the first sheet of a workbook (.xlsx), values only.

Runs in the child process that reads files from outside. What could hurt is refused before it is
unpacked: too many parts, too much inside, document types and entities. The sheet is read as a
stream, so that a large one begins to answer at once.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from posixpath import join, normpath
from typing import Any, Final
from xml.parsers import expat

from orderwright.importing.sheet_xml import Book, SheetRows, Strings, Styles
from orderwright.importing.text_tables import Row, Unreadable

MOST_UNPACKED: Final = 200_000_000
MOST_PARTS: Final = 2_000
_BOMB_RATIO: Final = 400
_BOMB_SIZE: Final = 20_000_000
_PIECE: Final = 1 << 16
_DAYS: Final = range(1, 2_958_466)  # serial numbers of days that a sheet can show
# Serial numbers count from here; 1900 begins two days early, because it was no leap year and one
# is the first. A workbook made for the old Macintosh counts from 1904.
_EPOCH: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - days in a sheet have no zone
_EPOCH_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
# The built-in formats of days and times (ECMA-376 part 1, 18.8.30), those of East Asia with them.
_BUILT_IN_DAYS: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
# What is no letter of a day in a format: quoted texts, and colours and languages in brackets.
_NOT_SHOWN: Final = re.compile(r'".*?"|\[(?!(?:hh?|mm?|ss?)\])[^\]]*\]', re.IGNORECASE)
_DAY_LETTER: Final = re.compile(r"(?<![_\\])[dmhys]", re.IGNORECASE)


def rows_of_workbook(content: bytes) -> Iterator[Row]:
    """The rows of the first visible worksheet with their numbers. Raises Unreadable."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            check_archive(archive, len(content))
            yield from _rows(archive)
    except (Unreadable, MemoryError):
        raise
    except (
        zipfile.BadZipFile,
        expat.ExpatError,
        ValueError,
        OSError,
        EOFError,
        LookupError,
        RuntimeError,
        NotImplementedError,
        ArithmeticError,
    ) as error:
        raise broken() from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise broken() from error
        raise


def check_archive(archive: zipfile.ZipFile, size: int) -> None:
    """Refuse what is no workbook, and what would unpack to more than a file can sensibly hold."""
    parts = archive.infolist()
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > MOST_PARTS or unpacked > MOST_UNPACKED:
        raise too_much()
    if unpacked > _BOMB_SIZE and unpacked > _BOMB_RATIO * size:
        raise too_much()
    if not any(part.filename == "xl/workbook.xml" for part in parts):
        message = "This is an archive, but no workbook. Save the table as .xlsx or CSV."
        raise Unreadable("not_a_table", message)


def too_much() -> Unreadable:
    """The refusal of a file that is small and unpacks to very much."""
    message = "This file unpacks to more than is read. Split the table, or save it as CSV."
    return Unreadable("file_too_large_inside", message)


def broken() -> Unreadable:
    """The refusal of a workbook that does not hold together."""
    message = "This workbook is damaged. Open it in a spreadsheet, save it again, and upload that."
    return Unreadable("broken_workbook", message)


def _rows(archive: zipfile.ZipFile) -> Iterator[Row]:
    book = Book()
    for _ in _parsed(archive, "xl/workbook.xml", book):
        pass
    for _ in _parsed(archive, "xl/_rels/workbook.xml.rels", book):
        pass
    names = set(archive.namelist())
    strings, styles = Strings(), Styles()
    if "xl/sharedStrings.xml" in names:
        for _ in _parsed(archive, "xl/sharedStrings.xml", strings):
            pass
    if "xl/styles.xml" in names:
        for _ in _parsed(archive, "xl/styles.xml", styles):
            pass
    path = book.first_sheet()
    if path is None:
        raise Unreadable("broken_workbook", "This workbook has no sheet with a table.")
    shown = _Shown(strings.texts, _date_formats(styles), mac=book.is_1904)
    sheet = SheetRows()
    part = path.lstrip("/") if path.startswith("/") else normpath(join("xl", path))
    for _ in _parsed(archive, part, sheet):
        for number, cells in sheet.taken():
            yield number, [shown.text(*cell) for cell in cells]


def _parsed(archive: zipfile.ZipFile, part: str, reader: Any) -> Iterator[None]:
    """Feed a part to a reader, piece by piece. A document type is refused: no sheet has one."""
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    with archive.open(part) as stream:
        while piece := stream.read(_PIECE):
            parser.Parse(piece, False)
            yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: Any) -> None:
    message = "This workbook holds definitions that no spreadsheet writes. It is not read."
    raise Unreadable("forbidden_xml", message)


def _date_formats(styles: Styles) -> list[bool]:
    """Of each style of cells, whether it shows days."""
    return [_is_day(code, styles.own_formats.get(code)) for code in styles.number_formats]


def _is_day(code: int, own: str | None) -> bool:
    """Whether a number format shows days or times: of its sections the first decides."""
    if not own:
        return code in _BUILT_IN_DAYS
    return bool(_DAY_LETTER.search(_NOT_SHOWN.sub("", own.split(";")[0])))


class _Shown:
    """Cells as texts."""

    def __init__(self, strings: list[str], dates: list[bool], *, mac: bool) -> None:
        self.strings = strings
        self.dates = dates
        self.epoch = _EPOCH_1904 if mac else _EPOCH

    def text(self, kind: str, style: str, value: str) -> str:
        """A cell as text: numbers without exponent, days as YYYY-MM-DD."""
        if kind == "s":
            return self.strings[int(value)].strip() if value else ""
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind in ("n", "") and value:
            place = int(style) if style else 0
            if place < len(self.dates) and self.dates[place]:
                return self._day(value)
            return _plain_number(value)
        return value.strip()

    def _day(self, value: str) -> str:
        serial = float(value)
        if int(serial) not in _DAYS:
            return _plain_number(value)
        moment = self.epoch + timedelta(seconds=round(serial * 86_400))
        return moment.date().isoformat() if serial == int(serial) else moment.isoformat(" ")


def _plain_number(value: str) -> str:
    """The number as people write it. A sheet keeps 15 digits; what stands behind is noise."""
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value.strip()
    if not number.is_finite() or abs(number.adjusted()) > 40:
        return value.strip()
    if len(number.as_tuple().digits) > 15:
        number = Decimal(f"{float(value):.15g}")
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
