"""The refusals: every way in which the business says no.

A refusal has a code for programs, a sentence for people that says what to do, the fields that it is
about, and details. It is raised where the rule stands and mapped to HTTP in one place.
"""

from typing import Any, ClassVar


class Refusal(Exception):
    """The business says no. Raise one of the subclasses, which carry the HTTP status."""

    status: ClassVar[int] = 400

    def __init__(
        self,
        code: str,
        message: str,
        *,
        fields: dict[str, str] | None = None,
        details: dict[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.fields = fields or {}
        self.details = details or {}

    def as_json(self) -> dict[str, Any]:
        """The body of the answer, in the shape that the API promises."""
        return {
            "code": self.code,
            "message": self.message,
            "fields": self.fields,
            "details": self.details,
        }

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.code!r}, {self.message!r})"


class Malformed(Refusal):
    """The request could not be read at all."""

    status = 400


class Unauthenticated(Refusal):
    """Nobody, or nobody that we know, is asking."""

    status = 401


class Forbidden(Refusal):
    """We know who is asking; the role does not allow it."""

    status = 403


class NotFound(Refusal):
    """There is no such record, or it is not yours: the two answers are the same on purpose."""

    status = 404


class Conflict(Refusal):
    """The request is sound, but the present state of the records does not allow it."""

    status = 409


class Invalid(Refusal):
    """What was sent makes no sense; `fields` says where."""

    status = 422


class TooLarge(Refusal):
    """The request has more bytes than are read."""

    status = 413


class TooMany(Refusal):
    """Too many requests; try again later."""

    status = 429


class TryAgain(Exception):
    """A race was lost inside a transaction: nothing was written, the same request may run again."""
