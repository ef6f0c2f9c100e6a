"""Identifiers: UUIDv7, made here, so that parents and children can be written in one round trip."""

import os
import threading
import time
import uuid

_RANDOM_BITS = 74  # what version 7 leaves after the milliseconds, the version and the variant
_RANDOM_MAX = (1 << _RANDOM_BITS) - 1
_TOP_BIT_CLEAR = _RANDOM_MAX >> 1  # room to count upwards within one millisecond

_lock = threading.Lock()
_last_ms = 0
_last_random = 0


def new_id() -> uuid.UUID:
    """A new UUIDv7, greater than every id that this process made before it.

    Within one millisecond, or while the clock stands or goes back, the random part counts upwards
    in random steps: the order of making is kept and the next id still cannot be guessed.
    """
    global _last_ms, _last_random
    with _lock:
        now = time.time_ns() // 1_000_000
        if now > _last_ms:
            _last_ms = now
            _last_random = int.from_bytes(os.urandom(10), "big") & _TOP_BIT_CLEAR
        else:
            _last_random += 1 + int.from_bytes(os.urandom(4), "big")
            if _last_random > _RANDOM_MAX:
                _last_ms += 1
                _last_random = int.from_bytes(os.urandom(10), "big") & _TOP_BIT_CLEAR
        return _assemble(_last_ms, _last_random)


def _assemble(milliseconds: int, random: int) -> uuid.UUID:
    high = random >> 62
    low = random & ((1 << 62) - 1)
    return uuid.UUID(int=(milliseconds << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low)
