"""Which pictures may stand on documents: told from their bytes, never from their names."""

from typing import Final

from orderwright.kernel.shapes import invalid

LARGEST: Final = 1024 * 1024
MOST_PIXELS: Final = 4000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_JPEG: Final = b"\xff\xd8\xff"
_FRAMES: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


def check_logo(content: bytes) -> str:
    """The type of a PNG or JPEG of at most 1 MB and 4000 pixels a side.

    SVG may hold scripts and is refused; so is a small file that unpacks into a huge picture.
    Raises Invalid `logo_too_large`, `logo_unreadable`.
    """
    if len(content) > LARGEST:
        raise invalid("logo_too_large", "A logo has at most 1 MB.", "logo")
    if content.startswith(_PNG):
        kind, size = "image/png", _size_of_png(content)
    elif content.startswith(_JPEG):
        kind, size = "image/jpeg", _size_of_jpeg(content)
    else:
        kind, size = "", None
    if size is None or not all(size):
        raise invalid("logo_unreadable", "Use a PNG or JPEG picture.", "logo")
    if max(size) > MOST_PIXELS:
        message = f"A logo has at most {MOST_PIXELS} pixels on each side."
        raise invalid("logo_too_large", message, "logo")
    return kind


def _size_of_png(content: bytes) -> tuple[int, int] | None:
    if len(content) < 33 or content[12:16] != b"IHDR":
        return None
    return int.from_bytes(content[16:20], "big"), int.from_bytes(content[20:24], "big")


def _size_of_jpeg(content: bytes) -> tuple[int, int] | None:
    """From the first frame header; the segments before it are skipped by their lengths."""
    at = 2
    while at + 9 <= len(content) and content[at] == 0xFF:
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4], "big")
        if marker in _FRAMES:
            height = int.from_bytes(content[at + 5 : at + 7], "big")
            return int.from_bytes(content[at + 7 : at + 9], "big"), height
        at += 2 + length
    return None
