"""What every new organization starts with: system terms, the usual carriers, its first staff."""

from typing import Final
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.directory.models import Carrier, CarrierOption, PaymentTerm, ShippingTerm, Staff
from orderwright.identity.caller import Caller
from orderwright.identity.models import User

# The usual terms of trade (domain 1.18): code, name, net days, timing.
_PAYMENT_TERMS: Final = (
    ("DUE", "Due on Receipt", 0, "on_receipt"),
    ("PREPAID", "Prepaid", None, "before_ship"),
    ("CIA", "Cash in Advance", None, "before_issue"),
    ("COD", "Cash on Delivery", None, "on_delivery"),
    ("CCD", "Credit Card on Delivery", None, "on_delivery"),
    ("NET15", "Net 15", 15, "net"),
    ("NET30", "Net 30", 30, "net"),
    ("NET45", "Net 45", 45, "net"),
    ("NET60", "Net 60", 60, "net"),
    ("NET90", "Net 90", 90, "net"),
)
_DEFAULT_PAYMENT_TERM: Final = "NET30"

_SHIPPING_TERMS: Final = (
    ("Prepaid", "free_freight"),
    ("Prepaid and Billed", "carrier_rate_freight"),
    ("Freight Collect", "free_freight"),
)
_DEFAULT_SHIPPING_TERM: Final = "Prepaid"

# Domain 1.16: name, code, kind, and the service levels (code, name, days in transit).
_CARRIERS: Final = (
    (
        "Canada Post",
        "canada_post",
        "integrated",
        (("regular", "Regular Parcel", 7), ("xpresspost", "Xpresspost", 2)),
    ),
    ("DHL eCommerce", "dhl_ecommerce", "integrated", (("ground", "SmartMail Ground", 5),)),
    (
        "DHL Express",
        "dhl_express",
        "integrated",
        (("worldwide", "Express Worldwide", 3), ("1200", "Express 12:00", 2)),
    ),
    (
        "FedEx",
        "fedex",
        "integrated",
        (
            ("ground", "Ground", 4),
            ("2day", "2Day", 2),
            ("priority_overnight", "Priority Overnight", 1),
        ),
    ),
    (
        "UPS",
        "ups",
        "integrated",
        (("ground", "Ground", 4), ("2nd_day", "2nd Day Air", 2), ("next_day", "Next Day Air", 1)),
    ),
    ("USA Export", "usa_export", "custom", ()),
    (
        "USPS",
        "usps",
        "integrated",
        (("ground_advantage", "Ground Advantage", 4), ("priority", "Priority Mail", 2)),
    ),
    ("Will Call", "will_call", "custom", ()),
    ("Own Delivery", "delivery", "custom", ()),
    ("LTL", "ltl", "custom", ()),
    ("Freight Collect", "freight_collect", "custom", ()),
)
_DEFAULT_CARRIER: Final = "ups"


def equip_organization(by: Caller) -> None:
    """Give a new organization the system terms and carriers (domain 1.16, 1.18).

    Defaults: Net 30, Prepaid freight, UPS Ground. The statements do not depend on how many.
    """
    _insert_terms(by.organization_id)
    _insert_carriers(by.organization_id)
    _insert_first_staff(by.organization_id)
    activity.record(by, "organization.equipped", by.organization_id)


def _insert_terms(organization_id: UUID) -> None:
    PaymentTerm.objects.bulk_create(
        PaymentTerm(
            organization_id=organization_id,
            code=code,
            name=name,
            net_days=net_days,
            timing=timing,
            is_system=True,
            is_default=code == _DEFAULT_PAYMENT_TERM,
        )
        for code, name, net_days, timing in _PAYMENT_TERMS
    )
    ShippingTerm.objects.bulk_create(
        ShippingTerm(
            organization_id=organization_id,
            name=name,
            type=kind,
            is_system=True,
            is_default=name == _DEFAULT_SHIPPING_TERM,
        )
        for name, kind in _SHIPPING_TERMS
    )


def _insert_carriers(organization_id: UUID) -> None:
    carriers = [
        Carrier(
            organization_id=organization_id,
            name=name,
            code=code,
            kind=kind,
            is_default=code == _DEFAULT_CARRIER,
        )
        for name, code, kind, _ in _CARRIERS
    ]
    Carrier.objects.bulk_create(carriers)
    CarrierOption.objects.bulk_create(
        CarrierOption(
            organization_id=organization_id,
            carrier=carrier,
            code=code,
            name=name,
            transit_days=days,
            is_default=position == 0,
        )
        for carrier, (*_, options) in zip(carriers, _CARRIERS, strict=True)
        for position, (code, name, days) in enumerate(options)
    )


def _insert_first_staff(organization_id: UUID) -> None:
    """The founder may lead the first order."""
    Staff.objects.bulk_create(
        Staff(
            organization_id=organization_id,
            nickname=user.email.partition("@")[0][:80],
            email=user.email,
            user=user,
        )
        for user in User.objects.of(organization_id)
    )
