"""What the demo company's founder was told: Maya's orders are theirs; the last days are unread."""

from datetime import timedelta
from typing import TYPE_CHECKING, Final

from orderwright.activity import records
from orderwright.activity.models import Event
from orderwright.directory.kinds import STAFF
from orderwright.identity.models import User
from orderwright.notifications import telling, told
from orderwright.notifications.models import Notification

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

UNREAD: Final = 7


def make_all(desk: "Desk") -> None:
    """Tell of everything in the order in which it happened; all but the newest was read."""
    with desk.on(0) as by:
        founder = User.objects.of(by.organization_id).get()
        maya = records.locked(by, STAFF, desk.leads[0])
        records.update(by, STAFF, maya, {"user_id": founder.pk})
        events = Event.objects.of(by.organization_id).filter(type__in=told.EVENT_TYPES)
        happened = [
            event_id
            for event_id, event_type, body in events.order_by("at", "pk").values_list(
                "pk", "type", "body"
            )
            if told.concerns(event_type, body)
        ]
        for event_id in happened:
            telling.tell_of_event(by=by, event_id=event_id, mail=lambda ids: None)
        telling.look_at_dates(by=by, mail=lambda ids: None)
        rows = Notification.objects.of(by.organization_id)
        unread = list(rows.newest_first().values_list("pk", flat=True)[:UNREAD])
        read_at = by.now - timedelta(hours=1)
        rows.exclude(pk__in=unread).update(seen_at=read_at, read_at=read_at)
