"""Forms: what was typed, what is wrong with it, and how it becomes the values of an action.

A form keeps texts exactly as typed. Readers (`text`, `decimal`, `day`, …) turn a field into a value
and collect what is wrong; `check` ends the reading. `accept` calls the action and keeps its refusal
beside the fields.
"""

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final, Self
from uuid import UUID

from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity.constraints import refusal_of
from orderwright.kernel.errors import Invalid, Refusal
from orderwright.kernel.numbers import parse_decimal, trim
from orderwright.web.merging import Difference, Meanwhile, chosen, merged

CORRECT: Final = "Please correct what is marked."
MEANWHILE: Final = "Somebody saved this meanwhile."
CHOOSE: Final = "Choose for each field that you both changed, and save again."
LOOK_OVER: Final = "Everything that you typed is still here: look it over, and save again."


@dataclass(slots=True)
class Form:
    """The fields of one form by name, and the errors beside them."""

    values: dict[str, list[str]] = field(default_factory=dict)
    errors: dict[str, str] = field(default_factory=dict)
    message: str = ""
    status: int = 200
    confirm: str = ""
    result: Any = None
    before: dict[str, list[str]] = field(default_factory=dict)
    differences: Sequence[Difference] = ()

    @classmethod
    def of(cls, values: Mapping[str, Any] | None = None, *, merges: Collection[str] = ()) -> Self:
        """A form that starts with these values. Of the fields `merges`, which the page shows, it
        remembers what they were, so that a change of somebody else can be merged."""
        flat = dict(_flat(values or {}, ""))
        return cls(values=flat, before=_only(flat, merges))

    @classmethod
    def posted(cls, request: HttpRequest) -> Self:
        """The form as it was sent, but for U+0000: no browser sends it, and no text can hold it."""
        values = {
            name: [text.replace("\0", "") for text in request.POST.getlist(name)]
            for name in request.POST
        }
        before = _read_before(values.pop("_before", []))
        return cls(values=chosen(values, before), before=before)

    @property
    def before_text(self) -> str:
        """What the form began with, as it travels with the form."""
        return json.dumps(self.before) if self.before else ""

    def value(self, name: str) -> str:
        """What stands in a field."""
        found = self.values.get(name)
        return found[-1] if found else ""

    def several(self, name: str) -> list[str]:
        """What is chosen in a field that takes several."""
        return [value for value in self.values.get(name, []) if value]

    def text(self, name: str, *, required: str = "") -> str:
        """The trimmed text; with `required`, that sentence is the error of an empty field."""
        value = self.value(name).strip()
        if required and not value:
            self.errors[name] = required
        return value

    def flag(self, name: str) -> bool:
        """Whether a checkbox is ticked."""
        return self.value(name) not in {"", "off", "false"}

    def uuid(self, name: str, *, required: str = "") -> UUID | None:
        """The id of what was chosen."""
        value = self.text(name, required=required)
        try:
            return UUID(value) if value else None
        except ValueError:
            self.errors[name] = "Choose one of the list."
            return None

    def uuids(self, name: str) -> list[UUID]:
        """The ids of everything that was chosen."""
        try:
            return [UUID(value) for value in self.several(name)]
        except ValueError:
            self.errors[name] = "Choose from the list."
            return []

    def decimal(self, name: str, *, required: str = "") -> Decimal | None:
        """The number, with a comma read as a decimal point; None for an empty field."""
        if not self.text(name, required=required):
            return None
        try:
            return parse_decimal(self.number_text(name), name)
        except Invalid as error:
            self.errors.update(error.fields)
            return None

    def whole(self, name: str, *, required: str = "") -> int | None:
        """The whole number that is zero or more; None for an empty field."""
        value = self.text(name, required=required)
        if value and not (value.isascii() and value.isdigit() and len(value) < 10):
            self.errors[name] = "Give a whole number."
            return None
        return int(value) if value else None

    def day(self, name: str, *, required: str = "") -> date | None:
        """The day; None for an empty field."""
        value = self.text(name, required=required)
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.errors[name] = "Give a day like 2026-11-30."
            return None

    def rows(self, *names: str) -> list[dict[str, str]]:
        """Repeated fields as rows; rows in which all of them are empty are left out."""
        columns = [[value.strip() for value in self.values.get(name, [])] for name in names]
        found = [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=False)]
        return [row for row in found if any(row.values())]

    def number_text(self, name: str) -> str:
        """A number as an action takes it: a single comma is read as the decimal point."""
        typed = self.value(name).strip().replace(" ", "")
        return typed.replace(",", ".") if typed.count(",") == 1 and "." not in typed else typed

    def indexes(self, rows: str) -> list[int]:
        """The numbers of the rows in fields like `rows.0.name`, in their order on the page."""
        prefix = f"{rows}."
        found = [name.split(".")[1] for name in self.values if name.startswith(prefix)]
        return list(dict.fromkeys(int(index) for index in found if index.isdecimal()))

    def renumber(self, rows: str) -> list[int]:
        """Number rows from 0 without gaps, leave out empty ones, and answer the numbers."""
        renamed: dict[str, list[str]] = {}
        count = 0
        for index in self.indexes(rows):
            prefix = f"{rows}.{index}."
            row = {n[len(prefix) :]: v for n, v in self.values.items() if n.startswith(prefix)}
            if any(text.strip() for values in row.values() for text in values):
                renamed |= {f"{rows}.{count}.{name}": values for name, values in row.items()}
                count += 1
        kept = {n: v for n, v in self.values.items() if not n.startswith(f"{rows}.")}
        self.values = kept | renamed
        return list(range(count))

    def check(self) -> None:
        """Raise Invalid if reading found anything wrong."""
        if self.errors:
            raise Invalid("invalid_input", CORRECT, fields=self.errors)

    def accept(
        self, act: Callable[[], Any], *, meanwhile: Callable[[], Meanwhile] | None = None
    ) -> bool:
        """Do it; whether it was done. A refusal is kept with its sentence beside the fields.

        When somebody saved `meanwhile`, the form shows what both changed, with the version that
        stands now; nothing that was typed is lost.
        """
        try:
            with transaction.atomic():
                self.result = act()
        except Refusal as refusal:
            self._keep(refusal)
            if refusal.code == "stale_version" and meanwhile is not None and self.before:
                self._merge(meanwhile())
            return False
        except IntegrityError as error:
            self._keep(refusal_of(error))
            return False
        return True

    def place_errors(self, keys: Sequence[str]) -> None:
        """Errors of `lines.<index>.<field>` stand at `<field>-<key>`, the field of that line's
        card; `keys` are the lines in the order in which they were sent."""
        placed = {}
        for name, text in self.errors.items():
            parts = name.split(".")
            if len(parts) == 3 and parts[0] == "lines" and parts[1].isdigit():
                placed[f"{parts[2]}-{keys[int(parts[1])]}"] = text
            else:
                placed[name] = text
        self.errors = placed

    def strip_errors(self, prefix: str) -> None:
        """Name errors as the page names its fields, without the place in what was sent."""
        self.errors = {name.removeprefix(prefix): text for name, text in self.errors.items()}

    def _merge(self, meanwhile: Meanwhile) -> None:
        flat = dict(_flat(meanwhile.values, ""))
        theirs = _only(flat, {name.split(".")[0] for name in self.before})
        found = merged(self.before, self.values, theirs, meanwhile)
        self.values = found.values | {"version": flat.get("version", [])}
        self.before, self.differences = theirs, found.differences
        taken = (
            f" Theirs, which you had not touched: {', '.join(found.taken)}." if found.taken else ""
        )
        self.message = (
            f"Somebody saved this meanwhile. {CHOOSE if found.differences else LOOK_OVER}{taken}"
        )

    def _keep(self, refusal: Refusal) -> None:
        is_marked = refusal.status == 422 and refusal.fields
        self.message = CORRECT if is_marked else refusal.message
        self.status = refusal.status
        self.errors = {self._sent(name): text for name, text in refusal.fields.items()}
        if refusal.code == "confirmation_required":
            self.confirm = str(refusal.details.get("confirm", ""))

    def _sent(self, name: str) -> str:
        """How this form sent a field: `ship_to.city` may stand in it as `ship_to_city`, and what
        is read as a list, `recipients.0`, as one text."""
        asked = (name, name.replace(".", "_"), name.partition(".")[0])
        return next((one for one in asked if one in self.values), name)


