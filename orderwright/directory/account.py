"""One's own login: name, password, second factors and sessions, with an event for each change."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import check_password, make_password
from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.references import refusing_in_sentences
from orderwright.activity.rows import plain, read
from orderwright.directory import people
from orderwright.directory import people_rules as rules
from orderwright.directory.people import USER
from orderwright.identity import factors, mailed, passkeys, sessions
from orderwright.identity.caller import Caller
from orderwright.identity.factors import FactorRow, Person
from orderwright.identity.models import User
from orderwright.identity.passkeys import Begun
from orderwright.identity.sessions import SessionRow
from orderwright.kernel.errors import Forbidden, NotFound
from orderwright.kernel.versions import check_version

__all__ = ["FactorRow", "Person", "SessionRow"]


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """What a person may set for themselves."""

    id: UUID
    version: int
    email: str
    first_name: str
    last_name: str
    theme: str
    times: str
    role_name: str


def own(by: Caller) -> Person:
    """The person behind a session. Raises Forbidden for a key, which has no account."""
    if by.actor.kind != "user" or by.actor.id is None:
        raise Forbidden("no_account", "Only a person who has signed in has an account.")
    return Person(organization_id=by.organization_id, user_id=by.actor.id)


def profile(*, by: Caller) -> ProfileRow:
    """The caller's own login. One statement."""
    found: ProfileRow = read(_rows(own(by)), ProfileRow, {"role_name": "role__name"})[0]
    return found


def change_profile(*, by: Caller, sent: Mapping[str, Any], version: int | None = None) -> None:
    """Change one's own name, address, theme and times; records `user.updated`.

    Raises Invalid with the fields, Conflict `stale_version` or `duplicate`.
    """
    person = own(by)
    current = _rows(person).select_for_update().get()
    check_version("profile", current.version, version)
    values = rules.PROFILE.of_change(sent)
    changed = {name: held for name, held in values.items() if getattr(current, name) != held}
    if not changed:
        return
    before = {name: getattr(current, name) for name in changed}
    with refusing_in_sentences():
        _rows(person).update(**changed, version=F("version") + 1, updated_at=by.now)
    body = {"before": plain(before), "after": plain(changed)}
    activity.record(by, "user.updated", person.user_id, body=body)


def is_own_password(*, by: Caller, password: str) -> bool:
    """Whether it is really the person who sits there."""
    stored = _rows(own(by)).values_list("password", flat=True).get()
    return check_password(password, stored)


def change_password(*, by: Caller, password: str, session_id: UUID | None) -> None:
    """Choose another password; every other session and every mailed secret ends.

    Raises Invalid with the field.
    """
    person = own(by)
    kept = rules.JOINING.of_change({"password": password})["password"]
    _rows(person).update(password=make_password(kept), version=F("version") + 1, updated_at=by.now)
    sign_out_elsewhere(by=by, session_id=session_id)
    mailed.end_all(person, now=by.now)
    activity.record(by, "user.password_changed", person.user_id)


def own_sessions(*, by: Caller) -> list[SessionRow]:
    """Where the caller is signed in, the latest first."""
    person = own(by)
    return sessions.open_sessions(organization_id=person.organization_id, user_id=person.user_id)


def sign_out_elsewhere(*, by: Caller, session_id: UUID | None) -> int:
    """End every session of the caller but this one; answers how many ended."""
    person = own(by)
    ended = sessions.end_sessions(
        organization_id=person.organization_id,
        user_id=person.user_id,
        now=by.now,
        but=session_id,
    )
    if ended:
        activity.record(by, "user.signed_out_elsewhere", person.user_id, body={"sessions": ended})
    return ended


def end_own_session(*, by: Caller, session_id: UUID) -> None:
    """Sign out of one browser. Raises NotFound."""
    person = own(by)
    if not sessions.end_session(
        organization_id=person.organization_id,
        user_id=person.user_id,
        session_id=session_id,
        now=by.now,
    ):
        raise NotFound("not_found", "There is no such session.")


def begin_passkey(*, by: Caller, host: str, email: str) -> Begun:
    """What a browser needs to make a passkey for the caller."""
    return passkeys.begin_registration(own(by), host=host, email=email, name=by.actor.name)


def own_factors(*, by: Caller) -> list[FactorRow]:
    """The caller's second factors, the oldest first."""
    return factors.factors_of(own(by))


def recovery_codes_left(*, by: Caller) -> int:
    """How many of the caller's recovery codes are still good."""
    return factors.recovery_codes_left(own(by))


def add_code_app(*, by: Caller, secret: bytes, code: str) -> list[str]:
    """An app that shows codes is the caller's second factor from now on.

    Answers recovery codes, to be shown this once, when there were none. Raises Invalid
    `wrong_code`.
    """
    person = own(by)
    factors.add_code_app(person, secret=secret, code=code, now=by.now)
    return _added(by, person, kind="codes", name="App")


def add_passkey(
    *, by: Caller, host: str, state: dict[str, Any], response: Mapping[str, Any], name: str
) -> list[str]:
    """A passkey is a way in for the caller from now on. Answers and raises as `add_code_app`."""
    person = own(by)
    named = name.strip()[:80] or "Passkey"
    passkeys.finish_registration(
        person, host=host, state=state, response=response, name=named, now=by.now
    )
    return _added(by, person, kind="passkey", name=named)


def new_recovery_codes(*, by: Caller) -> list[str]:
    """Ten new recovery codes in place of all former ones."""
    person = own(by)
    activity.record(by, "user.recovery_codes_made", person.user_id)
    return factors.replace_recovery_codes(person)


def remove_factor(*, by: Caller, factor_id: UUID) -> None:
    """Give up one second factor. Raises NotFound."""
    person = own(by)
    name = factors.remove_factor(person, factor_id)
    if name is None:
        raise NotFound("not_found", "There is no such second factor.")
    activity.record(by, "user.factor_removed", person.user_id, body={"before": {"name": name}})


def reset_second_factor(*, by: Caller, user_id: UUID) -> None:
    """Remove all second factors of somebody who lost them, and sign them out everywhere.

    Raises Forbidden, also for somebody who may more than the caller, NotFound.
    """
    by.must("users:update")
    current = records.locked(by, USER, user_id)
    people.must_have(by, people.permissions_of(by, current.role_id))
    removed = factors.remove_all_factors(Person(by.organization_id, user_id))
    people.close(by, user_id)
    activity.record(by, "user.second_factor_reset", user_id, body={"factors": removed})


def _added(by: Caller, person: Person, *, kind: str, name: str) -> list[str]:
    body = {"after": {"kind": kind, "name": name}}
    activity.record(by, "user.factor_added", person.user_id, body=body)
    if factors.recovery_codes_left(person):
        return []
    return factors.replace_recovery_codes(person)


def _rows(person: Person):  # type: ignore[no-untyped-def]
    return User.objects.of(person.organization_id).filter(pk=person.user_id)
