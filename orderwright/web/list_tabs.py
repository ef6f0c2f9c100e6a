"""The tabs of lists: each a state of the address, with its count where counting is cheap."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from orderwright.web.lists import Asked, Tab

# Lists count up to here (`MOST_COUNTED` of their areas).
_MOST_COUNTED: Final = 1000

# Its text, what it is counted under, and the parameters that it sets.
ListTab = tuple[str, str, Mapping[str, str | None]]


def tabs_by(name: str, *tabs: tuple[str, str | None]) -> tuple[ListTab, ...]:
    """Tabs that one parameter tells apart, counted under its values, and `all` without one."""
    return tuple((text, value or "all", {name: value}) for text, value in tabs)


def shown_tabs(
    asked: Asked, tabs: Sequence[ListTab], counts: Callable[[], Mapping[str, int]]
) -> list[Tab]:
    """The tabs of a list in this state. Counts stand there while only the tab narrows the list:
    then they are its counts, and cheap at any number of rows."""
    is_plain = not asked.q and not {*asked.values} - {one for *_, state in tabs for one in state}
    counted = counts() if is_plain else {}
    return [
        Tab(
            text,
            asked.url(**state),
            all(asked.value(name) == value for name, value in state.items()),
            _bounded(counted.get(key)),
        )
        for text, key, state in tabs
    ]


def _bounded(count: int | None) -> str | int | None:
    is_over = count is not None and count >= _MOST_COUNTED
    return f"{_MOST_COUNTED - 1}+" if is_over else count