def done(request: HttpRequest, url: str, said: str = "") -> HttpResponse:
    """It is done: say so in a toast, and go on at `url`."""
    if said:
        messages.success(request, said)
    return onwards(request, url)


def onwards(request: HttpRequest, url: str) -> HttpResponse:
    """Go on at `url`, out of a dialog too."""
    if request.headers.get("HX-Request") == "true":
        response = HttpResponse(status=200)
        response["HX-Redirect"] = url
        return response
    return redirect(url)


def choices(rows: Sequence[Any], shown: Callable[[Any], str] = lambda row: row.name) -> list[Any]:
    """Records as the choices of a select: their ids with what people call them."""
    return [(str(row.id), shown(row)) for row in rows]


def _only(values: Mapping[str, list[str]], names: Collection[str]) -> dict[str, list[str]]:
    """The fields of these names, with their rows and the words of their choices."""
    wanted = {*names, *(f"{name}_text" for name in names)}
    return {key: value for key, value in values.items() if key.split(".")[0] in wanted}


def _read_before(sent: Sequence[str]) -> dict[str, list[str]]:
    """What the form began with; whoever tampers with it only misleads themselves."""
    try:
        found = json.loads(sent[-1]) if sent else {}
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        str(name): [str(text) for text in texts] if isinstance(texts, list) else [str(texts)]
        for name, texts in found.items()
    }


def _flat(values: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, list[str]]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list | tuple) and value and isinstance(value[0], Mapping):
            for index, row in enumerate(value):
                yield from _flat(row, f"{prefix}{name}.{index}.")
        else:
            yield f"{prefix}{name}", _shown(value)


def _shown(value: Any) -> list[str]:
    if isinstance(value, list | tuple | set | frozenset):
        return [text for one in value for text in _shown(one)]
    if value is None or value is False:
        return [""]
    if value is True:
        return ["on"]
    if isinstance(value, Decimal):
        return [trim(value)]
    if isinstance(value, date | datetime):
        return [value.isoformat()]
    return [str(value)]
