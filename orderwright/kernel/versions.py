"""Changes are made on a copy of a record; one that is made on an older copy is refused."""

from orderwright.kernel.errors import Conflict


def check_version(noun: str, current: int, sent: int | None) -> None:
    """Refuse a change that was made on an older copy; without a version there is nothing to check.

    Raises Conflict `stale_version`.
    """
    if sent is not None and sent != current:
        raise Conflict(
            "stale_version",
            f"Somebody changed this {noun} since you opened it. Look at it as it is now, and "
            "repeat your change if it still fits.",
            details={"version": current, "sent": sent},
        )
