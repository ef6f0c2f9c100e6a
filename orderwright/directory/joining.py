"""How somebody comes in: invited by mail, or with a new password after forgetting the old one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.hashers import make_password
from django.db.models import F
from procrastinate.contrib.django import app

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.directory import people
from orderwright.directory import people_rules as rules
from orderwright.directory.people import USER
from orderwright.identity import mailed, sql
from orderwright.identity.caller import Actor, Caller
from orderwright.identity.factors import Person
from orderwright.identity.models import Organization, User
from orderwright.identity.queries import system_caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import Conflict, NotFound

LOOK_FOR_LOGINS = "directory.look_for_logins"


@dataclass(frozen=True, slots=True)
class Invited:
    """Who is invited, and to what; what the page that they open says."""

    person: Person
    email: str
    first_name: str
    last_name: str
    organization: str


def invite_again(*, by: Caller, user_id: UUID) -> None:
    """Mail a new invitation; those before it are good for nothing.

    Raises Forbidden, NotFound, Conflict `has_joined` for a login that has been open before.
    """
    by.must("users:update")
    current = records.locked(by, USER, user_id)
    people.must_have(by, people.permissions_of(by, current.role_id))
    if current.has_usable_password():
        raise Conflict("has_joined", "This person has joined already.")
    mailed.end_all(Person(by.organization_id, user_id), now=by.now)
    if current.status != "invited":
        records.update(by, USER, current, {"status": "invited"})
    activity.record(by, "user.invited", user_id, body={"email": current.email})


def revoke_invitation(*, by: Caller, user_id: UUID) -> None:
    """The invitation is good for nothing from now on. A second time changes nothing.

    Raises Forbidden, NotFound, Conflict `has_joined`.
    """
    by.must("users:update")
    current = records.locked(by, USER, user_id)
    people.must_have(by, people.permissions_of(by, current.role_id))
    if current.has_usable_password():
        raise Conflict("has_joined", "This person has joined already. Disable the login instead.")
    mailed.end_all(Person(by.organization_id, user_id), now=by.now)
    if current.status == "invited":
        records.update(by, USER, current, {"status": "disabled"})
        activity.record(by, "user.invitation_revoked", user_id, body={"email": current.email})


def invitation(secret: str, *, now: datetime) -> Invited:
    """What an invitation opens. To be called inside a transaction. Raises NotFound."""
    person = mailed.holder_of(secret, purpose="invite", now=now)
    if person is None:
        raise _no_longer_good("invitation")
    user = User.objects.of(person.organization_id).get(pk=person.user_id)
    organization = Organization.objects.get(pk=person.organization_id)
    return Invited(person, user.email, user.first_name, user.last_name, organization.name)


def join(secret: str, *, sent: Mapping[str, Any], now: datetime) -> Person:
    """Accept an invitation with a name and a password; the login is open.

    To be called inside a transaction. Raises NotFound when the invitation is used, revoked or too
    old, Invalid with the fields.
    """
    values = rules.JOINING.of_new(sent)
    person = mailed.take(secret, purpose="invite", now=now)
    if person is None:
        raise _no_longer_good("invitation")
    by = _as_user(person, now=now)
    password = make_password(values.pop("password"))
    names = {name: held for name, held in values.items() if held}
    _rows(person).update(
        **names, password=password, status="active", version=F("version") + 1, updated_at=now
    )
    activity.record(by, "user.joined", person.user_id, body={"after": names})
    return person


def ask_for_new_password(*, email: str) -> None:
    """Start the job that mails a link to whoever has this address, if anybody has.

    The same work for every address, so that the time it takes tells nothing either.
    """
    app.configure_task(LOOK_FOR_LOGINS).defer(email=email.strip()[:254])


def note_forgotten(*, email: str, now: datetime) -> int:
    """Each active login with this address gets a mail; answers how many. Runs in a job."""
    asked = 0
    for user_id, organization_id, _name, _password, status in sql.logins_of(email):
        if status == "active":
            with entered(organization_id):
                organization = Organization.objects.get(pk=organization_id)
                by = system_caller(organization, now=now)
                activity.record(by, "user.password_forgotten", user_id)
            asked += 1
    return asked


def check_reset(secret: str, *, now: datetime) -> None:
    """Whether this link still sets a password. To be called inside a transaction.

    Raises NotFound.
    """
    if mailed.holder_of(secret, purpose="reset", now=now) is None:
        raise _no_longer_good("link")


def reset_password(secret: str, *, sent: Mapping[str, Any], now: datetime) -> Person:
    """Set a forgotten password: every session and every mailed secret of the login ends.

    To be called inside a transaction. Raises NotFound when the link is used or too old, Invalid
    with the field.
    """
    values = rules.JOINING.of_new(sent)
    person = mailed.take(secret, purpose="reset", now=now)
    if person is None or not _rows(person).filter(status="active").exists():
        raise _no_longer_good("link")
    by = _as_user(person, now=now)
    _rows(person).update(
        password=make_password(values["password"]), version=F("version") + 1, updated_at=now
    )
    people.close(by, person.user_id)
    activity.record(by, "user.password_reset", person.user_id)
    return person


def _as_user(person: Person, *, now: datetime) -> Caller:
    """The person who holds the secret, as the events name them."""
    user = User.objects.of(person.organization_id).get(pk=person.user_id)
    name = f"{user.first_name} {user.last_name}".strip() or user.email
    organization = Organization.objects.get(pk=person.organization_id)
    by = system_caller(organization, now=now)
    return replace(by, actor=Actor(kind="user", id=user.pk, name=name))


def _rows(person: Person):  # type: ignore[no-untyped-def]
    return User.objects.of(person.organization_id).filter(pk=person.user_id)


def _no_longer_good(what: str) -> NotFound:
    return NotFound(
        "link_not_good",
        f"This {what} has been used, is too old, or was withdrawn. Ask for a new one.",
    )
