"""The wording of e-mails: what each of them may name, how it reads unless somebody words it
differently, and how fields become words.

Pure. A field stands in double braces, like `{{ order.number }}`. Only the declared fields of a
template exist; there are neither conditions nor loops. A field without a value takes the space
before it along, and a line that held nothing else goes.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from orderwright.kernel.errors import Invalid
from orderwright.kernel.shapes import together

LONGEST_SUBJECT: Final = 200
LONGEST_TEXT: Final = 10_000
_FIELD: Final = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)
_GONE: Final = "\x00"


@dataclass(frozen=True, slots=True)
class Wording:
    """A subject and a text with fields in them."""

    subject: str
    text: str


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """One kind of e-mail: when it leaves, its own wording, its fields with sample values."""

    key: str
    name: str
    about: str
    wording: Wording
    samples: Mapping[str, str]


def rendered(wording: Wording, values: Mapping[str, str]) -> Wording:
    """The wording with the fields filled in; a subject is one line. Fields that are not among the
    values are empty."""
    subject = " ".join(_filled(wording.subject, values).split())
    return Wording(subject, _filled(wording.text, values).strip("\n") + "\n")


def check_wording(template: MailTemplate, subject: str, text: str) -> Wording:
    """The wording that somebody typed; what is left empty reads as it does by itself.

    Raises Invalid `unknown_field`, `too_long` with the fields that there are.
    """
    found = Wording(" ".join(subject.split()), text.replace("\r\n", "\n").strip())
    limits = {"subject": LONGEST_SUBJECT, "text": LONGEST_TEXT}
    refusals = []
    for name, most in limits.items():
        said = getattr(found, name)
        unknown = [one for one in _names(said) if one not in template.samples]
        if unknown:
            refusals.append(_unknown(name, unknown[0], template))
        elif "{{" in _FIELD.sub("", said) or "}}" in _FIELD.sub("", said):
            message = "A field has two braces before and after its name, like {{ order.number }}."
            refusals.append(Invalid("broken_field", message, fields={name: message}))
        elif len(said) > most:
            message = f"At most {most} characters."
            refusals.append(Invalid("too_long", message, fields={name: message}))
    if refusals:
        raise together(refusals)
    return Wording(found.subject or template.wording.subject, found.text or template.wording.text)


def _unknown(name: str, typed: str, template: MailTemplate) -> Invalid:
    shown = typed if len(typed) <= 40 else f"{typed[:40]}…"
    known = ", ".join(template.samples)
    message = f"There is no field “{shown}” here. There are: {known}."
    return Invalid("unknown_field", message, fields={name: message})


def _names(text: str) -> list[str]:
    return [found.group(1).strip() for found in _FIELD.finditer(text)]


def _filled(text: str, values: Mapping[str, str]) -> str:
    filled = _FIELD.sub(lambda found: values.get(found.group(1).strip(), "") or _GONE, text)
    lines = [line for line in filled.split("\n") if not line or line.strip(f"{_GONE} ")]
    shown = re.sub(f" *{_GONE}", "", "\n".join(lines))
    return re.sub(r"\n{3,}", "\n\n", shown)


_LINES: Final = (
    "        10 pcs    Round Diamond 3.5 mm  125.00 USD\n"
    "         4 pcs    Ring blank, 14k gold  340.00 USD"
)
_ADDRESS: Final = "Acme Fine Jewels\n1 Main Street\nBoston, MA 02108\nUnited States"
_ORDER: Final = {
    "organization.name": "Your company",
    "customer.name": "Acme Fine Jewels",
    "order.number": "SO-00042",
    "order.your_po": "(your PO 77812)",
}
_INVOICE: Final = {
    "organization.name": "Your company",
    "customer.name": "Acme Fine Jewels",
    "invoice.number": "INV-00042",
    "invoice.date": "2026-03-02",
    "invoice.due_date": "2026-04-01",
    "invoice.total": "465.00 USD",
    "invoice.balance": "465.00 USD",
    "invoice.lines": "        10 pcs    Round Diamond 3.5 mm  125.00\n"
    "         4 pcs    Ring blank, 14k gold  340.00",
    "invoice.totals": "Total 465.00 USD\nStill to pay 465.00 USD",
    "order.number": "SO-00042",
    "order.your_po": "(your PO 77812)",
    "message": "Thank you for your business.",
}

_ALL: Final = (
    MailTemplate(
        "acknowledgement",
        "Order acknowledgement",
        "To the acknowledgement contacts, when an order is issued with a confirmation. The order "
        "comes along as PDF.",
        Wording(
            "Order {{ order.number }} {{ order.your_po }}",
            "Dear {{ customer.name }},\n\n"
            "we have received your order {{ order.number }} {{ order.your_po }} and are working "
            "on it.\n{{ order.dates }}\n\n"
            "{{ order.lines }}\n\n"
            "{{ order.totals }}\n\n"
            "We ship to:\n{{ order.ship_to }}\n\n"
            "{{ organization.name }}",
        ),
        MappingProxyType(
            _ORDER
            | {
                "order.dates": "We promise it for 2026-03-12.",
                "order.lines": _LINES,
                "order.totals": "Merchandise         465.00 USD\nTotal               465.00 USD",
                "order.total": "465.00 USD",
                "order.ship_to": _ADDRESS,
                "order.lead": "Maya Chen",
            }
        ),
    ),
    MailTemplate(
        "shipment_notice",
        "Shipment notice",
        "To the acknowledgement contacts, when a shipment leaves and Settings, Orders says so.",
        Wording(
            "Order {{ order.number }} is on its way {{ order.your_po }}",
            "Dear {{ customer.name }},\n\n"
            "shipment {{ shipment.number }} of your order {{ order.number }} {{ order.your_po }} "
            "has left us with {{ shipment.carrier }}.\n\n"
            "{{ shipment.tracking }}\n\n"
            "{{ shipment.lines }}\n\n"
            "It goes to:\n{{ shipment.ship_to }}\n\n"
            "{{ organization.name }}",
        ),
        MappingProxyType(
            _ORDER
            | {
                "shipment.number": "SO-00042-1",
                "shipment.carrier": "UPS, Ground",
                "shipment.tracking_number": "1Z999AA10123456784",
                "shipment.tracking": "Tracking number 1Z999AA10123456784\n"
                "https://www.ups.com/track?tracknum=1Z999AA10123456784",
                "shipment.lines": "        10 pcs    Round Diamond 3.5 mm\n"
                "         4 pcs    Ring blank, 14k gold",
                "shipment.ship_to": _ADDRESS,
            }
        ),
    ),
    MailTemplate(
        "invoice_sent",
        "Invoice",
        "To the invoice contacts, when an invoice is sent. The invoice comes along as PDF.",
        Wording(
            "Invoice {{ invoice.number }}",
            "Dear {{ customer.name }},\n\n"
            "this is our invoice {{ invoice.number }} for your order {{ order.number }} "
            "{{ order.your_po }}.\n\n"
            "{{ message }}\n\n"
            "{{ invoice.lines }}\n\n"
            "{{ invoice.totals }}\n\n"
            "Please pay by {{ invoice.due_date }}.\n\n"
            "{{ organization.name }}",
        ),
        MappingProxyType(_INVOICE),
    ),
    MailTemplate(
        "invoice_reminded",
        "Reminder",
        "To whom the invoice went, when somebody reminds of it. The invoice comes along as PDF.",
        Wording(
            "Reminder: invoice {{ invoice.number }}",
            "Dear {{ customer.name }},\n\n"
            "our invoice {{ invoice.number }} was due on {{ invoice.due_date }} and is not yet "
            "paid.\n\n"
            "{{ message }}\n\n"
            "{{ invoice.lines }}\n\n"
            "{{ invoice.totals }}\n\n"
            "{{ organization.name }}",
        ),
        MappingProxyType(_INVOICE | {"reminder.count": "1"}),
    ),
    MailTemplate(
        "purchase_order",
        "Purchase order",
        "To the supplier, when a purchase order is issued with an e-mail. It comes along as PDF.",
        Wording(
            "Purchase order {{ order.number }}",
            "Dear {{ supplier.name }},\n\n"
            "please deliver what our purchase order {{ order.number }} lists; it is attached.\n"
            "{{ order.dates }}\n\n"
            "{{ order.lines }}\n\n"
            "Total {{ order.total }}\n\n"
            "Deliver to:\n{{ order.ship_to }}\n\n"
            "{{ order.lead }}, {{ organization.name }}",
        ),
        MappingProxyType(
            {
                "organization.name": "Your company",
                "supplier.name": "Rough Stones Ltd",
                "order.number": "PO-00017",
                "order.dates": "We need it by 2026-03-20.",
                "order.lines": "       100 pcs    Rough, 4 mm\n        20 g      Gold, 14k",
                "order.total": "1,240.00 USD",
                "order.ship_to": "Your company\n5 Hill Road\nAustin, TX 78701\nUnited States",
                "order.lead": "Maya Chen",
            }
        ),
    ),
    MailTemplate(
        "statement",
        "Statement",
        "To the invoice contacts of a customer, when somebody sends its statement. It comes along "
        "as PDF.",
        Wording(
            "Statement of {{ statement.until }}",
            "Dear {{ customer.name }},\n\n"
            "attached is your statement from {{ statement.first }} to {{ statement.until }}.\n\n"
            "{{ message }}\n\n"
            "Balance {{ statement.balance }}\n\n"
            "{{ organization.name }}",
        ),
        MappingProxyType(
            {
                "organization.name": "Your company",
                "customer.name": "Acme Fine Jewels",
                "statement.first": "2026-01-01",
                "statement.until": "2026-03-31",
                "statement.balance": "2,300.00 USD",
                "message": "Please check it against your books.",
            }
        ),
    ),
)
TEMPLATES: Final[Mapping[str, MailTemplate]] = MappingProxyType({one.key: one for one in _ALL})
