"""Texts in files that spreadsheets open: none of them may be taken for a formula."""

import re
from typing import Final

# What a spreadsheet might compute, behind any marks of ours or of others.
_STARTS_FORMULA: Final = re.compile(r"'*(?:[\s\x00]*[=+\-@＝＋－＠]|[\t\r\n])")


def quoted(text: str) -> str:
    """The text with an apostrophe before it when it could start a formula; `unquoted` undoes."""
    return f"'{text}" if _STARTS_FORMULA.match(text) else text


def unquoted(text: str) -> str:
    """The text as it was before `quoted`."""
    return text[1:] if text.startswith("'") and _STARTS_FORMULA.match(text[1:]) else text
