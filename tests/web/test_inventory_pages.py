"""The pages of inventory: what people see of lots and do with them."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from django.test import Client

from orderwright.inventory import arrivals, lots
from orderwright.inventory.actions import Cause
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.models import Location, Lot, Movement
from orderwright.kernel.ids import new_id
from tests.company import Company

pytestmark = pytest.mark.django_db
Person = Callable[[str], Client]


@pytest.fixture
def gem(company: Company) -> UUID:
    return company.product(sku="GEM", name="Round Diamond")


def lot_of(company: Company, product: UUID, quantity: str = "10", **sent: object) -> UUID:
    company.enter()
    sent = {"product_id": product, "quantity": quantity, **sent}
    return lots.add_lot(by=company.by, sent=sent).id


def html_of(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def stored(company: Company, lot: UUID) -> Lot:
    company.enter()
    found: Lot = Lot.objects.get(pk=lot)
    return found


def test_an_empty_list_says_what_inventory_is_and_leads_to_the_form(admin: Client) -> None:
    html = html_of(admin, "/inventory")
    assert "No inventory yet" in html
    assert html.count('href="/inventory/new"') >= 1


def test_the_list_shows_tag_product_quantity_and_place(
    company: Company, admin: Client, gem: UUID
) -> None:
    lot = lot_of(company, gem, "1250", weight="250.5", rack="A1", quality="VS", shape="round")
    html = html_of(admin, "/inventory")
    assert f'href="/inventory/{lot}"' in html
    for words in ("GEM0001", "Round Diamond", "1,250 pcs", "250.5 g", "Main A1", "round, VS"):
        assert words in html
    assert "GEM0001" in html_of(admin, "/inventory?q=diamond")
    assert "GEM0001" not in html_of(admin, "/inventory?status=rejected")


def test_stock_is_added_by_the_form_and_stands_on_its_page(
    company: Company, admin: Client, gem: UUID
) -> None:
    form = {"product_id": str(gem), "quantity": "600", "weight": "120,5", "quality": "VS"}
    answer = admin.post("/inventory/new", {**form, "inventory_type": "Finished"})
    html = html_of(admin, answer["Location"])
    for words in ("GEM0001", "600 pcs", "120.5 g", "Round Diamond", "Available", "Added"):
        assert words in html


def test_what_cannot_be_added_stands_beside_its_field_and_stays_typed(
    company: Company, admin: Client, gem: UUID
) -> None:
    form = {"product_id": str(gem), "quantity": "1.5", "quality": "VS", "tag_id": "bad tag!"}
    answer = admin.post("/inventory/new", form)
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["tag_id"]
    again = admin.post("/inventory/new", {**form, "tag_id": ""})
    assert list(again.context["form"].errors) == ["quantity"]
    assert re.search(r'id="f-quality"[^>]*value="VS"', again.content.decode())
    company.enter()
    assert not Lot.objects.exists()


def test_a_form_that_is_sent_twice_adds_stock_once(
    company: Company, admin: Client, gem: UUID
) -> None:
    form = {"product_id": str(gem), "quantity": "5", "_once": str(new_id())}
    first, second = admin.post("/inventory/new", form), admin.post("/inventory/new", form)
    assert first["Location"] == second["Location"]
    company.enter()
    assert Lot.objects.count() == 1


def test_a_count_is_what_was_typed_anew_and_the_rest_stays(
    company: Company, admin: Client, gem: UUID
) -> None:
    lot = lot_of(company, gem, "10", weight="5")
    url = f"/inventory/{lot}/adjust"
    unsaid = admin.post(url, {"quantity": "8", "weight": "5", "reason": "", "version": "1"})
    assert list(unsaid.context["form"].errors) == ["reason"]
    typed = {"quantity": "8", "weight": "5", "reason": "stocktaking", "version": "1"}
    assert admin.post(url, typed).status_code == 302
    after = stored(company, lot)
    assert (after.quantity, after.weight, after.version) == (8, 5, 2)
    html = html_of(admin, f"/inventory/{lot}")
    assert "-2 pcs" in html
    assert "stocktaking" in html


def test_a_count_on_an_older_page_is_refused(company: Company, admin: Client, gem: UUID) -> None:
    lot = lot_of(company, gem)
    typed = {"quantity": "8", "weight": "0", "reason": "stocktaking", "version": "1"}
    admin.post(f"/inventory/{lot}/adjust", typed)
    late = admin.post(f"/inventory/{lot}/adjust", {**typed, "quantity": "7"})
    assert late.status_code == 409
    assert stored(company, lot).quantity == 8


def test_a_lot_moves_without_taking_its_rack_along(
    company: Company, admin: Client, gem: UUID
) -> None:
    lot = lot_of(company, gem, rack="A1")
    company.enter()
    vault = Location.objects.create(organization_id=company.id, name="Vault").pk
    url = f"/inventory/{lot}/transfer"
    assert re.search(r'id="f-rack"[^>]*value=""', html_of(admin, url))
    admin.post(url, {"location_id": str(vault), "rack": "", "version": "1"})
    after = stored(company, lot)
    assert (after.location_id, after.rack) == (vault, "")
    assert "Main → Vault" in html_of(admin, f"/inventory/{lot}")


def test_a_used_up_lot_is_edited_without_becoming_available(
    company: Company, admin: Client, gem: UUID
) -> None:
    lot = lot_of(company, gem)
    company.enter()
    lots.adjust_lot(by=company.by, ref=lot, sent={"quantity": "0", "reason": "x"})
    url = f"/inventory/{lot}/edit"
    assert re.search(r'<option value="retrieved_out" selected>', html_of(admin, url))
    typed = {"tag_id": "GEM0001", "status": "retrieved_out", "size": "2", "version": "2"}
    assert admin.post(url, {**typed, "inventory_type": "Finished"}).status_code == 302
    after = stored(company, lot)
    assert (after.status, after.size) == ("retrieved_out", "2")


def test_a_lot_that_was_never_used_is_deleted_and_another_says_why_not(
    company: Company, admin: Client, gem: UUID
) -> None:
    never = lot_of(company, gem)
    company.enter()
    (used,) = arrivals.put_lots(
        company.by, [NewLot(gem, "1")], action="receive_po", cause=Cause(None, "PO-00001")
    )
    assert admin.post(f"/inventory/{never}/remove").status_code == 302
    refused = admin.post(f"/inventory/{used.lot_id}/remove")
    assert refused.status_code == 409
    assert "Count it as 0, or archive it." in refused.content.decode()
    company.enter()
    assert [lot.pk for lot in Lot.objects.all()] == [used.lot_id]


def test_a_long_history_is_read_in_pages(company: Company, admin: Client, gem: UUID) -> None:
    lot = lot_of(company, gem, "1")
    company.enter()
    for number in range(2, 56):
        lots.adjust_lot(by=company.by, ref=lot, sent={"quantity": number, "reason": f"c{number}."})
    company.enter()
    assert Movement.objects.count() == 55
    first = html_of(admin, f"/inventory/{lot}")
    (older,) = re.findall(rf'href="(/inventory/{lot}\?after=[^"]+)"', first)
    second = html_of(admin, older)
    assert ("c55." in first, "c6." in first, "c5." in first) == (True, True, False)
    assert ("c6." in second, "c5." in second, "Added" in second) == (False, True, True)


def test_a_scanned_tag_opens_its_lot(company: Company, admin: Client, gem: UUID) -> None:
    lot_of(company, gem)
    assert "Round Diamond" in html_of(admin, "/inventory/gem0001")
    assert admin.get("/inventory/GEM0002").status_code == 404


def test_who_only_reads_is_offered_nothing_to_change(
    company: Company, person: Person, gem: UUID
) -> None:
    lot = lot_of(company, gem, unit_cost="2.5")
    viewer = person("Viewer")
    html = html_of(viewer, f"/inventory/{lot}") + html_of(viewer, "/inventory")
    verbs = ("new", f"{lot}/edit", f"{lot}/adjust", f"{lot}/transfer", f"{lot}/remove")
    assert [verb for verb in verbs if f"/inventory/{verb}" in html] == []
    assert "2.50" not in html
    forbidden = [viewer.get(f"/inventory/{verb}").status_code for verb in verbs[:4]]
    assert forbidden == [403, 403, 403, 403]
    assert viewer.post(f"/inventory/{lot}/remove").status_code == 403
