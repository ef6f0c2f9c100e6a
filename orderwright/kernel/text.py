"""Text that people type: what may be stored, and what must not be."""

import re
from typing import Final

from orderwright.kernel.errors import Invalid

LONGEST_REASON: Final = 500

# A card number in one run of digits, or in the groups in which cards are printed.
_RUN = re.compile(r"(?<!\d)\d{13,19}(?!\d)")
_GROUPS = re.compile(
    r"(?<![\d])[2-6]\d{3}[ .\-]\d{4}[ .\-]\d{4}[ .\-]\d{1,4}(?:[ .\-]\d{1,3})?(?!\d)"
    r"|(?<![\d])3\d{3}[ .\-]\d{6}[ .\-]\d{4,5}(?!\d)"
)
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def check_text(value: object, field: str, *, longest: int) -> str:
    """The text as typed, if it can be stored: at most `longest` characters, no NUL.

    Raises Invalid `invalid_text`.
    """
    if not isinstance(value, str):
        raise _invalid("invalid_text", "Give a text.", field)
    if len(value) > longest:
        raise _invalid("invalid_text", f"At most {longest} characters fit here.", field)
    if _UNSTORABLE.search(value):
        raise _invalid("invalid_text", "This text has characters that cannot be stored.", field)
    return value


def check_reason(value: object) -> str:
    """A reason that says something. Raises Invalid `invalid_text`, `reason_missing`."""
    said = check_text(value, "reason", longest=LONGEST_REASON).strip()
    if not said:
        raise Invalid("reason_missing", "Say why.", fields={"reason": "a reason is needed"})
    return said


def refuse_card_numbers(value: str, field: str) -> None:
    """Notes never keep a payment card's number (domain 1.3, 1.11).

    Raises Invalid `card_number` when 13 to 19 digits that pass the Luhn test stand in the text.
    """
    if has_card_number(value):
        message = "This looks like a payment card number. Remove it: notes must not contain one."
        raise _invalid("card_number", message, field)


def has_card_number(text: str) -> bool:
    """Whether the text holds what could be a card number: 13 to 19 digits, valid by Luhn."""
    found = [*_RUN.findall(text), *_GROUPS.findall(text)]
    return any(is_luhn_valid(re.sub(r"\D", "", digits)) for digits in found)


def is_luhn_valid(digits: str) -> bool:
    """The Luhn test over a string of digits; all zeros are no number."""
    total = 0
    for index, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + index % 2)
        total += value - 9 if value > 9 else value
    return total > 0 and total % 10 == 0


def _invalid(code: str, message: str, field: str) -> Invalid:
    return Invalid(code, message, fields={field: message})
