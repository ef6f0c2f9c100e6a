"""Pages of webhooks."""

from django.urls import URLPattern, path

from orderwright.web import webhook_forms, webhooks

_ONE = "settings/webhooks/<uuid:endpoint_id>"

urlpatterns: list[URLPattern] = [
    path("settings/webhooks", webhooks.endpoints),
    path("settings/webhooks/new", webhook_forms.add),
    path(_ONE, webhooks.endpoint),
    path(f"{_ONE}/edit", webhook_forms.edit),
    path(f"{_ONE}/rotate", webhooks.rotate),
    path(f"{_ONE}/test", webhooks.send_test),
    path(f"{_ONE}/enable", webhooks.switch(is_active=True)),
    path(f"{_ONE}/disable", webhooks.switch(is_active=False)),
    path(f"{_ONE}/remove", webhooks.remove),
    path(f"{_ONE}/replay", webhooks.replay_from),
    path(f"{_ONE}/replay-failed", webhooks.replay_failed),
    path(f"{_ONE}/deliveries/<uuid:delivery_id>", webhooks.delivery),
    path(f"{_ONE}/deliveries/<uuid:delivery_id>/replay", webhooks.replay),
]
