"""Places in sorted lists travel as text and come back, or are refused."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Invalid
from orderwright.kernel.paging import (
    NEWEST,
    Place,
    Sort,
    SortKey,
    Window,
    keyset,
    page_of,
    read_place,
    read_sort,
    write_place,
)

SORTS = st.sampled_from([NEWEST, Sort("total", False), Sort("total", True), Sort("required", True)])


@given(SORTS, st.text(max_size=40), st.uuids())
def test_a_place_comes_back_from_its_cursor(sort: Sort, value: str, row_id: UUID) -> None:
    place = Place(sort, "" if sort == NEWEST else value, row_id)
    assert read_place(write_place(place), sort) == place


@given(SORTS, st.text(max_size=80))
def test_a_cursor_of_something_else_is_at_most_refused(sort: Sort, text: str) -> None:
    told = ""
    try:
        read_place(text, sort)
    except Invalid as refusal:
        told = refusal.code
    assert told in ("", "invalid_cursor")


def test_a_cursor_of_another_sort_is_refused() -> None:
    cursor = write_place(Place(Sort("total", True), "12", uuid4()))
    for other in (NEWEST, Sort("total", False), Sort("required", True)):
        with pytest.raises(Invalid):
            read_place(cursor, other)


def test_a_sort_is_read_from_its_address() -> None:
    known = {"total", "required"}
    assert read_sort("-total", known) == Sort("total", True)
    assert read_sort("required", known) == Sort("required", False)
    assert read_sort("", known) == NEWEST
    assert [read_sort(text, known).text for text in ("-total", "total", None)] == [
        "-total",
        "total",
        "",
    ]
    with pytest.raises(Invalid) as refused:
        read_sort("margin", known)
    assert list(refused.value.fields) == ["sort"]


def test_going_back_turns_the_order_of_the_statement_around() -> None:
    key = SortKey("t.up", "t.down", "date")
    place = Place(Sort("day", True), "2026-01-01", uuid4())
    forward = Window(place.sort, place)
    assert keyset(key, forward, table="t") == (
        "(t.down, t.id) < (%(place_value)s::date, %(place_id)s)",
        "t.down DESC, t.id DESC",
    )
    assert keyset(key, Window(place.sort, place, is_backward=True), table="t") == (
        "(t.down, t.id) > (%(place_value)s::date, %(place_id)s)",
        "t.down ASC, t.id ASC",
    )
    assert keyset(SortKey(), Window(), table="t") == ("", "t.id DESC")


class _Row:
    def __init__(self) -> None:
        self.id = uuid4()


def test_the_row_too_many_says_that_there_is_more() -> None:
    rows = [("", _Row()) for _ in range(3)]
    first = page_of(rows, Window(size=2))
    assert [row for _, row in rows[:2]] == first.rows
    assert (first.earlier, first.later) == (None, Place(NEWEST, "", rows[1][1].id))
    place = Place(NEWEST, "", uuid4())
    back = page_of(rows[:2], Window(place=place, is_backward=True, size=2))
    assert back.rows == [rows[1][1], rows[0][1]]
    assert (back.earlier, back.later) == (None, Place(NEWEST, "", rows[0][1].id))
