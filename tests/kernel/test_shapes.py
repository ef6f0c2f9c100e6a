"""Shapes: what people send becomes the fields of a record, or says all that is wrong."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel import fields, lists
from orderwright.kernel.errors import Invalid
from orderwright.kernel.shapes import Field, Shape, fixed, required

SOMEBODY = UUID("01890a5d-ac96-774b-bcce-b302099a8057")

ROW = Shape({"label": fields.name(20), "city": fields.text(20)})
THING = Shape(
    {
        "name": fields.name(20),
        "note": fields.text(50),
        "days": fields.whole_number(0, 365),
        "is_active": fields.flag(default=True),
        "owner_id": fields.identifier(),
        "rows": lists.rows(ROW),
    }
)


def refusal_of(check: Any) -> Invalid:
    """The refusal of a sound-looking call."""
    with pytest.raises(Invalid) as refusal:
        check()
    return refusal.value


def test_a_new_record_has_all_fields_and_unknown_names_are_ignored() -> None:
    assert THING.of_new({"name": " Ada ", "note": None, "color": "red"}) == {
        "name": "Ada",
        "note": "",
        "days": None,
        "is_active": True,
        "owner_id": None,
        "rows": (),
    }


def test_a_change_has_only_what_was_sent_and_null_goes_back_to_the_default() -> None:
    assert THING.of_change({"is_active": None, "days": None, "x": 1}) == {
        "is_active": True,
        "days": None,
    }
    assert THING.of_change({}) == {}


def test_what_is_required_cannot_be_cleared() -> None:
    for wrong in (None, "", "  "):
        assert list(refusal_of(lambda: THING.of_change({"name": wrong})).fields) == ["name"]  # noqa: B023


def test_all_that_is_wrong_is_said_at_once_with_its_place() -> None:
    sent = {"days": 400, "rows": [{"label": "A"}, {"city": "x" * 21}, "row"]}
    refusal = refusal_of(lambda: THING.of_new(sent))
    assert set(refusal.fields) == {"name", "days", "rows.1.label", "rows.1.city", "rows.2"}
    assert refusal.code == "invalid_input"


def test_a_single_mistake_keeps_its_code() -> None:
    assert refusal_of(lambda: THING.of_change({"days": "x"})).code == "invalid_number"


def test_a_row_that_names_its_id_is_a_change_of_that_row() -> None:
    kept = THING.of_change({"rows": [{"id": str(SOMEBODY), "city": "Ulm"}, {"label": "New"}]})
    assert kept["rows"] == [
        {"id": SOMEBODY, "city": "Ulm"},
        {"id": None, "label": "New", "city": ""},
    ]


def test_the_schema_tells_what_is_required() -> None:
    schema = THING.schema()
    assert schema["required"] == ["name"]
    assert set(schema["properties"]) == set(THING.fields)


@pytest.mark.parametrize(
    ("field", "sent", "kept"),
    [
        (fields.text(5), " a\tb ", "a\tb"),
        (fields.whole_number(0, 9), "7", 7),
        (fields.whole_number(0, 9), "", None),
        (fields.flag(), "true", True),
        (fields.price(), "1.2345", Decimal("1.2345")),
        (fields.price(), "", None),
        (fields.measured_quantity(), 0, Decimal(0)),
        (fields.fraction(), 1, Decimal(1)),
        (fields.fraction(zero=True), "0", Decimal(0)),
        (fields.identifier(), str(SOMEBODY), SOMEBODY),
        (fields.day(), "2026-02-28", date(2026, 2, 28)),
        (fields.instant(), "2026-02-28T12:00:00Z", datetime(2026, 2, 28, 12, tzinfo=UTC)),
        (fields.choice("a", "b"), "b", "b"),
        (fields.email(), "", ""),
        (fields.currency(), "usd", "USD"),
        (lists.words(5), ["a", " a ", "", "b"], ["a", "b"]),
        (lists.identifiers(), [str(SOMEBODY), SOMEBODY], [SOMEBODY]),
        (lists.attributes(), {"size": 7, " color ": "red"}, {"size": "7", "color": "red"}),
        (lists.attribute_filter(), {"color": "red"}, {"color": ["red"]}),
    ],
)
def test_a_field_keeps_what_was_meant(field: Field, sent: Any, kept: Any) -> None:
    assert field.check(sent, "field") == kept


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        (fields.text(5), "123456"),
        (fields.text(5), "a\nb"),
        (fields.text(5), "\ud800"),
        (fields.text(5), 5),
        (fields.note(), "4111 1111 1111 1111"),
        (fields.whole_number(0, 9), True),
        (fields.whole_number(0, 9), 10),
        (fields.whole_number(0, 9), 1.0),
        (fields.whole_number(0, 9), "1" * 5000),
        (fields.flag(), 1),
        (fields.flag(), "yes"),
        (fields.price(), "-1"),
        (fields.price(), "1.23456"),
        (fields.item_weight(), 0),
        (fields.fraction(), 0),
        (fields.fraction(one=False), 1),
        (fields.fraction(), "5 %"),
        (fields.ratio(), 0),
        (fields.identifier(), "me"),
        (fields.identifier(), 5),
        (fields.day(), "2026-02-30"),
        (fields.day(), "28.02.2026"),
        (fields.day(), 20260228),
        (fields.instant(), "2026-02-28T12:00:00"),
        (fields.instant(), "tomorrow"),
        (fields.choice("a", "b"), "c"),
        (fields.choice("a", "b"), ["a"]),
        (lists.words(5), "abc"),
        (lists.words(5), ["a"] * 501),
        (lists.attributes(), {"": "x"}),
        (lists.attributes(), {"color": None}),
        (lists.attributes(), ["color"]),
        (lists.rows(ROW), {"label": "A"}),
    ],
)
def test_a_field_refuses_what_cannot_be_meant(field: Field, wrong: Any) -> None:
    refusal = refusal_of(lambda: field.check(wrong, "field"))
    assert all(name.startswith("field") for name in refusal.fields)


anything: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=5,
)


@given(st.dictionaries(st.sampled_from([*THING.fields]), anything))
def test_whatever_is_sent_is_kept_or_refused_and_nothing_else(sent: dict[str, Any]) -> None:
    wrong: set[str] = set()
    try:
        kept = THING.of_new(sent)
    except Invalid as refusal:
        kept, wrong = {}, {name.partition(".")[0] for name in refusal.fields}
    assert wrong <= set(THING.fields)
    assert bool(wrong) is not bool(kept)
    if kept:
        again = THING.of_new(kept)
        # The default of rows is an empty tuple, as nobody can change that one; sent ones are lists.
        assert again | {"rows": [*again["rows"]]} == kept | {"rows": [*kept["rows"]]}


def test_marks_do_not_change_the_field_they_mark() -> None:
    plain = fields.text(5)
    assert (required(plain).required, fixed(plain).fixed) == (True, True)
    assert (plain.required, plain.fixed) == (False, False)
