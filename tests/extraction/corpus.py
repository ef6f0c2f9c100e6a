"""Notes with what a person would make of them, and how many of their lines an answer gets right."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from orderwright.extraction.answer import Extraction, Row
from orderwright.extraction.engine import Context, extract
from orderwright.extraction.retrieval import CatalogIndex, CatalogProduct

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Note:
    """A note, its kind, and the rows that are right for it."""

    name: str
    catalog: str
    form: str
    language: str
    traps: tuple[str, ...]
    day: date
    text: str
    rows: tuple[dict[str, Any], ...]


@dataclass
class Score:
    """How an answer compares: lines expected, right, and rows that should not be there."""

    lines: int = 0
    right: int = 0
    extra: int = 0
    notes: int = 0
    whole: int = 0
    by_kind: dict[str, list[int]] = field(default_factory=dict)

    @property
    def line_rate(self) -> float:
        """Right lines of the expected ones, each superfluous row counting as one wrong line."""
        return self.right / (self.lines + self.extra)

    @property
    def note_rate(self) -> float:
        """Notes with every line right and nothing superfluous."""
        return self.whole / self.notes


@cache
def catalog(name: str) -> CatalogIndex:
    """The index of one of the catalogs."""
    return CatalogIndex.build([product(record) for record in records(name)])


def records(name: str) -> list[dict[str, Any]]:
    """The products of a catalog as they stand in its file."""
    return json.loads((HERE / "catalogs" / f"{name}.json").read_text())


def product(record: dict[str, Any]) -> CatalogProduct:
    """A product of a catalog file; its id is its SKU."""
    return CatalogProduct(
        id=record["sku"],
        sku=record["sku"],
        name=record["name"],
        aliases=tuple(record.get("aliases", ())),
        default_unit=record["unit"],
        units={unit: Decimal(ratio) for unit, ratio in record.get("units", {}).items()},
        attributes=record.get("attributes", {}),
    )


def notes(folder: str) -> Iterator[Note]:
    """The notes of a folder."""
    for path in sorted((HERE / folder).glob("*.json")):
        record = json.loads(path.read_text())
        yield Note(
            name=path.stem,
            catalog=record["catalog"],
            form=record["form"],
            language=record["language"],
            traps=tuple(record["traps"]),
            day=date.fromisoformat(record["date"]),
            text="\n".join(record["text"]),
            rows=tuple(record["rows"]),
        )


def answer_to(note: Note, index: CatalogIndex | None = None) -> Extraction:
    """What the engine makes of a note, with its own catalog unless another is given."""
    return extract(note.text, catalog=index or catalog(note.catalog), context=Context(note.day))


def is_right(row: Row, wanted: dict[str, Any]) -> bool:
    """Product, quantity and unit are right; for a row by weight, the weight and its unit."""
    sku = row.product.sku if row.product else None
    if sku != wanted["sku"]:
        return False
    return any(_amount_is_right(row, reading) for reading in wanted.get("any", [wanted]))


def _amount_is_right(row: Row, wanted: dict[str, Any]) -> bool:
    if wanted["quantity"] is None:
        return (
            row.quantity is None
            and row.weight == Decimal(wanted["weight"])
            and row.weight_unit == wanted["weight_unit"]
        )
    if row.quantity != Decimal(wanted["quantity"]) or row.unit != wanted["unit"]:
        return False
    if "weight" in wanted:
        return row.weight == Decimal(wanted["weight"]) and row.weight_unit == wanted["weight_unit"]
    return True


def right_rows(rows: tuple[Row, ...], wanted: tuple[dict[str, Any], ...]) -> int:
    """How many of the wanted rows stand in the answer, each answer used once."""
    left = list(wanted)
    for row in rows:
        for one in left:
            if is_right(row, one):
                left.remove(one)
                break
    return len(wanted) - len(left)


def measure(folder: str, index: CatalogIndex | None = None) -> Score:
    """Score all notes of a folder."""
    score = Score()
    kinds: dict[str, Counter[str]] = {}
    for note in notes(folder):
        rows = answer_to(note, index).rows
        right = right_rows(rows, note.rows)
        extra = max(0, len(rows) - len(note.rows))
        whole = int(right == len(note.rows) == len(rows))
        score.lines += len(note.rows)
        score.right += right
        score.extra += extra
        score.notes += 1
        score.whole += whole
        for kind in (note.form, note.language, note.catalog):
            counts = kinds.setdefault(kind, Counter())
            counts.update(lines=len(note.rows) + extra, right=right, notes=1, whole=whole)
    score.by_kind = {
        kind: [c["right"], c["lines"], c["whole"], c["notes"]] for kind, c in sorted(kinds.items())
    }
    return score


def report(score: Score) -> str:
    """The score as a table by kind of note."""
    rows = [f"{'kind':<14}{'lines right':>16}{'notes right':>16}"]
    for kind, (right, lines, whole, count) in score.by_kind.items():
        rows.append(f"{kind:<14}{right:>6} of {lines:<6}{whole:>6} of {count:<6}")
    rows.append(
        f"{'all':<14}{score.right:>6} of {score.lines + score.extra:<6}"
        f"{score.whole:>6} of {score.notes:<6}"
        f"  = {score.line_rate:.1%} of lines, {score.note_rate:.1%} of notes"
    )
    return "\n".join(rows)
