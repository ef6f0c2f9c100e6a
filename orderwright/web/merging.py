"""When somebody else saved meanwhile: what both changed, what only one changed (three-way merge).

Pure, on the values of forms: texts by the names of fields. Rows of repeated fields (`units.0.name`)
are one value together, because their numbers say nothing about which row is which.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Values = dict[str, list[str]]
TAKE = "_take."


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """The record as somebody else left it: its values as a form starts with them, its version
    among them. `labels` are what fields are called, `words` the texts of choices by field."""

    values: Mapping[str, Any]
    labels: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that both changed: what it was, what I typed, what they saved."""

    name: str
    label: str
    before: str
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Merged:
    """The form's values with theirs where only they changed something; what both changed keeps
    mine and is told. `taken` are the labels of what came from them alone."""

    values: Values
    differences: tuple[Difference, ...]
    taken: tuple[str, ...]


def merged(before: Values, mine: Values, theirs: Values, meanwhile: Meanwhile) -> Merged:
    """Merge what I typed with what they saved; nothing that I typed is lost."""
    values = dict(mine)
    differences, taken = [], []
    for name in dict.fromkeys(_field_of(key) for key in (*before, *theirs)):
        typed = _part(mine, name)
        was, saved = (_asked(_part(found, name), typed) for found in (before, theirs))
        if _same(was, saved) or _same(typed, saved):
            continue
        label = (
            meanwhile.labels.get(name) or name.removesuffix("_id").replace("_", " ").capitalize()
        )
        if _same(was, typed):
            values = replaced(values, theirs, name)
            taken.append(label)
        else:
            words = meanwhile.words.get(name, {})
            shown = (_shown(name, part, words) for part in (was, typed, saved))
            differences.append(Difference(name, label, *shown))
    return Merged(values, tuple(differences), tuple(taken))


def chosen(values: Values, theirs: Values) -> Values:
    """The values after somebody chose mine or theirs for what both had changed."""
    for key, choice in list(values.items()):
        if key.startswith(TAKE) and choice[-1:] == ["theirs"]:
            values = replaced(values, theirs, key.removeprefix(TAKE))
    return {name: value for name, value in values.items() if not name.startswith(TAKE)}


def replaced(values: Values, theirs: Values, name: str) -> Values:
    """The values with one field, and all its rows and words, as they have it."""
    kept = {key: value for key, value in values.items() if _field_of(key) != name}
    return kept | _part(theirs, name)


def _field_of(key: str) -> str:
    first = key.split(".", maxsplit=1)[0]
    return first.removesuffix("_text") if first.endswith("_id_text") else first


def _part(values: Values, name: str) -> Values:
    return {key: value for key, value in values.items() if _field_of(key) == name}


def _asked(values: Values, typed: Values) -> Values:
    """Of rows only what the form asks for: a row may hold more than is shown."""
    columns = {key.split(".")[-1] for key in typed if "." in key}
    return {key: value for key, value in values.items() if not columns or _column(key) in columns}


def _column(key: str) -> str:
    return key.rsplit(".", maxsplit=1)[-1]


def _name(field_name: str) -> str:
    return field_name.removesuffix("_id").replace("_", " ").capitalize()


def _same(one: Values, other: Values) -> bool:
    return _plain(one) == _plain(other)


def _plain(values: Values) -> dict[str, list[str]]:
    """Without what is empty, and with one kind of line end; the words of a choice follow its id."""
    found = {}
    for key, texts in values.items():
        kept = [text.replace("\r\n", "\n").strip() for text in texts]
        kept = [text for text in kept if text and text != "off"]
        if kept and not key.endswith("_id_text"):
            found[key] = kept
    return found


def _shown(name: str, values: Values, words: Mapping[str, str]) -> str:
    text_name = f"{name}_text"
    if text_name in values:
        return ", ".join(values[text_name]) or "—"
    plain = _plain(values)
    texts = [words.get(text, text) for texts in plain.values() for text in texts]
    return ", ".join("Yes" if text == "on" else text for text in texts) or "—"
