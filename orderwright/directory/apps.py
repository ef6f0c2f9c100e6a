"""The directory area: customers, their addresses and contacts, staff, terms and carriers."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Customers, their addresses and contacts, staff, terms and carriers."""

    name = "orderwright.directory"
