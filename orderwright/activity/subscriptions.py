"""Events go up: a higher area subscribes a job to a type of event of a lower one.

The job is enqueued in the transaction of the event, so that it exists exactly when its cause does.
It gets the organization, the event and the subject, and may run twice.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Subscription:
    """A task by name, and when an event concerns it."""

    task: str
    concerns: Callable[[dict[str, Any]], bool]


_subscribed: dict[str, list[Subscription]] = {}


def subscribe(
    event_type: str, task: str, *, concerns: Callable[[dict[str, Any]], bool] = lambda body: True
) -> None:
    """Run this task after each event of this type whose body concerns it. Called from `apps.py`."""
    entry = Subscription(task=task, concerns=concerns)
    known = _subscribed.setdefault(event_type, [])
    if all(other.task != task for other in known):
        known.append(entry)


def tell(
    by: Caller, event_type: str, event_id: UUID, subject_id: UUID, body: dict[str, Any]
) -> None:
    """Enqueue the jobs that this event concerns; no statement when there are none."""
    for subscription in _subscribed.get(event_type, ()):
        if subscription.concerns(body):
            app.configure_task(subscription.task).defer(
                organization_id=str(by.organization_id),
                event_id=str(event_id),
                subject_id=str(subject_id),
            )
