"""Files are where a newcomer would look for them, and small enough to read."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "orderwright"

LONGEST_FILE = 350

# What an area may have, each file only where it is needed.
OF_EVERY_AREA = {"__init__", "apps", "rules", "models", "queries", "sql", "actions", "tasks"}

# Areas of values, pages and endpoints: one file for each subject, any name of the glossary.
FREE_AREAS = {"kernel", "web", "api"}

FORBIDDEN_WORDS = re.compile(
    r"(^|_)(utils?|helpers?|managers?|services?|handlers?|data|infos?|misc|common|stuff|temp)(_|$)"
)


def declared() -> dict[str, set[str]]:
    """What each area has besides the files of every area."""
    lines = (Path(__file__).parent / "declared_files.txt").read_text().splitlines()
    pairs = (line.split(":") for line in lines if line and not line.startswith("#"))
    return {area: set(names.split()) for area, names in pairs}


def areas() -> list[str]:
    return sorted(folder.name for folder in PACKAGE.iterdir() if (folder / "__init__.py").exists())


def committed(*patterns: str) -> list[Path]:
    """The files under version control, or all that are not ignored where git is missing."""
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", *patterns],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [ROOT / name for name in names if (ROOT / name).is_file()]


def test_every_area_is_declared() -> None:
    assert set(areas()) - set(declared()) - FREE_AREAS == set()


@pytest.mark.parametrize("area", [area for area in areas() if area not in FREE_AREAS])
def test_an_area_has_declared_files_only(area: str) -> None:
    names = {file.stem for file in (PACKAGE / area).glob("*.py")}
    assert sorted(names - OF_EVERY_AREA - declared().get(area, set())) == []


def test_no_name_hides_what_it_holds() -> None:
    files = committed("orderwright/*.py", "tests/*.py", "bench/*.py", "scripts/*.py")
    assert [str(file) for file in files if FORBIDDEN_WORDS.search(file.stem)] == []


def test_no_file_is_too_long_to_read() -> None:
    long = {
        str(file.relative_to(ROOT)): count
        for file in committed("orderwright/*.py")
        if "migrations" not in file.parts
        and (count := len(file.read_text().splitlines())) > LONGEST_FILE
    }
    assert long == {}


REGISTRY_ADDRESSES = re.compile(
    r"(pypi\.org|pythonhosted\.org|registry\.npmjs|npmjs\.(org|com)|deb\.debian\.org|--(extra-)?index-url)"
)
MACHINE_PATHS = re.compile(r"(?<![\w.])/(root|work|home/\w+|opt|mnt)/[\w.]")


def test_no_file_names_a_registry_or_a_machine() -> None:
    found = [
        f"{file.relative_to(ROOT)}: {match.group(0)}"
        for file in committed()
        if file != Path(__file__) and file.suffix not in {".png", ".woff2", ".ttf", ".otf", ".ico"}
        for pattern in (REGISTRY_ADDRESSES, MACHINE_PATHS)
        for match in pattern.finditer(file.read_text(errors="replace"))
    ]
    assert found == []
