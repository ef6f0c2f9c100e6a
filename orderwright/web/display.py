"""Values as people read them: money, quantities, days, instants, chips and links, safe as HTML.

Templates reach these through the tags of `orderwright`; columns of lists call them directly.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache
from secrets import token_urlsafe
from typing import Any, Final
from zoneinfo import ZoneInfo

from babel.dates import format_timedelta
from babel.numbers import get_currency_symbol
from django.templatetags.static import static
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.numbers import round_half_up
from orderwright.kernel.quantity import trim
from orderwright.web.vocabulary import word_of

LOCALE: Final = "en"
NOTHING: Final = mark_safe('<span class="nothing">—</span>')
_SHOWN_DECIMALS: Final = 3
_MONTHS: Final = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()
_RECENT_SECONDS: Final = 7 * 24 * 3600
_BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("Linux", "Linux"),
)


def money(value: Decimal | None, currency: str) -> str:
    """An amount with its currency's symbol and minor digits: $8,015.63."""
    return NOTHING if value is None else _with_symbol(format_money(value, currency), currency)


def price(value: Decimal | None, currency: str) -> str:
    """A unit price, with up to four decimals where it has them: $10.6875."""
    return NOTHING if value is None else _with_symbol(format_price(value, currency), currency)


def quantity(value: Decimal | None, unit: str = "") -> str:
    """A quantity or weight with thousands separated and no trailing zeros: 1,250.5 g."""
    if value is None:
        return NOTHING
    return f"{_grouped(trim(value))} {unit}" if unit else _grouped(trim(value))


def measured(value: Decimal | int | None, unit: str = "") -> str:
    """A quantity or weight as a scale shows it, for pages: with more than three decimals it is
    rounded, to three significant ones below 1, and its exact value is the title."""
    if value is None:
        return NOTHING
    value = Decimal(value)
    places = _SHOWN_DECIMALS - min(0, value.adjusted() + 1)
    rounded = round_half_up(value, places)
    if rounded == value:
        return quantity(value, unit)
    exact = quantity(value, unit)
    return format_html('<span title="{}">{}</span>', exact, quantity(rounded, unit))


def percent(fraction: Decimal | None) -> str:
    """A fraction as a percentage: 0.0825 is 8.25 %."""
    return NOTHING if fraction is None else f"{trim(fraction * 100)} %"


def day(value: date | None) -> str:
    """A calendar day: 22 Nov 2026, machine-readable too."""
    if value is None:
        return NOTHING
    return format_html(
        '<time datetime="{}">{} {} {}</time>',
        value.isoformat(),
        value.day,
        _MONTHS[value.month - 1],
        value.year,
    )


def plain_day(value: date) -> str:
    """A calendar day in words only: 22 Nov 2026."""
    return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"


def instant(
    value: datetime | None, *, now: datetime, timezone: str, times: str = "relative"
) -> str:
    """An instant: how long ago within a week, else its day; the exact time as the title.

    For people who prefer `times` to be exact, the exact time itself.
    """
    if value is None:
        return NOTHING
    local = value.astimezone(ZoneInfo(timezone))
    exact = f"{local.day} {_MONTHS[local.month - 1]} {local.year}, {local:%H:%M} {local:%Z}"
    ago = now - value
    if times == "exact":
        shown = exact
    elif abs(ago.total_seconds()) < _RECENT_SECONDS:
        shown = format_timedelta(-ago, add_direction=True, locale=LOCALE, threshold=1)
    else:
        shown = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
    machine = value.astimezone(UTC).isoformat(timespec="seconds")
    return format_html('<time datetime="{}" title="{}">{}</time>', machine, exact, shown)


def browser(agent: str) -> str:
    """The browser and system of a User-Agent, as people call them: Firefox on Linux."""
    name = next((shown for mark, shown in _BROWSERS if mark in agent), "")
    system = next((shown for mark, shown in _SYSTEMS if mark in agent), "")
    return " on ".join(part for part in (name, system) if part) or agent[:60]


def text(value: object) -> str:
    """A text, or a dash when there is none."""
    return (
        conditional_escape(value if isinstance(value, str) else str(value))
        if value not in (None, "")
        else NOTHING
    )


