"""Health addresses: no key, no session."""

from unittest.mock import patch

import pytest
from django.db import DatabaseError
from django.db.migrations.executor import MigrationExecutor
from django.test import Client

from orderwright import health

pytestmark = pytest.mark.django_db


def test_a_process_that_can_work_is_alive_and_ready() -> None:
    assert Client().get("/healthz").status_code == 200
    assert Client().get("/readyz").status_code == 200


def test_nobody_is_sent_to_a_process_whose_migrations_wait() -> None:
    health._check_migrated.cache_clear()
    with patch.object(MigrationExecutor, "migration_plan", return_value=["one"]):
        assert Client().get("/readyz").status_code == 503
    assert Client().get("/readyz").status_code == 200


def test_nobody_is_sent_to_a_process_without_a_database() -> None:
    with (
        patch.object(health.connection, "cursor", side_effect=DatabaseError),
        patch.object(health.connection, "close"),
    ):
        assert Client().get("/readyz").status_code == 503
        assert Client().get("/healthz").status_code == 200
