"""Events go up: a higher area subscribes a job to a type of event of a lower one.

The job is enqueued in the transaction of the event, so that it exists exactly when its cause does.
It gets the organization, the event and the subject, and may run twice.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from procrastinate.contrib.django import app

from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class Subscription:
    """A task by name, when an event concerns it, and whose settings want it at all."""

    task: str
    concerns: Callable[[dict[str, Any]], bool]
    wanted: Callable[[Caller], bool]


_subscribed: dict[str, list[Subscription]] = {}
_followers: list[Callable[[UUID], None]] = []


def subscribe(
    event_type: str,
    task: str,
    *,
    concerns: Callable[[dict[str, Any]], bool] = lambda body: True,
    wanted: Callable[[Caller], bool] = lambda by: True,
) -> None:
    """Run this task after each event of this type whose body concerns it, in organizations whose
    settings want it. Called from `apps.py`."""
    entry = Subscription(task=task, concerns=concerns, wanted=wanted)
    known = _subscribed.setdefault(event_type, [])
    if all(other.task != task for other in known):
        known.append(entry)


def follow(note: Callable[[UUID], None]) -> None:
    """Call this with the organization whenever something happens, inside its transaction.

    For those who read the log of events themselves (decision 6) and only want to be woken.
    """
    if note not in _followers:
        _followers.append(note)


def tell(
    by: Caller, event_type: str, event_id: UUID, subject_id: UUID, body: dict[str, Any]
) -> None:
    """Enqueue the jobs that this event concerns; no statement when there are none."""
    tell_each(by, [(event_type, event_id, subject_id, body)])


def tell_each(by: Caller, events: Iterable[tuple[str, UUID, UUID, dict[str, Any]]]) -> None:
    """The same for several events, by type, id, subject and body: one statement for all jobs."""
    jobs = [
        app.configure_task(subscription.task).make_new_job(
            organization_id=str(by.organization_id),
            event_id=str(event_id),
            subject_id=str(subject_id),
        )
        for event_type, event_id, subject_id, body in events
        for subscription in _subscribed.get(event_type, ())
        if subscription.concerns(body) and subscription.wanted(by)
    ]
    if jobs:
        app.job_manager.batch_defer_jobs(jobs)
    for note in _followers:
        note(by.organization_id)
