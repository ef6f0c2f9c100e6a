"""The lists of jobs and runs: sorted by day and weight, page by page, as files and saved views."""

import csv
import io
import re
from datetime import date, timedelta

import pytest
from django.test import Client

from orderwright.kernel.paging import Sort, Window
from orderwright.production import job_lists, run_lists
from orderwright.production.job_lists import JobListFilter
from orderwright.production.run_lists import RunListFilter
from tests.production.workshop import Workshop, open_workshop
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Workshop:
    """Five jobs, due in 3, 1, never, 2 and 1 days, with 1 to 5 g issued."""
    shop = open_workshop()
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    order = shop.issued({shop.product(sku="RING", is_manufactured=True): 10})
    for grams, days in enumerate((3, 1, None, 2, 1), start=1):
        deadline = None if days is None else shop.by.today + timedelta(days=days)
        job = shop.job(order, deadline=deadline or date.max, inputs={silver: grams})
        assert job.head.issued == grams
    return shop


@pytest.fixture
def browser(shop: Workshop) -> Client:
    """The founder's browser."""
    return signed_in(shop.company.email)


def walked(shop: Workshop, sort: Sort) -> list[str]:
    """The numbers of all jobs in this sort, read two at a time, there and back."""
    window, found, backward = Window(sort=sort, size=2), [], []
    page = job_lists.jobs(shop.by, JobListFilter(), window)
    found += [row.number[-1] for row in page.rows]
    while page.later is not None:
        window = Window(sort=sort, place=page.later, size=2)
        page = job_lists.jobs(shop.by, JobListFilter(), window)
        found += [row.number[-1] for row in page.rows]
    backward = [row.number[-1] for row in page.rows]
    while page.earlier is not None:
        window = Window(sort=sort, place=page.earlier, is_backward=True, size=2)
        page = job_lists.jobs(shop.by, JobListFilter(), window)
        backward = [row.number[-1] for row in page.rows] + backward
    assert backward == found
    return found


@pytest.mark.parametrize(
    ("name", "up", "down"),
    [("due", "25413", "31452"), ("issued", "12345", "54321"), ("number", "12345", "54321")],
)
def test_jobs_are_sorted_and_every_page_goes_on_where_the_last_ended(
    shop: Workshop, name: str, up: str, down: str
) -> None:
    assert "".join(walked(shop, Sort(name, is_descending=False))) == up
    assert "".join(walked(shop, Sort(name, is_descending=True))) == down


def test_the_headings_sort_the_page_of_jobs(browser: Client) -> None:
    found = browser.get("/production/jobs?sort=due").content.decode()
    assert re.findall(r"PJ-0000(\d)</a>", found) == list("25413")
    assert 'aria-sort="ascending"' in found


def test_runs_have_tabs_views_sorts_and_a_file(shop: Workshop, browser: Client) -> None:
    ring = shop.product(sku="BAND", is_manufactured=True)
    first, second = (shop.run(shop.order({ring: 1})) for _ in range(2))
    silver = shop.lot(shop.product(sku="AG2", default_unit="g", weight_unit="g"), 10)
    shop.issue(first.jobs[0].id, {silver: 1})
    page = browser.get("/production/runs").content.decode()
    assert re.findall(r"PR-0000(\d)</a>", page) == ["2", "1"]
    assert re.findall(r"PR-0000(\d)</a>", browser.get("/production/runs?sort=started")
                      .content.decode()) == ["1", "2"]  # fmt: skip
    assert run_lists.counts(shop.by) == {"all": 2, "pending": 1, "in_progress": 1, "completed": 0}
    pending = run_lists.runs(shop.by, RunListFilter(status=("pending",)))
    assert [row.id for row in pending.rows] == [second.head.id]
    answer = browser.get("/lists/production-runs/export.csv?status=in_progress")
    told = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    heading, *rows = csv.reader(io.StringIO(told))
    assert heading[:5] == ["Run", "Status", "Order", "Open jobs", "Closed jobs"]
    assert [row[:5] for row in rows] == [["PR-00001", "In Progress", "SO-00002", "1", "0"]]
    assert browser.get("/lists/production-runs/views/new").status_code == 200
    assert browser.get("/production/runs?status=unknown").status_code == 422
