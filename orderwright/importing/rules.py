"""The life of an import, and what may be done with it when. One table for pages, API and jobs."""

from collections.abc import Mapping
from typing import Final

from orderwright.kernel.errors import Conflict
from orderwright.kernel.lifecycle import Allowed

STATUSES: Final = (
    "checking",
    "ready",
    "running",
    "stopped",
    "finished",
    "undoing",
    "undone",
)
MODES: Final = ("create", "update", "both")

# Before the start a row is `new`, `update`, `unchanged` or `bad`; the start makes the first two
# `created` and `updated` (or `unchanged`, or `bad` when things changed meanwhile).
ROW_STATES: Final = (
    "waiting",
    "new",
    "update",
    "unchanged",
    "bad",
    "created",
    "updated",
    "undone",
)
TO_CHECK: Final = ("waiting",)
TO_WRITE: Final = ("new", "update")

# What is allowed in which status; `resume` of a running import helps one whose worker died.
_ALLOWED: Final[Mapping[str, tuple[str, ...]]] = {
    "change": ("checking", "ready"),
    "start": ("ready",),
    "stop": ("running",),
    "resume": ("stopped", "running", "checking", "undoing"),
    "undo": ("finished", "stopped"),
}
_ACTIONS: Final = ("start", "stop", "resume", "undo")


def why_refused(action: str, status: str, counts: Mapping[str, int]) -> str | None:
    """Why this cannot be done in this status; None when it can."""
    if status not in _ALLOWED[action]:
        return f"This import is {status}. {_ADVICE[action]}"
    if action == "start" and not any(counts.get(state) for state in TO_WRITE):
        return "No row of this file would change anything. Correct the file, or the columns."
    if action == "undo" and not counts.get("created"):
        return "This import created nothing that could be taken back."
    return None


def check(action: str, status: str, counts: Mapping[str, int]) -> None:
    """Raises Conflict `invalid_transition` when this cannot be done now."""
    reason = why_refused(action, status, counts)
    if reason is not None:
        raise Conflict("invalid_transition", reason, details={"status": status})


def allowed_actions(status: str, counts: Mapping[str, int]) -> list[Allowed]:
    """Every action, and whether it is allowed."""
    reasons = {action: why_refused(action, status, counts) for action in _ACTIONS}
    return [Allowed.unless(reason, action) for action, reason in reasons.items()]


_ADVICE: Final[Mapping[str, str]] = {
    "change": "Columns can change until it is started; upload the file again.",
    "start": "It can be started once it is checked.",
    "stop": "Only a running import can be stopped.",
    "resume": "Only a stopped import can be resumed.",
    "undo": "Only a finished or stopped import can be undone.",
}
