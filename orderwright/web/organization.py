"""The organization's own settings: what it is called, its units and numbers, how it prices."""

from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.directory import organization as house
from orderwright.identity.caller import SETTINGS, Caller
from orderwright.kernel.weight import GRAMS
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.records import values_of
from orderwright.web.road import page

URL: Final = "/settings/organization"

_PREFIX_HINT: Final = "A change affects new numbers only."
_INPUTS: Final = (
    Input("name", "Name", required=True, width="wide"),
    Input("country", "Country", "select", choices=lambda _: choices.countries(), none="Not said"),
    Input("timezone", "Time zone", required=True, hint="Like Europe/Berlin."),
    Input("default_currency", "Currency", required=True, hint="Three letters, like USD."),
    Input("default_weight_unit", "Weight unit", "select", choices=[(unit, unit) for unit in GRAMS]),
    Input("so_prefix", "Sales orders begin with", required=True, hint=_PREFIX_HINT),
    Input("po_prefix", "Purchase orders begin with", required=True, hint=_PREFIX_HINT),
    Input("invoice_prefix", "Invoices begin with", required=True, hint=_PREFIX_HINT),
    Input("tag_prefix", "Inventory tags begin with"),
)
# Settings of domain 1.1 whose work exists, by the name of their field.
_SWITCHES: Final = {
    "volume_applies": "pricing.volume_applies_to_customer_price",
    "tier_mode": "pricing.tier_mode",
    "auto_issue": "orders.auto_issue_on_submit",
    "allow_negative": "stock.allow_negative",
}
_SWITCH_INPUTS: Final = (
    Input(
        "tier_mode",
        "Volume tiers that an order reaches",
        "select",
        choices=[("compound", "All of them, one after the other"), ("highest", "The highest only")],
    ),
    Input("volume_applies", "Volume discounts also lower a customer’s own price", "check"),
    Input("auto_issue", "Issue each order as soon as it is submitted", "check"),
    Input("allow_negative", "Stock may go below zero", "check"),
)


def organization(request: HttpRequest) -> HttpResponse:
    """A form for the organization and its switches."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:read")
    now, fields = _values(by), (*_INPUTS, *_SWITCH_INPUTS)
    form = Form.of(now, merges=names_of(by, fields))
    if request.method == "POST":
        form = Form.posted(request)
        sent = {**sent_by(form, _INPUTS), "settings": _switches(form)}
        version = form.whole("version")
        if form.accept(
            lambda: house.change_organization(by=by, sent=sent, version=version),
            meanwhile=lambda: meanwhile_of(by, fields, now),
        ):
            return done(request, URL, "The organization is saved.")
    context = {
        "form": form,
        "inputs": bound(_INPUTS, by),
        "switches": bound(_SWITCH_INPUTS, by),
        "may_save": by.may("settings:update"),
    }
    return page(request, "organization.html", context, status=form.status)


def _values(by: Caller) -> dict[str, Any]:
    row = house.organization(by=by)
    held = {field: row.settings.get(key, SETTINGS[key]) for field, key in _SWITCHES.items()}
    return {**values_of(row), **held}


def _switches(form: Form) -> dict[str, Any]:
    sent = sent_by(form, _SWITCH_INPUTS)
    return {_SWITCHES[field]: value for field, value in sent.items()}
