"""Read the words of a PDF back: enough of the format for documents that we print ourselves.

Content streams show glyphs by number; each font's ToUnicode map says which characters they stand
for. Positions are ignored: a text is found in the order in which it was drawn.
"""

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_STREAM = re.compile(rb"stream\r?\n(.*?)\nendstream", re.DOTALL)
_FONT_IN_USE = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\((.*?)(?<!\\)\)", re.DOTALL)


def text_of(pdf: bytes) -> str:
    """All words of all pages, joined without spaces that were not drawn."""
    objects = {int(number): body for number, body in _OBJECT.findall(pdf)}
    maps = _maps_by_font_name(objects)
    return "".join(_shown(stream, maps) for stream in _contents(objects))


def pages_of(pdf: bytes) -> int:
    """How many pages it has."""
    return len(re.findall(rb"/Type\s*/Page\b(?!s)", pdf))


def _contents(objects: dict[int, bytes]) -> list[bytes]:
    found = []
    for body in objects.values():
        if re.search(rb"/Type\s*/Page\b(?!s)", body):
            numbers = re.findall(rb"/Contents\s+(\d+) 0 R", body)
            found.extend(_stream(objects[int(number)]) for number in numbers)
    return found


def _stream(body: bytes) -> bytes:
    match = _STREAM.search(body)
    assert match is not None
    return zlib.decompress(match.group(1)) if b"/FlateDecode" in body else match.group(1)


def _maps_by_font_name(objects: dict[int, bytes]) -> dict[bytes, dict[int, str]]:
    found: dict[bytes, dict[int, str]] = {}
    for body in objects.values():
        for fonts in re.findall(rb"/Font\s*<<(.*?)>>", body, re.DOTALL):
            for name, number in re.findall(rb"/(\w+) (\d+) 0 R", fonts):
                reference = re.search(rb"/ToUnicode (\d+) 0 R", objects[int(number)])
                if reference is not None:
                    found[name] = _characters(_stream(objects[int(reference.group(1))]))
    return found


def _characters(cmap: bytes) -> dict[int, str]:
    found: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for glyph, code in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            found[int(glyph, 16)] = bytes.fromhex(code.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last, code in re.findall(rb"<(\w+)>\s*<(\w+)>\s*<(\w+)>", block):
            for offset in range(int(last, 16) - int(first, 16) + 1):
                found[int(first, 16) + offset] = chr(int(code, 16) + offset)
    return found


def _shown(stream: bytes, maps: dict[bytes, dict[int, str]]) -> str:
    characters: dict[int, str] = {}
    words = []
    for font, shown, literal in _FONT_IN_USE.findall(stream):
        if font:
            characters = maps.get(font, {})
            continue
        drawn = bytes.fromhex(shown.decode()) if shown else _unescaped(literal)
        glyphs = (int.from_bytes(drawn[at : at + 2], "big") for at in range(0, len(drawn) - 1, 2))
        words.extend(characters.get(glyph, "") for glyph in glyphs)
    return "".join(words)


def _unescaped(literal: bytes) -> bytes:
    plain = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}

    def replaced(match: re.Match[bytes]) -> bytes:
        escaped = match.group(1)
        if escaped.isdigit():
            return bytes([int(escaped, 8)])
        return plain.get(escaped, escaped)

    return re.sub(rb"\\([0-7]{1,3}|.)", replaced, literal, flags=re.DOTALL)
