"""Where a webhook may go, and when it is tried again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderwright.kernel.errors import Invalid
from orderwright.webhooks import rules
from orderwright.webhooks.event_types import AREAS, is_known, types_of

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

REFUSED = [
    "http://hooks.example.com/in",
    "ftp://hooks.example.com/in",
    "file:///etc/passwd",
    "gopher://hooks.example.com",
    "javascript:alert(1)",
    "hooks.example.com",
    "//hooks.example.com/in",
    "https://",
    "https:///in",
    "https://user@hooks.example.com",
    "https://user:secret@hooks.example.com",
    "https://hooks.example.com@127.0.0.1/",
    "https://hooks.example.com\\@127.0.0.1/",
    "https://hooks.example.com/in#part",
    "https://hooks.example.com:22/",
    "https://hooks.example.com:25/",
    "https://hooks.example.com:80/",
    "https://hooks.example.com:5432/",
    "https://hooks.example.com:0/",
    "https://hooks.example.com:99999/",
    "https://hooks.example.com:abc/",
    "https://localhost/",
    "https://LOCALHOST./",
    "https://app.localhost/",
    "https://printer.local/",
    "https://db.internal/",
    "https://intranet/",
    "https://127.0.0.1/",
    "https://127.1/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0177.0.0.1/",
    "https://0.0.0.0/",
    "https://10.0.0.1/",
    "https://10.1.2.3:8443/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://100.64.0.1/",
    "https://192.88.99.1/",
    "https://198.18.0.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://[::1]/",
    "https://[::]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:10.0.0.1]/",
    "https://[64:ff9b::7f00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[fe80::1]/",
    "https://[fc00::1]/",
    "https://[fec0::1]/",
    "https://[ff02::1]/",
    "https://[::1/",
    "https://hooks .example.com/",
    "https://hooks.example.com/\nX: y",
    "https://hoöks.example.com/",
    "https://-hooks.example.com/",
    "https://hooks..example.com/",
    "https://hooks.example.com/" + "a" * 2_000,
    "",
    None,
    5,
]


@pytest.mark.parametrize("url", REFUSED)
def test_an_address_that_must_not_be_called_is_refused(url: object) -> None:
    with pytest.raises(Invalid) as refusal:
        rules.check_url(url, "url")
    assert list(refusal.value.fields) == ["url"]


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.com",
        "https://hooks.example.com/in?key=1",
        "https://hooks.example.com:8443/in",
        "https://hooks.example.com:443/in",
        "https://xn--hks-snab.example.com/",
        "https://93.184.215.14/in",
        "https://[2606:2800:21f:cb07:6820:80da:af6b:8b2c]/in",
    ],
)
def test_a_public_address_over_tls_is_taken_as_it_is(url: str) -> None:
    assert rules.check_url(url, "url") == url


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:5000/in", "http://localhost:80", "https://[::1]"]
)
def test_development_may_call_its_own_machine(url: str) -> None:
    assert rules.check_url(url, "url", allow_local=True) == url


@pytest.mark.parametrize("url", ["http://10.0.0.1/", "http://169.254.169.254/", "http://db.local"])
def test_development_may_call_no_other_private_machine(url: str) -> None:
    with pytest.raises(Invalid):
        rules.check_url(url, "url", allow_local=True)


def test_a_delivery_is_tried_ten_times_within_four_days() -> None:
    at, spent = NOW, []
    for attempts in range(1, 10):
        told = rules.outcome(is_delivered=False, attempts=attempts, now=at, chance=0.5)
        assert told.status == "failed"
        assert told.next_attempt_at is not None
        spent.append(told.next_attempt_at - at)
        at = told.next_attempt_at
    assert spent == list(rules.DELAYS)
    last = rules.outcome(is_delivered=False, attempts=10, now=at, chance=0.5)
    assert (last.status, last.next_attempt_at) == ("exhausted", None)
    assert at - NOW < timedelta(days=4)


@given(st.integers(1, 9), st.floats(0, 1))
def test_chance_spreads_an_attempt_by_a_tenth_at_most(attempts: int, chance: float) -> None:
    told = rules.outcome(is_delivered=False, attempts=attempts, now=NOW, chance=chance)
    assert told.next_attempt_at is not None
    waited = (told.next_attempt_at - NOW) / rules.DELAYS[attempts - 1]
    assert 0.9 - 1e-6 <= waited <= 1.1 + 1e-6


def test_an_endpoint_that_does_not_answer_rests_longer_and_longer() -> None:
    rests = [rules.rest_after(silent, NOW) for silent in (0, 2, 3, 4, 5, 8, 9, 900)]
    assert [None if one is None else (one - NOW).total_seconds() for one in rests] == (
        [None, None, 10, 20, 40, 300, 300, 300]
    )


def test_an_endpoint_is_given_up_when_it_is_gone_or_fails_for_five_days() -> None:
    long_ago = NOW - timedelta(days=5)
    assert rules.why_to_disable(response=410, failing_since=NOW, now=NOW) != ""
    assert rules.why_to_disable(response=500, failing_since=long_ago, now=NOW) != ""
    just = long_ago + timedelta(seconds=1)
    assert rules.why_to_disable(response=500, failing_since=just, now=NOW) == ""


@pytest.mark.parametrize(
    "name", ["cow.sold", "sales_order", "sales_order.", "*", "*.*", ".x", "A.b"]
)
def test_an_event_type_of_nothing_is_unknown(name: str) -> None:
    assert not is_known(name)


def test_everything_that_the_pages_offer_is_known() -> None:
    offered = [
        one
        for nouns in AREAS.values()
        for noun, verbs in nouns.items()
        for one in types_of(noun, verbs)
    ]
    assert [one for one in offered if not is_known(one)] == []
    assert len(set(offered)) == len(offered)
