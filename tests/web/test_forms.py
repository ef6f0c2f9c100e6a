"""What was typed becomes values, or errors beside the fields; no database needed."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

from orderwright.kernel.errors import Invalid
from orderwright.web.forms import CORRECT, Form
from orderwright.web.inputs import Input, sent_by

INPUTS = (
    Input("name", "Name"),
    Input("price", "Price", "num"),
    Input("active", "Active", "check"),
    Input("groups", "Groups", "checks"),
    Input("aliases", "Aliases", "words"),
    Input("units", "Units", "rows", inputs=(Input("unit", "Unit"), Input("ratio", "Holds", "num"))),
)


def typed(**values: str | list[str]) -> Form:
    return Form(values={n: v if isinstance(v, list) else [v] for n, v in values.items()})


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", "12.5"), ("12,5", "12.5"), (" 7 ", "7"), ("1 250", "1250"), ("", None)],
)
def test_numbers_are_read_as_people_type_them(text: str, number: str | None) -> None:
    wanted = None if number is None else Decimal(number)
    assert typed(price=text).decimal("price") == wanted


@pytest.mark.parametrize("text", ["x", "1,250.00", "1e3", "NaN", "--1"])
def test_what_is_no_number_is_an_error_of_its_field(text: str) -> None:
    form = typed(price=text)
    assert form.decimal("price") is None
    assert list(form.errors) == ["price"]


def test_reading_collects_every_error_before_it_refuses() -> None:
    form = typed(name=" ", price="x", on="tomorrow")
    form.text("name", required="Give a name.")
    form.decimal("price")
    form.day("on")
    with pytest.raises(Invalid) as refusal:
        form.check()
    assert list(refusal.value.fields) == ["name", "price", "on"]


def test_days_are_read() -> None:
    assert typed(on="2026-11-30").day("on") == date(2026, 11, 30)
    assert typed(on="").day("on") is None


def test_a_form_shows_the_values_of_a_record() -> None:
    form = Form.of(
        {
            "price": Decimal("12.500"),
            "active": True,
            "closed": False,
            "note": None,
            "groups": [UUID(int=1), UUID(int=2)],
            "units": [{"unit": "box", "ratio": Decimal(12)}],
        }
    )
    assert [form.value(name) for name in ("price", "active", "closed", "note")] == [
        "12.5",
        "on",
        "",
        "",
    ]
    assert form.several("groups") == [str(UUID(int=1)), str(UUID(int=2))]
    assert (form.indexes("units"), form.value("units.0.ratio")) == ([0], "12")


def test_inputs_are_sent_as_an_action_takes_them() -> None:
    form = typed(
        name=" Ring ",
        price="12,5",
        groups=["a", "b"],
        aliases="band\r\n\r\n hoop ",
        **{"active?": "", "groups?": "", "units.7.unit": "box", "units.7.ratio": ""},
    )
    assert sent_by(form, INPUTS) == {
        "name": "Ring",
        "price": "12.5",
        "active": False,
        "groups": ["a", "b"],
        "aliases": ["band", "hoop"],
        "units": [{"unit": "box", "ratio": None}],
    }


def test_fields_that_were_not_on_the_page_are_not_sent() -> None:
    assert sent_by(typed(name="Ring"), INPUTS) == {"name": "Ring", "units": []}


def test_rows_are_numbered_anew_so_that_errors_find_them() -> None:
    form = typed(
        **{
            "units.0.unit": "",
            "units.0.ratio": " ",
            "units.3.unit": "box",
            "units.3.id": "one",
            "units.1699.unit": "pair",
        }
    )
    assert form.renumber("units") == [0, 1]
    assert form.values == {
        "units.0.unit": ["box"],
        "units.0.id": ["one"],
        "units.1.unit": ["pair"],
    }


def refuse() -> None:
    raise Invalid("duplicate", "This is taken.", fields={"name": "taken"})


@pytest.mark.django_db
def test_a_refusal_stays_beside_what_was_typed() -> None:
    form = typed(name="Ring")
    assert form.accept(refuse) is False
    assert (form.message, form.status, form.errors) == (CORRECT, 422, {"name": "taken"})
    assert form.value("name") == "Ring"


@pytest.mark.django_db
def test_what_needs_a_yes_keeps_its_code() -> None:
    form = typed()

    def act() -> None:
        raise Invalid("confirmation_required", "Sure?", details={"confirm": "past_date"})

    assert form.accept(act) is False
    assert form.confirm == "past_date"
