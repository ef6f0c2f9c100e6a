"""What is particular about one kind of set-up record, in one place."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from orderwright.identity.caller import Caller
from orderwright.kernel.shapes import Shape

Values = dict[str, Any]


def no_further_check(by: Caller, values: Values, changed: Collection[str]) -> None:
    """The shape says it all."""


def as_given(by: Caller, values: Values) -> Values:
    """Nothing follows from other fields."""
    return values


@dataclass(frozen=True, slots=True)
class Belonging:
    """Rows that belong to a record and are sent with it as a list; `owner` points to the record.

    `references` are their fields that hold ids of other records.
    """

    model: type[Any]
    owner: str
    references: Mapping[str, type[Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of set-up record.

    `noun` names it in sentences and, with underscores, in events. `area` is the permission's;
    `open_to_all` lets every role of the organization read. `row` is the dataclass that reads
    answer: its fields are columns, or stand in `joined` with the column that they come from.

    `references` are the fields that hold ids of other records, `belongings` those that are lists
    of rows of their own. `complete` fills in what follows from other fields; `check` sees the whole
    record as it will be (its `id` too, None for a new one) and which fields change, and raises
    Invalid or Conflict. `finder` is the database's own search of this kind (activity/finding.py), a
    query for ids that names what was typed as `%s`; without one, `searched` are the columns that a
    search looks into. Only `kept_of_system` may change on a record of the system;
    `settled_in_use` may not change once something refers to the record. `secrets` stay out of
    events.
    """

    model: type[Any]
    noun: str
    area: str
    shape: Shape
    row: type[Any]
    open_to_all: bool = False
    joined: Mapping[str, str] = field(default_factory=dict)
    searched: tuple[str, ...] = ("name",)
    finder: str = ""
    filters: Shape = field(default_factory=lambda: Shape({}))
    references: Mapping[str, type[Any]] = field(default_factory=dict)
    belongings: Mapping[str, Belonging] = field(default_factory=dict)
    complete: Callable[[Caller, Values], Values] = as_given
    check: Callable[[Caller, Values, Collection[str]], None] = no_further_check
    kept_of_system: frozenset[str] = frozenset()
    settled_in_use: frozenset[str] = frozenset()
    secrets: frozenset[str] = frozenset()

    def event(self, verb: str) -> str:
        """`payment_term.created`."""
        return f"{self.noun.replace(' ', '_')}.{verb}"

    def permission(self, verb: str) -> str:
        """`settings:create`."""
        return f"{self.area}:{verb}"
