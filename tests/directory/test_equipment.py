"""What a new organization finds when it starts."""

import pytest

from orderwright.directory.models import Carrier, CarrierOption, PaymentTerm, ShippingTerm, Staff
from tests.company import found_company

pytestmark = pytest.mark.django_db


def test_a_new_organization_has_the_usual_terms_and_pays_in_thirty_days() -> None:
    company = found_company()
    terms = PaymentTerm.objects.of(company.id).order_by("code")
    assert [term.code for term in terms] == [
        "CCD", "CIA", "COD", "DUE", "NET15", "NET30", "NET45", "NET60", "NET90", "PREPAID",
    ]  # fmt: skip
    assert terms.get(is_default=True).net_days == 30
    assert all(term.is_system for term in terms)


def test_a_new_organization_ships_prepaid_by_ups_ground_unless_told_otherwise() -> None:
    company = found_company()
    assert ShippingTerm.objects.of(company.id).get(is_default=True).type == "free_freight"
    carrier = Carrier.objects.of(company.id).get(is_default=True)
    assert carrier.code == "ups"
    option = CarrierOption.objects.of(company.id).get(carrier=carrier, is_default=True)
    assert option.name == "Ground"


def test_the_founder_can_lead_the_first_order() -> None:
    company = found_company(email="ada@works.example")
    staff = Staff.objects.of(company.id).get()
    assert (staff.nickname, staff.user_id) == ("ada", company.user_id)
