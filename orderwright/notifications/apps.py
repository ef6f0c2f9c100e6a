"""The notifications area: what people are told of."""

from functools import partial

from django.apps import AppConfig

from orderwright.activity import subscriptions
from orderwright.notifications import told


class NotificationsConfig(AppConfig):
    """What people are told of, in the app and by e-mail."""

    name = "orderwright.notifications"

    def ready(self) -> None:
        """Each event that the table names is told of by a job, when its body concerns anybody."""
        for event_type in told.EVENT_TYPES:
            subscriptions.subscribe(
                event_type, "notifications.tell", concerns=partial(told.concerns, event_type)
            )
