"""Running numbers for tags: each prefix counts on its own, and no tag is given twice."""

from collections import Counter
from collections.abc import Iterable, Mapping

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_sql, tags
from orderwright.kernel.errors import TryAgain
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json


def next_tags(by: Caller, wanted: Counter[str], avoided: frozenset[str]) -> dict[str, list[str]]:
    """The next free tags of each prefix. Numbers that people used are stepped over."""
    found: dict[str, list[str]] = {prefix: [] for prefix in wanted}
    for past_used in (False, True):
        missing = {
            prefix: count - len(found[prefix])
            for prefix, count in wanted.items()
            if count > len(found[prefix])
        }
        if not missing:
            return found
        candidates = _take_numbers(by, missing, past_used=past_used)
        taken = avoided | _taken(by, candidates)
        for prefix, tag in candidates:
            if tag not in taken:
                found[prefix].append(tag)
    if any(len(found[prefix]) < count for prefix, count in wanted.items()):
        raise TryAgain
    return found


def _take_numbers(
    by: Caller, wanted: Mapping[str, int], *, past_used: bool
) -> list[tuple[str, str]]:
    """Prefixes with their next tags, in order; others wait for our commit to go on from there."""
    rows = [{"id": new_id(), "prefix": prefix, "wanted": count} for prefix, count in wanted.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            lot_sql.TAKE_NUMBERS_PAST_USED if past_used else lot_sql.TAKE_NUMBERS,
            {"organization": by.organization_id, "wanted": to_json(rows)},
        )
        return [
            (prefix, tags.numbered_tag(prefix, number))
            for prefix, last in cursor.fetchall()
            for number in range(last - wanted[prefix] + 1, last + 1)
        ]


def _taken(by: Caller, candidates: Iterable[tuple[str, str]]) -> frozenset[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            lot_sql.TAKEN_TAGS,
            {"organization": by.organization_id, "tags": [tag for _, tag in candidates]},
        )
        return frozenset(row[0] for row in cursor.fetchall())
