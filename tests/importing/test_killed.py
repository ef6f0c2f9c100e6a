"""The worker killed half way: what was written is whole chunks, and nothing twice."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import transaction

from orderwright.activity.models import Event
from orderwright.catalog.models import Product
from orderwright.importing import actions, queries
from orderwright.importing.models import ImportRow
from orderwright.importing.queries import ImportRecord
from orderwright.inventory.models import Lot, Movement
from tests.company import Company, found_company
from tests.plugins.database import Addresses

ROWS = {"products": 50_000, "inventory": 3_000}


@contextmanager
def working(addresses: Addresses, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker of jobs, a process of its own."""
    surroundings = os.environ | {
        "ORDERWRIGHT_APP_DATABASE_URL": addresses.app,
        "ORDERWRIGHT_SECRET_KEY": "the tests' own key, of fifty characters and some more",
        "DJANGO_SETTINGS_MODULE": "orderwright.settings",
    }
    command = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]
    with (folder / "worker.log").open("ab") as log:
        process = subprocess.Popen(command, env=surroundings, stdout=log, stderr=log)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def waited(
    company: Company,
    import_id: object,
    worker: subprocess.Popen[bytes],
    until: Callable[[ImportRecord], bool],
) -> ImportRecord:
    """The import as soon as this holds; a worker that ended by itself never comes to it."""
    deadline = time.monotonic() + 240
    while True:
        with transaction.atomic():
            company.enter()
            found = queries.read_import(by=company.by, import_id=str(import_id))
        if until(found):
            return found
        assert worker.poll() is None, "the worker ended by itself: see worker.log"
        assert time.monotonic() < deadline, (found.status, found.counts)
        time.sleep(0.05)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["products", "inventory"])
def test_an_import_killed_half_way_and_resumed_is_exact(
    kind: str, database_addresses: Addresses, tmp_path: Path
) -> None:
    company = found_company()
    company.product(sku="GEM")
    rows = ROWS[kind]
    table = {
        "products": [
            "sku,name,price,aliases",
            *(f"S{n},Product {n},{n}.5,p{n}" for n in range(rows)),
        ],
        "inventory": ["tag,sku,qty,rack", *(f"T-{n},GEM,{n + 1},R{n % 9}" for n in range(rows))],
    }
    with transaction.atomic():
        company.enter()
        import_id = actions.upload_import(
            by=company.by, kind=kind, file_name="f.csv", content="\n".join(table[kind]).encode()
        )
    with working(database_addresses, tmp_path) as worker:
        ready = waited(company, import_id, worker, lambda found: found.status == "ready")
        assert ready.counts == {"new": rows}
        with transaction.atomic():
            company.enter()
            actions.start_import(by=company.by, import_id=import_id)
        waited(
            company, import_id, worker, lambda found: found.counts.get("created", 0) >= rows // 2
        )
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait()
    written = _written(company, kind)
    assert rows // 2 <= written < rows
    assert written == _created_rows(company) == _events(company, kind)
    with working(database_addresses, tmp_path) as worker:
        with transaction.atomic():
            company.enter()
            actions.resume_import(by=company.by, import_id=import_id)
        done = waited(company, import_id, worker, lambda found: found.status == "finished")
    assert done.counts == {"created": rows}
    assert _written(company, kind) == rows
    assert _created_rows(company) == _events(company, kind) == rows


def _written(company: Company, kind: str) -> int:
    """Records of the file; each of inventory with exactly one movement."""
    with transaction.atomic():
        company.enter()
        if kind == "products":
            return Product.objects.of(company.id).exclude(sku="GEM").count()
        lots = Lot.objects.of(company.id).count()
        assert lots == Movement.objects.of(company.id).count()
        return lots


def _created_rows(company: Company) -> int:
    with transaction.atomic():
        company.enter()
        return ImportRow.objects.of(company.id).filter(state="created").count()


def _events(company: Company, kind: str) -> int:
    with transaction.atomic():
        company.enter()
        types = {"products": "product.created", "inventory": "lot.created"}
        return Event.objects.of(company.id).filter(type=types[kind]).count()
