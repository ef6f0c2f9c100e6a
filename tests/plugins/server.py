"""A real HTTP server over the database of this test process."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.plugins.database import Addresses

_PATIENCE = 60.0


@dataclass(frozen=True)
class Server:
    """Where the server answers, and what it writes."""

    url: str
    log: Path
    data: Path


@pytest.fixture(scope="session")
def server_process(
    database_addresses: Addresses, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Server]:
    """The app under its own web server, one process with four threads."""
    with serving(database_addresses, tmp_path_factory.mktemp("server")) as server:
        yield server


@contextmanager
def serving(
    database_addresses: Addresses, data: Path, application: str = "orderwright.wsgi:application"
) -> Iterator[Server]:
    """A web server for as long as the block lasts."""
    port = _free_port()
    server = Server(url=f"http://127.0.0.1:{port}", log=data / "server.log", data=data)
    command = [sys.executable, "-m", "granian", application]
    command += ["--interface", "wsgi", "--http", "1", "--no-ws", "--port", str(port)]
    command += ["--workers", "1", "--blocking-threads", "4", "--log-level", "warning"]
    surroundings = os.environ | {
        "ORDERWRIGHT_APP_DATABASE_URL": database_addresses.app,
        "ORDERWRIGHT_SECRET_KEY": "the tests' own key, of fifty characters and some more",
        "ORDERWRIGHT_DATA": str(data),
        "ORDERWRIGHT_SUPERVISED": "1",
    }
    with server.log.open("w") as log:
        process = subprocess.Popen(
            command, env=surroundings, stdin=subprocess.DEVNULL, stdout=log, stderr=log
        )
    try:
        _wait_until_answering(process, port, server.log)
        yield server
    finally:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def server(server_process: Server, transactional_db: None) -> Server:
    """The server, with an empty database before and after the test."""
    return server_process


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_until_answering(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"The server does not start:\n{log.read_text()}") from None
            time.sleep(0.05)
        else:
            return
