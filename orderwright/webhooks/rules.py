"""Where a webhook may go, when it is tried again, and what it says."""

import ipaddress
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import SplitResult, urlsplit
from uuid import UUID

from orderwright.kernel.shapes import invalid

STATUSES: Final = ("pending", "delivered", "failed", "exhausted")
OPEN: Final = ("pending", "failed")
TEST: Final = "webhook.test"

# After the first attempt, as Standard Webhooks proposes: ten attempts within three days and a bit.
DELAYS: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
JITTER: Final = 0.1
MOST_SILENT: Final = 3  # attempts without an answer before an endpoint is left alone for a while
FIRST_REST, LONGEST_REST = timedelta(seconds=10), timedelta(minutes=5)
PATIENCE_WITH_ENDPOINT: Final = timedelta(days=5)
KEPT: Final = timedelta(days=30)
OLD_SECRET_LASTS: Final = timedelta(hours=24)
LONGEST_URL: Final = 2_000

_PORTS: Final = frozenset({None, 443, 8443})
_LOCAL_NAMES: Final = (
    "localhost local internal intranet lan home corp private arpa test invalid onion"
).split()
_NETWORKS: Final = [
    ipaddress.ip_network(network)
    for network in (
        "100.64.0.0/10",
        "192.88.99.0/24",
        "64:ff9b::/96",
        "64:ff9b:1::/48",
        "2002::/16",
        "fec0::/10",
        "5f00::/16",
    )
]
_NUMBER_LIKE: Final = re.compile(r"(0x[0-9a-f]*|\d+)\.?", re.IGNORECASE)
_NAME: Final = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt makes of a delivery."""

    status: str
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class Happened:
    """An event as it is sent."""

    id: UUID
    type: str
    at: datetime
    actor_kind: str
    actor_id: UUID | None
    actor_name: str
    subject_id: UUID
    topic_id: UUID
    body: Mapping[str, Any]


def check_url(value: Any, field: str, *, allow_local: bool = False) -> str:
    """An address that a webhook may be sent to: https, a public host, an ordinary port.

    `allow_local` admits http, any port and this machine, for development. Raises Invalid. What a
    name resolves to is looked at with every attempt.
    """
    if not isinstance(value, str) or not value.strip():
        raise invalid("required", "Give the address of the receiver.", field)
    url = value.strip()
    if len(url) > LONGEST_URL or not url.isascii() or re.search(r"[\s\\\x00-\x20\x7f]", url):
        message = f"An address has at most {LONGEST_URL} plain characters and no spaces."
        raise invalid("invalid_url", message, field)
    parts = _split(url, field)
    if parts.scheme != "https" and not (allow_local and parts.scheme == "http"):
        raise invalid("insecure_url", "The address begins with https://.", field)
    if "@" in parts.netloc or parts.fragment or url.endswith("#"):
        message = "The address holds no user name, password or fragment."
        raise invalid("invalid_url", message, field)
    if not allow_local and parts.port not in _PORTS:
        raise invalid("refused_port", "Webhooks go to the ports 443 and 8443 only.", field)
    _check_host((parts.hostname or "").rstrip("."), field, allow_local=allow_local)
    return url


def _split(url: str, field: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - reading it checks it
    except ValueError as error:
        raise invalid("invalid_url", "This is no web address.", field) from error
    if not parts.hostname:
        raise invalid("invalid_url", "Give a whole address: https://example.com/hooks.", field)
    return parts


def _check_host(host: str, field: str, *, allow_local: bool) -> None:
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        address = None
    if address is not None:
        if not may_be_called(address, allow_local=allow_local):
            raise invalid("private_address", "Webhooks go to public addresses only.", field)
        return
    labels = host.lower().split(".")
    if _NUMBER_LIKE.fullmatch(labels[-1]) or not all(map(_NAME.fullmatch, labels)):
        raise invalid("invalid_url", "The host is neither a name nor a usual address.", field)
    is_local = len(labels) == 1 or labels[-1] in _LOCAL_NAMES
    if is_local and not (allow_local and labels[-1] == "localhost"):
        raise invalid("private_address", "Webhooks go to public addresses only.", field)


def may_be_called(
    address: ipaddress.IPv4Address | ipaddress.IPv6Address, *, allow_local: bool = False
) -> bool:
    """Whether this is an address of the public network; of this machine with `allow_local`."""
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is not None:
        return may_be_called(address.ipv4_mapped, allow_local=allow_local)
    if address.is_loopback:
        return allow_local
    is_refused = address.is_multicast or address.is_reserved or address.is_unspecified
    return address.is_global and not is_refused and not any(address in one for one in _NETWORKS)


def host_of(url: str) -> str:
    """The host of an address: what may be shown where its path could hold a secret."""
    return urlsplit(url).hostname or ""


def wants(chosen: Collection[str], event_type: str) -> bool:
    """Whether an endpoint asked for an event: by its type, by `<noun>.*`, or by choosing nothing,
    which is everything. Tests go to their own endpoint only.

    >>> wants(["sales_order.*"], "sales_order.issued"), wants([], "lot.created"), wants([], TEST)
    (True, True, False)
    """
    if event_type == TEST:
        return False
    return not chosen or event_type in chosen or f"{event_type.partition('.')[0]}.*" in chosen


def outcome(*, is_delivered: bool, attempts: int, now: datetime, chance: float) -> Outcome:
    """What becomes of a delivery after its attempt number `attempts`.

    `chance`, 0 to 1, spreads the next attempt by a tenth either way, so that receivers that come
    back are not met by everything at once.
    """
    if is_delivered:
        return Outcome("delivered", None)
    if attempts > len(DELAYS):
        return Outcome("exhausted", None)
    spread = 1 - JITTER + 2 * JITTER * chance
    return Outcome("failed", now + DELAYS[attempts - 1] * spread)


def rest_after(silent: int, now: datetime) -> datetime | None:
    """Until when an endpoint that did not answer `silent` times running is left alone: one that
    hangs must not keep the others waiting. None while it is tried as ever."""
    if silent < MOST_SILENT:
        return None
    return now + min(FIRST_REST * 2 ** min(silent - MOST_SILENT, 10), LONGEST_REST)


def why_to_disable(*, response: int | None, failing_since: datetime, now: datetime) -> str:
    """Why an endpoint is sent nothing more after a failure; empty if it goes on."""
    if response == 410:
        return "Its receiver answered 410: it is gone."
    if now - failing_since >= PATIENCE_WITH_ENDPOINT:
        return f"Nothing has been delivered for {PATIENCE_WITH_ENDPOINT.days} days."
    return ""


def payload(event: Happened) -> dict[str, Any]:
    """The body of a webhook: `data` is the event as `GET /events` shows it to an Admin."""
    return {
        "type": event.type,
        "timestamp": _instant(event.at),
        "data": {
            "id": str(event.id),
            "type": event.type,
            "at": _instant(event.at),
            "actor": {
                "kind": event.actor_kind,
                "id": str(event.actor_id) if event.actor_id else None,
                "name": event.actor_name,
            },
            "subject_id": str(event.subject_id),
            "topic_id": str(event.topic_id),
            "body": event.body,
        },
    }


def _instant(at: datetime) -> str:
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"
