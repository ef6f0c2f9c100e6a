"""Barcodes as shapes that a document draws: bars of a Code 128, modules of a square code.

Pure: a text in, numbers out. What a symbol cannot hold gives None, and the document shows the text
alone.
"""

from dataclasses import dataclass
from functools import lru_cache

import segno
import zint

_MOST_BARCODE_CHARACTERS = 60
_MOST_SQUARE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Square:
    """A square code: its size in modules, and one text of 0 and 1 for each row."""

    size: int
    rows: tuple[str, ...]


@lru_cache(maxsize=4096)
def code_128(text: str) -> tuple[int, tuple[tuple[int, int], ...]] | None:
    """Width in modules, and the bars as (left, width); None for what Code 128 cannot hold."""
    if not text or len(text) > _MOST_BARCODE_CHARACTERS or not text.isascii():
        return None
    symbol = zint.Symbol()
    symbol.symbology = zint.Symbology.CODE128
    try:
        symbol.encode(text)
        symbol.buffer_vector()
    except (RuntimeError, ValueError):
        return None
    drawn = symbol.vector
    if drawn is None or not drawn.rectangles:
        return None
    step = min(float(bar.width) for bar in drawn.rectangles)
    bars = tuple((round(bar.x / step), round(bar.width / step)) for bar in drawn.rectangles)
    return bars[-1][0] + bars[-1][1], bars


@lru_cache(maxsize=256)
def qr(text: str) -> Square | None:
    """A QR code of a text, with medium error correction; None for nothing or too much."""
    if not text or len(text) > _MOST_SQUARE_CHARACTERS:
        return None
    matrix = segno.make(text, error="m", micro=False).matrix
    rows = tuple("".join("1" if module else "0" for module in row) for row in matrix)
    return Square(len(rows), rows)
