"""Whatever is sent, extraction answers, soon, and points into the text."""

import time
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderwright.extraction.engine import Context, extract
from orderwright.extraction.lexer import Lexer
from orderwright.extraction.prepare import prepare
from tests.extraction import corpus

CONTEXT = Context(date(2026, 12, 2))
PIECES = st.sampled_from(
    "5 10 1,250 3.5 2x 5x3 M8x30 mm kg pcs boxes each gold ring rings silver chain chains hoops"
    " and , ; . \n - ( ) no not"
    ' actually make it 12 RD-12 GR-18Y 18k @ $ 3/4" half a dozen'
    " of the same more x % qty: by Friday PO 123 ½ × é 🙏"
    " change to from cancel skip one twenty hundred 1/2 | \t".split(" ")
)


def check(notes: str) -> None:
    answer = extract(notes, catalog=corpus.catalog("jewellery"), context=CONTEXT)
    for row in answer.rows:
        for start, end in row.spans.values():
            assert 0 <= start < end <= len(notes)
        assert row.quantity is None or row.quantity >= 0
        assert (row.quantity is None) == bool({"weight_only", "missing_quantity"} & set(row.flags))
        assert 0 <= row.confidence <= 1
    for one in answer.unused:
        assert 0 <= one.span[0] < one.span[1] <= len(notes)
        assert one.why
    for start, end in answer.suggestions.spans.values():
        assert 0 <= start < end <= len(notes)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_answered_with_spans_inside_it(notes: str) -> None:
    check(notes)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=40).map(" ".join))
def test_any_words_of_orders_are_answered_with_spans_inside_them(notes: str) -> None:
    check(notes)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_the_way_back_to_the_notes_is_complete(notes: str) -> None:
    prepared = prepare(notes)
    places = [prepared.span(at, at + 1) for at in range(len(prepared.text))]
    assert all(0 <= start < end <= len(notes) for start, end in places)
    assert places == sorted(places)


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='0123456789.,xM/-" kgmm%', max_size=60))
def test_tokens_are_in_order_and_do_not_overlap(text: str) -> None:
    tokens = Lexer(text, text.lower()).tokens()
    ends = [0, *(token.end for token in tokens)]
    assert all(token.start >= end for token, end in zip(tokens, ends, strict=False))


@pytest.mark.parametrize(
    "pattern",
    ["1x", "(", "1", "1 ", "1-", "a@a.", "5 rings, ", "ring and ", "actually 5 ",
     "twenty one ", "5 per ", "1,1.",
     "order no ", "a | b | 5\n", "qty|item\n", "not ", "e\u0301", "m8x", "5 each of ", "+1 ",
     "1/2 ", "$1", ": "],
)  # fmt: skip
def test_20000_hostile_characters_take_less_than_a_second(pattern: str) -> None:
    notes = (pattern * 20_000)[:20_000]
    started = time.process_time()
    extract(notes, catalog=corpus.catalog("jewellery"), context=CONTEXT)
    assert time.process_time() - started < 1


def test_the_same_notes_always_give_the_same_answer() -> None:
    for note in corpus.notes("notes"):
        assert corpus.answer_to(note) == corpus.answer_to(note)
