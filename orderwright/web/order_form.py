"""What the forms of sales and purchase orders share: which fields differ from the order."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, Final

from orderwright.kernel.numbers import trim
from orderwright.web.forms import Form
from orderwright.web.places import ADDRESS

ADDRESSES: Final = ("ship_to", "bill_to")
LINE_WORDS: Final = ("description", "size", "shape", "color", "quality", "material")


def changes_of_head(
    form: Form, head: Any, names: Iterable[str], *, locked: Collection[str]
) -> dict[str, Any]:
    """What differs from the order, of the fields and addresses that the form had."""
    asked: dict[str, Any] = {}
    for name in names:
        if name in form.values and name not in locked:
            asked[name] = form.text(name).replace("\r\n", "\n") or None
    for place in ADDRESSES:
        if f"{place}_street_1" in form.values and place not in locked:
            asked[place] = {name: form.text(f"{place}_{name}") for name in ADDRESS}
    return {
        name: value for name, value in asked.items() if not _is_same(getattr(head, name), value)
    }


def changed_words(form: Form, line: Any) -> dict[str, str]:
    """What differs from the line, of the words that describe its goods."""
    return {
        name: form.text(name)
        for name in LINE_WORDS
        if name in form.values and form.text(name) != getattr(line, name)
    }


def _is_same(before: Any, after: Any) -> bool:
    if isinstance(after, Mapping):
        return all((before.get(name) or "") == text for name, text in after.items())
    if before in (None, ""):
        return after is None
    if hasattr(before, "as_tuple"):
        return after is not None and trim(before) == after
    return str(before) == (after or "")
