"""Jobs of workers that died go on with others; jobs that are over are forgotten."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection, connections
from procrastinate.contrib.django import app

from orderwright.activity.tasks import forget_jobs, revive
from orderwright.importing.tasks import WORK
from tests.company import found_company

_WORKER = """
    INSERT INTO procrastinate_workers (last_heartbeat)
    VALUES (now() - make_interval(secs => %s)) RETURNING id
"""
_TAKE = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = %s WHERE id = %s"
_END = "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s"
_AGE = "UPDATE procrastinate_events SET at = now() - make_interval(days => %s) WHERE job_id = %s"


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
    run(revive)
    with connection.cursor() as cursor:
        cursor.execute("SELECT status FROM procrastinate_jobs WHERE id = %s", [job])
        assert cursor.fetchone() == (status,)


@pytest.mark.django_db(transaction=True)
def test_jobs_that_are_over_are_forgotten_a_failed_one_later() -> None:
    company = found_company()
    made = {
        (status, days): app.configure_task(WORK).defer(
            organization_id=str(company.id), import_id="none"
        )
        for status, days in (("succeeded", 0), ("succeeded", 2), ("failed", 2), ("failed", 40))
    }
    with connection.cursor() as cursor:
        for (status, days), job in made.items():
            cursor.execute(_END, [status, job])
            cursor.execute(_AGE, [days, job])
    run(forget_jobs)
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM procrastinate_jobs WHERE id = ANY (%s)", [[*made.values()]])
        left = {row[0] for row in cursor.fetchall()}
    assert left == {made["succeeded", 0], made["failed", 2]}


def run(task: Any) -> None:
    """Once; in a thread, as a browser test may have left a loop in this one."""

    def once() -> None:
        asyncio.run(task(SimpleNamespace(app=app), timestamp=0))
        connections.close_all()

    with ThreadPoolExecutor(1) as aside:
        aside.submit(once).result(timeout=60)
