"""Each test process has a database of its own, copied from a template made once per schema.

Tests connect as the app does: by a role that row level security binds. What a test commits
(`transaction=True`) is removed afterwards by the owner, and rows that migrations made stay.
"""

import fcntl
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.db import connections
from django.test import TransactionTestCase
from psycopg import sql

from orderwright import database, settings
from orderwright.postgres import OWNER, EmbeddedPostgres
from tests.plugins import keeper

_TABLES = """
    SELECT relname FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
"""
_EMPTY_AGAIN = """
    DO $$
    DECLARE name text; found boolean;
    BEGIN
        SET LOCAL session_replication_role = replica;
        FOR name IN
            SELECT relname FROM pg_class
            WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace
              AND relname <> ALL ({kept})
        LOOP
            EXECUTE format('SELECT EXISTS (SELECT FROM public.%I)', name) INTO found;
            IF found THEN EXECUTE format('DELETE FROM public.%I', name); END IF;
        END LOOP;
    END $$
"""


@dataclass(frozen=True)
class Addresses:
    """The database of this test process, for its owner and for the app."""

    owner: str
    app: str


@pytest.fixture(scope="session")
def database_addresses() -> Iterator[Addresses]:
    """A fresh database with the current schema."""
    with keeper.used() as postgres:
        name = f"test_{os.getpid()}"
        with keeper.locked("template.lock", fcntl.LOCK_EX):
            template, app = _make_template(postgres)
            _copy(postgres, template, name)
        role = str(psycopg.conninfo.conninfo_to_dict(app)["user"])
        yield Addresses(owner=postgres.url(OWNER, name), app=postgres.url(role, name))
        connections.close_all()
        _drop(postgres, [name])


@pytest.fixture(scope="session")
def django_db_setup(
    database_addresses: Addresses, django_db_modify_db_settings: None
) -> Iterator[None]:
    """Point Django at this process's database; no other set-up is needed."""
    connections.settings.update(
        connections.configure_settings(
            {
                "default": settings._database(database_addresses.app),
                "owner": settings._database(database_addresses.owner),
            }
        )
    )
    for alias in ("default", "owner"):
        connections[alias].close()
        del connections[alias]
    kept = _names_of_filled_tables(database_addresses.owner)
    original = TransactionTestCase._fixture_teardown

    def teardown(_: TransactionTestCase) -> None:
        empty_again(database_addresses.owner, kept)

    TransactionTestCase._fixture_teardown = teardown
    yield
    TransactionTestCase._fixture_teardown = original


@pytest.fixture
def as_owner(database_addresses: Addresses) -> Iterator[psycopg.Connection]:
    """A connection of the database's owner, whom no policy binds; commits at once."""
    with psycopg.connect(database_addresses.owner, autocommit=True) as connection:
        yield connection


def empty_again(owner_url: str, kept: list[str]) -> None:
    """Remove all rows but those of the tables in `kept`; append-only tables too."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute(sql.SQL(_EMPTY_AGAIN).format(kept=sql.Literal(kept)))


def _names_of_filled_tables(owner_url: str) -> list[str]:
    with psycopg.connect(owner_url) as connection:
        tables = [row[0] for row in connection.execute(_TABLES).fetchall()]
        filled = sql.SQL("SELECT EXISTS (SELECT FROM {})")
        return [
            table
            for table in tables
            if connection.execute(filled.format(sql.Identifier(table))).fetchone() == (True,)
        ]


def _make_template(postgres: EmbeddedPostgres) -> tuple[str, str]:
    """The template of the current schema, made if it is new; older ones are dropped."""
    name = f"template_{database.schema_digest()[:12]}"
    app = database.prepare(postgres.url(OWNER, name))
    with psycopg.connect(postgres.url(OWNER, "postgres"), autocommit=True) as connection:
        names = [row[0] for row in connection.execute("SELECT datname FROM pg_database")]
    old = [other for other in names if other.startswith("template_") and other != name]
    orphans = [
        other
        for other in names
        if other.startswith("test_") and not Path("/proc", other.split("_")[1]).exists()
    ]
    _drop(postgres, old + orphans)
    return name, app


def _copy(postgres: EmbeddedPostgres, template: str, name: str) -> None:
    _drop(postgres, [name])
    statement = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
    with psycopg.connect(postgres.url(OWNER, "postgres"), autocommit=True) as connection:
        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(template)))


def _drop(postgres: EmbeddedPostgres, names: list[str]) -> None:
    with psycopg.connect(postgres.url(OWNER, "postgres"), autocommit=True) as connection:
        for name in names:
            connection.execute(
                sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))
            )
