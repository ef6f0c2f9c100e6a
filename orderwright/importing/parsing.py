"""The program that reads a file from outside: a process of its own, which may come to harm.

It reads the file from its standard input and writes one JSON document per line: `["rows", […]]`
with the number and the cells of each row, then `["end"]`; or `["refused", code, sentence]`. It has
no credentials, and limits itself in memory, time and files before it looks at anything.
"""

import json
import re
import resource
import signal
import sys
from collections.abc import Iterator
from typing import Any, Final

from orderwright.importing.text_tables import MOST_COLUMNS, Row, Unreadable, rows_of_text
from orderwright.importing.workbooks import rows_of_workbook, too_much

MEMORY: Final = 600_000_000
SECONDS: Final = 30
MOST_ROWS: Final = 100_000
MOST_CELLS: Final = 3_000_000
_BATCH: Final = 500
_OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"
_UNSTORABLE: Final = re.compile("[\x00\ud800-\udfff]")


def main() -> None:
    """Read, and say what was read."""
    _limit_self()
    try:
        batch: list[Row] = []
        for row in rows_of(sys.stdin.buffer.read()):
            batch.append(row)
            if len(batch) == _BATCH:
                _say(["rows", batch])
                batch = []
        _say(["rows", batch])
        _say(["end"])
    except Unreadable as refusal:
        _say(["refused", refusal.code, refusal.message])
    except MemoryError:
        larger = too_much()
        _say(["refused", larger.code, larger.message])


def rows_of(content: bytes) -> Iterator[Row]:
    """The rows that hold something, of whatever kind of file this is. Raises Unreadable."""
    rows = _rows_by_content(content)
    count = cells_read = 0
    for number, cells in rows:
        while cells and not cells[-1]:
            cells.pop()
        if not cells:
            continue
        count += 1
        cells_read += len(cells)
        if len(cells) > MOST_COLUMNS:
            message = f"Line {number} has {len(cells)} columns; at most {MOST_COLUMNS} are read."
            raise Unreadable("too_many_columns", message)
        if count > MOST_ROWS + 1 or cells_read > MOST_CELLS:
            message = f"This file has more than {MOST_ROWS} rows, or too many cells. Split it."
            raise Unreadable("too_many_rows", message)
        yield number, [_UNSTORABLE.sub("\ufffd", cell) for cell in cells]
    if not count:
        raise Unreadable("empty_file", "This file is empty. Choose one with a heading and rows.")


def _rows_by_content(content: bytes) -> Iterator[Row]:
    if content.startswith(b"PK"):
        return rows_of_workbook(content)
    if content.startswith(_OLD_WORKBOOK):
        message = "This is an old (.xls) or protected workbook. Save it as .xlsx or CSV."
        raise Unreadable("old_workbook", message)
    return rows_of_text(content)


def _limit_self() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(SECONDS)


def _say(document: list[Any]) -> None:
    sys.stdout.buffer.write(json.dumps(document).encode() + b"\n")
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
