"""Records that rows name in words: a product by SKU or name, a customer by number or name.

One statement per kind of record for all rows of a chunk. What is exact (SKU, number) goes before
what may be shared (names); a name that several records share says nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import CharField, Q, Value
from django.db.models.functions import Concat, Lower

from orderwright.catalog.models import Product
from orderwright.directory.models import Customer, Staff
from orderwright.identity.caller import Caller
from orderwright.inventory.models import Location
from orderwright.kernel.shapes import invalid


@dataclass(frozen=True, slots=True)
class Named:
    """Records by what rows call them, in lower case; `shared` are names of several records."""

    noun: str
    by_name: Mapping[str, UUID] = field(default_factory=dict)
    shared: frozenset[str] = frozenset()

    def one(self, name: str, column: str) -> UUID:
        """The record of this name. Raises Invalid for none, or for several."""
        key = name.strip().lower()
        if key in self.by_name:
            return self.by_name[key]
        if key in self.shared:
            message = f"Several records are named {name}. Use what only one of them has."
            raise invalid("ambiguous_reference", message, column)
        raise invalid("unknown_reference", f"There is no {self.noun} {name}.", column)


def products(by: Caller, said: Iterable[str]) -> Named:
    """Products by SKU, then by name."""
    return _named(by, Product, "product", said, exact=("sku",), shared=("name",))


def customers(by: Caller, said: Iterable[str]) -> Named:
    """Customers by number, then by name."""
    return _named(by, Customer, "customer", said, exact=("number",), shared=("name",))


def locations(by: Caller, said: Iterable[str]) -> Named:
    """Locations by name, then by short name."""
    return _named(by, Location, "location", said, exact=("name",), shared=("short_name",))


def staff(by: Caller, said: Iterable[str]) -> Named:
    """People by e-mail address, then by nickname or whole name."""
    whole = Concat("first_name", Value(" "), "last_name", output_field=CharField())
    return _named(
        by,
        Staff,
        "active staff",
        said,
        exact=("email",),
        shared=("nickname", "whole"),
        rows=Staff.objects.of(by.organization_id).filter(is_active=True).annotate(whole=whole),
    )


def by_one_column(
    by: Caller, model: type[Any], noun: str, said: Iterable[str], *columns: str
) -> Named:
    """Records of set-up by these columns, the exact one first."""
    return _named(by, model, noun, said, exact=columns[:1], shared=columns[1:])


def _named(
    by: Caller,
    model: type[Any],
    noun: str,
    said: Iterable[str],
    *,
    exact: tuple[str, ...],
    shared: tuple[str, ...],
    rows: Any = None,
) -> Named:
    wanted = {name.strip().lower() for name in said if name.strip()}
    if not wanted:
        return Named(noun)
    mine = model.objects.of(by.organization_id) if rows is None else rows
    names = {f"{column}_key": Lower(column) for column in (*exact, *shared)}
    mentioned = Q()
    for key in names:
        mentioned |= Q(**{f"{key}__in": wanted})
    found = mine.annotate(**names).filter(mentioned).values_list("pk", *names)
    return _sorted_out(noun, list(found), len(exact))


def _sorted_out(noun: str, rows: list[tuple[Any, ...]], exact: int) -> Named:
    certain: dict[str, UUID] = {}
    owners: dict[str, set[UUID]] = {}
    for pk, *names in rows:
        for place, name in enumerate(names):
            if place < exact and name:
                certain[name] = pk
            elif name:
                owners.setdefault(name, set()).add(pk)
    single = {name: next(iter(pks)) for name, pks in owners.items() if len(pks) == 1}
    shared = {name for name, pks in owners.items() if len(pks) > 1} - certain.keys()
    return Named(noun, single | certain, frozenset(shared))
