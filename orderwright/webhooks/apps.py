"""The webhooks area: everything that happens goes to those who asked for it."""

from django.apps import AppConfig


class WebhooksConfig(AppConfig):
    """Endpoints, and the deliveries to them."""

    name = "orderwright.webhooks"

    def ready(self) -> None:
        """Whatever happens wakes the deliveries once it is committed."""
        from orderwright.activity import subscriptions
        from orderwright.webhooks import waking

        subscriptions.follow(waking.note)
