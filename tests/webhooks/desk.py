"""A company with an endpoint, and a clock that goes on when somebody says so."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.ids import new_id
from orderwright.webhooks import actions, delivering, sending
from orderwright.webhooks.models import Delivery, Endpoint
from tests.company import Company, found_company


@dataclass
class Clock:
    """Time as the deliveries see it."""

    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **spent: float) -> None:
        self.now += timedelta(**spent)


@dataclass
class Post:
    """Answers in place of a receiver, where no socket is wanted."""

    answers: list[sending.Answer] = field(default_factory=list)
    sent: list[dict[str, Any]] = field(default_factory=list)

    def __call__(self, url: str, **message: Any) -> sending.Answer:
        self.sent.append({"url": url, **message})
        return self.answers.pop(0) if self.answers else sending.Answer(200, "ok")


@dataclass
class WebhookDesk:
    """What the tests of webhooks stand on."""

    company: Company
    clock: Clock = field(default_factory=Clock)
    chance: Random = field(default_factory=lambda: Random(7))

    @property
    def by(self) -> Caller:
        return self.company.by

    def endpoint(
        self, url: str = "https://hooks.example.com/x", types: Sequence[str] = ()
    ) -> tuple[UUID, str]:
        """An endpoint that wants these types; its id and its secret."""
        with entered(self.company.id):
            return actions.create_endpoint(
                by=self.by, sent={"url": url, "event_types": list(types)}
            )

    def happen(self, event_type: str = "lot.adjusted", **body: Any) -> UUID:
        """Something happens, and is committed."""
        with entered(self.company.id):
            return activity.record(self.by, event_type, new_id(), body=body)

    def take_turn(self, endpoint_id: UUID, *, send: Any = sending.post) -> datetime | None:
        return delivering.take_turn(
            self.company.id,
            endpoint_id,
            clock=self.clock,
            chance=self.chance,
            send=send,
            wait=lambda seconds: None,
        )

    def finish(self, endpoint_id: UUID, *, send: Any = sending.post, most: int = 500) -> None:
        """Turn after turn, the clock going on to each next attempt, until nothing is left."""
        for _ in range(most):
            again = self.take_turn(endpoint_id, send=send)
            if again is None:
                return
            self.clock.now = max(self.clock.now, again)
        raise AssertionError("the deliveries never end")

    def deliveries(self, endpoint_id: UUID) -> list[Delivery]:
        """In the order of the log."""
        with entered(self.company.id):
            rows = Delivery.objects.of(self.company.id).filter(endpoint_id=endpoint_id)
            return list(rows.order_by("transaction", "event_id"))

    def row(self, endpoint_id: UUID) -> Endpoint:
        with entered(self.company.id):
            found: Endpoint = Endpoint.objects.of(self.company.id).get(pk=endpoint_id)
            return found


def open_webhooks(name: str = "Orderwright Works", email: str = "ada@works.example") -> WebhookDesk:
    """A company; what follows is committed."""
    return WebhookDesk(found_company(name, email=email))
