"""The command `orderwright`, as an operator and as accidents use it."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PATIENCE = 60.0
ORDERWRIGHT = [sys.executable, "-m", "orderwright.cli"]
SURROUNDINGS = {
    name: value
    for name, value in os.environ.items()
    if not name.startswith(("ORDERWRIGHT_", "DJANGO_")) and name != "DATABASE_URL"
}


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*ORDERWRIGHT, *arguments],
        env=SURROUNDINGS,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def init(folder: Path, name: str) -> subprocess.CompletedProcess[str]:
    arguments = ["--organization", name, "--email", f"{name.lower()}@example.com"]
    arguments += ["--password", "correct horse", "--json"]
    return run("init", "--data", str(folder), *arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("serve") / "installation"
    assert init(folder, "First").returncode == 0
    return folder


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def serving(folder: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    command = [*ORDERWRIGHT, "serve", "--data", str(folder), "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(
        command, env=SURROUNDINGS, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        ready = process.stdout.readline()
        assert ready == f"Orderwright is ready at http://127.0.0.1:{port}\n"
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=PATIENCE)
        process.stdout.close()


def is_well(port: int) -> bool:
    """Whether the server reaches its database."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(pid: int) -> dict[str, int]:
    """The children of a process, by a word of their command."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    found = {}
    for child in listed:
        command = Path(f"/proc/{child}/cmdline").read_bytes().decode()
        for word in ("granian", "procrastinate", "postgres"):
            if word in command.split("\0-D")[0]:
                found[word] = int(child)
    return found


def eventually(holds: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.05)
    return False


def test_init_prints_one_document_with_the_first_key(folder: Path) -> None:
    founded = json.loads(init(folder, "Second").stdout)
    assert founded.keys() == {"organization", "organization_id", "email", "api_key"}
    assert (founded["organization"], founded["email"]) == ("Second", "second@example.com")


def test_a_name_that_is_taken_is_refused_in_a_sentence(folder: Path) -> None:
    again = init(folder, "First")
    assert again.returncode == 1
    assert "“First” exists already" in again.stderr


def test_secrets_are_for_the_owner_alone(folder: Path) -> None:
    assert (folder / "secrets.json").stat().st_mode & 0o777 == 0o600


def test_an_organization_is_founded_while_the_folder_is_served(folder: Path, port: int) -> None:
    with serving(folder, port):
        assert init(folder, "Third").returncode == 0
        assert is_well(port)


def test_a_second_serve_is_refused_by_port_and_by_folder(folder: Path, port: int) -> None:
    with serving(folder, port):
        same_port = run("serve", "--data", str(folder), "--port", str(port))
        assert same_port.returncode == 1
        assert f"Port {port} of 127.0.0.1 cannot be used" in same_port.stderr
        same_folder = run("serve", "--data", str(folder), "--port", "0")
        assert same_folder.returncode == 1
        assert "is served by another Orderwright" in same_folder.stderr


def test_a_folder_that_cannot_be_written_is_refused_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused = run("serve", "--data", str(tmp_path / "file" / "in"), "--port", "0")
    assert refused.returncode == 1
    assert "Choose another with --data" in refused.stderr


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything_cleanly(folder: Path, port: int, sign: signal.Signals) -> None:
    with serving(folder, port) as process:
        started = children(process.pid)
        assert started.keys() == {"granian", "procrastinate", "postgres"}
        process.send_signal(sign)
        assert process.wait(timeout=PATIENCE) == 0
    assert [pid for pid in started.values() if Path(f"/proc/{pid}").exists()] == []


@pytest.mark.parametrize("name", ["postgres", "granian", "procrastinate"])
def test_a_killed_child_is_started_again(folder: Path, port: int, name: str) -> None:
    with serving(folder, port) as process:
        old = children(process.pid)[name]
        os.kill(old, signal.SIGKILL)
        assert eventually(lambda: children(process.pid).get(name, old) != old)
        assert eventually(lambda: is_well(port))


def test_a_killed_serve_leaves_nothing_that_blocks_the_next(folder: Path, port: int) -> None:
    with serving(folder, port) as process:
        process.kill()
        process.wait()
    with serving(folder, port):
        assert eventually(lambda: is_well(port))
