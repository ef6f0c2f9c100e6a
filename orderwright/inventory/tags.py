"""The tags that lots carry (domain 1.9): `GEMDIA0001`, and `GEMDIA0001-RCV1` made from it."""

import re
import unicodedata
from collections.abc import Collection

from orderwright.kernel.errors import Invalid

LONGEST = 50
SUFFIXES = {"received": "RCV", "rejected": "REJ", "scrap": "SCRAP"}

_TAG = re.compile(r"[A-Z0-9-]{1,50}", re.ASCII)
_DIGITS = 4


def tag_prefix(organization_prefix: str, product_short_name: str) -> str:
    """The letters before the running number, from which numbers are counted: `GEM` + `DIA`.

    Accents are dropped, everything but letters, digits and hyphens too; `LOT` when nothing is left.
    """
    plain = unicodedata.normalize("NFKD", f"{organization_prefix}{product_short_name}")
    letters = re.sub(r"[^A-Z0-9-]", "", plain.upper(), flags=re.ASCII)
    return letters[: LONGEST - 12] or "LOT"


def numbered_tag(prefix: str, number: int) -> str:
    """The tag with this running number of its prefix, four digits or more: `GEMDIA0001`."""
    digits = str(number).zfill(_DIGITS)
    return f"{prefix[: LONGEST - len(digits)]}{digits}"


def suffixed_tag(source_tag: str, kind: str, taken: Collection[str]) -> str:
    """The next free tag of what came of a lot: `-RCV1`, `-REJ1`, `-SCRAP1` and so on.

    `kind`: `received`, `rejected` or `scrap`. A tag that is too long loses letters of its source,
    never of its suffix. `taken` are tags that exist already.
    """
    number = 1
    while True:
        suffix = f"-{SUFFIXES[kind]}{number}"
        tag = f"{source_tag[: LONGEST - len(suffix)]}{suffix}"
        if tag not in taken:
            return tag
        number += 1


def stem_of(source_tag: str) -> str:
    """What every tag made from this one begins with, however long its suffix."""
    return source_tag[: LONGEST - 10]


def is_tag(text: str) -> bool:
    """Whether this could be the tag of a lot."""
    return _TAG.fullmatch(text) is not None


def check_tag(value: object, field: str = "tag_id") -> str:
    """A tag that a person gives, in capitals. Raises Invalid `invalid_tag`."""
    tag = value.strip().upper() if isinstance(value, str) else ""
    if not is_tag(tag):
        message = "A tag has up to 50 letters A to Z, digits and hyphens."
        raise Invalid("invalid_tag", message, fields={field: message})
    return tag
