"""Records that refer to records: whether an id exists, and whether something still needs it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Model

from orderwright.activity.constraints import refusal_of
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.shapes import together


def check_references(
    by: Caller, references: Mapping[str, type[Any]], values: Mapping[str, Any]
) -> None:
    """Every id that the values name exists in this organization; one statement per table.

    Raises Invalid `unknown_reference` with the fields.
    """
    named: dict[type[Any], dict[str, UUID]] = {}
    for name, model in references.items():
        for place, wanted in _places(name, values.get(name)):
            named.setdefault(model, {})[place] = wanted
    refusals = []
    for model, places in named.items():
        known = existing(by, model, places.values())
        refusals += [unknown(place) for place, wanted in places.items() if wanted not in known]
    if refusals:
        raise together(refusals)


def existing(by: Caller, model: type[Any], ids: Iterable[UUID]) -> set[UUID]:
    """Which of these ids are records of this organization. One statement."""
    rows = model.objects.of(by.organization_id).with_ids(set(ids))
    return set(rows.values_list("pk", flat=True))


@contextmanager
def refusing_in_sentences() -> Iterator[None]:
    """What a constraint refuses in here is a refusal, and the transaction can go on."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as error:
        raise refusal_of(error) from error


# Columns that hold several ids, which no foreign key guards: {table: [(other table, column)]}.
_LISTED_IN: dict[type[Model], list[tuple[type[Any], str]]] = {}


def note_list_of_ids(*, of: type[Model], model: type[Model], column: str) -> None:
    """Tell that `model.column` holds ids of the table `of`, so that those stay while they do."""
    entry = (model, column)
    known = _LISTED_IN.setdefault(of, [])
    if entry not in known:
        known.append(entry)


def lists_of(model: type[Model]) -> list[tuple[type[Any], str]]:
    """The tables, each with its column, whose lists of ids can name records of this one."""
    return list(_LISTED_IN.get(model, ()))


def is_referred_to(by: Caller, model: type[Any], record_id: UUID) -> bool:
    """Whether something refers to this record: the database would refuse to delete it."""
    if is_listed_elsewhere(by, model, record_id):
        return True
    try:
        with transaction.atomic():
            model.objects.of(by.organization_id).filter(pk=record_id).delete()
            raise _NotAnyMore
    except IntegrityError:
        return True
    except _NotAnyMore:
        return False


def is_listed_elsewhere(by: Caller, model: type[Any], record_id: UUID) -> bool:
    """Whether a list of ids names this record. One statement per list that could."""
    return any(
        other.objects.of(by.organization_id).filter(**{f"{column}__contains": [record_id]}).exists()
        for other, column in _LISTED_IN.get(model, ())
    )


class _NotAnyMore(Exception):
    """Takes back a deletion that was only tried."""


def _places(name: str, value: Any) -> Iterator[tuple[str, UUID]]:
    if isinstance(value, UUID):
        yield name, value
    elif isinstance(value, list | tuple):
        for index, one in enumerate(value):
            yield f"{name}.{index}", one


def unknown(name: str) -> Invalid:
    """The refusal of an id that names nothing here."""
    sentence = "There is no such record."
    return Invalid("unknown_reference", sentence, fields={name: sentence})
