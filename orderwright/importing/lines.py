"""Rows of a file on their way into records: what they say, and what becomes of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from orderwright.importing import cells
from orderwright.importing.layouts import Layout
from orderwright.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Line:
    """One row: the fields that are filled in it, as texts. `first_number` is that of its group."""

    row_id: UUID
    number: int
    first_number: int
    values: Mapping[str, Any]

    @property
    def is_first(self) -> bool:
        """Whether it is the only or the first row of its record."""
        return self.number == self.first_number


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a row: `created`, `updated`, `unchanged` or `bad` with sentences by field."""

    row_id: UUID
    state: str
    record_id: UUID | None = None
    errors: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the file is to be read and what may be written: the mode, and the options."""

    mode: str = "both"
    decimal_mark: str = "."
    day_first: bool = False
    defaults: Mapping[str, str] = field(default_factory=dict)
    confirmed: frozenset[str] = frozenset()

    @property
    def may_create(self) -> bool:
        """Whether records that are not there are made."""
        return self.mode in ("both", "create")

    @property
    def may_update(self) -> bool:
        """Whether records that are there are changed."""
        return self.mode in ("both", "update")


def values_of(
    layout: Layout, columns: Mapping[str, int], row: Sequence[str], manner: Manner
) -> dict[str, Any]:
    """What a row says of each field; cells that are empty say nothing, defaults fill in."""
    found: dict[str, Any] = {}
    for field_ in layout.fields:
        place = columns.get(field_.name)
        text = cells.plain(row[place]) if place is not None and place < len(row) else ""
        text = text or manner.defaults.get(field_.name, "")
        if text:
            found[field_.name] = _read(field_.look, text, manner)
    return found


def _read(look: str, text: str, manner: Manner) -> Any:
    match look:
        case "number":
            return cells.number(text, manner.decimal_mark)
        case "fraction":
            return cells.fraction(text, manner.decimal_mark)
        case "day":
            return cells.day(text, day_first=manner.day_first)
        case "flag":
            return cells.flag(text)
        case "words":
            return cells.words(text)
        case "pairs":
            return cells.pairs(text)
    return text


def created(line: Line, record_id: UUID) -> Result:
    """The row made a record."""
    return Result(line.row_id, "created", record_id)


def changed(line: Line, record_id: UUID, *, differs: bool) -> Result:
    """The row changed a record, or says what is there already."""
    return Result(line.row_id, "updated" if differs else "unchanged", record_id)


def bad(line: Line, sentence: str, field_name: str = "") -> Result:
    """The row cannot be taken, with the sentence beside its field."""
    return Result(line.row_id, "bad", errors={field_name: sentence})


def refused(line: Line, refusal: Refusal, names: Mapping[str, str] | None = None) -> Result:
    """The row was refused by the area's own rules; `names` are its fields as the file has them."""
    sentences = {
        (names or {}).get(name, column_of(name)): sentence
        for name, sentence in refusal.fields.items()
    }
    return Result(line.row_id, "bad", errors=sentences or {"": refusal.message})


def column_of(name: str) -> str:
    """The field of a file for a field of a record: `units.0.ratio` → `units`, ids by their noun."""
    return name.split(".", maxsplit=1)[0].removesuffix("_id")


def doubled(line: Line, what: str) -> Result:
    """A record stands once in a file."""
    return bad(line, f"Line {line.first_number} has this {what} already. Keep one of them.", "")


def is_there(line: Line, noun: str, key: str) -> Result:
    """The mode makes new records only."""
    return bad(line, f"There is a {noun} with this {key} already; this import only adds.", "")


def is_missing(line: Line, noun: str, key: str) -> Result:
    """The mode changes existing records only."""
    return bad(line, f"There is no {noun} with this {key}; this import only changes.", "")
