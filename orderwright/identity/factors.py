"""Second factors of a person: an app that shows codes, passkeys, and recovery codes.

Codes from an app and recovery codes are good once: the row that remembers them is changed by a
statement that tests and takes, so that of two at the same time one is refused.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cryptography.fernet import Fernet
from django.conf import settings

from orderwright.identity import codes
from orderwright.identity.models import Authenticator, RecoveryCode
from orderwright.kernel.errors import Invalid
from orderwright.kernel.vaults import vault_of


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A second factor as its owner sees it."""

    id: UUID
    kind: str
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Person:
    """Whose factors: a login and its organization, which is entered."""

    organization_id: UUID
    user_id: UUID


def factors_of(person: Person) -> list[FactorRow]:
    """The second factors of a person, the oldest first. One statement."""
    rows = Authenticator.objects.of(person.organization_id).filter(user_id=person.user_id)
    names = ("id", "kind", "name", "created_at", "used_at")
    return [FactorRow(*row) for row in rows.order_by("pk").values_list(*names)]


def recovery_codes_left(person: Person) -> int:
    """How many recovery codes are still good."""
    return _recovery(person).filter(used_at=None).count()


def add_code_app(person: Person, *, secret: bytes, code: str, now: datetime) -> UUID:
    """Keep an app's secret once its owner has shown a code of it; a former app goes.

    Raises Invalid `wrong_code`.
    """
    step = codes.matching_step(secret, code, now=now, after=0)
    if step is None:
        raise wrong_code("code")
    Authenticator.objects.of(person.organization_id).filter(
        user_id=person.user_id, kind="codes"
    ).delete()
    made = Authenticator.objects.create(
        organization_id=person.organization_id,
        user_id=person.user_id,
        kind="codes",
        name="App",
        secret=_vault().encrypt(secret),
        counter=step,
        created_at=now,
    )
    return made.pk


def take_code(person: Person, code: str, *, now: datetime) -> bool:
    """Whether this code of the person's app, or recovery code, is good; it is not a second time."""
    return _take_from_app(person, code, now=now) or _take_recovery_code(person, code, now=now)


def replace_recovery_codes(person: Person) -> list[str]:
    """Ten new recovery codes, to be shown this once; former ones are good for nothing."""
    fresh = codes.new_recovery_codes()
    _recovery(person).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(
            organization_id=person.organization_id,
            user_id=person.user_id,
            digest=codes.recovery_digest(code),
        )
        for code in fresh
    )
    return fresh


def remove_factor(person: Person, factor_id: UUID) -> str | None:
    """Remove one factor, and the recovery codes with the last one; answers its name."""
    mine = Authenticator.objects.of(person.organization_id).filter(user_id=person.user_id)
    found = mine.filter(pk=factor_id).first()
    if found is None:
        return None
    found_name: str = found.name
    mine.filter(pk=factor_id).delete()
    if not mine.exists():
        _recovery(person).delete()
    return found_name


def remove_all_factors(person: Person) -> int:
    """Remove every second factor and recovery code; answers how many factors there were."""
    _recovery(person).delete()
    mine = Authenticator.objects.of(person.organization_id).filter(user_id=person.user_id)
    removed: int = mine.delete()[0]
    return removed


def wrong_code(field: str) -> Invalid:
    """The one answer for every code that is not good."""
    sentence = "This code is not good. Codes change every 30 seconds and are good once."
    return Invalid("wrong_code", sentence, fields={field: sentence})


def _take_from_app(person: Person, code: str, *, now: datetime) -> bool:
    mine = Authenticator.objects.of(person.organization_id).filter(
        user_id=person.user_id, kind="codes"
    )
    app = mine.first()
    if app is None:
        return False
    secret = _vault().decrypt(bytes(app.secret))
    step = codes.matching_step(secret, code, now=now, after=app.counter)
    if step is None:
        return False
    taken = mine.filter(pk=app.pk, counter__lt=step).update(counter=step, used_at=now)
    return bool(taken)


def _take_recovery_code(person: Person, code: str, *, now: datetime) -> bool:
    good = _recovery(person).filter(digest=codes.recovery_digest(code), used_at=None)
    return bool(good.update(used_at=now))


def _recovery(person: Person):  # type: ignore[no-untyped-def]
    return RecoveryCode.objects.of(person.organization_id).filter(user_id=person.user_id)


def _vault() -> Fernet:
    """Secrets of apps are encrypted: a copy of the database alone shows no codes."""
    return vault_of("second factors", key=settings.SECRET_KEY)
