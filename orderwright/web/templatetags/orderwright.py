"""Template tags and filters of the pages; what they show is made in `orderwright.web.display`."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django import template
from django.template import Context

from orderwright.kernel.ids import new_id
from orderwright.web import display
from orderwright.web.forms import Form

register = template.Library()

register.simple_tag(display.icon)
register.filter("money", display.money)
register.filter("price", display.price)
register.filter("text", display.text)


@register.simple_tag
def chip(axis: str, code: str | None, reasons: Iterable[Any] = (), count: int | None = None) -> str:
    """{% chip "fulfillment" order.fulfillment_status order.fulfillment_reasons %}"""
    return display.chip(axis, code, reasons, count)


@register.simple_tag
def tipped(shown: object, *sentences: str) -> str:
    """{% tipped "Short 4" "4 of 10 are promised without stock." %}: words with an explanation."""
    return display.with_tip(shown, sentences)


@register.simple_tag
def bar(label: str, *parts: object) -> str:
    """{% bar "40 % shipped" "green" shipped "blue" packed %}: tones with fractions of 1."""
    numbers = [Decimal(str(part or 0)) for part in parts[1::2]]
    return display.bar(zip(map(str, parts[::2]), numbers, strict=True), label)


@register.filter
def quantity(value: Decimal | None, unit: str = "") -> str:
    """{{ line.ordered|quantity:line.unit }}"""
    return display.measured(value, unit)


@register.filter
def percent(value: Decimal | None) -> str:
    """{{ customer.tax_rate|percent }}"""
    return display.percent(value)


@register.filter
def day(value: date | None) -> str:
    """{{ order.promised_on|day }}"""
    return display.day(value)


@register.simple_tag(takes_context=True)
def instant(context: Context, value: datetime | None) -> str:
    """{% instant event.at %}: relative, with the exact time in the organization's zone."""
    signed_in = context["request"].signed_in
    by = signed_in.caller
    zone = by.organization.timezone
    return display.instant(value, now=by.now, timezone=zone, times=signed_in.times)


@register.filter
def browser(agent: str) -> str:
    """{{ session.browser|browser }}: what a browser says of itself, short."""
    return display.browser(agent)


@register.filter
def value_in(name: str, form: Form | None) -> str:
    """{{ name|value_in:form }}: what was typed into a field, or what it starts with."""
    return "" if form is None else form.value(name)


@register.filter
def values_in(name: str, form: Form | None) -> list[str]:
    """The chosen values of a field that takes several."""
    return [] if form is None else form.several(name)


@register.filter
def error_in(name: str, form: Form | None) -> str:
    """{{ name|error_in:form }}: what is wrong with a field."""
    return "" if form is None else form.errors.get(name, "")


@register.filter
def may(by: Any, permission: str) -> bool:
    """{% if by|may:"products:update" %}"""
    return bool(by.may(permission))


@register.simple_tag
def once() -> str:
    """A key for one submission of one form: {% once %} in a hidden field `_once`."""
    return str(new_id())


@register.filter
def indexes_in(name: str, form: Form | None) -> list[int]:
    """The numbers of the rows of a field that repeats."""
    return [] if form is None else form.indexes(name)
