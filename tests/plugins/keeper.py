"""One PostgreSQL for all tests of this checkout, alive as long as somebody uses it.

Every user holds a shared lock on one file. The keeper, a process of its own, runs the server and
ends it as soon as nobody holds the lock any more; a killed test run therefore leaves nothing.
"""

import fcntl
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path

from orderwright.postgres import EmbeddedPostgres

_CHECKOUT = Path(__file__).resolve().parents[2]
_PATIENCE = 60.0


def folder() -> Path:
    """Where the files of the tests' server are; it may be removed between runs."""
    name = sha256(os.fsencode(_CHECKOUT)).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"orderwright-tests-{os.getuid()}-{name}"


@contextmanager
def used() -> Iterator[EmbeddedPostgres]:
    """The running server, started by whoever comes first."""
    folder().mkdir(mode=0o700, exist_ok=True)
    with locked("users.lock", fcntl.LOCK_SH):
        postgres = EmbeddedPostgres(folder(), durable=False)
        with locked("start.lock", fcntl.LOCK_EX):
            if not postgres.answers():
                _start_keeper(postgres)
        yield postgres


@contextmanager
def locked(name: str, kind: int) -> Iterator[None]:
    """Hold a lock that the kernel gives back when the process ends, however it ends."""
    with (folder() / name).open("w") as file:
        fcntl.flock(file, kind)
        yield


def _start_keeper(postgres: EmbeddedPostgres) -> None:
    with (folder() / "keeper.log").open("w") as log:
        keeper = subprocess.Popen(
            [sys.executable, "-m", "tests.plugins.keeper"],
            cwd=_CHECKOUT,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = time.monotonic() + _PATIENCE
    while not postgres.answers():
        if keeper.poll() is not None or time.monotonic() > deadline:
            said = (folder() / "keeper.log").read_text()
            raise RuntimeError(f"The tests' PostgreSQL in {folder()} does not start:\n{said}")
        time.sleep(0.02)


def keep() -> None:
    """Run the server until nobody uses it."""
    postgres = EmbeddedPostgres(folder(), durable=False)
    postgres.start()
    try:
        with (folder() / "users.lock").open("w") as users:
            while postgres.is_alive():
                time.sleep(0.3)
                try:
                    fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:
                    continue
                # Held until the server is down: whoever comes now waits, then starts anew.
                postgres.stop()
                return
    finally:
        postgres.stop()


if __name__ == "__main__":
    keep()
