"""The activity area: events, remembered answers and the jobs that events start."""

from django.apps import AppConfig


class ActivityConfig(AppConfig):
    """Events, remembered answers and the jobs that events start."""

    name = "orderwright.activity"
