"""Documents from templates: typst in this process, values as JSON, no network, no packages.

What people typed reaches a template as strings only, so that nothing of it is read as markup. A
template reads no file but its neighbours, and the only fonts are those that the package brings, so
that a document looks the same everywhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from typing import Any, Final

import orjson
import typst

_HERE: Final = Path(__file__).resolve().parent
_TEMPLATES: Final = _HERE / "templates"
_FONTS: Final = _HERE / "fonts"
_NO_PACKAGES: Final = _HERE / "templates" / "packages"
# An archive's standard refuses a character that no font has; people's names matter more.
_STANDARDS: Final = ("a-2b",)


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished document: its bytes, what they are, and the name of the file that holds it."""

    file_name: str
    content: bytes
    content_type: str = "application/pdf"


def to_pdf(template: str, values: Mapping[str, Any], *, at: datetime) -> bytes:
    """The document as PDF/A-2b, or as plain PDF when no font has one of its characters.

    The same values at the same instant give the same bytes. Raises TypstError for values that do
    not fit the template, which is a fault of ours.
    """
    try:
        return bytes(_PRESS.print(template, values, format="pdf", at=at, standards=_STANDARDS))
    except typst.TypstError:
        return bytes(_PRESS.print(template, values, format="pdf", at=at))


def to_png(
    template: str, values: Mapping[str, Any], *, at: datetime, ppi: int = 110
) -> list[bytes]:
    """The pages of the document as pictures. Raises TypstError as `to_pdf` does."""
    made = _PRESS.print(template, values, format="png", at=at, ppi=ppi)
    return made if isinstance(made, list) else [made]


class _Press:
    """One compiler for the process: it reads the fonts once, and prints one document at a time."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._compiler: Any = None

    def print(
        self,
        template: str,
        values: Mapping[str, Any],
        *,
        format: str,  # noqa: A002 - typst's own word
        at: datetime,
        standards: tuple[str, ...] = (),
        ppi: float | None = None,
    ) -> Any:
        """What the compiler makes, bytes or a list of them. Raises TypstError."""
        with self._lock:
            if self._compiler is None:
                self._compiler = _new_compiler()
            return self._compiler.compile(
                input=str(_TEMPLATES / f"{template}.typ"),
                format=format,
                ppi=ppi,
                sys_inputs={"document": orjson.dumps(values).decode()},
                pdf_standards=list(standards),
                timestamp=at.astimezone(UTC).replace(microsecond=0),
            )


def _new_compiler() -> Any:
    return typst.Compiler(
        root=str(_TEMPLATES),
        font_paths=[str(_FONTS)],
        ignore_system_fonts=True,
        package_path=str(_NO_PACKAGES),
        package_cache_path=str(_NO_PACKAGES),
    )


_PRESS: Final = _Press()
