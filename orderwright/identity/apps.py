"""The identity area: who acts, for which organization, with what permissions."""

from django.apps import AppConfig


class IdentityConfig(AppConfig):
    """Organizations, users, roles and keys."""

    name = "orderwright.identity"
