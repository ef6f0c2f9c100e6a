"""Saved views belong to somebody; what is shared can be used, and not changed, by colleagues."""

from dataclasses import replace

import pytest

from orderwright.activity import views
from orderwright.identity.caller import Actor, Caller
from orderwright.identity.permissions import default_permissions
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.ids import new_id
from tests.company import Company, found_company

pytestmark = pytest.mark.django_db


@pytest.fixture
def company() -> Company:
    return found_company()


def person(company: Company, name: str = "Ada") -> Caller:
    return replace(
        company.by,
        role="Viewer",
        permissions=default_permissions("Viewer"),
        actor=Actor("user", new_id(), name),
    )


def seen(by: Caller) -> list[str]:
    return [view.name for view in views.wishes(by, "sales-orders").views]


def saved(by: Caller, name: str, *, is_shared: bool = False) -> views.ViewRow:
    view_id = views.save_view(
        by=by, list_name="sales-orders", name=name, query="status=issued", is_shared=is_shared
    )
    return views.view(by, view_id)


def test_a_view_is_its_owners_until_it_is_shared(company: Company) -> None:
    ada, bo = person(company), person(company, "Bo")
    mine = saved(ada, "Mine")
    saved(ada, "Ours", is_shared=True)
    assert (seen(ada), seen(bo)) == (["Mine", "Ours"], ["Ours"])
    with pytest.raises(NotFound):
        views.view(bo, mine.id)
    views.change_view(by=ada, view_id=mine.id, name="Late", is_shared=True)
    assert seen(bo) == ["Late", "Ours"]


def test_a_colleague_opens_a_shared_view_but_does_not_change_it(company: Company) -> None:
    ada, bo = person(company), person(company, "Bo")
    ours = saved(ada, "Ours", is_shared=True)
    for act in (
        lambda: views.change_view(by=bo, view_id=ours.id, name="Bo's", is_shared=False),
        lambda: views.delete_view(by=bo, view_id=ours.id),
    ):
        with pytest.raises(NotFound):
            act()
    views.open_with(by=bo, list_name="sales-orders", view_id=ours.id)
    assert views.wishes(bo, "sales-orders").default_view == ours
    assert views.wishes(ada, "sales-orders").default_view is None


def test_a_stranger_finds_nothing(company: Company) -> None:
    ours = saved(person(company), "Ours", is_shared=True)
    stranger = found_company("Elsewhere", email="eve@elsewhere.example")
    eve = replace(stranger.by, actor=Actor("user", ours.owner_id, "Eve"))
    assert seen(eve) == []
    for act in (
        lambda: views.view(eve, ours.id),
        lambda: views.delete_view(by=eve, view_id=ours.id),
        lambda: views.open_with(by=eve, list_name="sales-orders", view_id=ours.id),
    ):
        with pytest.raises(NotFound):
            act()


def test_a_deleted_view_opens_nothing_any_more(company: Company) -> None:
    ada = person(company)
    ours = saved(ada, "Ours", is_shared=True)
    views.open_with(by=ada, list_name="sales-orders", view_id=ours.id)
    views.delete_view(by=ada, view_id=ours.id)
    assert views.wishes(ada, "sales-orders") == views.ListWishes()


def test_a_name_is_given_and_used_once_by_one_person(company: Company) -> None:
    ada, bo = person(company), person(company, "Bo")
    saved(ada, "Late")
    saved(bo, "Late")
    with pytest.raises(Invalid):
        saved(ada, "  ")
    with pytest.raises(Conflict):
        saved(ada, "LATE")


def test_columns_are_one_persons_and_can_be_taken_back(company: Company) -> None:
    ada, bo = person(company), person(company, "Bo")
    views.choose_columns(by=ada, list_name="sales-orders", columns=["stage", "total"])
    assert views.wishes(ada, "sales-orders").columns == ("stage", "total")
    assert views.wishes(ada, "customers").columns is None
    assert views.wishes(bo, "sales-orders").columns is None
    views.choose_columns(by=ada, list_name="sales-orders", columns=None)
    assert views.wishes(ada, "sales-orders").columns is None
