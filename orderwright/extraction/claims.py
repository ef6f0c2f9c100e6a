"""Numbers that are no quantity, found by how they are written: phones, prices, addresses, ids.

Each pattern is linear in the length of the text: every repetition is bounded.
"""

import re
from dataclasses import dataclass

_MONEY = (
    r"(?:[$€£₹¥]|(?:us|c|a)\$|(?<![a-z])rs\.?[^\S\n]|(?<![a-z])(?:eur(?:o|os)?|usd|gbp|chf|inr|aud"
    r"|cad|rupees?|dollars?|pounds sterling)(?![a-z]))"
)
_NUMBER = r"\d{1,9}(?:[.,' ]\d{3}){0,4}(?:[.,]\d{1,4})?"
_UNITS = (
    r"(?:pc|pcs|piece|ea|each|kg|g|m|unit|box|pack|pair|roll|carton|case|bag|ltr|litre|l|st.ck|stk"
    r"|pièce|pieza|c/u|set|sheet|bottle|can|drum|hour|day|bottles?|metre|meter|ct)"
)
_ID_CUES = (
    r"(?:purchase\s?order|p\.?\s?o\.?|invoice|rechnung|facture|factura|quote|quotation|angebot"
    r"|devis"
    r"|cotización|contract|vertrag|account|acct|kunden(?:nummer|nr)|ticket|rfq|iban|ust-?id)"
)
# These words stand before quantities too ("order 500 flyers"), so they need "no." or a colon.
_MARKED_CUES = (
    r"(?:(?:sales|work|job)?\s?order|bestell(?:ung|nummer)?|commande|pedido|offer|kunden|kunde"
    r"|customer"
    r"|vendor|supplier|client|case|reference|ref|job|project|projekt|vat|article|batch|lot|your"
    r"|our)"
)
_STREET = (
    r"(?:street|st|road|rd|lane|ln|avenue|ave|drive|dr|way|close|court|crescent|boulevard|blvd|row"
    r"|park|square|place|industrial estate|parkway|highway|terrace|grove|hill|gardens?)"
)

