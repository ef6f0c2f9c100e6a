"""What happened to returns, in sentences, for the timeline of their order and their own page."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from orderwright.web.vocabulary import word_of

Body = Mapping[str, Any]


def _number(verb: str) -> Callable[[Body], str]:
    return lambda body: f"{verb} {body.get('number', '')}".strip()


def _requested(body: Body) -> str:
    return f"Announced {_goods(body)} in return {body.get('number', '')}"


def _received(body: Body) -> str:
    return f"Received {_goods(body, told=True)} in return {body.get('number', '')}"


def _goods(body: Body, *, told: bool = False) -> str:
    """So much of each line, and if wanted what became of it."""
    rows = list(body.get("lines") or ())
    parts = [
        f"{row.get('quantity', '')} {row.get('unit', '')} of line {row.get('position', '')}"
        + (f" to {word_of('disposition', row['disposition']).text.lower()}" if told else "")
        for row in rows[:6]
    ]
    more = f" and {len(rows) - 6} more lines" if len(rows) > 6 else ""
    return f"{', '.join(parts)}{more}" if parts else "goods"


RETURN_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "return.requested": ("truck-return", _requested),
    "return.received": ("package-import", _received),
    "return.closed": ("circle-check", _number("Closed return")),
    "return.cancelled": ("ban", _number("Cancelled return")),
}
