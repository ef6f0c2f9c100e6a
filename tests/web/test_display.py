"""Values as people read them."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_currency
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.money import round_money
from orderwright.kernel.reasons import Reason
from orderwright.web import display
from orderwright.web.vocabulary import AXES

WEB = Path(display.__file__).parent
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@given(
    st.decimals(min_value=-(10**9), max_value=10**9, places=4),
    st.sampled_from(["USD", "EUR", "GBP", "JPY", "KWD", "CHF", "INR"]),
)
def test_money_reads_as_babel_writes_it(amount: Decimal, currency: str) -> None:
    shown = display.money(amount, currency).replace("\N{NO-BREAK SPACE}", "")
    assert shown == format_currency(round_money(amount, currency), currency, locale="en")


def test_letters_stand_apart_from_the_amount() -> None:
    assert display.money(Decimal("-12.5"), "CHF") == "-CHF\N{NO-BREAK SPACE}12.50"


@pytest.mark.parametrize(
    ("value", "unit", "shown"),
    [
        ("1250.500000", "g", "1,250.5 g"),
        ("0", "pcs", "0 pcs"),
        ("-2.000", "pcs", "-2 pcs"),
        ("-0.5", "g", "-0.5 g"),
        ("1000000", "", "1,000,000"),
    ],
)
def test_quantities_have_no_trailing_zeros(value: str, unit: str, shown: str) -> None:
    assert display.quantity(Decimal(value), unit) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("3.1415926", '<span title="3.1415926 g">3.142 g</span>'),
        ("1234.56789", '<span title="1,234.56789 g">1,234.568 g</span>'),
        ("-2.0005", '<span title="-2.0005 g">-2.001 g</span>'),
        ("0.333333", '<span title="0.333333 g">0.333 g</span>'),
        ("0.012346", '<span title="0.012346 g">0.0123 g</span>'),
        ("0.000001", "0.000001 g"),
        ("2.500000", "2.5 g"),
        ("120", "120 g"),
        ("0", "0 g"),
    ],
)
def test_a_weight_is_shown_as_a_scale_shows_it_and_exactly_on_hover(value: str, shown: str) -> None:
    assert display.measured(Decimal(value), "g") == shown


def test_a_count_is_shown_as_it_is() -> None:
    assert display.measured(1000) == "1,000"


def test_a_price_keeps_up_to_four_decimals() -> None:
    assert display.price(Decimal("10.6875"), "USD") == "$10.6875"
    assert display.price(Decimal("10.5000"), "USD") == "$10.50"


def test_what_is_not_known_is_a_dash() -> None:
    shown = [display.money(None, "USD"), display.quantity(None), display.day(None)]
    assert shown == [display.NOTHING] * 3


def test_a_day_is_readable_by_people_and_programs() -> None:
    assert display.day(date(2026, 11, 2)) == '<time datetime="2026-11-02">2 Nov 2026</time>'


def instant(ago: timedelta) -> str:
    return display.instant(NOW - ago, now=NOW, timezone="Europe/Vienna")


def test_an_instant_is_relative_within_a_week_and_exact_in_its_title() -> None:
    assert instant(timedelta(hours=2)) == (
        '<time datetime="2026-03-02T07:00:00+00:00" title="2 Mar 2026, 08:00 CET">'
        "2 hours ago</time>"
    )
    assert ">22 Feb 2026<" in instant(timedelta(days=8))
    assert ">in 3 days<" in instant(-timedelta(days=3))


def test_a_chip_says_its_status_in_words_and_by_an_icon() -> None:
    shown = display.chip("stage", "issued")
    assert re.sub(r"<[^>]+>", "", shown) == "Issued"
    assert re.search(r'class="chip chip-blue i-[a-z-]+"', shown)


def test_a_chip_with_reasons_explains_itself_by_keyboard_too() -> None:
    shown = display.chip(
        "line", "shipped", [Reason("shipped", "4", "4", None, "4 of 4 shipped"), "By hand."]
    )
    name = re.search(r'aria-describedby="([^"]+)"', shown)
    assert shown.startswith('<button type="button"')
    assert name is not None
    assert f'id="{name[1]}" role="tooltip"' in shown
    assert re.findall(r"<span>([^<]+)", shown) == ["4 of 4 shipped", "By hand."]


def test_reasons_are_never_html() -> None:
    shown = display.chip("line", "shipped", ["<script>alert(1)</script>"])
    assert "<script>" not in shown


def test_every_status_has_words_an_icon_and_a_tone_that_exist() -> None:
    icons = set((WEB / "icons.txt").read_text().split())
    tones = {"grey", "blue", "amber", "green", "red", "violet"}
    words = [word for axis in AXES.values() for word in axis.values()]
    assert [word for word in words if word.icon not in icons or word.tone not in tones] == []


def test_a_bar_never_draws_more_than_the_whole() -> None:
    drawn = display.bar([("green", Decimal("0.8")), ("red", Decimal("0.5"))], "Progress")
    assert re.findall(r'width="([\d.]+)" height="8"/>', drawn) == ["100", "80", "20"]
