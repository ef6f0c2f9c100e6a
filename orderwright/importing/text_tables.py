"""Rows of a text file: any encoding that spreadsheets write, any delimiter, quoted newlines.

Runs in the child process that reads files from outside: standard library only.
"""

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from typing import Final

MOST_COLUMNS: Final = 200
LONGEST_CELL: Final = 32_767  # as long as a spreadsheet's own cells
_DELIMITERS: Final = (",", ";", "\t", "|", ":", "^", "~")
_SAMPLE: Final = 50_000
_MARKUP: Final = ("<!doctype", "<html", "<table", "<?xml", "<head", "<body")

Row = tuple[int, list[str]]


class Unreadable(Exception):
    """The file cannot be read; the message says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def rows_of_text(content: bytes) -> Iterator[Row]:
    """The rows with the line each begins on. Raises Unreadable."""
    text = decoded(content)
    if text.lstrip()[:20].lower().startswith(_MARKUP):
        message = "This is a web page or XML, not a table. Save it as CSV or .xlsx and try again."
        raise Unreadable("not_a_table", message)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=guess_delimiter(text))
    line = 1
    try:
        for cells in reader:
            yield line, [cell.strip() for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        message = (
            f"Line {line} cannot be read: a quote may not be closed, or a text is longer than "
            f"{LONGEST_CELL} characters. Correct the line and upload the file again."
        )
        raise Unreadable("broken_table", message) from error


def decoded(content: bytes) -> str:
    """The text in the encoding that it was written in: UTF-8, UTF-16 or Windows-1252."""
    text = _decoded(content)
    if "\0" in text:
        message = "This is not a text file. Upload CSV or a workbook (.xlsx)."
        raise Unreadable("not_a_table", message)
    return text


def _decoded(content: bytes) -> str:
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = ""
    start = content[:4000]
    if start.count(0) * 3 > len(start):
        little = start[1::2].count(0) >= start[::2].count(0)
        return content.decode("utf-16-le" if little else "utf-16-be", errors="replace")
    return text or content.decode("cp1252", errors="replace")


def guess_delimiter(text: str) -> str:
    """The sign that divides most of the first records into the same number of cells."""
    sample = text[:_SAMPLE]
    is_cut = len(text) > _SAMPLE
    best, chosen = (0.0, 0), ","
    for delimiter in _DELIMITERS:
        found = _shape_of(sample, delimiter, is_cut=is_cut) if delimiter in sample else None
        if found is not None and found > best:
            best, chosen = found, delimiter
    return chosen


def _shape_of(sample: str, delimiter: str, *, is_cut: bool) -> tuple[float, int] | None:
    """How regular the records are with this delimiter, and how wide; None when not at all."""
    try:
        records = list(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter))
    except csv.Error:
        return None
    widths = [len(cells) for cells in (records[:-1] if is_cut else records) if any(cells)][:40]
    if not widths:
        return None
    width, times = Counter(widths).most_common(1)[0]
    return (round(times / len(widths), 1), width) if width > 1 else None
