"""A lifecycle is a table of moves. Checks, buttons and the API read the same table."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from orderwright.kernel.errors import Conflict, Refusal


@dataclass(frozen=True, slots=True)
class Move:
    """One row of a lifecycle: `action` takes a record from any of `sources` to `target`.

    `target` None says that the action leaves the status as it is.
    """

    action: str
    sources: tuple[str, ...]
    target: str | None = None


@dataclass(frozen=True, slots=True)
class Allowed:
    """One action: whether this caller may take it now, and if not, the sentence that says why."""

    action: str
    allowed: bool
    why_not: str | None

    @classmethod
    def unless(cls, why_not: str | None, action: str) -> Self:
        """The action, allowed unless something stands against it."""
        return cls(action, why_not is None, why_not)

    def as_json(self) -> dict[str, str | bool | None]:
        """The row in the shape that the API promises."""
        return {"action": self.action, "allowed": self.allowed, "why_not": self.why_not}


def why_not_permitted(needed: Sequence[str], permissions: Collection[str]) -> str | None:
    """The sentence that names the permissions that are missing, or None."""
    missing = [one for one in needed if one not in permissions]
    return f"Your role does not allow this; it needs {' and '.join(missing)}." if missing else None


@dataclass(frozen=True)
class Lifecycle:
    """All moves of one kind of record. `noun` is what sentences call it: "sales order".
    `nouns` are statuses that are nouns: {"estimate": "an estimate"}."""

    noun: str
    moves: tuple[Move, ...]
    nouns: Mapping[str, str] = field(default_factory=dict)

    def move(self, action: str) -> Move:
        """The row of this action. Raises KeyError for an action that the table does not know."""
        return self._by_action[action]

    def allows(self, action: str, status: str) -> bool:
        """Whether the action is possible in this status, as far as the status alone decides."""
        return status in self.move(action).sources

    def why_not(self, action: str, status: str) -> str | None:
        """The sentence that names current and needed status, or None when the status allows it."""
        move = self.move(action)
        if status in move.sources:
            return None
        needed = " or ".join(self._said(source) for source in move.sources)
        return f"This {self.noun} is {self._said(status)}; it must be {needed}."

    def _said(self, status: str) -> str:
        """A status in a sentence: "an estimate" where it is a noun, "issued" where it is not."""
        return self.nouns.get(status, status.replace("_", " "))

    def refusal(self, action: str, status: str) -> Conflict | None:
        """Conflict `invalid_transition` that names the current and the needed status, or None."""
        why_not = self.why_not(action, status)
        if why_not is None:
            return None
        needed = list(self.move(action).sources)
        details = {"action": action, "status": status, "needed": needed}
        return Conflict("invalid_transition", why_not, details=details)

    def plan_move(self, action: str, status: str) -> str:
        """The status after the action: the move's target, or the same status without one.

        Raises Conflict `invalid_transition` that names the current and the needed status.
        """
        refusal = self.refusal(action, status)
        if refusal is not None:
            raise refusal
        return self.move(action).target or status

    def needing(self, *permissions: str) -> dict[str, tuple[str, ...]]:
        """The permissions of a table in which every action needs the same."""
        return {move.action: permissions for move in self.moves}

    def allowed(
        self,
        permissions: Collection[str],
        *,
        needed: Mapping[str, Sequence[str]],
        refuses: Callable[[str], Refusal | None],
    ) -> tuple[Allowed, ...]:
        """Every action in the order of the table, by what it needs and what refuses it now.

        A missing permission is named first: what the record would allow is then no help.
        """
        found = []
        for move in self.moves:
            why_not = why_not_permitted(needed[move.action], permissions)
            if why_not is None:
                refusal = refuses(move.action)
                why_not = refusal.message if refusal else None
            found.append(Allowed.unless(why_not, move.action))
        return tuple(found)

    @cached_property
    def _by_action(self) -> dict[str, Move]:
        return {move.action: move for move in self.moves}
