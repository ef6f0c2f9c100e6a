"""Sessions: in which browsers a person has signed in, and how they end."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from orderwright.identity.models import User, UserSession
from orderwright.identity.queries import SignedIn
from orderwright.identity.tenancy import entered

SEEN_EVERY: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Visit:
    """Where a sign-in comes from; `way` is password, second factor, passkey or invitation."""

    way: str
    address: str = ""
    browser: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One browser in which a person is signed in."""

    id: UUID
    started_at: datetime
    seen_at: datetime
    way: str
    address: str
    browser: str


def open_session(*, organization_id: UUID, user_id: UUID, visit: Visit, now: datetime) -> UUID:
    """A person has signed in; answers the session's id, which the browser's cookie leads to."""
    with entered(organization_id):
        User.objects.of(organization_id).filter(pk=user_id).update(last_login=now)
        made = UserSession.objects.create(
            organization_id=organization_id,
            user_id=user_id,
            started_at=now,
            seen_at=now,
            way=visit.way,
            address=visit.address[:64],
            browser=visit.browser[:200],
        )
    return made.pk


def note_seen(signed_in: SignedIn) -> None:
    """Keep when a session was last used, at most every five minutes."""
    now = signed_in.caller.now
    seen_at, session_id = signed_in.seen_at, signed_in.session_id
    if session_id is not None and seen_at is not None and now - seen_at > SEEN_EVERY:
        mine = UserSession.objects.of(signed_in.caller.organization_id)
        mine.filter(pk=session_id).update(seen_at=now)


def open_sessions(*, organization_id: UUID, user_id: UUID) -> list[SessionRow]:
    """Where the person is signed in, the latest first. One statement."""
    rows = UserSession.objects.of(organization_id).filter(user_id=user_id, ended_at=None)
    names = ("id", "started_at", "seen_at", "way", "address", "browser")
    return [SessionRow(*row) for row in rows.order_by("-seen_at").values_list(*names)[:100]]


def end_sessions(
    *, organization_id: UUID, user_id: UUID, now: datetime, but: UUID | None = None
) -> int:
    """Sign the person out everywhere, or everywhere but in one session; answers in how many."""
    rows = UserSession.objects.of(organization_id).filter(user_id=user_id, ended_at=None)
    return (rows if but is None else rows.exclude(pk=but)).update(ended_at=now)


def end_session(*, organization_id: UUID, user_id: UUID, session_id: UUID, now: datetime) -> int:
    """Sign the person out in one browser."""
    rows = UserSession.objects.of(organization_id).filter(user_id=user_id, pk=session_id)
    return rows.filter(ended_at=None).update(ended_at=now)
