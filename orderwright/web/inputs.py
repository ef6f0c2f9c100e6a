"""Fields of forms, declared: how each looks, and how what was typed is sent to an action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderwright.identity.caller import Caller
from orderwright.web.forms import Form
from orderwright.web.merging import Meanwhile

Choices = Sequence[tuple[str, str]] | Callable[[Caller], Sequence[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Input:
    """One field of a form.

    `look` is text, email, date, num, area, select, check, checks, combobox, words (one a line) or
    rows (with `inputs` of its own and `add`, the words of the button for one more).
    """

    name: str
    label: str
    look: str = "text"
    required: bool = False
    hint: str = ""
    width: str = ""
    choices: Choices = ()
    none: str = ""
    source: str = ""
    inputs: Sequence["Input"] = ()
    add: str = ""
    permission: str = ""


def bound(inputs: Sequence[Input], by: Caller) -> list[Input]:
    """The inputs that the caller may fill in, with their choices read."""
    return [
        replace(
            one,
            choices=one.choices(by) if callable(one.choices) else one.choices,
            inputs=bound(one.inputs, by),
        )
        for one in inputs
        if not one.permission or by.may(one.permission)
    ]


def names_of(by: Caller, inputs: Sequence[Input]) -> list[str]:
    """The fields of these inputs that the caller sees."""
    return [one.name for one in inputs if not one.permission or by.may(one.permission)]


def meanwhile_of(by: Caller, inputs: Sequence[Input], values: Mapping[str, Any]) -> Meanwhile:
    """What somebody else saved meanwhile, with what these inputs call it."""
    shown = bound(inputs, by)
    words = {
        one.name: {str(choice[0]): choice[1] for choice in one.choices}
        for one in shown
        if not callable(one.choices)
    }
    return Meanwhile(values, {one.name: one.label for one in shown}, words)


def sent_by(form: Form, inputs: Sequence[Input]) -> dict[str, Any]:
    """What the fields hold, as an action takes it; fields that were not on the page stay out."""
    sent: dict[str, Any] = {}
    for one in inputs:
        if one.look == "rows":
            indexes = form.renumber(one.name)
            sent[one.name] = [_row(form, one, index) for index in indexes]
        elif f"{one.name}?" in form.values or one.name in form.values:
            sent[one.name] = _value(form, one, one.name)
    return sent


def _row(form: Form, rows: Input, index: int) -> dict[str, Any]:
    prefix = f"{rows.name}.{index}"
    row = {one.name: _value(form, one, f"{prefix}.{one.name}") for one in rows.inputs}
    row_id = form.value(f"{prefix}.id")
    return {"id": row_id, **row} if row_id else row


def _value(form: Form, one: Input, name: str) -> Any:
    match one.look:
        case "check":
            return form.flag(name)
        case "checks":
            return form.several(name)
        case "words":
            return [line.strip() for line in form.value(name).splitlines() if line.strip()]
        case "area":
            return form.value(name).replace("\r\n", "\n")
        case "num":
            return form.number_text(name) or None
    return form.value(name).strip()
