"""Requested products under review: rows of a proposal as form rows, and notes with their spans."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe

from orderwright.web.forms import Form

FIELDS: Final = (
    "product_id",
    "product_text",
    "product_name",
    "quantity",
    "unit",
    "size",
    "shape",
    "color",
    "weight",
    "weight_unit",
    "weight_basis",
    "material",
    "quality",
    "priority",
    "needed_by",
    "description",
    "accepted",
    "flags",
    "confidence",
    "row_span",
    "alternatives",
)
_FLAGS: Final = {
    "no_product_match": "No product fits",
    "ambiguous_product": "Several products fit",
    "missing_quantity": "No quantity",
    "weight_only": "By weight",
    "bad_number": "Check the number",
    "duplicate": "Looks like another row",
    "approximate": "“About”",
    "range": "A range: the upper end is taken",
    "converted": "Unit converted",
    "ambiguous_unit": "Check the unit",
}
_GRAVE: Final = frozenset(
    {"no_product_match", "ambiguous_product", "missing_quantity", "bad_number"}
)


@dataclass(frozen=True, slots=True)
class Flag:
    """Something to look at before accepting a row."""

    text: str
    is_grave: bool


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of the review table."""

    index: int
    values: Mapping[str, str]
    flags: list[Flag]
    certainty: str
    tone: str
    options: list[tuple[str, str]]
    error: str
    error_field: str

    @property
    def is_accepted(self) -> bool:
        """Whether somebody accepted it."""
        return bool(self.values.get("accepted"))


def rows_of_answer(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    """The rows that extraction proposes, as texts of the form; nothing is accepted yet."""
    return [_row(one) for one in answer.get("rows", ())]


def rows_of_form(form: Form) -> list[dict[str, str]]:
    """The rows as they were sent; rows without any word are left out."""
    columns = {name: form.values.get(f"row_{name}", []) for name in FIELDS}
    count = max((len(column) for column in columns.values()), default=0)
    rows = [
        {
            name: column[index].strip() if index < len(column) else ""
            for name, column in columns.items()
        }
        for index in range(count)
    ]
    return [row for row in rows if any(row[name] for name in _SAYING)]


_SAYING: Final = ("product_id", "product_name", "quantity", "weight", "description")


def views(rows: Sequence[Mapping[str, str]], errors: Mapping[str, str]) -> list[RowView]:
    """The rows as the table shows them, with what is wrong beside each."""
    return [_view(index, row, errors) for index, row in enumerate(rows)]


def problems(rows: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """What keeps the rows from becoming lines, by row and field (domain 4.1, step 2)."""
    found: dict[str, str] = {}
    for index, row in enumerate(rows):
        if not row.get("product_id"):
            found[f"rows.{index}.product"] = f"Row {index + 1}: choose the product."
        elif not row.get("quantity") and not row.get("weight"):
            found[f"rows.{index}.quantity"] = f"Row {index + 1}: give a quantity or a weight."
        elif not row.get("accepted"):
            found[f"rows.{index}.accepted"] = f"Row {index + 1}: accept it, or delete it."
    return found


def as_sent(row: Mapping[str, str]) -> dict[str, Any]:
    """A reviewed row in the shape that `accept` takes (ruling 18)."""
    kept = {name: row.get(name) or None for name in FIELDS[3:16]}
    return {
        **kept,
        "product": {"id": row.get("product_id")},
        "product_text": row.get("product_text") or None,
    }


def marked_notes(notes: str, rows: Sequence[Mapping[str, str]]) -> SafeString:
    """The notes with each row's span as a mark that its row lights, and the other way round."""
    spans = sorted(_spans(rows))
    parts: list[SafeString | str] = []
    at = 0
    for start, end, index in spans:
        if start < at or end > len(notes):
            continue
        parts.append(escape(notes[at:start]))
        parts.append(
            format_html(
                '<mark tabindex="0" data-span="{}" aria-label="Row {}: {}">{}</mark>',
                index,
                index + 1,
                notes[start:end],
                notes[start:end],
            )
        )
        at = end
    parts.append(escape(notes[at:]))
    return mark_safe("".join(parts))  # noqa: S308 - every part is escaped above


def _spans(rows: Sequence[Mapping[str, str]]) -> Iterable[tuple[int, int, int]]:
    for index, row in enumerate(rows):
        start, _, end = (row.get("row_span") or "").partition("-")
        if start.isdigit() and end.isdigit():
            yield int(start), int(end), index


def _row(one: Mapping[str, Any]) -> dict[str, str]:
    product = one.get("product") or {}
    spans = one.get("spans") or {}
    texts = {name: _text(one.get(name)) for name in FIELDS[3:16]}
    row_span = spans.get("row")
    return {
        **texts,
        "product_id": _text(product.get("id")),
        "product_name": _text(product.get("name")),
        "product_text": _text(one.get("product_text")),
        "accepted": "",
        "flags": ",".join(one.get("flags") or ()),
        "confidence": _text(one.get("confidence")),
        "row_span": f"{row_span[0]}-{row_span[1]}" if row_span else "",
        "alternatives": "\n".join(
            f"{other['id']} {other['name']}" for other in (one.get("alternatives") or ())[:3]
        ),
    }


def _view(index: int, row: Mapping[str, str], errors: Mapping[str, str]) -> RowView:
    confidence = float(row.get("confidence") or 0)
    is_own = not row.get("row_span")
    names = [name for name in errors if name.startswith(f"rows.{index}.")]
    flags = [flag for flag in (row.get("flags") or "").split(",") if flag]
    return RowView(
        index=index,
        values=row,
        flags=[Flag(_FLAGS.get(flag, flag.replace("_", " ")), flag in _GRAVE) for flag in flags],
        certainty="Typed in" if is_own else _certainty(confidence),
        tone="grey" if is_own else _tone(confidence),
        options=_options(row),
        error=errors[names[0]] if names else "",
        error_field=names[0].rpartition(".")[2] if names else "",
    )


def _certainty(confidence: float) -> str:
    if confidence >= 0.9:
        return "Sure"
    return "Likely" if confidence >= 0.7 else "Unsure"


def _tone(confidence: float) -> str:
    if confidence >= 0.9:
        return "green"
    return "blue" if confidence >= 0.7 else "amber"


def _options(row: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for line in (row.get("alternatives") or "").splitlines():
        product_id, _, name = line.partition(" ")
        if name and product_id != row.get("product_id"):
            found.append((product_id, name))
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)
