"""When two people change one record, nothing that either typed is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.sales import edits, queries
from orderwright.web.merging import Difference, Meanwhile, chosen, merged
from tests.sales.desk import open_desk
from tests.web.conftest import signed_in

NOBODY = Meanwhile({})
TEXTS = st.sampled_from(["", "a", "b", "c"])


def values(**texts: str) -> dict[str, list[str]]:
    return {name: [text] for name, text in texts.items()}


def test_what_only_they_changed_is_taken_and_what_only_i_changed_is_kept() -> None:
    found = merged(
        values(name="Ring", city="Hull", note=""),
        values(name="Gold ring", city="Hull", note=""),
        values(name="Ring", city="York", note=""),
        NOBODY,
    )
    assert found.values == values(name="Gold ring", city="York", note="")
    assert (found.differences, found.taken) == ((), ("City",))


def test_what_both_changed_is_told_with_what_it_was() -> None:
    named = Meanwhile({}, labels={"name": "Product"}, words={"name": {"x": "Extra"}})
    found = merged(values(name="Ring"), values(name="Gold"), values(name="x"), named)
    assert found.values == values(name="Gold")
    assert found.differences == (Difference("name", "Product", "Ring", "Gold", "Extra"),)


def test_who_typed_the_same_differs_in_nothing() -> None:
    found = merged(values(note="a"), values(note="b\r\nc"), values(note="b\nc"), NOBODY)
    assert (found.differences, found.taken) == ((), ())


def test_rows_are_one_value_together() -> None:
    row = {"units.0.unit": ["box"], "units.0.ratio": ["10"]}
    more = {**row, "units.1.unit": ["carton"], "units.1.ratio": ["100"]}
    mine = {"units.0.unit": ["box"], "units.0.ratio": ["12"]}
    kept = {**row, "units.0.id": ["7"]}
    assert merged(kept, mine, kept, NOBODY).differences == ()
    (both,) = merged(kept, mine, more, NOBODY).differences
    assert (both.name, both.before, both.mine) == ("units", "box, 10", "box, 12")
    assert chosen({**mine, "_take.units": ["theirs"]}, more) == more


def test_a_choice_takes_its_words_along() -> None:
    theirs = {"customer_id": ["2"], "customer_id_text": ["Bolt"]}
    mine = {"customer_id": ["3"], "customer_id_text": ["Cut"], "_take.customer_id": ["theirs"]}
    assert chosen(mine, theirs) == theirs
    assert chosen({**mine, "_take.customer_id": ["mine"]}, theirs) == {
        "customer_id": ["3"],
        "customer_id_text": ["Cut"],
    }


@given(*[st.fixed_dictionaries(dict.fromkeys("xyz", TEXTS))] * 3)
def test_every_field_is_mine_theirs_or_asked_about(
    before: dict[str, str], mine: dict[str, str], theirs: dict[str, str]
) -> None:
    found = merged(values(**before), values(**mine), values(**theirs), NOBODY)
    asked = {one.name for one in found.differences}
    for name in "xyz":
        both = before[name] != mine[name] != theirs[name] != before[name]
        assert (name in asked) == both
        wanted = theirs[name] if mine[name] == before[name] else mine[name]
        assert found.values[name] == [wanted]


@pytest.mark.django_db
def test_a_second_editor_of_an_order_chooses_between_mine_and_theirs() -> None:
    desk = open_desk()
    order = desk.order({desk.product(sku="GEM"): 1}, notes="two rings", customer_po_number="A")
    client = signed_in(desk.company.email)
    url = f"/orders/sales/{order.head.number}/edit"
    form = client.get(url).context["form"]
    sent = {name: texts[-1] if texts else "" for name, texts in form.values.items()}
    theirs = {"notes": "four rings", "priority": "high"}
    edits.edit_order(by=desk.by, order=order.id, changes=theirs)
    mine = {**sent, "_before": form.before_text, "notes": "three rings"}
    mine["customer_po_number"] = "B"
    stale = client.post(url, mine)
    shown = stale.context["form"]
    assert stale.status_code == 409
    assert [(one.before, one.mine, one.theirs) for one in shown.differences] == [
        ("two rings", "three rings", "four rings")
    ]
    assert shown.value("priority") == "high"
    assert "_take.notes" in stale.content.decode()
    again = {name: texts[-1] if texts else "" for name, texts in shown.values.items()}
    again |= {"_before": shown.before_text, "_take.notes": "theirs"}
    assert client.post(url, again).status_code == 302
    head = queries.read_order(desk.by, order.id).head
    assert (head.notes, head.priority, head.customer_po_number) == ("four rings", "high", "B")


@pytest.mark.django_db
def test_a_second_editor_of_a_set_up_record_merges_too() -> None:
    desk = open_desk()
    api = desk.company.api()
    (staff,) = api.get("/staff").body["data"]
    client = signed_in(desk.company.email)
    url = f"/staff/{staff['id']}"
    form = client.get(url).context["form"]
    sent = {name: texts[-1] if texts else "" for name, texts in form.values.items()}
    assert (
        api.patch(f"/staff/{staff['id']}", {"designation": "Setter", "nickname": "Bea"}).status
        == 200
    )
    mine = {**sent, "_before": form.before_text, "nickname": "Cy", "department": "Gold"}
    stale = client.post(url, mine)
    shown = stale.context["form"]
    assert stale.status_code == 409
    assert [(one.label, one.mine, one.theirs) for one in shown.differences] == [
        ("Nickname", "Cy", "Bea")
    ]
    assert (shown.value("designation"), shown.value("department")) == ("Setter", "Gold")
