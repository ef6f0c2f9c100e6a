"""Django's PostgreSQL backend but for how instants and JSON are read.

Django reads `timestamptz` in Python, to set a timezone of its choice. Ours is UTC, and so is every
connection's: what psycopg reads in C is right already, and several times as fast. What statements
build as `json` stays text, as Django leaves `jsonb`: `kernel.json_text.from_json` reads both.
"""

from datetime import UTC
from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db.backends.postgresql import base
from psycopg.types.datetime import TimestamptzLoader
from psycopg.types.string import TextLoader


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose instants are read by the driver, and whose JSON is not."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Connect. Raises ImproperlyConfigured for another timezone than UTC."""
        if self.timezone is not UTC:
            raise ImproperlyConfigured("Instants are read as UTC: keep TIME_ZONE and USE_TZ.")
        connection = super().get_new_connection(conn_params)
        connection.adapters.register_loader("timestamptz", TimestamptzLoader)
        connection.adapters.register_loader("json", TextLoader)
        return connection

    def create_cursor(self, name: str | None = None) -> Any:
        """A cursor, named or not, that reads as its connection does."""
        if name is None:
            return self.connection.cursor()
        return self.connection.cursor(name, withhold=self.connection.autocommit)
