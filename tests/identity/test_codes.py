"""Codes of six digits and recovery codes, against the numbers of their standards."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.identity import codes

SECRET = b"12345678901234567890"
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("step", "code"),
    enumerate(
        "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split(),
    ),
)
def test_codes_are_those_of_rfc_4226(step: int, code: str) -> None:
    assert codes.code_of_step(SECRET, step) == code


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1111111109, "081804"),
        (1111111111, "050471"),
        (1234567890, "005924"),
        (2000000000, "279037"),
        (20000000000, "353130"),
    ],
)
def test_codes_of_moments_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    assert codes.code_of_step(SECRET, codes.step_of(now)) == code
    assert codes.matching_step(SECRET, code, now=now, after=0) == seconds // 30


@given(st.binary(min_size=20, max_size=20), st.integers(-3, 3), st.integers(-3, 3))
def test_a_code_is_good_half_a_minute_around_its_time_and_never_before_the_last_one(
    secret: bytes, shown: int, last: int
) -> None:
    step = codes.step_of(NOW)
    window = {codes.code_of_step(secret, step + near): step + near for near in (1, -1, 0)}
    code = codes.code_of_step(secret, step + shown)
    expected = window.get(code)
    if expected is not None and expected <= step + last:
        expected = None
    found = codes.matching_step(secret, code, now=NOW, after=step + last)
    # Two steps may share a code by chance, one in a million: then either is right.
    assert found == expected or len(window) < 3


@pytest.mark.parametrize("typed", ["", "28708", "２８７０８２", "287 083", "abcdef"])
def test_what_is_no_code_of_now_is_refused(typed: str) -> None:
    now = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=59)
    assert codes.matching_step(SECRET, typed, now=now, after=0) is None


def test_the_address_for_an_app_names_place_and_person() -> None:
    address = codes.address_of(SECRET, issuer="Orderwright (A & B)", account="ada@works.example")
    assert address == (
        "otpauth://totp/Orderwright%20%28A%20%26%20B%29%3Aada%40works.example"
        "?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Orderwright%20%28A%20%26%20B%29"
    )


def test_recovery_codes_are_ten_and_different() -> None:
    fresh = codes.new_recovery_codes()
    assert (len(fresh), len({codes.recovery_digest(code) for code in fresh})) == (10, 10)
    assert [code for code in fresh if len(code) != 14 or set("01ilo") & set(code)] == []


def test_a_recovery_code_may_be_typed_as_people_type() -> None:
    assert codes.recovery_digest("k7pq-2mdx-9fhw") == codes.recovery_digest(" K7PQ 2mdx9fhw ")
