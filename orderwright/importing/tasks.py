"""Jobs that work on imports: one call each, may run twice."""

import time
from uuid import UUID

from django.db import OperationalError
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orderwright.importing import actions, chunks, undoing
from orderwright.kernel.errors import TryAgain

WORK = "importing.work"
UNDO = "importing.undo"
_TURN = 5.0  # seconds until another job gets its turn
_RACES = RetryStrategy(max_attempts=10, wait=1, retry_exceptions={OperationalError, TryAgain})


@app.task(name=WORK, retry=_RACES)
def work(organization_id: str, import_id: str) -> None:
    """Check or write an import, chunk by chunk, and make room for others now and then."""
    organization, wanted = UUID(organization_id), UUID(import_id)
    ends_at = time.monotonic() + _TURN
    try:
        while chunks.work_chunk(organization, wanted, now=timezone.now()):
            if time.monotonic() > ends_at:
                work.defer(organization_id=organization_id, import_id=import_id)
                return
    except (OperationalError, TryAgain):
        raise
    except Exception:
        actions.note_fault(organization, wanted, now=timezone.now())
        raise


@app.task(name=UNDO, retry=_RACES)
def undo(organization_id: str, import_id: str) -> None:
    """Take back what an import created."""
    organization, wanted = UUID(organization_id), UUID(import_id)
    try:
        undoing.undo_import(organization, wanted, now=timezone.now())
    except (OperationalError, TryAgain):
        raise
    except Exception:
        actions.note_fault(organization, wanted, now=timezone.now())
        raise
