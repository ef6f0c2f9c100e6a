"""Keep the processes of `serve` alive: PostgreSQL, the web server, the job worker.

A process that dies is started again, after a pause that grows when it keeps dying. All of them
end with their supervisor, however that ends.
"""

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from orderwright.folder import Installation
from orderwright.postgres import die_with_parent

_LOOK_EVERY = 0.1
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
_SETTLED_AFTER = 10.0
_START_PATIENCE = 60.0
_STOP_PATIENCE = 20.0
_REPLACE_PATIENCE = 2.0
_THREADS = 3


class ServeError(Exception):
    """Serving cannot begin or go on; the message says what to do."""


@dataclass
class Child:
    """One process that has to be there; `command` starts it again when it is not."""

    name: str
    command: Sequence[str]
    environment: dict[str, str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    pause: float = _FIRST_PAUSE
    start_at: float = field(default=0.0)

    def start(self) -> None:
        """Start the process; it ends when this one ends."""
        parent = os.getpid()

        def bind() -> None:
            die_with_parent(signal.SIGTERM)
            if os.getppid() != parent:
                os._exit(1)

        self.started_at = time.monotonic()
        self.process = subprocess.Popen(
            self.command,
            env=os.environ | self.environment,
            stdin=subprocess.DEVNULL,
            stdout=sys.stderr.fileno(),
            start_new_session=True,
            preexec_fn=bind,
        )

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self.process is not None and self.process.poll() is None

    def revive(self, say: Callable[[str], None]) -> None:
        """Start the process again when it died and its pause is over."""
        now = time.monotonic()
        if self.is_alive():
            if now - self.started_at > _SETTLED_AFTER:
                self.pause = _FIRST_PAUSE
        elif self.start_at == 0.0:
            self.start_at = now + self.pause
            self.pause = min(self.pause * 2, _LONGEST_PAUSE)
            say(f"The {self.name} ended unexpectedly; it is started again.")
        elif now >= self.start_at:
            self.start_at = 0.0
            self.start()

    def signal(self, sign: signal.Signals) -> None:
        """Send a signal, if the process is there to get it."""
        if self.process is not None and self.is_alive():
            self.process.send_signal(sign)

    def stop(self, *, patience: float = _STOP_PATIENCE) -> None:
        """Ask the process to end, and end it when it takes longer than `patience` seconds."""
        self.signal(signal.SIGTERM)
        if self.process is None:
            return
        try:
            self.process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def check_port(host: str, port: int) -> None:
    """Raise ServeError when nothing can listen there."""
    try:
        addresses = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        with socket.socket(addresses[0][0], socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(addresses[0][4])
    except (OSError, OverflowError) as error:
        raise ServeError(
            f"Port {port} of {host} cannot be used ({getattr(error, 'strerror', None) or error}). "
            "Stop what listens there, or choose another with --port."
        ) from error


def children_of(
    installation: Installation, *, host: str, port: int, workers: int | None
) -> tuple[Child, Child]:
    """The web server, with one process per core unless said otherwise, and the job worker."""
    environment = installation.app_environment() | {"ORDERWRIGHT_SUPERVISED": "1"}
    here = "localhost" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    environment["ORDERWRIGHT_PUBLIC_URL"] = (
        os.environ.get(
            "ORDERWRIGHT_PUBLIC_URL",
            os.environ.get("ORDERWRIGHT_TRUSTED_ORIGINS", "").split(",")[0],
        )
        or f"http://{here}:{port}"
    )
    count = workers or len(os.sched_getaffinity(0))
    server = [sys.executable, "-m", "granian", "orderwright.wsgi:application"]
    server += ["--interface", "wsgi", "--http", "1", "--no-ws", "--host", host, "--port", str(port)]
    server += ["--workers", str(count), "--blocking-threads", str(_THREADS), "--backlog", "1024"]
    server += ["--respawn-failed-workers", "--respawn-interval", "0.2", "--log-level", "warning"]
    server += ["--workers-kill-timeout", "10"]
    jobs = [sys.executable, "-m", "django", "procrastinate", "worker", "--concurrency", "2"]
    return Child("web server", server, environment), Child("job worker", jobs, environment)


def supervise(
    installation: Installation,
    *,
    host: str,
    port: int,
    workers: int | None,
    say: Callable[[str], None],
    ready: Callable[[], None],
) -> None:
    """Serve until SIGTERM or SIGINT; `ready` is called once the server answers.

    Raises ServeError when the server does not come up.
    """
    stop = threading.Event()
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(sign, lambda *_: stop.set())
    server, jobs = children_of(installation, host=host, port=port, workers=workers)
    try:
        server.start()
        jobs.start()
        _wait_until_listening(server, host, port, stop)
        if not stop.is_set():
            ready()
        while not stop.wait(_LOOK_EVERY):
            _revive_postgres(installation, jobs, say)
            server.revive(say)
            jobs.revive(say)
    finally:
        server.stop()
        jobs.stop()


def _wait_until_listening(server: Child, host: str, port: int, stop: threading.Event) -> None:
    target = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104
    deadline = time.monotonic() + _START_PATIENCE
    while not stop.wait(0.05):
        if not server.is_alive():
            raise ServeError("The web server ended while starting; what it said stands above.")
        try:
            socket.create_connection((target, port), timeout=1).close()
        except OSError as error:
            if time.monotonic() > deadline:
                raise ServeError("The web server does not answer.") from error
        else:
            return


def _revive_postgres(installation: Installation, jobs: Child, say: Callable[[str], None]) -> None:
    """Start a database that died again. The web server finds back with the next requests."""
    if installation.postgres is None or installation.postgres.is_alive():
        return
    say("The database ended unexpectedly; it is started again.")
    installation.postgres.start()
    # The job worker's own way back takes many seconds; a job cut short here runs again.
    jobs.stop(patience=_REPLACE_PATIENCE)
    jobs.start()
