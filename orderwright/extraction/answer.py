"""What extraction answers: proposed rows, the numbers that it did not use, and suggestions.

Every span is `[start, end)` in characters of the notes as they were sent. Nothing here is written
anywhere: a person reviews each row (domain 4.3).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product of the catalog and how well the words fit it, 0 to 1."""

    id: str
    sku: str
    name: str
    score: float


@dataclass(frozen=True, slots=True)
class Row:
    """A requested product: what one line of an order could be (domain 1.13, ruling 18).

    A row that asks for a weight and no pieces has `quantity` None and the flag `weight_only`.
    A range stands as its upper bound, with the flag `range`, and again in `…_max`.
    """

    product: Candidate | None
    score: float
    alternatives: tuple[Candidate, ...]
    product_text: str
    quantity: Decimal | None
    unit: str | None
    description: str
    confidence: float
    spans: Mapping[str, Span]
    quantity_max: Decimal | None = None
    size: str | None = None
    weight: Decimal | None = None
    weight_max: Decimal | None = None
    weight_unit: str | None = None
    weight_basis: str | None = None
    material: str | None = None
    quality: str | None = None
    shape: str | None = None
    color: str | None = None
    priority: str | None = None
    needed_by: date | None = None
    flags: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unused:
    """A number of the notes that became part of no row, and why."""

    text: str
    span: Span
    why: str


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What the notes say about the whole order. It is offered, never set."""

    date_required: date | None = None
    priority: str | None = None
    customer_po_number: str | None = None
    spans: Mapping[str, Span] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Extraction:
    """The whole answer."""

    rows: tuple[Row, ...]
    unused: tuple[Unused, ...] = ()
    suggestions: Suggestions = field(default_factory=Suggestions)
    warnings: tuple[str, ...] = ()
    engine: str = "rules"


def to_answer(extraction: Extraction) -> dict[str, Any]:
    """The extraction as the API sends it: decimals are strings without trailing zeros."""
    suggestions = extraction.suggestions
    return {
        "engine": extraction.engine,
        "warnings": list(extraction.warnings),
        "suggestions": {
            "date_required": _day(suggestions.date_required),
            "priority": suggestions.priority,
            "customer_po_number": suggestions.customer_po_number,
        },
        "suggestion_spans": {name: list(span) for name, span in suggestions.spans.items()},
        "unused": [
            {"text": one.text, "span": list(one.span), "why": one.why} for one in extraction.unused
        ],
        "rows": [_row(row) for row in extraction.rows],
    }


def _row(row: Row) -> dict[str, Any]:
    product = row.product
    return {
        "product": product and {"id": product.id, "sku": product.sku, "name": product.name},
        "score": row.score,
        "alternatives": [
            {"id": one.id, "sku": one.sku, "name": one.name, "score": one.score}
            for one in row.alternatives
        ],
        "product_text": row.product_text,
        "quantity": trimmed(row.quantity),
        "quantity_max": trimmed(row.quantity_max),
        "unit": row.unit,
        "size": row.size,
        "weight": trimmed(row.weight),
        "weight_max": trimmed(row.weight_max),
        "weight_unit": row.weight_unit,
        "weight_basis": row.weight_basis,
        "material": row.material,
        "quality": row.quality,
        "shape": row.shape,
        "color": row.color,
        "priority": row.priority,
        "needed_by": _day(row.needed_by),
        "description": row.description,
        "confidence": row.confidence,
        "flags": list(row.flags),
        "reasons": list(row.reasons),
        "spans": {name: list(span) for name, span in row.spans.items()},
    }


def trimmed(value: Decimal | None) -> str | None:
    """A decimal as plain text without trailing zeros: `750`, `3.5`."""
    if value is None:
        return None
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
