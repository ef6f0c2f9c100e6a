"""The data folder of one installation: its secrets, and the database that belongs to it."""

import fcntl
import json
import os
import secrets
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from orderwright import database
from orderwright.postgres import OWNER, EmbeddedPostgres, FolderInUse, PostgresError

_DATABASE = "orderwright"
_PATIENCE = 90.0


@dataclass(frozen=True, slots=True)
class Secrets:
    """What is made by chance once per data folder and never shown."""

    secret_key: str
    app_password: str


@dataclass(frozen=True, slots=True)
class Installation:
    """A data folder whose database is up and prepared."""

    folder: Path
    owner_url: str
    app_url: str
    secret_key: str
    postgres: EmbeddedPostgres | None

    def app_environment(self) -> dict[str, str]:
        """What a process of the app needs to know; the owner's address is not among it."""
        return {
            "DJANGO_SETTINGS_MODULE": "orderwright.settings",
            "ORDERWRIGHT_APP_DATABASE_URL": self.app_url,
            "ORDERWRIGHT_SECRET_KEY": self.secret_key,
            "ORDERWRIGHT_DATA": str(self.folder),
            "ORDERWRIGHT_LOG_LEVEL": os.environ.get("ORDERWRIGHT_LOG_LEVEL", "WARNING"),
        }

    def owner_environment(self) -> dict[str, str]:
        """The same, with the owner's address, for commands that change the schema."""
        return self.app_environment() | {"ORDERWRIGHT_OWNER_DATABASE_URL": self.owner_url}


@contextmanager
def claimed(folder: Path) -> Iterator[None]:
    """Be the one `serve` of a folder. Raises FolderInUse when there is one already."""
    keep_secrets(folder)
    lock = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        os.close(lock)
        raise FolderInUse(f"The folder {folder} is served by another Orderwright.") from error
    try:
        yield
    finally:
        os.close(lock)


@contextmanager
def opened(
    folder: Path, *, alone: bool = False, environment: Mapping[str, str] = os.environ
) -> Iterator[Installation]:
    """Have the folder's database up and prepared for as long as the block lasts.

    An external server (`DATABASE_URL`) is used as it is. The embedded one is started, or, when
    another process has it, joined; `alone` waits for that process to end instead of joining.
    Raises PostgresError or DatabaseError with what to do.
    """
    folder = folder.resolve()
    kept = keep_secrets(folder)
    if external := environment.get("DATABASE_URL", ""):
        app_url = database.prepare(external, app_password=kept.app_password)
        yield Installation(folder, external, app_url, kept.secret_key, None)
        return
    postgres = EmbeddedPostgres(folder)
    owner_url = postgres.url(OWNER, _DATABASE)
    _start_or_join(postgres, alone=alone)
    try:
        app_url = database.prepare(owner_url)
        yield Installation(folder, owner_url, app_url, kept.secret_key, postgres)
    finally:
        postgres.stop()


def keep_secrets(folder: Path) -> Secrets:
    """The folder's secrets, made at the first call; the file is the owner's alone."""
    file = folder / "secrets.json"
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if not file.exists():
            _write_once(file, Secrets(secrets.token_urlsafe(48), secrets.token_urlsafe(24)))
        return Secrets(**json.loads(file.read_text()))
    except OSError as error:
        raise PostgresError(
            f"The folder {folder} cannot be written to ({error.strerror}). "
            "Choose another with --data, or make it yours."
        ) from error


def _write_once(file: Path, made: Secrets) -> None:
    """Write the whole file under another name and link it: the first of two writers wins."""
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w") as text:
        json.dump(asdict(made), text)
    try:
        os.link(draft, file)
    except FileExistsError:
        pass
    finally:
        draft.unlink()


def _start_or_join(postgres: EmbeddedPostgres, *, alone: bool) -> None:
    deadline = time.monotonic() + _PATIENCE
    while True:
        try:
            return postgres.start()
        except FolderInUse:
            if not alone and postgres.answers():
                return None
            if time.monotonic() > deadline:
                raise
        time.sleep(0.1)
