"""People who are told: users by role, what a job tells them, and what stands at their bell.

listeners = open_listeners()
lead = listeners.lead
listeners.desk.issued({gem: 10})
listeners.run()
assert listeners.titles(lead) == ["SO-00001 for Acme is issued."]
"""

from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from procrastinate.contrib.django.models import ProcrastinateJob

from orderwright.directory.models import Staff
from orderwright.identity import actions as identity
from orderwright.identity.caller import Actor, Caller
from orderwright.identity.permissions import default_permissions
from orderwright.notifications import queries, telling
from tests.company import PASSWORD
from tests.invoicing.billing_desk import Billing, open_billing


@dataclass
class Listeners:
    """A desk whose lead is somebody with a login, and colleagues."""

    desk: Billing
    lead: Caller
    done: set[int] = field(default_factory=set)
    mailed: list[UUID] = field(default_factory=list)

    def person(self, role: str, *, name: str = "") -> Caller:
        """A colleague with a login of this role."""
        name = name or role
        user = identity.create_user(
            by=self.desk.by,
            email=f"{name.lower()}@works.example",
            role=role,
            password=PASSWORD,
            first_name=name,
        )
        return self._caller(user.pk, role, name)

    def staff_of(self, person: Caller) -> UUID:
        """A staff member who signs in as this person."""
        made = Staff.objects.create(
            organization_id=self.desk.by.organization_id,
            nickname=person.actor.name,
            user_id=person.actor.id,
        )
        return made.pk

    def run(self, *, again: bool = False) -> int:
        """Run the waiting jobs that tell; how many notifications came of them."""
        jobs = ProcrastinateJob.objects.filter(task_name="notifications.tell").order_by("id")
        waiting = [job for job in jobs if again or job.pk not in self.done]
        self.done |= {job.pk for job in waiting}
        return sum(self.tell(job.args["event_id"]) for job in waiting)

    def tell(self, event_id: Any) -> int:
        """What one job does."""
        return telling.tell_of_event(
            by=self.desk.by, event_id=UUID(str(event_id)), mail=self.mailed.extend
        )

    def look(self, **moved: Any) -> int:
        """What the job that follows the calendar does."""
        return telling.look_at_dates(by=replace(self.desk.by, **moved), mail=self.mailed.extend)

    def titles(self, person: Caller, **asked: Any) -> list[str]:
        """What a person was told, oldest first."""
        return [row.title for row in reversed(queries.notifications(person, **asked))]

    def _caller(self, user_id: UUID, role: str, name: str) -> Caller:
        return replace(
            self.desk.by,
            role=role,
            permissions=default_permissions(role),
            actor=Actor("user", user_id, name),
        )


def open_listeners(*, lead_role: str = "Sales") -> Listeners:
    """A desk with one customer; the lead of its orders has a login of this role."""
    desk = open_billing()
    listeners = Listeners(desk, desk.by)
    listeners.lead = listeners.person(lead_role, name="Lea")
    Staff.objects.filter(pk=desk.company.lead_id).update(user_id=listeners.lead.actor.id)
    return listeners
