"""Waking the deliveries: soon after something was committed, and again when an attempt is due.

Nothing depends on it: deliveries follow the log of events, and a sweep each minute finds what
nobody woke.
"""

import logging
import time
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued, ProcrastinateException

from orderwright.identity.tenancy import entered
from orderwright.webhooks.models import Endpoint

DELIVER: Final = "webhooks.deliver"
QUEUE: Final = "webhooks"
_REMEMBERED: Final = 2.0  # seconds that a process remembers who has endpoints

_log = logging.getLogger(__name__)
_endpoints: dict[UUID, tuple[float, list[UUID]]] = {}


@dataclass(frozen=True, slots=True)
class _Waking:
    """Equal to another one of the same organization, so that a transaction wakes once."""

    organization_id: UUID

    def __call__(self) -> None:
        try:
            wake_all(self.organization_id)
        except (DatabaseError, ProcrastinateException):
            _log.warning("webhooks are not woken; the sweep will find what there is to do")


def note(organization_id: UUID) -> None:
    """Wake the deliveries of an organization once this transaction is committed. No statement."""
    waking = _Waking(organization_id)
    if all(one[1] != waking for one in connection.run_on_commit):
        transaction.on_commit(waking)


def note_change(organization_id: UUID) -> None:
    """Look again who has endpoints, and wake them, once this transaction is committed."""
    transaction.on_commit(lambda: forget_endpoints(organization_id))
    transaction.on_commit(_Waking(organization_id))


def wake_all(organization_id: UUID) -> None:
    """Wake every endpoint of an organization; organizations without any cost next to nothing."""
    for endpoint_id in _active_endpoints(organization_id):
        wake(organization_id, endpoint_id)


def wake(organization_id: UUID, endpoint_id: UUID, *, at: datetime | None = None) -> None:
    """Enqueue the delivery job of an endpoint, unless one waits already."""
    lock = f"{DELIVER}:{endpoint_id}" + (":later" if at else "")
    if ProcrastinateJob.objects.filter(queueing_lock=lock, status="todo").exists():
        return
    configured = app.configure_task(DELIVER, queue=QUEUE, queueing_lock=lock, schedule_at=at)
    try:
        with transaction.atomic():
            configured.defer(organization_id=str(organization_id), endpoint_id=str(endpoint_id))
    except AlreadyEnqueued:
        pass


def forget_endpoints(organization_id: UUID) -> None:
    """Look again who has endpoints: they changed."""
    _endpoints.pop(organization_id, None)


def _active_endpoints(organization_id: UUID) -> list[UUID]:
    until, known = _endpoints.get(organization_id, (0.0, []))
    if time.monotonic() < until:
        return known
    with entered(organization_id):
        active = Endpoint.objects.of(organization_id).filter(is_active=True).order_by("pk")
        known = list(active.values_list("pk", flat=True))
    _endpoints[organization_id] = (time.monotonic() + _REMEMBERED, known)
    return known
