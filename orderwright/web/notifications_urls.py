"""Pages of notifications on one screen."""

from django.urls import URLPattern, path

from orderwright.web import notifications

NOTIFICATION = "notifications/<uuid:notification_id>"

urlpatterns: list[URLPattern] = [
    path("notifications", notifications.notifications),
    path("notifications/pulse", notifications.pulse),
    path("notifications/newest", notifications.newest),
    path("notifications/read-all", notifications.read_all),
    path("notifications/preferences", notifications.preferences),
    path(f"{NOTIFICATION}/open", notifications.open_one),
    path(f"{NOTIFICATION}/read", notifications.read),
    path(f"{NOTIFICATION}/dismiss", notifications.dismiss),
]
