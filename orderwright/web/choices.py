"""What selects offer: the organization's own records, and the world's countries and units."""

from functools import cache
from typing import Any, Final
from uuid import UUID

from babel import Locale

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.directory import kinds as directory
from orderwright.directory import queries
from orderwright.identity.caller import Caller
from orderwright.kernel.weight import GRAMS
from orderwright.web.display import LOCALE
from orderwright.web.vocabulary import choices_of

MOST: Final = 500
PRIORITIES: Final = choices_of("priority")
WEIGHT_UNITS: Final = [(unit, unit) for unit in GRAMS]


def of_kind(by: Caller, kind: Kind, shown: str = "name", **filters: Any) -> list[tuple[str, str]]:
    """All records of a kind by what people call them, in the order of the alphabet."""
    rows = records.listed(by=by, kind=kind, filters=filters, limit=MOST)
    return sorted(
        ((str(row.id), getattr(row, shown)) for row in rows), key=lambda one: one[1].casefold()
    )


def payment_terms(by: Caller) -> list[tuple[str, str]]:
    """Payment terms in use."""
    return of_kind(by, directory.PAYMENT_TERM, is_active=True)


def shipping_terms(by: Caller) -> list[tuple[str, str]]:
    """Shipping terms in use."""
    return of_kind(by, directory.SHIPPING_TERM, is_active=True)


def staff(by: Caller) -> list[tuple[str, str]]:
    """People who lead orders."""
    return of_kind(by, directory.STAFF, "nickname", is_active=True)


def carriers(by: Caller) -> list[tuple[str, str]]:
    """Carriers in use."""
    return of_kind(by, directory.CARRIER, is_enabled=True)


def type_groups(by: Caller) -> list[tuple[str, str]]:
    """Groups of which a customer has one."""
    return of_kind(by, directory.CUSTOMER_GROUP, type="type_group")


def pricing_groups(by: Caller) -> list[tuple[str, str]]:
    """Groups of which a customer has any number."""
    return of_kind(by, directory.CUSTOMER_GROUP, type="pricing_group")


def carrier_options(by: Caller) -> list[tuple[str, str]]:
    """Service levels of the carriers in use, with their carriers' names."""
    found = queries.carriers(by=by, filters={"is_enabled": True}, limit=MOST)
    shown = [
        (str(option.id), f"{carrier.row.name}, {option.name}")
        for carrier in found
        for option in carrier.options
    ]
    return sorted(shown, key=lambda one: one[1].casefold())


@cache
def countries() -> list[tuple[str, str]]:
    """Every country by its name."""
    names = Locale.parse(LOCALE).territories
    real = [(code, name) for code, name in names.items() if len(code) == 2 and code not in _NOT_ONE]
    return sorted(((code, name) for code, name in real), key=lambda one: one[1])


def country_name(code: str) -> str:
    """The name of a country, or the code of one that is not known."""
    return dict(countries()).get(code, code)


def name_in(found: list[tuple[str, str]], record_id: UUID | None) -> str:
    """What people call the record with this id; nothing for none."""
    return dict(found).get(str(record_id), "")


_NOT_ONE: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
