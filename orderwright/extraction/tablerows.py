"""A row of a table becomes a draft: the columns say what each number is."""

from dataclasses import replace

from orderwright.extraction import units
from orderwright.extraction.amounts import Amount
from orderwright.extraction.drafts import Draft, draft_of
from orderwright.extraction.items import read
from orderwright.extraction.phrases import read_phrase
from orderwright.extraction.reader import Reader
from orderwright.extraction.readings import Reading
from orderwright.extraction.tables import Cell, TableRow

_KNOWN_UNITS = frozenset(
    (*units.COUNTED.values(), *units.MEASURED.values(), *units.WEIGHED.values())
)
_WHY = {
    "price": "price",
    "position": "position in a list",
    "note": "a remark or reference column",
    "": "a column of unknown meaning",
}


def read_table_row(reader: Reader, row: TableRow, first: int, last: int) -> None:
    """Read one row; its tokens stand from `first` up to `last`."""
    ranges = {cell: _tokens_of(reader, cell, first, last) for cell in row.cells}
    if any(cell.column == "matrix" for cell in row.cells):
        _read_matrix_row(reader, row, ranges, first)
        return
    quantity = next(
        (
            (cell, amount)
            for cell in row.cells
            if cell.column == "quantity"
            for amount in (_amount(reader, ranges[cell], cell, row, ranges),)
            if amount is not None
        ),
        None,
    )
    for cell in row.cells:
        reader_mark(reader, ranges[cell], _WHY.get(cell.column))
    if quantity is None or quantity[1].value <= 0:
        return
    reading = _product(reader, row, ranges)
    amount = quantity[1]
    if reading is None:
        return
    draft = _draft(reader, reading, amount, row)
    draft.regions = [(first, last)]
    reader.book.drafts.append(draft)


def _read_matrix_row(
    reader: Reader, row: TableRow, ranges: dict[Cell, tuple[int, int]], first: int
) -> None:
    """One draft for each size that has a number."""
    heads = {cell.heading: cell for cell in row.header if cell.column == "matrix"}
    named = [
        at for cell in row.cells if cell.column in ("text", "color") for at in range(*ranges[cell])
    ]
    for cell in row.cells:
        at = next((p for p in range(*ranges[cell]) if reader.tokens[p].kind == "num"), None)
        if cell.column != "matrix" or at is None or not reader.tokens[at].value:
            continue
        head = heads[cell.heading]
        size = [p for p in range(first) if head.start <= reader.tokens[p].start < head.end]
        reading = read_phrase(reader.tokens, [*size, *named], reader.setting)
        token = reader.tokens[at]
        amount = Amount(at, token.value, None, token.unit, 1.0)  # type: ignore[arg-type]
        draft = _draft(reader, reading, amount, row)
        draft.regions = [(min(named, default=at), at + 1)]
        reader.book.drafts.append(draft)


def reader_mark(reader: Reader, run: tuple[int, int], why: str | None) -> None:
    """Give the numbers of a cell the reason for which they are not used."""
    if why is None:
        return
    for at in range(*run):
        if reader.tokens[at].value is not None or reader.tokens[at].kind == "size":
            reader.book.reasons[at] = why


def _tokens_of(reader: Reader, cell: Cell, first: int, last: int) -> tuple[int, int]:
    inside = [at for at in range(first, last) if cell.start <= reader.tokens[at].start < cell.end]
    return (inside[0], inside[-1] + 1) if inside else (first, first)


def _amount(
    reader: Reader,
    run: tuple[int, int],
    cell: Cell,
    row: TableRow,
    ranges: dict[Cell, tuple[int, int]],
) -> Amount | None:
    at = next((p for p in range(*run) if reader.tokens[p].value is not None), None)
    if at is None:
        return None
    token = reader.tokens[at]
    unit = token.unit
    weight = token.family == "weight"
    if unit is None and at + 1 < run[1] and reader.tokens[at + 1].kind == "unit":
        unit = reader.tokens[at + 1].unit
    if unit is None:
        beside = row.of("unit")
        word = (
            reader.prepared.lower[beside.start : beside.end].strip(" .") if beside else cell.heading
        )
        named = next(
            (u for u in map(units.canonical, reversed(word.split())) if u in _KNOWN_UNITS), ""
        )
        if named in units.COUNTED.values() or named in units.MEASURED.values():
            unit = named
        elif named in units.WEIGHED.values():
            unit, weight = named, True
    return Amount(at, token.value, token.low, unit, 1.0, by_weight=weight)  # type: ignore[arg-type]


def _product(reader: Reader, row: TableRow, ranges: dict[Cell, tuple[int, int]]) -> Reading | None:
    cells = [
        cell
        for cell in row.cells
        if cell.column in ("sku", "text", "size", "color") and cell.end > cell.start
    ]
    if not cells:
        return None
    code = next(
        (
            cell
            for cell in cells
            if any(reader.tokens[p].kind == "code" for p in range(*ranges[cell]))
        ),
        None,
    )
    setting = replace(reader.setting, head=reader.book.head, is_heading=True)
    if code is not None:
        run = ranges[code]
        return read(reader.tokens, *run, setting)
    named = [cell for cell in cells if cell.column != "sku"] or cells
    return _read_together(reader, [ranges[cell] for cell in named], reader.book.head)


def _read_together(
    reader: Reader, runs: list[tuple[int, int]], head: tuple[object, ...]
) -> Reading | None:
    """Read the cells as one phrase, without a quantity."""
    positions = [at for run in runs for at in range(*run)]
    if not positions:
        return None
    return read_phrase(
        reader.tokens, positions, replace(reader.setting, head=reader.book.head, is_heading=True)
    )


def _draft(reader: Reader, reading: Reading, amount: Amount, row: TableRow) -> Draft:
    draft = draft_of(replace(reading, amount=amount), row.line)
    draft.reasons.append("a row of a table")
    return draft
