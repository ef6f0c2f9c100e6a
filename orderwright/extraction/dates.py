"""Dates and priorities: when the goods are wanted, resolved from the day of the order."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jänner janvier enero", "feb february februar février febrero",
            "mar march märz mars marzo mrz", "apr april avril abril", "may mai mayo",
            "jun june juni juin junio", "jul july juli juillet julio", "aug august août agosto",
            "sep sept september septembre septiembre", "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember décembre diciembre déc dic",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_DAYS = {
    name: number
    for number, names in enumerate(
        (
            "mon monday montag lundi lunes", "tue tues tuesday dienstag mardi martes",
            "wed weds wednesday mittwoch mercredi",
            "thu thur thurs thursday donnerstag jeudi jueves",
            "fri friday freitag vendredi viernes", "sat saturday samstag samedi sábado",
            "sun sunday sonntag dimanche domingo",
        )
    )
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(_MONTHS, key=len, reverse=True))
_DAY = "|".join(sorted(_DAYS, key=len, reverse=True))
_CUE = (
    r"(?P<cue>\b(?:deliver(?:y|ed)?|needed|required|need it|due|by|before|for|until|no later than"
    r"|latest|on|ship|lief(?:ern|erung|ertermin|erdatum)|anlieferung|bis(?: zum)?|am|livraison"
    r"|pour|le|avant"
    r"|entrega|para el|antes del?|el|want(?:ed)?|arrive)\b[\s:]{1,2}(?:(?:by|on|is|am|le|the|el"
    r"|zum|for|date|until|before|antes del?|del|bitte|:)\s{1,2}){0,3})?"
)
_PATTERNS = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("iso", _CUE + r"(?<![\w-])(?P<y>20\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\w-])"),
        ("numeric", _CUE + r"(?<![\w./-])(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)"
         r"(?P<y>20\d\d|\d\d)(?![\w/-]|\.\d)"),
        ("short", _CUE + r"(?<![\w./-])(?P<a>\d{1,2})(?P<s>[./])(?P<b>\d{1,2})"
         r"(?P<t>\.?)(?![\w/\"'-]|[.,]\d)"),
        ("day_month", _CUE + rf"(?<![\w.,])(?P<d>\d{{1,2}})(?:st|nd|rd|th|\.|er)?\s{{0,2}}"
         rf"(?:of\s|de\s)?(?P<m>{_MONTH})\b\.?(?:,?\s(?:de\s)?(?P<y>20\d\d))?"),
        ("month_day", _CUE + rf"\b(?P<m>{_MONTH})\b\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?\b"
         r"(?!\s?(?:x|pcs|kg|[a-z]{1,2}\d))(?:,?\s(?P<y>20\d\d))?"),
        ("weekday", rf"\b(?P<cue>by|on|for|before|until|this|next|bis|am|para el|pour|nächsten"
        rf"|coming|due|deliver(?:y|ed)?)\s(?:next\s|this\s|coming\s|on\s|zum\s|el\s"
        rf"|by\s)?(?P<w>{_DAY})\b(?:\s?'s)?"),
        ("in_span", r"\b(?P<cue>in|within|inside|innerhalb von|dans|en)\s(?P<n>\d{1,2}|one|two"
        r"|three|four|a|zwei|drei|deux|dos|next)\s(?P<u>days?|weeks?|months?|tagen?|wochen?"
        r"|jours?|semaines?|días|dias|semanas?)\b"),
        ("next_week", r"\b(?P<cue>next week|nächste woche|la semaine prochaine|próxima semana)\b"),
        ("tomorrow", r"\b(?P<cue>tomorrow|morgen früh|bis morgen|demain|mañana|kal tak)\b"),
        ("today", r"\b(?P<cue>by today|for today|same day)\b"),
        ("month_end", r"\b(?P<cue>end of (?:the |this )?month|monatsende|fin de mes|fin du mois"
        r"|eom)\b"),
        ("week_end", r"\b(?P<cue>end of (?:the |this )?week|this week|diese woche)\b"),
        ("calendar_week", r"\b(?P<cue>kw|cw|week)\s?(?P<n>[0-5]?\d)\b"),
    )
)  # fmt: skip
_COUNTS = {
    "one": 1,
    "a": 1,
    "next": 1,
    "two": 2,
    "zwei": 2,
    "deux": 2,
    "dos": 2,
    "three": 3,
    "drei": 3,
    "four": 4,
}
_HIGH = re.compile(
    r"\b(?:rush|urgent(?:ly|e|es)?|a\.?s\.?a\.?p\b\.?|high priority|top priority|expedite[d]?"
    r"|priority"
    r"|eilt|dringend|eilig|schnellstmöglich|urgence|urgente?|lo antes posible|jaldi|emergency)\b"
)
_LOW = re.compile(
    r"\b(?:no rush|not urgent|whenever|no hurry|low priority|keine eile|nicht eilig|pas urgent"
    r"|sin prisa)\b"
)
_PAST = re.compile(
    r"\b(?:sent|date[d]?|vom|from|du|del|last|datum|fecha|gesendet|order date|wrote|confirm"
    r"|confirm receipt|reply|answer)\b[\s:]{0,3}$"
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A date in the text. `day` is None when it is no day by which something is wanted."""

    start: int
    end: int
    day: date | None
    cued: bool


