"""Prepare notes for reading: one form of every character, and what kind of line each line is.

Characters are brought to NFKC with one kind of quote, dash and multiplication sign. A map of
offsets keeps the way back, so that every span points into the text as it was sent.
"""

import re
import unicodedata
from dataclasses import dataclass

from orderwright.kernel.errors import Invalid

LONGEST_NOTES = 20_000

_SAME = str.maketrans(
    {
        "‘": "'", "’": "'", "‚": "'", "‛": "'", "′": "'", "`": "'", "´": "'",
        "“": '"', "”": '"', "„": '"', "″": '"', "«": '"', "»": '"',
        "‐": "-", "‑": "-", "‒": "-", "–": "-", "—": "-", "―": "-", "−": "-",
        "×": "x", "✕": "x", "✖": "x", "⁄": "/", "∕": "/",
        "•": "*", "●": "*", "▪": "*", "‣": "*", "◦": "*", "·": "*", "○": "*", "■": "*",
        "✓": "*", "✔": "*", "\r": "\n", "\v": "\n", "\f": "\n", "\x85": "\n",
        "\u2028": "\n", "\u2029": "\n",
    }
)  # fmt: skip
_DROPPED = frozenset("\u200b\u200c\u200d\u2060\ufeff\u00ad\ufe0f")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the prepared text: `kind` is body, quoted, signature or header."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """The prepared text, the way back to the notes, and the lines."""

    notes: str
    text: str
    lower: str
    offsets: tuple[int, ...] | None
    lines: tuple[Line, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The span in the notes as sent, for a span in the prepared text."""
        if self.offsets is None:
            return (start, end)
        if start >= end:
            return (self.offsets[start], self.offsets[start])
        return (self.offsets[start], max(self.offsets[end], self.offsets[start] + 1))


def prepare(notes: str, *, read_quoted: bool = False) -> Prepared:
    """Prepare notes of at most 20,000 characters.

    Raises Invalid `notes_too_long`.
    """
    if len(notes) > LONGEST_NOTES:
        message = f"Notes can have at most {LONGEST_NOTES:,} characters; shorten or split them."
        raise Invalid("notes_too_long", message, fields={"notes": message})
    text, offsets = _normalised(notes)
    lower = text.lower()
    if len(lower) != len(text):
        lower = "".join(c.lower() if len(c.lower()) == 1 else c for c in text)
    return Prepared(notes, text, lower, offsets, tuple(_lines(lower, read_quoted)))


def normalised(text: str) -> str:
    """The same characters as prepared notes have, for names of the catalog."""
    return _normalised(text)[0]


def _normalised(notes: str) -> tuple[str, tuple[int, ...] | None]:
    if notes.isascii() and "\r" not in notes and "`" not in notes:
        return notes.translate(_SAME), None
    parts: list[str] = []
    offsets: list[int] = []
    at = 0
    while at < len(notes):
        end = at + 1
        while end < len(notes) and unicodedata.combining(notes[end]) and end - at < 8:
            end += 1
        piece = _one(notes, at, end)
        parts.append(piece)
        offsets.extend([at] * len(piece))
        at = end
    offsets.append(len(notes))
    return "".join(parts), tuple(offsets)


def _one(notes: str, at: int, end: int) -> str:
    cluster = notes[at:end]
    if end - at == 1:
        if cluster in _DROPPED:
            return ""
        if cluster == "\r" and notes[end : end + 1] == "\n":
            return " "
        if cluster.translate(_SAME) != cluster:
            return cluster.translate(_SAME)
        if cluster.isascii():
            return cluster
        if unicodedata.category(cluster) == "No" and unicodedata.decomposition(cluster).startswith(
            "<fraction>"
        ):
            glued = at > 0 and notes[at - 1].isdigit()
            return (" " if glued else "") + unicodedata.normalize("NFKC", cluster).translate(_SAME)
    return unicodedata.normalize("NFKC", cluster).translate(_SAME)


