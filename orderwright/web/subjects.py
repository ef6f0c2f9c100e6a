"""The organization's own settings: a page for each subject, declared by its fields."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
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


@dataclass(frozen=True, slots=True)
class Example:
    """What a setting does, in numbers."""

    of: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsPage:
    """One subject. `inputs` are fields of the organization; `switches` those that stand for
    settings of domain 1.1, whose whole names `keys` tells. `links` lead to what belongs to it."""

    url: str
    title: str
    about: str
    icon: str
    inputs: Sequence[Input] = ()
    switches: Sequence[Input] = ()
    keys: Mapping[str, str] = field(default_factory=dict)
    examples: Sequence[Example] = ()
    links: Sequence[tuple[str, str]] = ()

    def view(self, request: HttpRequest) -> HttpResponse:
        """The form."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        by.must("settings:read")
        row = house.organization(by=by)
        inputs, now = (*self.inputs, *self.switches), self._values(row)
        form = Form.of(now, merges=names_of(by, inputs))
        if request.method == "POST":
            form = Form.posted(request)
            sent, version = self._sent(form), form.whole("version")
            if form.accept(
                lambda: house.change_organization(by=by, sent=sent, version=version),
                meanwhile=lambda: meanwhile_of(by, inputs, now),
            ):
                return done(request, self.url, "The settings are saved.")
            self._name_errors(form)
        context = {
            "pages": self,
            "form": form,
            "inputs": bound(inputs, by),
            "may_save": by.may("settings:update"),
            "has_logo": bool(row.logo_type),
        }
        return page(request, "settings/form.html", context, status=form.status)

    def _values(self, row: house.OrganizationRow) -> dict[str, Any]:
        held = {name: row.settings.get(key, SETTINGS[key]) for name, key in self.keys.items()}
        return {**values_of(row), **held}

    def _sent(self, form: Form) -> dict[str, Any]:
        sent = sent_by(form, self.inputs)
        switched = sent_by(form, self.switches)
        if switched:
            sent["settings"] = {self.keys[name]: value for name, value in switched.items()}
        return sent

    def _name_errors(self, form: Form) -> None:
        fields = {f"settings.{key}": name for name, key in self.keys.items()}
        form.errors = {fields.get(name, name): said for name, said in form.errors.items()}


_NEW_ONLY: Final = "A change affects new numbers only."

ORGANIZATION: Final = SettingsPage(
    url="/settings/organization",
    title="Organization",
    about="Its name, address and logo, currency, units and time zone.",
    icon="building",
    inputs=(
        Input("name", "Name", required=True, hint="Stands on documents."),
        Input("short_name", "Short name"),
        Input("industry", "Industry"),
        Input("primary_domain", "Web site"),
        Input("street", "Street", width="wide"),
        Input("postal_code", "Postal code", width="quarter"),
        Input("city", "City", width="quarter"),
        Input("state", "State", width="quarter"),
        Input(
            "country",
            "Country",
            "select",
            choices=lambda _: choices.countries(),
            none="Not said",
            width="quarter",
        ),
        Input("timezone", "Time zone", required=True, hint="Like Europe/Berlin."),
        Input(
            "default_currency",
            "Currency",
            required=True,
            hint="Three letters, like USD. For new orders and prices.",
        ),
        Input(
            "default_weight_unit",
            "Weight unit",
            "select",
            choices=[(unit, unit) for unit in GRAMS],
            hint="For new records and for the weights of orders.",
        ),
    ),
)

NUMBERS: Final = SettingsPage(
    url="/settings/numbers",
    title="Numbers",
    about="How the numbers of orders, invoices and tags begin, and how percentages look.",
    icon="hash",
    inputs=(
        Input("so_prefix", "Sales orders begin with", required=True, hint=_NEW_ONLY),
        Input("po_prefix", "Purchase orders begin with", required=True, hint=_NEW_ONLY),
        Input("invoice_prefix", "Invoices begin with", required=True, hint=_NEW_ONLY),
        Input("tag_prefix", "Inventory tags begin with", hint=_NEW_ONLY),
    ),
    switches=(
        Input(
            "percent_dp",
            "Decimals of percentages",
            "select",
            choices=[(str(digits), str(digits)) for digits in range(5)],
        ),
    ),
    keys={"percent_dp": "metrics.percent_dp"},
    examples=(Example("Decimals of percentages", "Two thirds is 66.7 % with 1, 66.67 % with 2."),),
)

PRICING: Final = SettingsPage(
    url="/settings/pricing",
    title="Pricing",
    about="How volume discounts add up, and how exact a unit price is.",
    icon="percentage",
    switches=(
        Input(
            "tier_mode",
            "Volume tiers that an order reaches",
            "select",
            choices=[
                ("compound", "All of them, one after the other"),
                ("highest", "The highest only"),
            ],
        ),
        Input(
            "unit_price_dp",
            "Decimals of a unit price",
            "select",
            choices=[(str(digits), str(digits)) for digits in range(5)],
        ),
        Input("volume_applies", "Volume discounts also lower a customer’s own price", "check"),
    ),
    keys={
        "tier_mode": "pricing.tier_mode",
        "unit_price_dp": "pricing.unit_price_dp",
        "volume_applies": "pricing.volume_applies_to_customer_price",
    },
    examples=(
        Example(
            "Volume tiers",
            "5 % from 10 pieces and 10 % from 50; a customer orders 60 at 100.00. "
            "One after the other: 100.00 less 5 % is 95.00, less 10 % is 85.50. "
            "The highest only: 90.00.",
        ),
        Example(
            "Decimals of a unit price",
            "10.00 less 1/3 is 6.6667 with 4 decimals and 6.67 with 2; lines are always rounded to "
            "the currency.",
        ),
        Example(
            "A customer’s own price",
            "A customer pays 80.00 for what costs 100.00, and 10 % volume discount applies. "
            "Ticked: 72.00. Not ticked: 80.00.",
        ),
    ),
    links=(
        ("Customer prices", "/pricing/customer-prices"),
        ("Volume discounts", "/pricing/volume-discounts"),
        ("Discount codes", "/pricing/discount-codes"),
    ),
)

