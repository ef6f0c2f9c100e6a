"""Extraction: notes to requested products, by rules, with no model and no network (domain 4.3).

`extract` proposes and never writes: a person reviews every row. It needs the notes, the index of
the catalog and a context; the same notes always give the same answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from orderwright.extraction.answer import Extraction, Row, Suggestions
from orderwright.extraction.claims import Claim, find_claims, settle
from orderwright.extraction.codes import find_codes, find_po_number
from orderwright.extraction.dates import Wanted, find_dates, find_priority
from orderwright.extraction.drafts import Draft
from orderwright.extraction.lexer import Lexer
from orderwright.extraction.prepare import Prepared, prepare
from orderwright.extraction.reader import Reader
from orderwright.extraction.readings import Setting
from orderwright.extraction.resolve import Resolver
from orderwright.extraction.retrieval import CatalogIndex
from orderwright.extraction.tablerows import read_table_row
from orderwright.extraction.tables import find_tables
from orderwright.extraction.tokens import Token
from orderwright.extraction.unused import find_unused

MOST_ROWS = 200


@dataclass(frozen=True, slots=True)
class Context:
    """What is known besides the notes.

    `day_first` is None when nobody knows whether 12/05 is May or December; `preferred_products`
    are ids that this customer or supplier usually trades; `unit_dialect` is what a unit means to
    this partner, in the product's default units.
    """

    reference_date: date
    direction: str = "sales"
    day_first: bool | None = None
    preferred_products: frozenset[str] = frozenset()
    unit_dialect: Mapping[str, Decimal] = field(default_factory=dict)


def extract(notes: str, *, catalog: CatalogIndex, context: Context) -> Extraction:
    """The products that the notes ask for, with the reason for every number left out.

    Raises Invalid `notes_too_long` for more than 20,000 characters.
    """
    found = _extract(prepare(notes), catalog, context)
    if not found.rows and any(line.kind == "quoted" for line in prepare(notes).lines):
        again = _extract(prepare(notes, read_quoted=True), catalog, context)
        if again.rows:
            warning = "Nothing was ordered above the quoted message: the rows come from the quote."
            return replace(again, warnings=(*again.warnings, warning))
    return found


def _extract(prepared: Prepared, catalog: CatalogIndex, context: Context) -> Extraction:
    dates = find_dates(prepared.lower, today=context.reference_date, day_first=context.day_first)
    priority = find_priority(prepared.lower)
    claims = _claims(prepared, catalog, dates, priority)
    tokens = Lexer(prepared.text, prepared.lower, claims=claims, known=catalog.knows).tokens()
    setting = Setting(catalog, context.preferred_products)
    reader = Reader(prepared, tokens, setting, MOST_ROWS)
    _walk(prepared, tokens, reader)
    drafts = reader.finish()
    warnings = []
    if setting.is_spent:
        warnings.append("These notes are too dense to read to their end; send them in parts.")
    if len(drafts) > MOST_ROWS:
        drafts = drafts[:MOST_ROWS]
        warnings.append(f"Reading stopped after {MOST_ROWS} rows; split the notes to get the rest.")
    suggestions = _suggestions(prepared, dates, priority)
    resolver = Resolver(prepared, tokens, catalog, context.unit_dialect)
    rows = _rows(drafts, resolver, dates, suggestions)
    if not rows and prepared.text.strip():
        warnings.append("no product found")
    unused = find_unused(
        prepared,
        tokens,
        claims=claims,
        suggestions=suggestions,
        reasons=reader.book.reasons,
        drafts=drafts,
    )
    return Extraction(rows, unused, suggestions, tuple(warnings))


def _claims(
    prepared: Prepared,
    catalog: CatalogIndex,
    dates: list[Wanted],
    priority: tuple[str, int, int] | None,
) -> list[Claim]:
    text = find_claims(prepared.lower)
    strong = [claim for claim in text if claim.kind in ("web", "phone", "position")]
    days = [Claim("date", one.start, one.end, "a date") for one in dates]
    codes = find_codes(prepared, catalog)
    weak = [claim for claim in text if claim.kind not in ("web", "phone", "position")]
    urgency = [Claim("priority", priority[1], priority[2], "priority")] if priority else []
    return settle([*strong, *codes, *days, *weak, *urgency])


def _walk(prepared: Prepared, tokens: list[Token], reader: Reader) -> None:
    rows, taken = find_tables(prepared)
    table_rows = {row.line: row for row in rows}
    starts = [token.start for token in tokens]
    cursor = 0
    number = 0
    while number < len(prepared.lines):
        line = prepared.lines[number]
        end, last_line = _unwrapped(prepared, number, taken)
        while cursor < len(tokens) and starts[cursor] < line.start:
            cursor += 1
        first = cursor
        while cursor < len(tokens) and starts[cursor] < end:
            cursor += 1
        if number in table_rows:
            read_table_row(reader, table_rows[number], first, cursor)
        elif number not in taken and line.kind == "body":
            reader.line(number, line, first, cursor)
        number = last_line + 1


def _unwrapped(prepared: Prepared, number: int, taken: set[int]) -> tuple[int, int]:
    """The end of a sentence that a mail program wrapped over several lines."""
    line = prepared.lines[number]
    last = number
    while (
        prepared.lines[last].end - prepared.lines[last].start >= 55
        and last + 1 < len(prepared.lines)
        and last + 1 not in taken
        and last not in taken
        and prepared.lines[last + 1].kind == "body" == line.kind
        and prepared.text[prepared.lines[last].end - 1] not in ".!?:;"
        and prepared.text[
            prepared.lines[last + 1].start : prepared.lines[last + 1].start + 1
        ].islower()
    ):
        last += 1
    return prepared.lines[last].end, last


def _suggestions(
    prepared: Prepared, dates: list[Wanted], priority: tuple[str, int, int] | None
) -> Suggestions:
    spans = {}
    body = [one for one in dates if one.day is not None and _is_read(prepared, one.start)]
    wanted = next((one for one in body if one.cued), body[0] if body else None)
    if wanted is not None:
        spans["date_required"] = prepared.span(wanted.start, wanted.end)
    if priority is not None:
        spans["priority"] = prepared.span(priority[1], priority[2])
    number = find_po_number(prepared)
    if number is not None:
        spans["customer_po_number"] = prepared.span(*number)
    return Suggestions(
        date_required=wanted.day if wanted else None,
        priority=priority[0] if priority else None,
        customer_po_number=prepared.text[slice(*number)] if number else None,
        spans=spans,
    )


def _is_read(prepared: Prepared, at: int) -> bool:
    return any(
        line.start <= at <= line.end and line.kind in ("body", "header") for line in prepared.lines
    )


def _rows(
    drafts: list[Draft], resolver: Resolver, dates: list[Wanted], suggestions: Suggestions
) -> tuple[Row, ...]:
    several = len({one.day for one in dates if one.day is not None}) > 1
    rows = []
    seen: dict[tuple[object, ...], int] = {}
    for draft in drafts:
        own = _own_date(draft, resolver, dates) if several else None
        row = resolver.row(draft, suggestions.priority, own or suggestions.date_required)
        rows.append(row)
    for at, row in enumerate(rows):
        if row.product is None:
            continue
        key = (row.product.id, row.size, row.shape, row.material, row.quality)
        if key in seen:
            rows[at] = replace(row, flags=(*row.flags, "duplicate"))
        seen.setdefault(key, at)
    return tuple(rows)


def _own_date(draft: Draft, resolver: Resolver, dates: list[Wanted]) -> date | None:
    tokens = resolver.tokens
    first, last = draft.regions[0]
    start, end = tokens[first].start, tokens[last - 1].end
    line = resolver.prepared.lower.find("\n", end)
    stop = len(resolver.prepared.lower) if line < 0 else line
    return next(
        (one.day for one in dates if one.day and start <= one.start <= min(stop, end + 40)), None
    )
