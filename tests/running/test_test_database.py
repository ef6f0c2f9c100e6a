"""The database that the other tests use binds them as it binds the app."""

from datetime import UTC, datetime

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from orderwright.founding import found_organization
from orderwright.identity.models import Organization

NOW = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def found(name: str) -> None:
    found_organization(name=name, email=f"{name}@example.com", password="correct horse", now=NOW)


@pytest.mark.django_db
def test_the_app_connects_as_a_role_that_policies_bind() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles"
            " WHERE rolname = current_user"
        )
        assert cursor.fetchone() == (False, False, False)
        cursor.execute("SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "verb", ["UPDATE activity_event SET type = ''", "DELETE FROM activity_event"]
)
def test_the_app_may_not_change_events(verb: str) -> None:
    with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
        connection.cursor().execute(verb)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", [1, 2])
def test_what_a_test_commits_is_gone_for_the_next(
    round_: int, as_owner: psycopg.Connection
) -> None:
    assert as_owner.execute("SELECT count(*) FROM identity_organization").fetchone() == (0,)
    found("once")
    assert as_owner.execute("SELECT count(*) FROM identity_organization").fetchone() == (1,)


@pytest.mark.django_db
def test_nothing_of_an_organization_shows_without_entering_it() -> None:
    found("hidden")
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.organization', '', true)")
    assert list(Organization.objects.all()) == []
