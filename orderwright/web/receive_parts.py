"""A receipt of very many lines is entered in parts: what was typed in one travels with the others.

Up to `AT_ONCE` lines stand on one page. Beyond that a part of them is shown, found by paging,
searching or scanning; of lines that nobody touched either nothing arrived or everything that is
outstanding, as the person says.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from orderwright.kernel.numbers import trim
from orderwright.purchasing.page import LineRow
from orderwright.web.forms import Form

AT_ONCE: Final = 100
PER_PART: Final = 50
OTHERS: Final = [
    ("nothing", "nothing of them arrived"),
    ("everything", "everything outstanding arrived"),
]


@dataclass(frozen=True, slots=True)
class Part:
    """The lines that are shown now. `first` and `last` count from one among the `found` lines."""

    lines: Sequence[LineRow]
    number: int
    count: int
    found: int
    total: int
    touched: int

    @property
    def first(self) -> int:
        """The place of the first line."""
        return (self.number - 1) * PER_PART + 1 if self.lines else 0

    @property
    def last(self) -> int:
        """The place of the last line."""
        return self.first + len(self.lines) - 1 if self.lines else 0

    @property
    def earlier(self) -> int:
        """The number of the part before, or 0."""
        return self.number - 1

    @property
    def later(self) -> int:
        """The number of the part after, or 0."""
        return self.number + 1 if self.number < self.count else 0


def start_of(line: LineRow, others: str = "everything") -> dict[str, str]:
    """What the card of a line says before anybody touches it."""
    arrived = trim(line.outstanding) if others == "everything" else ""
    return {"quantity": arrived, "quality": line.quality}


def gather(form: Form, lines: Sequence[LineRow], names: Collection[str]) -> None:
    """Put what was typed in other parts beside what was just sent, for every line that is touched
    or, when everything arrived of the others, for every line."""
    known = {str(line.id): line for line in lines}
    typed = _read_typed(form.value("typed"), known, names)
    for key in form.values.get("line", []):
        if key in known:
            sent = {name: form.value(f"{name}-{key}").strip() for name in names}
            if not sent.get("weight"):
                sent.pop("weight_unit", None)  # it is there on every card
            typed[key] = {name: text for name, text in sent.items() if text}
            start = start_of(known[key], form.value("drawn"))
            if typed[key] == {name: text for name, text in start.items() if text}:
                del typed[key]
    everything = form.value("others") == "everything"
    arrived = [key for key in known if key in typed or everything]
    form.values |= {"line": arrived, "typed": [json.dumps(typed) if typed else ""]}
    for key in arrived:
        held = typed[key] if key in typed else start_of(known[key])
        form.values |= {f"{name}-{key}": [held.get(name, "")] for name in names}


def part_of(form: Form, lines: Sequence[LineRow], codes: Mapping[Any, str]) -> Part:
    """The part that the form asks for; after a refusal the one with the first error."""
    words = form.value("q").strip().lower()
    found = [line for line in lines if not words or words in _text(line, codes)]
    count = max(1, -(-len(found) // PER_PART))
    number = min(max(1, form.whole("part") or 1), count)
    wrong = {name.partition("-")[2] for name in form.errors}
    for index, line in enumerate(found):
        if str(line.id) in wrong:
            number = index // PER_PART + 1
            break
    shown = found[(number - 1) * PER_PART : number * PER_PART]
    typed = json.loads(form.value("typed") or "{}")
    others = form.value("others") or "nothing"
    for line in shown:
        if str(line.id) not in typed:
            start = start_of(line, others)
            form.values |= {f"{name}-{line.id}": [text] for name, text in start.items()}
    form.values |= {"drawn": [others], "part": [str(number)]}
    return Part(shown, number, count, len(found), len(lines), len(typed))


def turn(form: Form) -> bool:
    """Whether the person only wants to see other lines; the form then says which."""
    wanted = form.value("go")
    if wanted.startswith("part-"):
        form.values["part"] = [wanted.removeprefix("part-")]
    elif wanted == "find":
        form.values["part"] = ["1"]
    return bool(wanted)


def _read_typed(
    text: str, known: Collection[str], names: Collection[str]
) -> dict[str, dict[str, str]]:
    """What was typed before; whoever tampers with it only misleads themselves."""
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {
        key: {name: str(value) for name, value in row.items() if name in names}
        for key, row in found.items()
        if key in known and isinstance(row, dict)
    }


def _text(line: LineRow, codes: Mapping[Any, str]) -> str:
    code = codes.get(line.product_id, "")
    texts = (f"{line.position}.", line.product_name, line.description, line.sku, code)
    return " ".join(text for text in texts if text).lower()
