"""A company with an endpoint, and a clock that goes on when somebody says so."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.activity.models import Event
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.ids import new_id
from orderwright.webhooks import actions, delivering, sending
from orderwright.webhooks.models import Delivery, Endpoint
from tests.company import Company, found_company

_UNSETTLED = """
    SELECT EXISTS (SELECT FROM activity_event WHERE organization_id = %s
                   AND transaction >= (pg_snapshot_xmin(pg_current_snapshot())::text)::bigint)
"""


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

    @property
    def told(self) -> list[Any]:
        """The bodies, in their order."""
        return [json.loads(one["content"]) for one in self.sent]

    @property
    def types(self) -> list[str]:
        return [one["type"] for one in self.told]

    @property
    def ids(self) -> list[str]:
        return [one["headers"]["webhook-id"] for one in self.sent]

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

    def take_turn(
        self, endpoint_id: UUID, *, send: Any = sending.post, is_settled: bool = True
    ) -> datetime | None:
        if is_settled:
            self.settled()
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

    def settled(self) -> None:
        """Wait until no transaction is open, of another test in this server neither, that keeps
        what happened from being followed."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            with entered(self.company.id), connection.cursor() as cursor:
                cursor.execute(_UNSETTLED, [self.company.id])
                if cursor.fetchone() == (False,):
                    return
            time.sleep(0.01)

    def deliveries(self, endpoint_id: UUID) -> list[Delivery]:
        """In the order of the log."""
        with entered(self.company.id):
            rows = Delivery.objects.of(self.company.id).filter(endpoint_id=endpoint_id)
            return list(rows.order_by("transaction", "event_id"))

    def switch(self, endpoint_id: UUID, *, is_active: bool) -> None:
        self.settled()
        with entered(self.company.id):
            sent = {"is_active": is_active}
            actions.change_endpoint(by=self.by, endpoint_id=endpoint_id, sent=sent)

    def at_present(self) -> Caller:
        """The Admin, at the time of the deliveries."""
        return replace(self.by, now=self.clock())

    def events(self, event_type: str) -> list[Any]:
        """The bodies of the events of a type."""
        with entered(self.company.id):
            rows = Event.objects.of(self.company.id).filter(type=event_type)
            return list(rows.order_by("pk").values_list("body", flat=True))

    def row(self, endpoint_id: UUID) -> Endpoint:
        with entered(self.company.id):
            found: Endpoint = Endpoint.objects.of(self.company.id).get(pk=endpoint_id)
            return found


def open_webhooks(name: str = "Orderwright Works", email: str = "ada@works.example") -> WebhookDesk:
    """A company; what follows is committed."""
    return WebhookDesk(found_company(name, email=email))
