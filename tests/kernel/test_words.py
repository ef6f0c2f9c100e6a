"""Refusals, lifecycles, reasons and text: the words of the kernel."""

import pytest

from orderwright.kernel import errors, reasons, text
from orderwright.kernel.lifecycle import Lifecycle, Move

DOOR = Lifecycle("door", (Move("open", ("closed",), "open"), Move("paint", ("open", "half_open"))))


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (errors.Malformed, 400),
        (errors.Unauthenticated, 401),
        (errors.Forbidden, 403),
        (errors.NotFound, 404),
        (errors.Conflict, 409),
        (errors.Invalid, 422),
        (errors.TooMany, 429),
    ],
)
def test_a_refusal_carries_its_status(kind: type[errors.Refusal], status: int) -> None:
    refusal = kind("code", "Do this.", fields={"a": "b"}, details={"c": 1})
    assert refusal.status == status
    assert str(refusal) == "Do this."
    assert refusal.as_json() == {
        "code": "code",
        "message": "Do this.",
        "fields": {"a": "b"},
        "details": {"c": 1},
    }


def test_a_refusal_has_fields_and_details_of_its_own() -> None:
    one, other = errors.Conflict("a", "b"), errors.Conflict("a", "b")
    one.fields["x"] = "y"
    assert (other.fields, other.details) == ({}, {})


def test_a_move_goes_where_its_table_says() -> None:
    assert DOOR.plan_move("open", "closed") == "open"
    assert DOOR.plan_move("paint", "half_open") == "half_open"
    assert DOOR.allows("open", "closed")
    assert not DOOR.allows("open", "open")
    assert DOOR.why_not("open", "closed") is None


def test_a_move_from_the_wrong_status_names_both() -> None:
    with pytest.raises(errors.Conflict) as refused:
        DOOR.plan_move("paint", "closed")
    assert refused.value.code == "invalid_transition"
    assert refused.value.message == "This door is closed; it must be open or half open."
    assert refused.value.details == {
        "action": "paint",
        "status": "closed",
        "needed": ["open", "half_open"],
    }


def test_an_unknown_action_is_a_mistake_of_the_program() -> None:
    with pytest.raises(KeyError):
        DOOR.plan_move("burn", "open")


def test_a_reason_has_five_parts() -> None:
    reason = reasons.Reason("shipped", "4", "10", "shipment SO-00001", "4 of 10 shipped")
    assert reasons.as_json([reason]) == [
        {
            "fact": "shipped",
            "value": "4",
            "of": "10",
            "source": "shipment SO-00001",
            "text": "4 of 10 shipped",
        }
    ]


@pytest.mark.parametrize(
    "note",
    [
        "card 4111111111111111 please",
        "4111-1111-1111-1111",
        "pay with 4111 1111 1111 1111.",
        "amex 378282246310005",
        "3782 822463 10005",
        "12 pcs 5555 5555 5555 4444 thanks",
        "6304000000000000000",
        "x4222222222222x",
    ],
)
def test_a_card_number_in_a_note_is_refused(note: str) -> None:
    with pytest.raises(errors.Invalid) as refused:
        text.refuse_card_numbers(note, "notes")
    assert refused.value.code == "card_number"
    assert set(refused.value.fields) == {"notes"}


@pytest.mark.parametrize(
    "note",
    [
        "",
        "25 pcs round diamond 1.2 mm, total 3.5 ct",
        "4111111111111112",
        "411111111111",
        "41111111111111111111111",
        "sizes 10 12 14 16 18 20 22 24 26 28",
        "PO 2026-11-22, call +1 202 555 0143",
        "0000000000000000",
        "9111 1111 1111 1111",
    ],
)
def test_other_numbers_may_stand_in_a_note(note: str) -> None:
    text.refuse_card_numbers(note, "notes")


def test_text_that_can_be_stored() -> None:
    assert text.check_text("Ünïcode\n✓", "notes", longest=20) == "Ünïcode\n✓"
    assert text.check_text("x" * 20, "notes", longest=20) == "x" * 20
    for sent in ("a\x00b", "\ud800", "x" * 21, None, 5):
        with pytest.raises(errors.Invalid) as refused:
            text.check_text(sent, "notes", longest=20)
        assert refused.value.code == "invalid_text"
