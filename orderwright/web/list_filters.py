"""Filters of lists: choices, days and records that narrow, and how they read when they do."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Self

from orderwright.web import display


@dataclass(frozen=True, slots=True)
class Preset:
    """Days that people ask for often."""

    text: str
    first: str
    last: str


@dataclass(frozen=True, slots=True)
class ActiveFilter:
    """A filter in use: what it says, and the address without it."""

    text: str
    url: str


@dataclass(frozen=True, slots=True)
class Filter:
    """What narrows a list; its name is the parameter in the address.

    `look` is choice (one), several, days (two parameters, `<name>_from` and `<name>_to`) or lookup
    (a record found by typing, at `source`; its `choices` are those in use). `more` puts it into the
    dialog of further filters.
    """

    name: str
    label: str
    choices: Sequence[tuple[str, str]] = ()
    value: str = ""
    look: str = "choice"
    source: str = ""
    more: bool = False
    presets: Sequence[Preset] = ()
    last: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """Its parameters in the address."""
        return (f"{self.name}_from", f"{self.name}_to") if self.look == "days" else (self.name,)

    @property
    def chosen(self) -> tuple[str, ...]:
        """The values that are set."""
        return tuple(one for one in self.value.split(",") if one)

    @property
    def emptied(self) -> dict[str, None]:
        """The change of the address that takes it away."""
        return dict.fromkeys(self.names)

    @property
    def said(self) -> str:
        """What it does, in words; nothing when it does nothing."""
        if self.look == "days":
            return self._days_said()
        words = dict(self.choices)
        shown = ", ".join(words.get(one, one) for one in self.chosen)
        return f"{self.label}: {shown}" if shown else ""

    def at(self, values: dict[str, str]) -> Self:
        """The filter with what the address says."""
        if self.look != "days":
            return replace(self, value=values.get(self.name, ""))
        first, last = (values.get(name, "") for name in self.names)
        return replace(self, value=first, last=last)

    def _days_said(self) -> str:
        for preset in self.presets:
            if (self.value, self.last) == (preset.first, preset.last):
                return f"{self.label}: {preset.text.lower()}"
        shown = [_day(self.value), _day(self.last)]
        if all(shown):
            return f"{self.label}: {' to '.join(shown)}"
        if shown[0]:
            return f"{self.label}: from {shown[0]}"
        return f"{self.label}: until {shown[1]}" if shown[1] else ""


def coming_days(today: date) -> tuple[Preset, ...]:
    """Presets for days that lie ahead."""
    month_end = (today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return (
        Preset("Today", today.isoformat(), today.isoformat()),
        Preset("Next 7 days", today.isoformat(), (today + timedelta(days=6)).isoformat()),
        Preset("This month", today.replace(day=1).isoformat(), month_end.isoformat()),
    )


def past_days(today: date) -> tuple[Preset, ...]:
    """Presets for days that have been."""
    return (
        Preset("Today", today.isoformat(), today.isoformat()),
        Preset("Last 7 days", (today - timedelta(days=6)).isoformat(), today.isoformat()),
        Preset("This month", today.replace(day=1).isoformat(), today.isoformat()),
    )


def _day(text: str) -> str:
    try:
        return display.plain_day(date.fromisoformat(text)) if text else ""
    except ValueError:
        return text
