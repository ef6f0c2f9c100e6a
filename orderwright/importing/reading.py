"""Read a file from outside without touching it: a child process does, and is ended when it hangs.

The child has no environment but its search path, so no credentials of the database.
"""

import json
import os
import selectors
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from orderwright.importing.text_tables import Row
from orderwright.kernel.errors import Invalid

# Longest silence: until the first rows, and between rows. A large honest file keeps talking.
PATIENCE: Final = 4.0
LONGEST: Final = 30.0
_PROGRAM: Final = "orderwright.importing.parsing"


@dataclass(frozen=True, slots=True)
class Table:
    """What a file holds: its headings, and its rows with their numbers, all equally wide."""

    headings: tuple[str, ...]
    rows: tuple[Row, ...]


def read_table(content: bytes) -> Table:
    """The table in a CSV or .xlsx file; its first row is the headings.

    Raises Invalid for the field `file` within a few seconds, whatever was sent.
    """
    if not content.strip():
        raise refused("empty_file", "This file is empty. Choose one with a heading and rows.")
    rows = [row for batch in _batches(content) for row in batch]
    if len(rows) < 2:
        raise refused("empty_file", "This file has headings only. Add rows below them.")
    width = max(len(cells) for _, cells in rows)
    _, names = rows[0]
    headings = tuple(
        (names[place][:200] if place < len(names) else "") or f"Column {place + 1}"
        for place in range(width)
    )
    return Table(headings, tuple((number, cells) for number, cells in rows[1:]))


def refused(code: str, message: str) -> Invalid:
    """The refusal of a file."""
    return Invalid(code, message, fields={"file": message})


def _batches(content: bytes) -> Iterator[list[Row]]:
    with tempfile.TemporaryFile() as file:
        file.write(content)
        file.seek(0)
        with subprocess.Popen(  # noqa: S603 - our own program, no words of others
            [sys.executable, "-I", "-m", _PROGRAM],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
            cwd="/",
            start_new_session=True,
        ) as child:
            try:
                yield from _rows_said(child)
            finally:
                child.kill()


def _rows_said(child: subprocess.Popen[bytes]) -> Iterator[list[Row]]:
    for line in _lines(child):
        document: list[Any] = json.loads(line)
        if document[0] == "refused":
            raise refused(document[1], document[2])
        if document[0] == "end":
            return
        yield [(number, cells) for number, cells in document[1]]
    # It died: of its own limits in memory or time.
    raise _too_hard()


def _lines(child: subprocess.Popen[bytes]) -> Iterator[bytes]:
    """Lines as they come; ends when the child does. Raises Invalid when it is silent too long."""
    assert child.stdout is not None
    out = child.stdout.fileno()
    ends_at = time.monotonic() + LONGEST
    pieces: list[bytes] = []
    with selectors.DefaultSelector() as selector:
        selector.register(out, selectors.EVENT_READ)
        while True:
            left = min(PATIENCE, ends_at - time.monotonic())
            if left <= 0 or not selector.select(left):
                raise _too_hard()
            piece = os.read(out, 1 << 20)
            if not piece:
                return
            *whole, rest = piece.split(b"\n")
            for line in whole:
                yield b"".join(pieces) + line
                pieces = []
            pieces.append(rest)


def _too_hard() -> Invalid:
    return refused(
        "unreadable_file",
        "This file takes too long or too much memory to read. Split it, or save it as CSV.",
    )
