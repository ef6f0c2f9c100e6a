"""How often somebody may try: counted before the attempt, by what was tried and from where.

What is counted is a pair of account and address, so that nobody can keep another person out from
elsewhere, and the address alone, so that nobody tries one password on a thousand accounts.
"""

import hashlib
import math
from datetime import datetime, timedelta
from typing import Final

from django.db.models import F

from orderwright.identity import sql
from orderwright.identity.models import FailedSignIn
from orderwright.kernel.errors import TooMany

MOST_FOR_ACCOUNT: Final = 5
MOST_FOR_ADDRESS: Final = 100
REST: Final = timedelta(minutes=15)


def attempt(*parts: str, most: int, now: datetime) -> None:
    """Count one attempt at what these parts name.

    Raises TooMany `too_many_attempts` beyond `most`, with `details.retry_after` in seconds.
    """
    failures, until = sql.count_attempt(_key(parts), most=most, now=now, until=now + REST)
    if failures > most:
        seconds = max(1, math.ceil((until - now).total_seconds()))
        minutes = math.ceil(seconds / 60)
        raise TooMany(
            "too_many_attempts",
            f"Too many attempts. Please wait {minutes} minute{'s' if minutes > 1 else ''}.",
            details={"retry_after": seconds},
        )


def succeeded(*parts: str) -> None:
    """It was right: the count starts again."""
    FailedSignIn.objects.filter(key=_key(parts)).delete()


def forgive(*parts: str) -> None:
    """This attempt was right, which says nothing of the others: take it off the count."""
    FailedSignIn.objects.filter(key=_key(parts), failures__gt=0).update(failures=F("failures") - 1)


def forget(*, now: datetime) -> int:
    """Remove counts that no longer matter; answers how many."""
    return FailedSignIn.objects.filter(until__lt=now).delete()[0]


def _key(parts: tuple[str, ...]) -> bytes:
    return hashlib.sha256("\0".join(part.lower() for part in parts).encode()).digest()
