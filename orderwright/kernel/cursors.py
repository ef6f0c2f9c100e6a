"""Cursors of keyset lists: the id of the last row of a page, as text."""

import base64
from uuid import UUID

from orderwright.kernel.errors import Invalid


def write_cursor(row_id: UUID) -> str:
    """The cursor that goes on after this row."""
    return base64.urlsafe_b64encode(row_id.bytes).decode().rstrip("=")


def read_cursor(cursor: str | None) -> UUID | None:
    """The row after which a page starts. Raises Invalid for a cursor of something else."""
    if not cursor:
        return None
    try:
        return UUID(bytes=base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, TypeError) as error:
        raise Invalid(
            "invalid_cursor",
            "This cursor was not made by this list. Start again without one.",
            fields={"cursor": "not a cursor of this list"},
        ) from error
