"""Which column of a file holds which field: guessed from headings, then for people to change."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any, Final

from rapidfuzz.fuzz import ratio

from orderwright.importing.layouts import ImportField, Layout
from orderwright.kernel.errors import Invalid
from orderwright.kernel.shapes import invalid, together

SURE: Final = 100.0
_LIKELY: Final = 84.0
_WHOLE: Final = {
    "no": "number",
    "nr": "number",
    "num": "number",
    "cust": "customer",
    "prod": "product",
    "desc": "description",
    "addr": "address",
    "adress": "address",
}
_EMAIL: Final = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def guess_columns(
    layout: Layout, headings: Sequence[str], sample: Sequence[Sequence[str]] = ()
) -> dict[str, int]:
    """The place of the column for each field, each column once: the best likeness is served first.

    A heading that says nothing is judged by its cells where those speak: e-mail addresses.
    """
    likenesses = sorted(
        (
            (-_likeness(field, heading), order, place, field.name)
            for order, field in enumerate(layout.fields)
            for place, heading in enumerate(headings)
        ),
    )
    found: dict[str, int] = {}
    taken: set[int] = set()
    for negative, _, place, name in likenesses:
        if -negative >= _LIKELY and name not in found and place not in taken:
            found[name] = place
            taken.add(place)
    _guess_email(layout, headings, sample, found, taken)
    return {field.name: found[field.name] for field in layout.fields if field.name in found}


def check_columns(layout: Layout, headings: Sequence[str], sent: Any) -> dict[str, int]:
    """The places of the columns as a person chose them: `{field: place from 0}`, null for none.

    Raises Invalid for a field or a column that is not there, or a column chosen twice.
    """
    if not isinstance(sent, Mapping):
        raise invalid("invalid_input", "Give an object of fields and columns.", "columns")
    kept: dict[str, int] = {}
    refusals: list[Invalid] = []
    for name, place in sent.items():
        if place is None:
            continue
        field = f"columns.{name}"
        if layout.field(str(name)) is None:
            refusals.append(invalid("unknown_field", "There is no such field.", "columns"))
        elif isinstance(place, bool) or not isinstance(place, int):
            refusals.append(invalid("unknown_column", "Give the column's place, from 0.", field))
        elif not 0 <= place < len(headings):
            refusals.append(invalid("unknown_column", "The file has no such column.", field))
        elif place in kept.values():
            refusals.append(invalid("column_twice", "This column is read already.", field))
        else:
            kept[str(name)] = place
    if refusals:
        raise together(refusals)
    return kept


def missing_labels(layout: Layout, columns: Mapping[str, int]) -> list[str]:
    """What has no column, and without which nothing can be read: `Number or Name`."""
    lacking = [names for names in layout.needs if not any(name in columns for name in names)]
    labels = {field.name: field.label for field in layout.fields}
    return [" or ".join(labels[name] for name in names) for names in lacking]


def normal(text: str) -> str:
    """A heading without case, accents and signs: `Straße / No.` → `strasse no`."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    said = re.sub(r"\(.*?\)|\[.*?\]", " ", plain.replace("#", " number "))
    return " ".join(_WHOLE.get(word, word) for word in re.findall(r"[^\W_]+", said or plain))


def _likeness(field: ImportField, heading: str) -> float:
    """100 for a spelling that is known; the label and the name weigh more than other spellings."""
    said = normal(heading)
    if not said:
        return 0.0
    if said == field.best:
        return SURE + 3
    own = (normal(field.label), normal(field.name))
    if said in own:
        return SURE + 2
    others = [normal(spelling) for spelling in field.spellings]
    if said in others:
        return SURE + 1
    squeezed = said.replace(" ", "")
    if squeezed in {known.replace(" ", "") for known in (*own, *others)}:
        return SURE
    if len(said) < 4:
        return 0.0
    return max(ratio(said, known) for known in (*own, *others))


def _guess_email(
    layout: Layout,
    headings: Sequence[str],
    sample: Sequence[Sequence[str]],
    found: dict[str, int],
    taken: set[int],
) -> None:
    if layout.field("email") is None or "email" in found:
        return
    for place in range(len(headings)):
        cells = [row[place] for row in sample if place < len(row) and row[place]]
        if place not in taken and cells and all(_EMAIL.fullmatch(cell) for cell in cells):
            found["email"] = place
            taken.add(place)
            return
