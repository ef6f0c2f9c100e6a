"""The documents area: e-mails and printed documents."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """E-mails and printed documents."""

    name = "orderwright.documents"