ORDERS: Final = SettingsPage(
    url="/settings/orders",
    title="Orders",
    about="What happens to an order by itself, and which terms new orders take.",
    icon="file-text",
    switches=(
        Input(
            "auto_issue",
            "Issue each order as soon as it is submitted",
            "check",
            hint="Otherwise it is an estimate until somebody issues it.",
        ),
        Input(
            "auto_complete",
            "Complete an order once it is fulfilled and paid",
            "check",
            hint="Otherwise somebody completes it.",
        ),
        Input(
            "estimate_days",
            "Days that an estimate stands",
            "num",
            hint="0: without end. It is told on the estimate and hinders nothing.",
        ),
        Input(
            "notify_customer",
            "Tell customers by e-mail when a shipment leaves",
            "check",
            hint="To the acknowledgement contacts of the order, with the tracking number.",
        ),
    ),
    keys={
        "auto_issue": "orders.auto_issue_on_submit",
        "auto_complete": "orders.auto_complete_when_paid",
        "estimate_days": "orders.estimate_days",
        "notify_customer": "shipping.notify_customer",
    },
    examples=(
        Example(
            "Complete",
            "The last parcel of SO-1042 left on Monday, its invoice is paid on Friday. "
            "Ticked: SO-1042 is completed on Friday. Not ticked: it stays fulfilled.",
        ),
    ),
    links=(
        ("Payment terms, and which is the default", "/settings/payment-terms"),
        ("Shipping terms, and which is the default", "/settings/shipping-terms"),
        ("Carriers", "/settings/carriers"),
    ),
)

STOCK: Final = SettingsPage(
    url="/settings/stock",
    title="Stock",
    about="Whether more may be taken than is there.",
    icon="building-warehouse",
    switches=(
        Input(
            "allow_negative",
            "Stock may go below zero",
            "check",
            hint="For those who book receipts later than they ship.",
        ),
    ),
    keys={"allow_negative": "stock.allow_negative"},
    examples=(
        Example(
            "Below zero",
            "A lot holds 4 and 6 are taken. Ticked: it holds −2 until a receipt is booked. "
            "Not ticked: taking 6 is refused.",
        ),
    ),
    links=(("Locations", "/settings/locations"), ("Inventory", "/inventory")),
)

INVOICES: Final = SettingsPage(
    url="/settings/invoices",
    title="Invoices",
    about="When invoices are made, and what stands on them.",
    icon="file-invoice",
    switches=(
        Input(
            "invoicing_mode",
            "Invoices are made",
            "select",
            choices=[("on_shipment", "As drafts, with each shipment"), ("manual", "By hand")],
        ),
        Input("footer", "Text at the foot of each invoice", "area", hint="Bank account, VAT id."),
        Input("show_photos", "Show photos of products", "check"),
        Input(
            "tax_number",
            "Tax number",
            hint="Your VAT id, like DE123456788, or the number that your tax office gave you. "
            "E-invoices need it.",
        ),
        Input("iban", "IBAN", hint="The account that e-invoices ask to pay to."),
    ),
    keys={
        "invoicing_mode": "invoicing.mode",
        "footer": "invoicing.footer",
        "show_photos": "invoicing.show_photos",
        "tax_number": "invoicing.tax_number",
        "iban": "invoicing.iban",
    },
)

PRODUCTION: Final = SettingsPage(
    url="/settings/production",
    title="Production",
    about="When new jobs are due, and what stages may take.",
    icon="tool",
    switches=(
        Input("due_offset_days", "Days from today until a new job is due", "num"),
        Input(
            "enforce_inventory_types",
            "A stage takes only the types of inventory that it names",
            "check",
        ),
    ),
    keys={
        "due_offset_days": "production.due_offset_days",
        "enforce_inventory_types": "production.enforce_inventory_types",
    },
)

SECURITY: Final = SettingsPage(
    url="/settings/security",
    title="Signing in",
    about="Whether everybody needs a second factor.",
    icon="shield-check",
    switches=(
        Input(
            "second_factor_from",
            "Everybody needs a second factor from",
            "date",
            hint="Empty: nobody has to. Until that day people can get ready under their account; "
            "from then on they add an app or a passkey before anything else.",
        ),
    ),
    keys={"second_factor_from": "security.second_factor_from"},
    links=(("Users", "/settings/users"), ("API keys", "/settings/api-keys")),
)

ALL: Final = (ORGANIZATION, NUMBERS, PRICING, ORDERS, STOCK, PRODUCTION, INVOICES, SECURITY)
