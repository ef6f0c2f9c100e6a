"""Files from outside: what a table looks like in many disguises, and files that mean harm (T17)."""

import io
import json
import os
import random
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from openpyxl import Workbook

from orderwright.importing import parsing
from orderwright.importing.reading import read_table
from orderwright.kernel.errors import Invalid

ROWS = [["SKU", "Name"], ["A", "Äpfel, rot"], ["B", "zwei\nZeilen"]]
REFUSED_WITHIN = 5.0


def text_of(delimiter: str) -> str:
    return "\n".join(
        delimiter.join(f'"{cell}"' if {"\n", delimiter} & set(cell) else cell for cell in row)
        for row in ROWS
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_a_table_reads_the_same_in_any_encoding_with_any_delimiter(
    encoding: str, delimiter: str
) -> None:
    table = read_table(text_of(delimiter).encode(encoding))
    assert table.headings == ("SKU", "Name")
    assert table.rows == ((2, ["A", "Äpfel, rot"]), (3, ["B", "zwei\nZeilen"]))


def test_lines_are_those_of_the_file() -> None:
    table = read_table(b'a,b\n\n1,"x\ny"\n,\n2,z\n')
    assert table.rows == ((3, ["1", "x\ny"]), (6, ["2", "z"]))


def test_headings_that_are_missing_are_named_by_their_place() -> None:
    assert read_table(b"a,,\n1,2,3\n").headings == ("a", "Column 2", "Column 3")


def workbook(*rows: list[Any], **_: Any) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_cells_of_a_workbook_read_as_people_see_them() -> None:
    content = workbook(
        ["a", "b", "c", "d", "e", "f"],
        [date(2026, 3, 4), 0.1 + 0.2, True, 12, 1e-7, " x "],
        [datetime(2026, 3, 4, 12, 30), 1234567.5, False, -3, None, "=1+1"],  # noqa: DTZ001
    )
    assert read_table(content).rows == (
        (2, ["2026-03-04", "0.3", "true", "12", "0.0000001", "x"]),
        (3, ["2026-03-04 12:30:00", "1234567.5", "false", "-3"]),
    )


def archive(**parts: bytes) -> bytes:
    """A workbook of these parts: `sheet`, `strings`, `book`."""
    names = {
        "book": "xl/workbook.xml",
        "rels": "xl/_rels/workbook.xml.rels",
        "sheet": "xl/worksheets/sheet1.xml",
        "strings": "xl/sharedStrings.xml",
    }
    held = {
        "book": b'<workbook xmlns:r="r"><sheets><sheet name="S" r:id="rId1"/></sheets></workbook>',
        "rels": b'<R><Relationship Id="rId1" Type="x/worksheet" '
        b'Target="worksheets/sheet1.xml"/></R>',
        "sheet": b"<worksheet><sheetData/></worksheet>",
        **parts,
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in held.items():
            file.writestr(names.get(name, name), content)
    return out.getvalue()


def cell(reference: str, row: str = "1", value: str = "1") -> bytes:
    return (
        f'<worksheet><sheetData><row r="{row}"><c r="{reference}"><v>{value}</v></c></row>'
        "</sheetData></worksheet>"
    ).encode()


_BILLION = (
    b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(
        f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">'.encode() for n in range(9)
    )
    + b"]><worksheet><sheetData><row><c t='str'><v>&j;</v></c></row></sheetData></worksheet>"
)
_OUTSIDE = (
    b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    b"<worksheet><sheetData><row><c t='str'><v>&f;</v></c></row></sheetData></worksheet>"
)


NOISE = random.Random(7).randbytes(700_000)  # so much that no ratio gives the bomb away


def _endless_row() -> bytes:
    return archive(
        noise=NOISE,
        sheet=b"<worksheet><sheetData><row>"
        + b'<c r="A1"><v>1</v></c>' * 6_000_000
        + b"</row></sheetData></worksheet>",
    )


def _many_strings() -> bytes:
    return archive(noise=NOISE, strings=b"<sst>" + b"<si><t>a</t></si>" * 6_000_000 + b"</sst>")


def _deep() -> bytes:
    return archive(noise=NOISE, sheet=b"<a>" * 20_000_000)


def _bomb() -> bytes:
    return archive(sheet=b"\0" * 190_000_000)


def _liar() -> bytes:
    """The archive says that a part is small; it is not."""
    content = archive(sheet=cell("A1") + b" " * 30_000_000)
    return content.replace((30_000_000 + len(cell("A1"))).to_bytes(4, "little"), b"\x10\0\0\0")


def _text_bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for number in range(3_000):
            file.writestr(f"xl/{number}.xml", b"x")
        file.writestr("xl/workbook.xml", b"<workbook/>")
    return out.getvalue()


def _renamed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("readme.txt", "hello")
    return out.getvalue()


HOSTILE: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "nothing": (lambda: b"", {"empty_file"}),
    "blanks": (lambda: b" \n\t \n", {"empty_file"}),
    "a heading only": (lambda: b"a,b\n", {"empty_file"}),
    "a web page": (lambda: b"<!DOCTYPE html><html><table><tr><td>1</table>", {"not_a_table"}),
    "XML": (lambda: b"<?xml version='1.0'?><a/>", {"not_a_table"}),
    "a picture": (lambda: b"\x89PNG\r\n\x1a\n" + bytes(1000), {"not_a_table"}),
    "an old workbook": (lambda: b"\xd0\xcf\x11\xe0" + bytes(1000), {"old_workbook"}),
    "half an archive": (lambda: workbook(["a"], ["b"])[:2000], {"broken_workbook"}),
    "an archive of something else": (_renamed, {"not_a_table"}),
    "a million columns": (lambda: b",".join([b"a"] * 1_000_000), {"too_many_columns"}),
    "a million columns in a sheet": (
        lambda: archive(sheet=cell("ZZZZZ1")),
        {"too_many_columns"},
    ),
    "a line far below": (
        lambda: archive(sheet=cell("A1", row="99999999999")),
        {"broken_workbook"},
    ),
    "an open quote": (lambda: b'a,b\n1,"' + b"x\n" * 100_000, {"broken_table"}),
    "too many rows": (lambda: b"a,b\n" + b"1,2\n" * 100_002, {"too_many_rows"}),
    "a billion laughs": (lambda: archive(sheet=_BILLION), {"forbidden_xml"}),
    "an entity from outside": (lambda: archive(sheet=_OUTSIDE), {"forbidden_xml"}),
    "an archive that unpacks to much": (_bomb, {"file_too_large_inside"}),
    "an archive that lies": (_liar, {"broken_workbook"}),
    "an archive of thousands": (_text_bomb, {"file_too_large_inside"}),
    "a row without an end": (_endless_row, {"file_too_large_inside", "unreadable_file"}),
    "millions of strings": (_many_strings, {"file_too_large_inside", "unreadable_file"}),
    "a deep document": (
        _deep,
        {"broken_workbook", "file_too_large_inside", "unreadable_file"},
    ),
    "a sheet of nothing": (archive, {"empty_file"}),
    "a number that is none": (
        lambda: archive(sheet=cell("A1", value="1e999999999") + b" "),
        {"empty_file"},
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_time_with_a_sentence(name: str) -> None:
    make, codes = HOSTILE[name]
    content = make()
    assert len(content) < 12_000_000
    started = time.monotonic()
    with pytest.raises(Invalid) as refusal:
        read_table(content)
    assert time.monotonic() - started < REFUSED_WITHIN
    assert refusal.value.code in codes
    assert list(refusal.value.fields) == ["file"]
    assert refusal.value.message.endswith(".")


def test_the_reader_has_no_credentials_and_bounded_memory(tmp_path: Any) -> None:
    """Its own limits hold, whoever starts it."""
    program = (
        "import os, json, resource\n"
        "from orderwright.importing import parsing\n"
        "parsing._limit_self()\n"
        "try:\n    held = bytearray(parsing.MEMORY)\n    grew = True\n"
        "except MemoryError:\n    grew = False\n"
        "try:\n    os.write(os.open('n', os.O_CREAT | os.O_WRONLY), b'x')\n    wrote = True\n"
        "except OSError:\n    wrote = False\n"
        "print(json.dumps([grew, wrote, resource.getrlimit(resource.RLIMIT_CPU)[0]]))"
    )
    said = subprocess.run(
        [sys.executable, "-I", "-X", "dev", "-c", program],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        preexec_fn=None,
    )
    assert json.loads(said.stdout or b"null") == [False, False, parsing.SECONDS]


def test_a_reader_that_hangs_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    from orderwright.importing import reading

    monkeypatch.setattr(reading, "PATIENCE", 0.5)
    monkeypatch.setattr(reading, "_PROGRAM", "timeit")
    before = set(os.listdir("/proc"))
    started = time.monotonic()
    with pytest.raises(Invalid) as refusal:
        read_table(b"a\n1\n")
    assert refusal.value.code == "unreadable_file"
    assert time.monotonic() - started < 3
    left = {one for one in set(os.listdir("/proc")) - before if one.isdigit()}
    assert not any(_runs_timeit(one) for one in left)


def _runs_timeit(process: str) -> bool:
    try:
        with open(f"/proc/{process}/cmdline", "rb") as file:
            return b"timeit" in file.read()
    except OSError:
        return False
