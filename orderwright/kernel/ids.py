"""Identifiers: UUIDv7, made here, so that parents and children can be written in one round trip."""

import os
import threading
import time
import uuid

_RANDOM_BITS = 74  # what version 7 leaves after the milliseconds, the version and the variant
_RANDOM_MAX = (1 << _RANDOM_BITS) - 1
_TOP_BIT_CLEAR = _RANDOM_MAX >> 1  # room to count upwards within one millisecond


def new_id() -> uuid.UUID:
    """A new UUIDv7, greater than every id that this process made before it."""
    return _sequence.next(time.time_ns() // 1_000_000)


class Sequence:
    """Ids in the order of their making.

    Within one millisecond, or while the clock stands or goes back, the random part counts upwards
    in random steps: the order is kept and the next id still cannot be guessed.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._milliseconds = 0
        self._random = 0

    def next(self, milliseconds: int) -> uuid.UUID:
        """The next id, at this time or, if the clock went back, at the latest time seen."""
        with self._lock:
            if milliseconds > self._milliseconds:
                self._start(milliseconds)
            else:
                self._random += 1 + int.from_bytes(os.urandom(4), "big")
                if self._random > _RANDOM_MAX:
                    self._start(self._milliseconds + 1)
            return _assemble(self._milliseconds, self._random)

    def _start(self, milliseconds: int) -> None:
        self._milliseconds = milliseconds
        self._random = int.from_bytes(os.urandom(10), "big") & _TOP_BIT_CLEAR


def _assemble(milliseconds: int, random: int) -> uuid.UUID:
    high = random >> 62
    low = random & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)


_sequence = Sequence()