PATTERNS: tuple[tuple[str, str, re.Pattern[str]], ...] = tuple(
    (kind, why, re.compile(pattern))
    for kind, why, pattern in (
        ("web", "web or e-mail address", r"(?:https?://|www\.)[^\s()<>,]{1,300}"),
        ("web", "web or e-mail address", r"[\w.+-]{1,60}@[\w-]{1,60}(?:\.[\w-]{2,20}){1,4}"),
        (
            "phone",
            "phone number",
            r"(?:\b(?:tel(?:efon|ephone|éfono)?|phone|call(?: me)?(?: on| at)?"
            r"|ring(?: me)?(?: on| at)?"
            r"|mob(?:ile)?|cell|fax|handy|whatsapp|text me on"
            r"|[tmf])\b[.:]{0,2}\s{0,3}(?:no\.?\s{0,2})?)"
            r"(?=\+?[\d(])\+?\(?\d[\d\s()/.-]{5,22}\d",
        ),
        ("phone", "phone number", r"(?<![\w.])\+\d{1,3}[\s.-]?\(?\d[\d\s().-]{6,20}\d"),
        (
            "phone",
            "phone number",
            r"(?<![\w.,/-])0\d{2,5}[\s/-]\d{3,8}(?:[\s-]\d{2,6}){0,3}(?![\w.,])",
        ),
        ("phone", "phone number", r"(?<![\w.,/-])(?:\(?\d{3}\)?[ -])?\d{3}-\d{4}(?![\w-])"),
        (
            "time",
            "time of day",
            r"(?<![\w.,])\d{1,2}[:.]\d{2}\s?(?:am|pm|uhr|h)\b|(?<![\w.,])\d{1,2}\s?(?:am|pm|uhr"
            r"|o'clock)\b"
            r"|(?<![\w.,:])(?:[01]?\d|2[0-3]):[0-5]\d(?![\d:])",
        ),
        (
            "price",
            "price",
            rf"(?:@|\bat|\bà|\ba\b|\bfor\b|\bzu\b|\bje\b)?\s?{_MONEY}\s{{0,2}}{_NUMBER}(?:\s?k\b)?"
            rf"(?:\s{{0,2}}(?:/|per|pro|a|each|par|por)\s{{0,2}}{_UNITS}\b|\s(?:each|ea)\b)?",
        ),
        (
            "price",
            "price",
            rf"(?:@|\bat|\bà|\bzu\b|\bfor\b)?\s?(?<![\w.,]){_NUMBER}\s{{0,2}}(?:{_MONEY}"
            rf"|[$€£₹¥]|cents?|ct\.?/)"
            rf"(?![\w])(?!\s(?:pallet|palett|note|hook|box|slot|cylinder))(?:\s{{0,2}}(?:/|per"
            rf"|pro|a|la|each|par|por)\s{{0,2}}{_UNITS}\b|\s(?:each|ea)\b)?",
        ),
        (
            "price",
            "price",
            rf"@\s{{0,3}}{_NUMBER}(?:\s?/\s?{_UNITS}\b|\s(?:each|ea)\b)?(?:\s?=\s?{_NUMBER})?",
        ),
        (
            "price",
            "price",
            rf"(?<![\w.,]){_NUMBER}\s{{0,2}}(?:/|\bper\b|\bpro\b|\bpor\b"
            rf"|\bpar\b)\s{{0,2}}{_UNITS}\b",
        ),
        (
            "price",
            "price",
            rf"\b(?:price[sd]?|preis|prix|precio|cost(?:s|ing)?|rate|budget|total|max|under"
            rf"|subtotal|amount"
            rf"|discount|rabatt|moq)\b[\s:]{{0,3}}(?:(?:is|of|at|to|around|about|under|was|list"
            rf"|shows?)\s)?{_NUMBER}(?![\w%])",
        ),
        ("price", "price", r"\bat\s\d{1,6}[.,]\d{2}(?!\d)(?:\s(?:each|ea|a\s\w{1,8}))?"),
        ("price", "price", r"\b(?:set|change)\s(?:the\s)?prices?.{0,40}?\bto\s\d{1,6}"),
        (
            "identifier",
            "a reference number",
            rf"\b(?:{_ID_CUES}\b\.?\s{{0,2}}(?:(?:no|nr|num(?:ber|mer)?|ref)\b\.?|nº"
            rf"|n°)?\s{{0,2}}[:#]?"
            rf"|{_MARKED_CUES}\b\.?\s{{0,2}}(?:(?:(?:no|nr|num(?:ber|mer)?|ref|id)\b\.?|nº|n°"
            rf"|#)\s{{0,2}}[:#]?|[:#]))\s{{0,3}}#?"
            r"(?=[a-z/-]{0,6}\d)[a-z\d](?:[a-z\d/._-]{0,24}[a-z\d])?(?![\d])(?!\s?[x*]\s?\d)",
        ),
        (
            "identifier",
            "a reference number",
            r"\border\s(?=\d{2,6}[/-])\d{2,6}[/-]\d{2,8}",
        ),
        (
            "identifier",
            "a reference number",
            r"\bun\s?\d{4}\b|\bvat\s?[a-z]{2}\d{6,12}|#\d{3,12}\b|\bcas\s\d[\d-]{4,11}",
        ),
        ("identifier", "a reference number", r"(?<![\w-])[a-z]\d{1,3}-[a-z]\d{1,3}(?![\w-])"),
        (
            "address",
            "part of an address",
            rf"(?<![\w.,])\d{{1,4}}[a-z]?,?\s(?:[a-z\u00c0-\u024f'-]{{2,20}}\s){{1,3}}{_STREET}\b\.?(?!\s\d)",
        ),
        (
            "address",
            "part of an address",
            r"\b[a-z\u00c0-\u024f]{2,25}(?:stra(?:ße|sse)|str\.|weg|platz|allee|vej|gasse"
            r"|straat)\s\d{1,4}[a-z]?\b",
        ),
        (
            "address",
            "part of an address",
            r"\b(?:unit|dock|gate|suite|floor|room|bay|door|po box|postfach|building|warehouse"
            r"|plot|halle|tor|apt)\s\d{1,5}[a-z]?\b",
        ),
        ("address", "part of an address", r"\b[a-z]{1,2}\d[a-z\d]?\s\d[a-z]{2}\b"),
        (
            "pallet",
            "pallet count, not a quantity ordered",
            r"\b(?:on|auf|sur|en|onto)\s(?:\d{1,3}|one|two|a|an|ein|einer|zwei"
            r"|une?)\s(?:euro\s?)?(?:pallets?|paletten?|palettes?|palets?)\b",
        ),
        (
            "pallet",
            "pallet count, not a quantity ordered",
            r"\bpalett?en?anzahl\s(?:ist\s)?\d{1,4}|\b(?:max(?:imum)?\.?\s)?(?:height"
            r"|höhe)\s\d[\d.,]{0,6}\s?(?:m|cm)\b",
        ),
        (
            "terms",
            "payment or delivery terms",
            r"\b\d{1,3}\s(?:days?|tage|jours|días|dias)\s(?:net|netto|lead|credit|payment"
            r"|after)\b|\b(?:payment|net|terms?|zahlbar)\s(?:in\s|of\s|net\s"
            r"|about\s)?\d{1,3}(?:\s(?:days?|tage|hours?|weeks?))?\b|\b\d{1,3}\s(?:working\s"
            r"|business\s)?(?:days?|tage|hours?)\b",
        ),
    )
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A stretch of the text that is something else than a product or a quantity."""

    kind: str
    start: int
    end: int
    why: str


_POSITION = re.compile(
    r"(?m)^\s{0,8}(?:[*>#-]{1,2}\s{0,3})?(?:(?:item|pos(?:ition)?|line|pos\.)\s?\d{1,3}\s?[:.)-]"
    r"|\(?\d{1,3}[.)](?=\s)|\(?[a-h]\)(?=\s))"
)


def find_claims(lower: str) -> list[Claim]:
    """All claims in the prepared lower-case text, ordered, none inside another."""
    found: list[Claim] = []
    found.extend(
        Claim("position", match.start(), match.end(), "position in a list")
        for match in _POSITION.finditer(lower)
    )
    for kind, why, pattern in PATTERNS:
        for match in pattern.finditer(lower):
            start = match.start()
            while start < match.end() and lower[start].isspace():
                start += 1
            found.append(Claim(kind, start, match.end(), why))
    return settle(found)


def settle(found: list[Claim]) -> list[Claim]:
    """Drop every claim that overlaps an earlier, stronger one."""
    kept: list[Claim] = []
    taken: set[int] = set()
    for claim in found:
        span = range(claim.start, claim.end)
        if claim.end <= claim.start or any(at in taken for at in span):
            continue
        taken.update(span)
        kept.append(claim)
    return sorted(kept, key=lambda claim: claim.start)
