"""Identifiers rise, and cannot be guessed."""

import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from orderwright.kernel.ids import Sequence, new_id


def test_ids_are_version_7_and_carry_the_time() -> None:
    before = time.time_ns() // 1_000_000
    made = new_id()
    assert (made.version, made.variant) == (7, uuid.RFC_4122)
    assert before <= made.int >> 80 <= time.time_ns() // 1_000_000 + 1


def test_ids_rise_in_the_order_of_their_making() -> None:
    made = [new_id() for _ in range(5000)]
    assert made == sorted(set(made))


def test_ids_of_many_threads_are_all_different() -> None:
    with ThreadPoolExecutor(8) as threads:
        made = list(threads.map(lambda _: new_id(), range(4000)))
    assert len(set(made)) == 4000


def test_ids_rise_while_the_clock_goes_back() -> None:
    sequence = Sequence()
    made = [sequence.next(at) for at in (1000, 1000, 900, 1001)]
    assert made == sorted(made)
    assert [one.int >> 80 for one in made] == [1000, 1000, 1000, 1001]


def test_a_used_up_millisecond_borrows_the_next() -> None:
    sequence = Sequence()
    sequence.next(1000)
    sequence._random = (1 << 74) - 1
    assert sequence.next(1000).int >> 80 == 1001
