"""The PostgreSQL that comes along starts again whatever happened to the one before."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from orderwright.postgres import OWNER, EmbeddedPostgres, FolderInUse, PostgresError

KEEPER = """
import sys, time
from pathlib import Path
from orderwright.postgres import EmbeddedPostgres
EmbeddedPostgres(Path(sys.argv[1]), durable=False).start()
print("up", flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("postgres")


@pytest.fixture
def postgres(folder: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(folder, durable=False)
    yield server
    server.stop()


def ask(server: EmbeddedPostgres, question: str) -> str:
    with psycopg.connect(server.url(OWNER, "postgres"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        assert row is not None
        return str(row[0])


def test_what_was_written_is_there_after_a_restart(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    with psycopg.connect(postgres.url(OWNER, "postgres")) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    postgres.stop()
    assert not postgres.is_alive()
    postgres.start()
    assert ask(postgres, "SELECT answer FROM kept") == "42"


def test_the_server_listens_on_no_network_and_sorts_the_same_everywhere(
    postgres: EmbeddedPostgres,
) -> None:
    postgres.start()
    assert ask(postgres, "SHOW listen_addresses") == ""
    locale = "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname='postgres'"
    assert ask(postgres, locale) == "bC.UTF-8"


def test_the_folder_of_a_running_server_is_refused(
    postgres: EmbeddedPostgres, folder: Path
) -> None:
    postgres.start()
    with pytest.raises(FolderInUse, match="in use by another Orderwright"):
        EmbeddedPostgres(folder).start()


def test_a_killed_starter_blocks_nothing(postgres: EmbeddedPostgres, folder: Path) -> None:
    starter = subprocess.Popen(
        [sys.executable, "-c", KEEPER, str(folder)], stdout=subprocess.PIPE, text=True
    )
    assert starter.stdout is not None
    assert starter.stdout.readline() == "up\n"
    starter.kill()
    starter.wait()
    starter.stdout.close()
    postgres.start()
    assert ask(postgres, "SELECT 1") == "1"


def test_a_mark_that_names_a_stranger_blocks_nothing(
    postgres: EmbeddedPostgres, folder: Path
) -> None:
    postgres.start()
    marks = [postgres.files / "postmaster.pid", postgres.socket_folder / ".s.PGSQL.5432.lock"]
    stranger = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
    texts = [mark.read_text().splitlines(keepends=True) for mark in marks]
    postgres.stop()
    for mark, lines in zip(marks, texts, strict=True):
        mark.write_text("".join([f"{stranger.pid}\n", *lines[1:]]))
    try:
        postgres.start()
        assert ask(postgres, "SELECT 1") == "1"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_killed_server_is_seen_and_starts_again(postgres: EmbeddedPostgres) -> None:
    postgres.start()
    os.kill(int((postgres.files / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
    deadline = time.monotonic() + 10
    while postgres.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not postgres.is_alive()
    postgres.start()
    assert ask(postgres, "SELECT 1") == "1"


def test_a_path_too_long_for_a_socket_is_no_obstacle(tmp_path: Path) -> None:
    deep = tmp_path / ("a" * 60) / ("b" * 60)
    postgres = EmbeddedPostgres(deep, durable=False)
    try:
        postgres.start()
        assert ask(postgres, "SELECT 1") == "1"
    finally:
        postgres.stop()
        postgres.socket_folder.rmdir()


def test_a_folder_that_cannot_be_made_is_refused_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(PostgresError, match=r"Choose another with --data"):
        EmbeddedPostgres(tmp_path / "file" / "folder").start()
