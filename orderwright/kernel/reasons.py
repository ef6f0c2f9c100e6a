"""Reasons: the facts that made a derived value what it is, in a fixed form."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One fact: `fact` names it, `value` (of `of`) is its measure, `source` is where it stands.

    `text` says the same to people: "4 of 10 shipped".
    """

    fact: str
    value: str | None
    of: str | None
    source: str | None
    text: str

    def as_json(self) -> dict[str, str | None]:
        """The reason in the shape that the API promises."""
        return {
            "fact": self.fact,
            "value": self.value,
            "of": self.of,
            "source": self.source,
            "text": self.text,
        }


def as_json(reasons: Iterable[Reason]) -> list[dict[str, str | None]]:
    """All of them, in their order."""
    return [reason.as_json() for reason in reasons]
