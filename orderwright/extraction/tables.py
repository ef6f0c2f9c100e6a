"""Pasted tables: find the header, know the columns, read each row without guessing.

Columns stand between tabs, bars, semicolons, commas, or at the same place below the header.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from orderwright.extraction.prepare import Line, Prepared
from orderwright.extraction.units import COUNTED, MEASURED, WEIGHED, canonical

_HEADINGS = {
    "quantity": "qty quantity quant qnty menge anzahl cantidad quantité qté cant ordered"
    " ord.qty qty.ordered"
    " order.qty ord_qty no.of number amount.ordered stück pcs pieces",
    "unit": "unit uom um einheit units me unidad unité u/m",
    "sku": "sku article.no part.no part part# item.no item.code code art art.nr artikelnr mpn"
    " part.number"
    " product.code article.number material ref.no stock.code partno itemno item# réf codigo código",
    "text": "description desc product item article artikel bezeichnung name goods designation"
    " produkt"
    " descripción producto désignation details beschreibung item.description product.name"
    " material.description",
    "size": "size pack.size dimension dimensions grösse größe talla taille format spec",
    "color": "colour color farbe couleur",
    "price": "price unit.price amount total value rate cost preis gesamt precio prix line.total"
    " ext ext.price net"
    " sum importe montant eur usd each",
    "position": "pos position # line no nr ln sl s.no sr item.# pos.",
    "note": "ref remark remarks note notes comment comments date delivery due stock on.hand"
    " location",
}
_WORDS = {
    word.replace(".", " ").replace("_", " ").strip(): column
    for column, words in _HEADINGS.items()
    for word in words.split()
}
_WORDS["ord qty"] = "quantity"
_SIZES = frozenset("xs s m l xl xxl xxxl 2xl 3xl small medium large".split())
_RULE = re.compile(r"^[\s|+:=_-]{3,400}$")
_TOTAL = re.compile(
    r"^\W{0,3}(?:sub-?total|total|sum|grand total|vat|tax|shipping|freight|summe|gesamt|netto"
    r"|mwst)\b"
)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with its column's meaning and its place in the prepared text."""

    column: str
    start: int
    end: int
    heading: str = ""


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of a table, and the line above the table when it names the product."""

    line: int
    cells: tuple[Cell, ...]
    header: tuple[Cell, ...] = ()

    def of(self, column: str) -> Cell | None:
        """The first filled cell of a column."""
        return next(
            (cell for cell in self.cells if cell.column == column and cell.end > cell.start), None
        )


def find_tables(prepared: Prepared) -> tuple[list[TableRow], set[int]]:
    """The rows of all tables, and the lines that belong to tables (headers and rules too)."""
    rows: list[TableRow] = []
    taken: set[int] = set()
    lines = prepared.lines
    at = 0
    while at < len(lines):
        header = _header(prepared, lines[at]) if lines[at].kind in ("body", "header") else None
        if header is None:
            at += 1
            continue
        found, stop = _body(prepared, lines, at, header)
        if found:
            rows.extend(found)
            taken.update(range(at, stop))
            at = stop
        else:
            at += 1
    return rows, taken


@dataclass(frozen=True, slots=True)
class _Header:
    separator: str
    cells: tuple[Cell, ...]


def _header(prepared: Prepared, line: Line) -> _Header | None:
    text = prepared.lower[line.start : line.end]
    if len(text) > 400 or not text.strip():
        return None
    for separator in ("|", "\t", ";", "wide", ","):
        spans = _split(text, line.start, separator)
        if len(spans) < 2:
            continue
        cells = [
            Cell(
                _column(prepared.lower[s:e].strip(" :.*")), s, e, prepared.lower[s:e].strip(" :.*")
            )
            for s, e in spans
        ]
        named = [cell for cell in cells if cell.column]
        columns = {cell.column for cell in named}
        cells = _matrix(cells)
        named = [cell for cell in cells if cell.column]
        columns = {cell.column for cell in named}
        enough = len(named) >= 2 and len(named) * 2 >= len(cells)
        if (
            enough
            and ({"quantity", "matrix"} & columns)
            and not any(c.isdigit() for c in text.replace("s.no", ""))
        ):
            return _Header(separator, tuple(cells))
    return None


def _matrix(cells: list[Cell]) -> list[Cell]:
    """Columns headed S, M, L, XL hold quantities of that size each."""
    sizes = [cell for cell in cells if cell.heading in _SIZES]
    if len(sizes) < 2:
        return cells
    return [
        Cell("matrix", cell.start, cell.end, cell.heading) if cell in sizes else cell
        for cell in cells
    ]


def _column(heading: str) -> str:
    heading = re.sub(r"\s{1,9}", " ", re.sub(r"[()\[\]]", " ", heading)).strip()
    if heading in _WORDS:
        return _WORDS[heading]
    for part in heading.split():
        if part in ("qty", "quantity", "menge", "anzahl"):
            return "quantity"
    if "price" in heading or "preis" in heading:
        return "price"
    if (
        canonical(heading) != heading
        or heading in COUNTED
        or heading in MEASURED
        or heading in WEIGHED
    ):
        return "quantity"
    return ""


def _split(text: str, base: int, separator: str) -> list[tuple[int, int]]:
    if separator == "wide":
        pieces = [(m.start(), m.end()) for m in re.finditer(r"\S+(?: \S+)*", text)]
        return [(base + s, base + e) for s, e in pieces]
    found = []
    at = 0
    for piece in text.split(separator):
        found.append((base + at, base + at + len(piece)))
        at += len(piece) + 1
    if separator == "|" and len(found) > 2:
        if not text[: found[0][1] - base].strip():
            found = found[1:]
        if not text[found[-1][0] - base :].strip():
            found = found[:-1]
    return [_trim(text, base, s, e) for s, e in found]


def _trim(text: str, base: int, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start - base].isspace():
        start += 1
    while end > start and text[end - base - 1].isspace():
        end -= 1
    return start, end


def _body(
    prepared: Prepared, lines: Sequence[Line], at: int, header: _Header
) -> tuple[list[TableRow], int]:
    found: list[TableRow] = []
    stop = at + 1
    while stop < len(lines):
        line = lines[stop]
        text = prepared.lower[line.start : line.end]
        if _RULE.match(text):
            stop += 1
            continue
        if not text.strip():
            if found or stop > at + 1:
                break
            stop += 1
            continue
        if _TOTAL.match(text):
            stop += 1
            continue
        cells = _cells(text, line, header)
        if cells is None:
            break
        found.append(TableRow(stop, tuple(cells), header.cells))
        stop += 1
    return found, stop


def _cells(text: str, line: Line, header: _Header) -> list[Cell] | None:
    spans = _split(text, line.start, header.separator)
    if len(spans) < 2 and len(header.cells) > 1:
        return None
    if header.separator == "," and len(spans) > len(header.cells):
        return None
    columns = header.cells
    if header.separator == "wide" and len(spans) != len(columns):
        return _by_place(spans, columns, line)
    columns = _retyped(text, line, spans, columns)
    return [
        Cell(column.column, start, end, column.heading)
        for (start, end), column in zip(spans, columns, strict=False)
    ]


def _retyped(
    text: str, line: Line, spans: Sequence[tuple[int, int]], columns: tuple[Cell, ...]
) -> tuple[Cell, ...]:
    """A column called "item" that only counts 1, 2, 3 is a position, not a text."""
    if [c.column for c in columns].count("text") < 2:
        return columns
    found = []
    for (start, end), column in zip(spans, columns, strict=False):
        value = text[start - line.start : end - line.start]
        number = column.column == "text" and value.strip(".").isdigit()
        found.append(
            Cell("position" if number else column.column, column.start, column.end, column.heading)
        )
    return tuple(found)


def _by_place(spans: Sequence[tuple[int, int]], columns: Sequence[Cell], line: Line) -> list[Cell]:
    base = columns[0].start
    found = []
    for start, end in spans:
        place = start - line.start
        best = min(columns, key=lambda column: abs(column.start - base - place))
        found.append(Cell(best.column, start, end, best.heading))
    return found
