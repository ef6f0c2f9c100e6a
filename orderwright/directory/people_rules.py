"""What the organization, roles, logins and keys hold, and when they are sound (domain 1.1, 1.2)."""

from typing import Any, Final
from zoneinfo import available_timezones

from stdnum import iban

from orderwright.identity.permissions import every_permission
from orderwright.kernel import money, weight
from orderwright.kernel.fields import (
    choice,
    country,
    day,
    email,
    flag,
    identifier,
    instant,
    name,
    optional_text,
    tax_number,
    text,
    whole_number,
)
from orderwright.kernel.shapes import Field, Shape, invalid, required
from orderwright.kernel.text import check_text

SHORTEST_PASSWORD: Final = 8


def _lines(longest: int) -> Field:
    """A text of several lines."""

    def check(value: Any, field: str) -> str:
        return check_text(value, field, longest=longest).strip()

    return Field(check, {"type": ["string", "null"], "maxLength": longest}, default="")


def _iban() -> Field:
    """The number of a bank account, without its spaces."""

    def check(value: Any, field: str) -> str:
        account = check_text(value, field, longest=60).strip()
        if account and not iban.is_valid(account):
            raise invalid("invalid_iban", "This is no IBAN; check its digits.", field)
        return str(iban.compact(account)) if account else ""

    return Field(check, {"type": ["string", "null"], "maxLength": 60}, default="")


def _day_as_text() -> Field:
    """A day as settings keep it: JSON knows no dates."""
    taken = day()

    def check(value: Any, field: str) -> str | None:
        found = taken.check(value, field)
        return None if found is None else str(found.isoformat())

    return Field(check, taken.schema)


# Domain 1.1: the settings by their whole name.
SETTINGS: Final = Shape(
    {
        "pricing.volume_applies_to_customer_price": flag(default=True),
        "pricing.tier_mode": choice("compound", "highest", default="compound"),
        "pricing.unit_price_dp": whole_number(0, 4, default=4),
        "invoicing.mode": choice("on_shipment", "manual", default="on_shipment"),
        "orders.auto_issue_on_submit": flag(),
        "orders.auto_complete_when_paid": flag(default=True),
        "orders.estimate_days": whole_number(0, 3650, default=30),
        "shipping.notify_customer": flag(),
        "stock.allow_negative": flag(),
        "metrics.percent_dp": whole_number(0, 4, default=1),
        "production.due_offset_days": whole_number(0, 3650, default=7),
        "production.enforce_inventory_types": flag(),
        "invoicing.footer": _lines(2000),
        "invoicing.tax_number": tax_number(),
        "invoicing.iban": _iban(),
        "invoicing.show_photos": flag(),
        "security.second_factor_from": _day_as_text(),
    }
)


def check_timezone(value: Any, field: str) -> str:
    """The name of a timezone. Raises Invalid `unknown_timezone`."""
    if not isinstance(value, str) or value not in available_timezones():
        sentence = "Give the name of a timezone, like UTC or Europe/Berlin."
        raise invalid("unknown_timezone", sentence, field)
    return value


def check_settings(value: Any, field: str) -> dict[str, Any]:
    """Settings that exist, each with a value that it takes. Raises Invalid with their names."""
    if not isinstance(value, dict):
        raise invalid("invalid_input", "Give an object of settings.", field)
    for key in value:
        if key not in SETTINGS.fields:
            known = ", ".join(SETTINGS.fields)
            sentence = f"There is no such setting. There are {known}."
            place = f"{field}.{key[:80]}" if key.isascii() else field
            raise invalid("unknown_setting", sentence, place)
    return SETTINGS.of_change(value, f"{field}.")


def _prefix() -> Field:
    def check(value: Any, field: str) -> str:
        prefix = check_text(value, field, longest=12).strip()
        if not prefix.isascii() or not all(sign.isalnum() or sign in "-_/." for sign in prefix):
            raise invalid("invalid_prefix", "Use letters, digits and - _ / . only.", field)
        return prefix

    return Field(check, {"type": ["string", "null"], "maxLength": 12}, default="")


ORGANIZATION: Final = Shape(
    {
        "name": name(200),
        "short_name": text(50),
        "industry": text(80),
        "primary_domain": text(200),
        "street": text(200),
        "postal_code": text(20),
        "city": text(100),
        "state": text(100),
        "country": country(),
        "timezone": Field(check_timezone, {"type": "string"}, default="UTC"),
        "default_currency": required(optional_text(money.check_currency, 3)),
        "default_weight_unit": required(optional_text(weight.check_weight_unit, 8)),
        "so_prefix": required(_prefix()),
        "po_prefix": required(_prefix()),
        "invoice_prefix": required(_prefix()),
        "tag_prefix": _prefix(),
        "settings": Field(check_settings, SETTINGS.schema(), default={}),
    }
)


def _permissions() -> Field:
    known = every_permission()

    def check(value: Any, field: str) -> list[str]:
        if not isinstance(value, list | tuple):
            raise invalid("invalid_input", "Give a list of permissions.", field)
        for index, code in enumerate(value):
            if not isinstance(code, str) or code not in known:
                sentence = "There is no such permission, like sales_orders:read."
                raise invalid("unknown_permission", sentence, f"{field}.{index}")
        return sorted(set(value))

    schema = {"type": "array", "items": {"type": "string", "enum": sorted(known)}}
    return Field(check, schema, required=True)


ROLE: Final = Shape({"name": name(60), "permissions": _permissions()})


def _password() -> Field:
    def check(value: Any, field: str) -> str:
        password = check_text(value, field, longest=1000)
        if password and len(password) < SHORTEST_PASSWORD:
            sentence = f"A password needs at least {SHORTEST_PASSWORD} characters."
            raise invalid("password_too_short", sentence, field)
        return password

    return Field(check, {"type": ["string", "null"]}, default="")


USER: Final = Shape(
    {
        "email": required(email()),
        "first_name": text(80),
        "last_name": text(80),
        "role_id": required(identifier()),
        "status": choice("active", "invited", "disabled", default="active"),
        "password": _password(),
    }
)

# As people send it: the role by its name.
USER_AS_SENT: Final = Shape(
    {
        "email": USER.fields["email"],
        "role": required(text(60)),
        "password": USER.fields["password"],
        "first_name": USER.fields["first_name"],
        "last_name": USER.fields["last_name"],
        "status": USER.fields["status"],
    }
)

USER_FILTERS: Final = Shape({"status": choice("active", "invited", "disabled", default="")})

API_KEY: Final = Shape(
    {"name": name(80), "role_id": required(identifier()), "expires_at": instant()}
)

API_KEY_AS_SENT: Final = Shape(
    {"name": name(80), "role": required(text(60)), "expires_at": instant()}
)

PROFILE: Final = Shape(
    {
        "email": USER.fields["email"],
        "first_name": USER.fields["first_name"],
        "last_name": USER.fields["last_name"],
        "theme": choice("auto", "light", "dark", default="auto"),
        "times": choice("relative", "exact", default="relative"),
    }
)

JOINING: Final = Shape(
    {
        "first_name": text(80),
        "last_name": text(80),
        "password": required(_password()),
    }
)
