"""The `orderwright` command: init, serve, demo and what operators need."""

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape

from orderwright import supervision
from orderwright.database import DatabaseError, analyze
from orderwright.folder import Installation, claimed, opened
from orderwright.postgres import PostgresError

_OUT = Console(highlight=False, soft_wrap=True)
_ERR = Console(stderr=True, highlight=False, soft_wrap=True)
_DEFAULT_FOLDER = Path(".data")


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; a failure ends with one clear sentence and a non-zero exit code."""
    given = _parser().parse_args(arguments)
    try:
        given.run(given)
    except (PostgresError, DatabaseError, supervision.ServeError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="orderwright", description="Order management.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    init = _command(commands, "init", _init, "found an organization and print its first API key")
    init.add_argument("--organization", required=True, metavar="NAME")
    init.add_argument("--email", required=True, help="the first user's login")
    init.add_argument("--password", required=True)
    init.add_argument("--json", action="store_true", help="print one JSON document")

    serve = _command(commands, "serve", _serve, "serve pages, API and jobs until interrupted")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, help="web processes (default: one per core)")

    demo = _command(commands, "demo", _demo, "make the demo company")
    demo.add_argument("--json", action="store_true", help="print one JSON document")
    _command(commands, "migrate", _migrate, "bring the database up to date")
    _command(commands, "worker", _worker, "run jobs only")
    django = _command(commands, "django", _django, "run one of Django's commands")
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def _command(
    commands: Any, name: str, run: Callable[[argparse.Namespace], None], purpose: str
) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = commands.add_parser(name, help=purpose, description=purpose)
    parser.add_argument(
        "--data", type=Path, default=_DEFAULT_FOLDER, metavar="DIR", help="the data folder"
    )
    parser.set_defaults(run=run)
    return parser


def _init(given: argparse.Namespace) -> None:
    with _at_hand(given.data):
        from orderwright.founding import found_organization
        from orderwright.kernel.errors import Refusal

        try:
            founded = found_organization(
                name=given.organization,
                email=given.email,
                password=given.password,
                now=datetime.now(UTC),
            )
        except Refusal as refusal:
            _fail(refusal.message)
    facts = {
        "organization": given.organization,
        "organization_id": str(founded.organization_id),
        "email": given.email,
        "api_key": founded.api_key,
    }
    if given.json:
        print(json.dumps(facts))
        return
    _OUT.print(f"[bold]{given.organization}[/bold] is founded; sign in as {given.email}.")
    _OUT.print(f"API key (shown this once): {founded.api_key}")


def _serve(given: argparse.Namespace) -> None:
    supervision.check_port(given.host, given.port)
    with claimed(given.data), opened(given.data, alone=True) as installation:
        supervision.supervise(
            installation,
            host=given.host,
            port=given.port,
            workers=given.workers,
            say=_ERR.print,
            ready=lambda: _OUT.print(f"Orderwright is ready at http://{given.host}:{given.port}"),
        )


def _demo(given: argparse.Namespace) -> None:
    """Make the company at the first call; every call says how to sign in."""
    note = given.data / "demo.json"
    if not note.exists():
        with _at_hand(given.data) as installation:
            from orderwright.demo import company

            made = company.make(now=datetime.now(UTC))
            analyze(installation.owner_url)
        facts = {"email": made.email, "password": made.password, "api_key": made.api_key}
        note.touch(mode=0o600)
        note.write_text(json.dumps(facts))
    if given.json:
        print(note.read_text())
        return
    facts = json.loads(note.read_text())
    _OUT.print("The demo company is there.")
    _OUT.print(f"Sign in as {facts['email']} with the password {facts['password']}")


def _migrate(given: argparse.Namespace) -> None:
    with opened(given.data):
        _OUT.print("The database is up to date.")


def _worker(given: argparse.Namespace) -> None:
    with _at_hand(given.data):
        from django.core.management import call_command

        call_command("procrastinate", "worker", "--concurrency", "2")


def _django(given: argparse.Namespace) -> None:
    with opened(given.data) as installation:
        _set_up_django(installation.owner_environment())
        from django.core.management import execute_from_command_line

        execute_from_command_line(["orderwright django", *given.arguments])


@contextmanager
def _at_hand(folder: Path) -> Iterator[Installation]:
    """The folder's database up, and Django ready to use it in this process."""
    with opened(folder) as installation:
        _set_up_django(installation.app_environment())
        yield installation


def _set_up_django(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    import django

    django.setup()


def _fail(message: str) -> None:
    _ERR.print(f"[red]Error:[/red] {escape(message)}")
    sys.exit(1)


if __name__ == "__main__":
    main()
