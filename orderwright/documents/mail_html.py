"""The HTML of an e-mail, made from its text: the same words, nothing that is fetched.

Pure. Paragraphs are kept, what is set in columns stays in columns, and an address of the web
becomes a link. Everything else is escaped.
"""

import re
from html import escape
from typing import Final

_WEB_ADDRESS: Final = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)]")
_COLUMNS: Final = re.compile(r"\S {2,}\S|^ {2,}\S", re.MULTILINE)
# What cannot stand in HTML at all: control characters but line ends and tabs.
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")

_FONT: Final = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Arial,sans-serif"
_BODY: Final = f"margin:0;padding:24px 12px;background:#f3f5f8;color:#1d2430;{_FONT}"
_SHEET: Final = (
    "max-width:640px;margin:0 auto;background:#ffffff;border:1px solid #dfe3ea;"
    "border-radius:8px;padding:28px 32px"
)
_PARAGRAPH: Final = "margin:0 0 16px;font-size:15px;line-height:1.5;overflow-wrap:anywhere"
_TABLE: Final = (
    "margin:0 0 16px;padding:12px;background:#f3f5f8;border-radius:6px;font-size:13px;"
    "line-height:1.5;font-family:ui-monospace,Consolas,Menlo,monospace;white-space:pre-wrap"
)
_FOOT: Final = "max-width:640px;margin:12px auto 0;font-size:12px;color:#5b6472;text-align:center"


def html_of(subject: str, text: str, organization: str) -> str:
    """A whole page of well-formed HTML that says what the text says."""
    blocks = "\n".join(_block(part) for part in re.split(r"\n\s*\n", _plain(text).strip("\n")))
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light">\n'
        f"<title>{escape(_plain(subject))}</title>\n</head>\n"
        f'<body style="{_BODY}">\n<div style="{_SHEET}">\n{blocks}\n</div>\n'
        f'<div style="{_FOOT}">{escape(_plain(organization))}</div>\n</body>\n</html>\n'
    )


def _block(text: str) -> str:
    """A paragraph, or lines whose columns stand below each other."""
    if _COLUMNS.search(text):
        return f'<pre style="{_TABLE}">{_linked(text)}</pre>'
    return f'<p style="{_PARAGRAPH}">{"<br>".join(_linked(text).splitlines())}</p>'


def _linked(text: str) -> str:
    """The text escaped, its addresses of the web as links."""
    parts, at = [], 0
    for found in _WEB_ADDRESS.finditer(text):
        address = escape(found.group())
        parts.append(escape(text[at : found.start()]))
        parts.append(f'<a href="{address}" style="color:#1f5fbf">{address}</a>')
        at = found.end()
    return "".join([*parts, escape(text[at:])])


def _plain(text: str) -> str:
    return _UNPRINTABLE.sub("", text.replace("\r\n", "\n"))