def icon(name: str) -> SafeString:
    """An icon in the colour and size of its text; what it means stands beside it in words."""
    return mark_safe(  # noqa: S308 - names come from templates and the vocabulary
        f'<svg class="icon" aria-hidden="true"><use href="{_sprite()}#{name}"/></svg>'
    )


def link(shown: object, url: str, *, look: str = "") -> SafeString:
    """A link inside the app."""
    if not look:
        return format_html('<a href="{}">{}</a>', url, shown)
    return format_html('<a href="{}" class="{}">{}</a>', url, look, shown)


def dialog_link(shown: object, url: str) -> SafeString:
    """A link that opens its page as a dialog."""
    return format_html(
        '<a href="{}" data-dialog hx-get="{}" hx-target="#dialog-content">{}</a>', url, url, shown
    )


def yes(value: object, shown: str = "Yes") -> str:
    """A tick with a word when it applies, nothing otherwise."""
    return format_html("{} {}", icon("check"), shown) if value else ""


def chip(axis: str, code: str | None, reasons: Iterable[Any] = (), count: int | None = None) -> str:
    """A status chip: icon and words; with reasons it says why on hover and on focus.

    Reasons are `kernel.reasons.Reason`s, dicts of the same shape, or sentences.
    """
    if not code:
        return NOTHING
    word = word_of(axis, code)
    shown = word.text if count is None else format_html("{} <b>{}</b>", word.text, count)
    sentences = [_sentence(reason) for reason in reasons or ()]
    look = f"chip chip-{word.tone} i-{word.icon}"
    if not sentences:
        return format_html('<span class="{}">{}</span>', look, shown)
    return with_tip(shown, sentences, look=look)


def active(is_active: bool) -> str:
    """Words for a record in use, a chip for one that is not."""
    return (
        mark_safe('<span class="quiet">Active</span>') if is_active else chip("active", "inactive")
    )


def with_tip(shown: object, sentences: Iterable[str], *, look: str = "tipped") -> SafeString:
    """Something that explains itself in a tooltip, by mouse and by keyboard."""
    name = f"tip-{token_urlsafe(4)}"
    return format_html(
        '<button type="button" class="{}" data-tip="{}" aria-describedby="{}">{}</button>'
        '<span class="tip" id="{}" role="tooltip" popover="manual">{}</span>',
        look,
        name,
        name,
        shown,
        name,
        format_html_join("", "<span>{}</span>", ((line,) for line in sentences)),
    )


def bar(segments: Iterable[tuple[str, Decimal]], label: str) -> SafeString:
    """A stacked bar of fractions of the whole (0 to 1), each in its tone; drawn without styles."""
    left = Decimal(0)
    drawn = []
    for tone, fraction in segments:
        width = max(Decimal(0), min(Decimal(1) - left, fraction))
        drawn.append((tone, trim(left * 100), trim(width * 100)))
        left += width
    return format_html(
        '<svg class="bar" role="img" aria-label="{}" viewBox="0 0 100 8" '
        'preserveAspectRatio="none"><rect class="bar-rest" width="100" height="8"/>{}</svg>',
        label,
        format_html_join("", '<rect class="bar-{}" x="{}" width="{}" height="8"/>', drawn),
    )


def _sentence(reason: Any) -> str:
    if isinstance(reason, str):
        return reason
    said = reason["text"] if isinstance(reason, dict) else reason.text
    return f"{said[:1].upper()}{said[1:]}"


@cache
def _sprite() -> str:
    return static("vendor/icons.svg")


@cache
def _symbol(currency: str) -> str:
    return get_currency_symbol(currency, locale=LOCALE)


def _with_symbol(amount: str, currency: str) -> str:
    sign, digits = ("-", amount[1:]) if amount.startswith("-") else ("", amount)
    symbol = _symbol(currency)
    space = "\N{NO-BREAK SPACE}" if symbol[-1:].isalpha() else ""
    return f"{sign}{symbol}{space}{_grouped(digits)}"


def _grouped(digits: str) -> str:
    whole, point, rest = digits.partition(".")
    return f"{int(whole):,}{point}{rest}" if not whole.startswith("-0") else digits
