"""What an address narrows a list to: codes, ids, flags and days, read the same way everywhere."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from orderwright.kernel.errors import Invalid

_FLAGS: Final = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


def read_values(
    given: Mapping[str, str],
    *,
    codes: Mapping[str, Collection[str]],
    ids: Collection[str] = (),
    flags: Collection[str] = (),
    days: Collection[str] = (),
) -> dict[str, Any]:
    """The values of a filter from the texts of an address, under the names of its parameters.

    Codes and ids are tuples, several with commas between them in the address; a flag or a day is
    None when it is not given. Raises Invalid `invalid_filter` with the fields whose values make no
    sense.
    """
    errors: dict[str, str] = {}
    read: dict[str, Any] = {name: _several(given.get(name)) for name in codes}
    for name, known in codes.items():
        if set(read[name]) - set(known):
            errors[name] = f"One or more of: {', '.join(known)}."
    for name in ids:
        try:
            read[name] = tuple(UUID(one) for one in _several(given.get(name)))
        except ValueError:
            errors[name] = "Ids, with commas between them."
    for name in flags:
        text = (given.get(name) or "").lower()
        read[name] = _FLAGS.get(text)
        if text and text not in _FLAGS:
            errors[name] = "true or false."
    for name in days:
        try:
            read[name] = date.fromisoformat(given[name]) if given.get(name) else None
        except ValueError:
            errors[name] = "A day like 2026-11-30."
    if errors:
        message = "A filter has a value that it does not know."
        raise Invalid("invalid_filter", message, fields=errors)
    return read


def _several(text: str | None) -> tuple[str, ...]:
    return tuple(dict.fromkeys(one.strip() for one in (text or "").split(",") if one.strip()))
