"""Prepare a database for the app: its roles, its schema, what the app may do.

Two roles share the work. The owner's makes and changes tables. The app's role is no superuser,
owns nothing and cannot bypass row level security, so that no mistake of the app's code can show
one organization the rows of another, or change an event once written.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import LiteralString
from urllib.parse import quote, urlencode

import psycopg
from psycopg import errors, sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

_PACKAGE = Path(__file__).resolve().parent
_PREPARING = 7_401_155_062  # the number of the advisory lock: one process prepares at a time
_EXTENSIONS = ("pg_trgm", "unaccent")

# The app may only add to these, never change or remove.
_APPEND_ONLY = ("activity_event",)
_READ_ONLY = ("django_migrations", "orderwright_schema")


class DatabaseError(Exception):
    """The database cannot be prepared; the message says what to do."""


def prepare(owner_url: str, *, app_password: str | None = None) -> str:
    """Make or bring up to date the database of `owner_url`; returns the address for the app.

    Idempotent, and safe when several processes do it at once. The app's role is named
    `<database>_app`; it gets `app_password`, or none where the server trusts its socket.
    Raises DatabaseError when the owner may not do what is needed or a migration fails.
    """
    app_url = url_for_app(owner_url, app_password=app_password)
    role = conninfo_to_dict(app_url)["user"]
    _create_database(owner_url)
    with _prepared_by_us_alone(owner_url) as connection:
        _make_role(connection, str(role), app_password)
        if _schema_of(connection) != (current := schema_digest()):
            for extension in _EXTENSIONS:
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(extension))
                )
            _migrate(owner_url, app_url)
            _grant(connection, str(role))
            _note_schema(connection, current)
    return app_url


def url_for_app(owner_url: str, *, app_password: str | None = None) -> str:
    """The owner's address with the app's role in place of the owner's."""
    parts = conninfo_to_dict(owner_url)
    database = str(parts.pop("dbname", "orderwright"))
    parts.pop("password", None)
    parts.pop("user", None)
    user = quote(f"{database}_app", safe="")
    if app_password is not None:
        user += f":{quote(app_password, safe='')}"
    return f"postgresql://{user}@/{quote(database, safe='')}?{urlencode(parts, quote_via=quote)}"


def analyze(owner_url: str) -> None:
    """Tell the planner what the tables hold now, after many rows came at once."""
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("ANALYZE")


def schema_digest() -> str:
    """A digest of everything that decides the schema, to skip the work when nothing changed."""
    digest = sha256(f"django {version('django')} procrastinate {version('procrastinate')}".encode())
    patterns = ("*/migrations/*.py", "*/tenancy.py", "*/finding.py")
    found = (file for pattern in patterns for file in _PACKAGE.glob(pattern))
    for file in sorted({Path(__file__), *found}):
        digest.update(file.relative_to(_PACKAGE).as_posix().encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def _create_database(owner_url: str) -> None:
    try:
        psycopg.connect(owner_url).close()
    except psycopg.OperationalError as error:
        name = str(conninfo_to_dict(owner_url).get("dbname", "orderwright"))
        if f'database "{name}" does not exist' not in str(error):
            raise DatabaseError(f"The database does not answer: {error}") from error
        _create_database_named(name, make_conninfo(owner_url, dbname="postgres"))


def _create_database_named(name: str, maintenance: str) -> None:
    statement = sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0")
    try:
        with psycopg.connect(maintenance, autocommit=True) as connection:
            connection.execute(statement.format(sql.Identifier(name)))
    except (errors.DuplicateDatabase, errors.UniqueViolation):
        return
    except psycopg.Error as error:
        raise DatabaseError(
            f"The database {name} does not exist and could not be made: {error}"
        ) from error


@contextmanager
def _prepared_by_us_alone(owner_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [_PREPARING])
        yield connection


def _make_role(connection: psycopg.Connection, role: str, password: str | None) -> None:
    # CREATE ROLE takes no parameters: the password is quoted as a literal by psycopg.
    known = connection.execute("SELECT FROM pg_roles WHERE rolname = %s", [role]).fetchone()
    verb: LiteralString = "ALTER" if known is not None else "CREATE"
    statement = sql.SQL(verb + " ROLE {} LOGIN PASSWORD {}").format(
        sql.Identifier(role), sql.Literal(password)
    )
    # The app's statements find their rows by keys that lead with the organization, so a plan that
    # suits any value suits every value; without this the server plans some of them at every call.
    planning = sql.SQL("ALTER ROLE {} SET plan_cache_mode = force_generic_plan")
    try:
        connection.execute(statement)
        connection.execute(planning.format(sql.Identifier(role)))
    except errors.InsufficientPrivilege as error:
        raise DatabaseError(
            f"The role of DATABASE_URL may not make the app's role {role}. "
            "Give it CREATEROLE (ALTER ROLE … CREATEROLE), or use a role that has it."
        ) from error
    _refuse_mighty_role(connection, role)


def _refuse_mighty_role(connection: psycopg.Connection, role: str) -> None:
    mighty = connection.execute(
        "SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", [role]
    ).fetchone()
    if mighty is not None and mighty[0]:
        raise DatabaseError(
            f"The app's role {role} is a superuser or bypasses row level security. "
            f"ALTER ROLE {role} NOSUPERUSER NOBYPASSRLS."
        )


def _migrate(owner_url: str, app_url: str) -> None:
    """Run the migrations in a process of their own, so that the caller needs no Django."""
    surroundings = os.environ | {
        "DJANGO_SETTINGS_MODULE": "orderwright.settings",
        "ORDERWRIGHT_OWNER_DATABASE_URL": owner_url,
        "ORDERWRIGHT_APP_DATABASE_URL": app_url,
        # The commit that notes the new schema makes everything before it durable too.
        "PGOPTIONS": "-c synchronous_commit=off",
    }
    command = [sys.executable, "-m", "django", "migrate", "--database=owner", "--no-input"]
    command += ["--skip-checks", "-v0"]
    result = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise DatabaseError(f"The migrations failed:\n{result.stderr.strip()}")


def _grant(connection: psycopg.Connection, role: str) -> None:
    app = sql.Identifier(role)
    whole_schema: tuple[LiteralString, ...] = (
        "GRANT USAGE ON SCHEMA public TO {}",
        "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}",
        "GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {}",
        "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {}",
    )
    with connection.transaction():
        for grant in whole_schema:
            connection.execute(sql.SQL(grant).format(app))
        _revoke(connection, app, "UPDATE, DELETE", _APPEND_ONLY)
        _revoke(connection, app, "INSERT, UPDATE, DELETE", _READ_ONLY)


def _revoke(
    connection: psycopg.Connection,
    app: sql.Identifier,
    rights: LiteralString,
    tables: tuple[str, ...],
) -> None:
    for table in tables:
        if connection.execute("SELECT to_regclass(%s)", [table]).fetchone() != (None,):
            connection.execute(
                sql.SQL("REVOKE " + rights + " ON {} FROM {}").format(sql.Identifier(table), app)
            )


def _schema_of(connection: psycopg.Connection) -> str | None:
    if connection.execute("SELECT to_regclass('orderwright_schema')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT digest FROM orderwright_schema").fetchone()
    return None if row is None else str(row[0])


def _note_schema(connection: psycopg.Connection, digest: str) -> None:
    with connection.transaction():
        connection.execute("CREATE TABLE IF NOT EXISTS orderwright_schema (digest text NOT NULL)")
        connection.execute("DELETE FROM orderwright_schema")
        connection.execute("INSERT INTO orderwright_schema VALUES (%s)", [digest])
