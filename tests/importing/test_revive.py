"""A worker that died leaves its job in the state of being done: another one gets it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from orderwright.importing.tasks import WORK, revive
from tests.company import found_company

_WORKER = """
    INSERT INTO procrastinate_workers (last_heartbeat)
    VALUES (now() - make_interval(secs => %s)) RETURNING id
"""
_TAKE = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("silent_for", "status"), [(60, "todo"), (1, "doing")])
def test_a_job_goes_on_with_another_worker_once_its_own_is_silent(
    silent_for: int, status: str
) -> None:
    company = found_company()
    job = app.configure_task(WORK).defer(organization_id=str(company.id), import_id="none")
    with connection.cursor() as cursor:
        cursor.execute(_WORKER, [silent_for])
        worker = cursor.fetchone()[0]
        cursor.execute(_TAKE, [worker, job])
    context: Any = SimpleNamespace(app=app)
    with ThreadPoolExecutor(1) as aside:  # a browser test may have left a loop in this thread
        aside.submit(_revive, context).result(timeout=60)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone() == (status,)


def _revive(context: Any) -> None:
    asyncio.run(revive(context, timestamp=0))
    connections.close_all()
