"""Codes in the notes: SKUs, a partner's own item codes, and the customer's order number."""

import re

from orderwright.extraction import lexicon
from orderwright.extraction.claims import Claim
from orderwright.extraction.prepare import Prepared
from orderwright.extraction.retrieval import CatalogIndex, code_key

_CHUNK = re.compile(r"[^\W_]+(?:[-_./#][^\W_]+)*")
_PO = re.compile(
    r"\b(?:(?:purchase\s?order|p\.?\s?o\.?)(?:\sis)?|order|bestell(?:ung|nummer)?|pedido|commande)"
    r"\b\.?\s{0,2}"
    r"(?P<mark>(?:(?:no|nr|num(?:ber|mer)?|ref)\b\.?|nº|n°|#)\s{0,2}[:#]?|[:#])?\s{0,3}"
    r"(?P<code>(?=[a-z/-]{0,6}\d)[a-z\d][a-z\d/._-]{1,24}[a-z\d])"
)
_LONGEST_CODE = 40


def find_codes(prepared: Prepared, catalog: CatalogIndex) -> list[Claim]:
    """Every code of the catalog in the text. The claim's `why` is the code's key."""
    if not catalog.codes:
        return []
    found: list[Claim] = []
    chunks = [(m.start(), m.end()) for m in _CHUNK.finditer(prepared.lower)]
    at = 0
    while at < len(chunks):
        start, end = chunks[at]
        if end - start <= _LONGEST_CODE and _is_code(prepared, catalog, start, end):
            found.append(Claim("code", start, end, code_key(prepared.lower[start:end])))
        elif at + 1 < len(chunks) and chunks[at + 1][0] == end + 1 and prepared.lower[end] == " ":
            joined = _joined(prepared, catalog, start, chunks[at + 1])
            if joined:
                found.append(joined)
                at += 1
        at += 1
    return found


def _is_code(prepared: Prepared, catalog: CatalogIndex, start: int, end: int) -> bool:
    text = prepared.lower[start:end]
    key = code_key(text)
    if key not in catalog.codes:
        return False
    if text.isalpha():
        upper = prepared.text[start:end].isupper()
        return len(text) >= 3 and upper and not catalog.matches(lexicon.fold(text))
    if text.isdigit():
        return len(text) >= 4
    return len(key) >= 3


def _joined(
    prepared: Prepared, catalog: CatalogIndex, start: int, after: tuple[int, int]
) -> Claim | None:
    """`BP 220` for BP-220: letters, a space, digits."""
    head, tail = prepared.text[start : after[0] - 1], prepared.lower[after[0] : after[1]]
    if (
        not head.isalpha()
        or not head.isupper()
        or len(head) < 2
        or not tail[:1].isdigit()
        or len(tail) > 20
    ):
        return None
    key = code_key(head + tail)
    return Claim("code", start, after[1], key) if key in catalog.codes else None


def find_po_number(prepared: Prepared) -> tuple[int, int] | None:
    """Where the customer's own order number stands."""
    for match in _PO.finditer(prepared.lower):
        word = match.group(0)
        own = word.startswith(("p", "bestell"))
        marked = bool(match["mark"])
        digits = sum(c.isdigit() for c in match["code"])
        if digits < 3 or not (marked or own):
            continue
        line = next((x for x in prepared.lines if x.start <= match.start() <= x.end), None)
        if line is not None and line.kind in ("quoted", "signature"):
            continue
        return match.start("code"), match.end("code")
    return None