def find_dates(lower: str, *, today: date, day_first: bool | None) -> list[Wanted]:
    """Every date in the text, in order; a day without a year is the next such day."""
    found: list[Wanted] = []
    taken: set[int] = set()
    first = _european(lower) if day_first is None else day_first
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(lower):
            if any(at in taken for at in range(match.start(), match.end())):
                continue
            cued = bool(match.group("cue"))
            if name == "short" and not _is_short_date(match, cued):
                continue
            if name == "month_day" and not cued and match["m"] in ("may", "mar", "mars", "mai"):
                continue
            day = _resolve(name, match, today, first)
            if day is None and name != "calendar_week":
                continue
            past = bool(_PAST.search(lower, max(0, match.start() - 24), match.start()))
            useful = not past and day is not None and (cued or name not in ("iso", "numeric"))
            taken.update(range(match.start(), match.end()))
            end = match.end() - (lower[match.end() - 1] == ".")
            found.append(Wanted(match.start(), end, day if useful else None, cued))
    return sorted(found, key=lambda one: one.start)


def find_priority(lower: str) -> tuple[str, int, int] | None:
    """`high` or `low` with where it is said, if the notes say it."""
    low = _LOW.search(lower)
    if low:
        return ("low", low.start(), low.end())
    high = _HIGH.search(lower)
    return ("high", high.start(), high.end()) if high else None


def _is_short_date(match: re.Match[str], cued: bool) -> bool:
    a, b = int(match["a"]), int(match["b"])
    if not (1 <= a <= 31 and 1 <= b <= 31 and (a <= 12 or b <= 12)):
        return False
    if match["s"] == ".":
        return cued and match["t"] == "." and b <= 12
    return cued and len(match["b"]) + len(match["a"]) >= 3


def _european(lower: str) -> bool:
    for match in re.finditer(r"(?<!\d)(\d{1,2})[./](\d{1,2})[./](?:20)?\d\d(?!\d)", lower):
        if int(match[1]) > 12:
            return True
        if int(match[2]) > 12:
            return False
    if re.search(r"(?<!\d)\d{1,2}\.\d{1,2}\.(?:20)?\d\d(?!\d)|€|£|\beur\b|\bgbp\b", lower):
        return True
    return not re.search(r"\$|\busd\b|\b[a-z]{2}\s\d{5}\b|\b\d{3}-\d{4}\b", lower)


def _resolve(name: str, match: re.Match[str], today: date, first: bool) -> date | None:
    try:
        day: date = _RESOLVERS[name](match, today, first)
        return day
    except (ValueError, OverflowError):
        return None


def _numeric(match: re.Match[str], today: date, first: bool) -> date:
    a, b = int(match["a"]), int(match["b"])
    day, month = (a, b) if first else (b, a)
    if month > 12:
        day, month = month, day
    year = match.groupdict().get("y")
    if year is None:
        return _next(today, month, day)
    return date(int(year) if len(year) == 4 else 2000 + int(year), month, day)


def _named(match: re.Match[str], today: date, first: bool) -> date:
    month, day = _MONTHS[match["m"]], int(match["d"])
    return date(int(match["y"]), month, day) if match["y"] else _next(today, month, day)


def _next(today: date, month: int, day: int) -> date:
    this = date(today.year, month, day)
    return this if this >= today else date(today.year + 1, month, day)


def _weekday(match: re.Match[str], today: date, first: bool) -> date:
    ahead = (_DAYS[match["w"]] - today.weekday()) % 7 or 7
    return today + timedelta(days=ahead)


def _in_span(match: re.Match[str], today: date, first: bool) -> date:
    count = int(match["n"]) if match["n"].isdigit() else _COUNTS[match["n"]]
    unit = match["u"]
    if unit.startswith(("week", "woche", "semain", "semana")):
        return today + timedelta(weeks=count)
    if unit.startswith("month"):
        month = today.month - 1 + count
        year, month = today.year + month // 12, month % 12 + 1
        return date(year, month, min(today.day, monthrange(year, month)[1]))
    return today + timedelta(days=count)


def _month_end(match: re.Match[str], today: date, first: bool) -> date:
    return today.replace(day=monthrange(today.year, today.month)[1])


def _week_end(match: re.Match[str], today: date, first: bool) -> date:
    return today + timedelta(days=(4 - today.weekday()) % 7)


def _calendar_week(match: re.Match[str], today: date, first: bool) -> date:
    week = int(match["n"])
    friday = date.fromisocalendar(today.year, week, 5)
    return friday if friday >= today else date.fromisocalendar(today.year + 1, week, 5)


_RESOLVERS = {
    "iso": lambda match, today, first: date(int(match["y"]), int(match["m"]), int(match["d"])),
    "numeric": _numeric,
    "short": _numeric,
    "day_month": _named,
    "month_day": _named,
    "weekday": _weekday,
    "in_span": _in_span,
    "next_week": lambda match, today, first: today + timedelta(days=7),
    "tomorrow": lambda match, today, first: today + timedelta(days=1),
    "today": lambda match, today, first: today,
    "month_end": _month_end,
    "week_end": _week_end,
    "calendar_week": _calendar_week,
}