_REPLY = re.compile(
    r"^\s{0,4}(?:-{2,20}\s{0,3}(?:original message|forwarded message|urspr.{1,4}ngliche nachricht"
    r"|message d'origine|mensaje original)|_{10,80}\s{0,4}$"
    r"|(?:on|am|le|el)\s.{6,110}\s(?:wrote|schrieb|a .crit|escribi.)\s?[^:]{0,40}:\s{0,4}$)"
)
_MAIL_HEADER = re.compile(
    r"^\s{0,4}(?:from|von|de|sent|gesendet|envoy.|subject|betreff|cc|objet)\s?:"
)
_CLOSING = re.compile(
    r"^\W{0,3}(?:many thanks|thanks(?: a lot| so much| again| in advance| and regards)?"
    r"|thank you(?: very much| so much| in advance)?|thx|(?:with )?(?:best|kind|warm|many)"
    r"(?: regards| wishes)?|(?:best |kind )?regards|rgds|brgds|br|cheers|sincerely|yours"
    r"(?: sincerely| faithfully| truly)?|mit (?:freundlichen|besten|lieben) gr.{1,3}en"
    r"|(?:viele|beste|liebe|sch.ne) gr.{1,3}e|gru(?:ss|.)|lg|mfg|vg"
    r"|(?:bien )?cordialement|salutations|(?:un )?saludos?(?: cordiales)?|atentamente"
    r"|bien . vous|dhanyavaad"
    r"|shukriya)(?![a-z\u00c0-\u024f])\W{0,6}(?:[a-z\u00c0-\u024f]{2,14}\W{0,3}){0,2}$"
)
_FOOTER = re.compile(
    r"confidential|intended recipient|disclaimer|unsubscribe|registered (?:in|office)"
    r"|vat (?:no|reg|number)|sent from my|virus"
)
_HEADER = re.compile(
    r"^\W{0,3}(?:ship(?:ping)? to|deliver to|delivery address|bill to|invoice to|to|from|attn"
    r"|contact|phone|tel|fax|mobile|e-?mail|vendor(?: no)?|supplier|buyer|terms|payment"
    r"|lieferadresse|rechnung an|ship via|incoterms?|account|acct|sub-?total|total|grand total|sum"
    r"|summe|gesamt|netto|vat|mwst|tva|iva|currency)\b\W{0,3}\s*[:#]"
)
_BACK = re.compile(
    r"^\W{0,3}(?:p\.?\s?s\b|also\b|and (?:also|please)\b|plus\b|oh\b|one more)|"
    r"^\s{0,4}(?:[*-]\s{0,3}|\d{1,2}[.)]\s{1,3})?\d{1,5}\s{0,2}(?:x\s|pcs|pieces|box|bags?\b"
    r"|rolls?)"
)


def _lines(lower: str, read_quoted: bool) -> list[Line]:
    found: list[Line] = []
    at = 0
    quoted = signed = False
    for text in lower.split("\n"):
        end = at + len(text)
        stripped = text.strip()
        if not quoted and not read_quoted and stripped and _starts_reply(text, found, lower):
            quoted = True
        kind = "body"
        if (quoted or stripped.startswith(">")) and not read_quoted:
            kind = "quoted"
        elif (signed and stripped and not _BACK.match(text)) or _FOOTER.search(stripped):
            kind = "signature"
        elif _HEADER.match(stripped) or _REPLY.match(text) or _MAIL_HEADER.match(text):
            kind = "header"
        elif _CLOSING.match(stripped) and found:
            signed = any(line.kind == "body" and line.end > line.start for line in found)
            kind = "signature"
        elif signed and _BACK.match(text):
            signed = False
        found.append(Line(at, end, kind))
        at = end + 1
    return found


def _starts_reply(text: str, before: list[Line], lower: str) -> bool:
    if _REPLY.match(text):
        return True
    if not _MAIL_HEADER.match(text):
        return False
    return any(lower[line.start : line.end].strip() for line in before)
