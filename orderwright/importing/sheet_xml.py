"""What the parts of a workbook say, element by element; a parser calls `start`, `text` and `end`.

Names come with their namespace before a space; only what stands behind it matters here.
"""

from typing import Final

from orderwright.importing.text_tables import Unreadable

WIDEST: Final = 1_000
MOST_LINES: Final = 1_048_576  # as many as a sheet can have
MOST_TEXTS: Final = 3_000_000

Cell = tuple[str, str, str]  # its kind, its style, what stands in it
_NOTHING: Final[Cell] = ("", "", "")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class Book:
    """The sheets of a workbook, and the parts that they stand in."""

    def __init__(self) -> None:
        self.is_1904 = False
        self._sheets: list[tuple[str, str]] = []
        self._parts: dict[str, str] = {}

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A sheet, the calendar, or the part that an id stands for."""
        match _local(name):
            case "sheet":
                of_part = next((v for k, v in attributes.items() if _local(k) == "id"), "")
                self._sheets.append((attributes.get("state", "visible"), of_part))
            case "workbookPr":
                self.is_1904 = attributes.get("date1904") in ("1", "true")
            case "Relationship" if attributes.get("Type", "").endswith("/worksheet"):
                self._parts[attributes.get("Id", "")] = attributes.get("Target", "")

    def text(self, text: str) -> None:
        """Nothing of a workbook stands in texts."""

    def end(self, name: str) -> None:
        """Nothing ends."""

    def first_sheet(self) -> str | None:
        """The part of the first visible worksheet."""
        parts = [self._parts.get(part) for state, part in self._sheets if state == "visible"]
        return next((part for part in parts if part), None)


class Strings:
    """The texts that cells share, in their order."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self._pieces: list[str] | None = None
        self._is_phonetic = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A text begins; how it is spoken is none."""
        local = _local(name)
        if local == "si":
            self.texts.append("")
            if len(self.texts) > MOST_TEXTS:
                raise MemoryError
        elif local == "rPh":
            self._is_phonetic = True
        elif local == "t" and not self._is_phonetic:
            self._pieces = []

    def text(self, text: str) -> None:
        """A piece of it."""
        if self._pieces is not None:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """It ends."""
        local = _local(name)
        if local == "rPh":
            self._is_phonetic = False
        elif local == "t" and self._pieces is not None and self.texts:
            self.texts[-1] += "".join(self._pieces)
            self._pieces = None


class Styles:
    """The number formats of cells: of each style, and those of the workbook itself."""

    def __init__(self) -> None:
        self.own_formats: dict[int, str] = {}
        self.number_formats: list[int] = []
        self._in_cells = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A format, or a style that names one."""
        local = _local(name)
        if local == "numFmt":
            self.own_formats[int(attributes["numFmtId"])] = attributes.get("formatCode", "")
        elif local == "cellXfs":
            self._in_cells = True
        elif local == "xf" and self._in_cells:
            self.number_formats.append(int(attributes.get("numFmtId", "0")))

    def text(self, text: str) -> None:
        """Nothing of a style stands in texts."""

    def end(self, name: str) -> None:
        """The styles of cells end."""
        if _local(name) == "cellXfs":
            self._in_cells = False


class SheetRows:
    """The rows of a sheet as they come; formulas are left out, their values stay."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, list[Cell]]] = []
        self._number = 0
        self._cells: list[Cell] = []
        self._kind = self._style = ""
        self._place = 0
        self._pieces: list[str] = []
        self._is_value = False
        self._namespaced: dict[str, str] = {}

    def taken(self) -> list[tuple[int, list[Cell]]]:
        """The rows that came since the last time."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """A row, a cell, or its value."""
        local = self._namespaced.get(name) or self._namespaced.setdefault(name, _local(name))
        if local == "c":
            self._start_cell(attributes)
        elif local in ("v", "t"):
            self._is_value = True
        elif local == "row":
            number = attributes.get("r")
            self._number = int(number) if number else self._number + 1
            self._cells = []
            if not 0 < self._number <= MOST_LINES:
                raise ValueError("no sheet has this line")

    def text(self, text: str) -> None:
        """A piece of a value."""
        if self._is_value:
            self._pieces.append(text)

    def end(self, name: str) -> None:
        """A value, a cell or a row ends."""
        local = self._namespaced[name]
        if local in ("v", "t"):
            self._is_value = False
        elif local == "c":
            self._end_cell()
        elif local == "row":
            self._rows.append((self._number, self._cells))

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._kind = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._pieces = []
        reference = attributes.get("r")
        self._place = _column(reference) if reference else len(self._cells)
        if self._place >= WIDEST:
            message = f"Line {self._number} has more than {WIDEST} columns. Remove the empty ones."
            raise Unreadable("too_many_columns", message)

    def _end_cell(self) -> None:
        missing = self._place - len(self._cells)
        if missing > 0:
            self._cells.extend([_NOTHING] * missing)
        cell = (self._kind, self._style, "".join(self._pieces))
        if missing < 0:
            self._cells[self._place] = cell
        else:
            self._cells.append(cell)


def _column(reference: str) -> int:
    """`C7` → 2."""
    place = 0
    for sign in reference:
        if not "A" <= sign <= "Z":
            break
        place = place * 26 + ord(sign) - 64
        if place > WIDEST + 1:
            break
    return place - 1 if place else 0
