"""Everything that is committed reaches everybody who asked for it, in order, signed."""

from datetime import timedelta
from functools import partial
from random import Random

import psycopg
import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from standardwebhooks.webhooks import WebhookVerificationError

from orderwright.activity import actions as activity
from orderwright.identity.tenancy import enter, entered
from orderwright.kernel.ids import new_id
from orderwright.webhooks import actions, delivering, sending
from orderwright.webhooks.sending import Answer
from tests.plugins.database import Addresses
from tests.webhooks.desk import Post, open_webhooks
from tests.webhooks.receivers import HANG, RESET, Message, receiving

pytestmark = pytest.mark.django_db(transaction=True)

hasty = partial(sending.post, patience=0.2)


@pytest.fixture(autouse=True)
def local(settings: object) -> None:
    settings.WEBHOOKS_ALLOW_LOCAL = True  # type: ignore[attr-defined]


def ids(messages: list[Message]) -> list[str]:
    return list(dict.fromkeys(message.id for message in messages))


def test_what_happens_is_sent_in_the_order_of_the_log_and_signed() -> None:
    desk = open_webhooks()
    with receiving() as receiver:
        endpoint, secret = desk.endpoint(receiver.url, ["lot.adjusted"])
        happened = [desk.happen(by=number) for number in range(5)]
        desk.happen("lot.transferred")
        desk.finish(endpoint)
        assert ids(receiver.taken) == [str(one) for one in happened]
        (first, *_) = receiver.taken
        told = first.read(secret)
        assert (
            told["data"] == desk.company.api().get("/events", type="lot.adjusted").body["data"][0]
        )
        assert (told["type"], told["timestamp"]) == ("lot.adjusted", told["data"]["at"])
    assert [one.status for one in desk.deliveries(endpoint)] == ["delivered"] * 5


def test_only_what_an_endpoint_asked_for_is_sent_to_it() -> None:
    desk = open_webhooks()
    some, _ = desk.endpoint(types=["sales_order.*", "lot.created"])
    everything, _ = desk.endpoint()
    for event_type in ("lot.adjusted", "sales_order.issued", "lot.created", "stage.created"):
        desk.happen(event_type)
    to_some, to_all = Post(), Post()
    desk.finish(some, send=to_some)
    desk.finish(everything, send=to_all)
    assert to_some.types == ["sales_order.issued", "lot.created"]
    assert to_all.types[-4:] == [
        "lot.adjusted",
        "sales_order.issued",
        "lot.created",
        "stage.created",
    ]


def test_a_receiver_that_fails_a_third_of_the_time_loses_nothing() -> None:
    desk, chance = open_webhooks(), Random(30)

    def behave(message: Message) -> object:
        return chance.choice([500, RESET, HANG]) if chance.random() < 0.3 else 200

    with receiving(behave) as receiver:
        endpoint, secret = desk.endpoint(receiver.url, ["lot.adjusted"])
        happened = []
        for _ in range(6):  # more happens while the first are still tried again
            happened += [str(desk.happen(number=number)) for number in range(20)]
            desk.take_turn(endpoint, send=hasty)
            desk.clock.pass_(seconds=3)
        desk.finish(endpoint, send=hasty)
        assert sorted(ids(receiver.taken)) == sorted(happened)
        assert ids(receiver.messages) == happened  # each first attempt in the order of the log
        assert len(receiver.messages) > len(happened) + 20
        assert all(message.is_signed_with(secret) for message in receiver.messages)
    statuses = {(one.status, one.attempts > 1) for one in desk.deliveries(endpoint)}
    assert statuses == {("delivered", False), ("delivered", True)}


def test_what_is_rolled_back_is_not_sent() -> None:
    desk, post = open_webhooks(), Post()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    with transaction.atomic():
        enter(desk.company.id)
        activity.record(desk.by, "lot.adjusted", new_id())
        transaction.set_rollback(True)
    desk.happen(kept=True)
    desk.finish(endpoint, send=post)
    assert [one["data"]["body"] for one in post.told] == [{"kept": True}]


def test_an_event_that_commits_late_is_not_stepped_past(
    database_addresses: Addresses,
) -> None:
    desk, post = open_webhooks(), Post()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    desk.finish(endpoint, send=post)
    with psycopg.connect(database_addresses.owner) as slow:
        slow.execute("SET session_replication_role = replica")
        slow.execute(
            "INSERT INTO activity_event (organization_id, id, type, at, actor_kind, actor_name,"
            " subject_id, topic_id, body) SELECT %s, %s, 'lot.adjusted', now(), 'system', 'Slow',"
            " %s, %s, '{}'",
            [desk.company.id, new_id(), new_id(), new_id()],
        )
        quick = desk.happen()
        again = desk.take_turn(endpoint, send=post, is_settled=False)
        assert post.sent == []
        assert again == desk.clock.now + delivering.SOON
        slow.commit()
    desk.finish(endpoint, send=post)
    assert [one["data"]["actor"]["name"] for one in post.told] == ["Slow", desk.by.actor.name]
    assert post.told[1]["data"]["id"] == str(quick)


def test_a_message_keeps_its_id_and_gets_a_new_time_and_signature_with_each_attempt() -> None:
    desk = open_webhooks()
    post = Post([Answer(500), Answer(None, error="No answer"), Answer(204)])
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    event = desk.happen()
    desk.finish(endpoint, send=post)
    sent = [one["headers"] for one in post.sent]
    assert [one["webhook-id"] for one in sent] == [str(event)] * 3
    assert len({one["webhook-timestamp"] for one in sent}) == 3
    assert len({one["content"] for one in post.sent}) == 1
    (row,) = desk.deliveries(endpoint)
    assert (row.status, row.attempts, row.response_status) == ("delivered", 3, 204)
    assert row.next_attempt_at is None


def test_a_message_that_never_arrives_is_given_up_after_ten_attempts_and_can_be_replayed() -> None:
    desk, post = open_webhooks(), Post([Answer(500, "no")] * 10)
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    desk.happen()
    desk.finish(endpoint, send=post)
    (row,) = desk.deliveries(endpoint)
    assert (row.status, row.attempts, row.response_body) == ("exhausted", 10, "no")
    with entered(desk.company.id):
        assert actions.replay(by=desk.by, endpoint_id=endpoint) == 1
    desk.finish(endpoint, send=post)
    (row,) = desk.deliveries(endpoint)
    assert (row.status, row.attempts) == ("delivered", 1)
    assert {one["headers"]["webhook-id"] for one in post.sent} == {str(row.event_id)}


def test_a_failing_message_does_not_hold_up_the_later_ones_nor_other_endpoints() -> None:
    desk = open_webhooks()
    poison: set[str] = set()

    def behave(message: Message) -> int:
        return 500 if message.id in poison else 200

    with receiving(behave) as receiver, receiving() as other:
        mine, _ = desk.endpoint(receiver.url, ["lot.adjusted"])
        theirs, _ = desk.endpoint(other.url, ["lot.adjusted"])
        happened = [str(desk.happen()) for _ in range(5)]
        poison.add(happened[0])
        desk.take_turn(mine)
        desk.take_turn(theirs)
        assert ids(receiver.taken) == happened[1:]
        assert ids(other.taken) == happened


def test_an_endpoint_that_hangs_is_left_alone_for_a_while_and_nothing_is_lost() -> None:
    desk = open_webhooks()
    silence = Answer(None, error="No answer within 15 seconds.")
    post = Post([silence] * 4)
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    happened = [str(desk.happen()) for _ in range(6)]
    again = desk.take_turn(endpoint, send=post)
    assert len(post.sent) == 3  # then it rests
    assert again == desk.clock.now + timedelta(seconds=10)
    desk.finish(endpoint, send=post)
    assert {one.status for one in desk.deliveries(endpoint)} == {"delivered"}
    assert {one["headers"]["webhook-id"] for one in post.sent} == set(happened)
    assert desk.row(endpoint).silent == 0


def test_an_endpoint_that_is_gone_is_disabled_and_what_waits_stays() -> None:
    desk, post = open_webhooks(), Post([Answer(410)])
    endpoint, _ = desk.endpoint("https://hooks.example.com/in?token=1", ["lot.adjusted"])
    desk.happen()
    desk.happen()
    desk.finish(endpoint, send=post)
    row = desk.row(endpoint)
    assert (row.is_active, row.disabled_reason) == (False, "Its receiver answered 410: it is gone.")
    assert [one.status for one in desk.deliveries(endpoint)] == ["failed", "pending"]
    (told,) = desk.events("webhook_endpoint.disabled")
    assert told == {"host": "hooks.example.com", "reason": row.disabled_reason}


def test_an_endpoint_to_which_nothing_arrives_for_five_days_is_disabled() -> None:
    desk, post = open_webhooks(), Post([Answer(500)] * 900)
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    for _ in range(30):
        desk.happen()
        desk.take_turn(endpoint, send=post)
        desk.clock.pass_(hours=5)
    row = desk.row(endpoint)
    assert (row.is_active, row.disabled_reason) == (
        False,
        "Nothing has been delivered for 5 days.",
    )


def test_what_an_endpoint_missed_while_disabled_can_be_replayed() -> None:
    desk, post = open_webhooks(), Post()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    before = desk.happen()
    desk.finish(endpoint, send=post)
    desk.switch(endpoint, is_active=False)
    missed = desk.happen()
    desk.finish(endpoint, send=post)
    desk.switch(endpoint, is_active=True)
    after = desk.happen()
    desk.finish(endpoint, send=post)
    assert post.ids == [str(before), str(after)]
    with entered(desk.company.id):
        since = desk.by.now - timedelta(hours=1)
        count = actions.replay_since(by=desk.by, endpoint_id=endpoint, since=since)
    assert count == 3
    desk.finish(endpoint, send=post)
    assert post.ids[2:] == [str(before), str(missed), str(after)]


def test_while_a_secret_changes_either_one_verifies_and_after_a_day_the_new_one_only() -> None:
    desk = open_webhooks()
    with receiving() as receiver:
        endpoint, old = desk.endpoint(receiver.url, ["lot.adjusted"])
        with entered(desk.company.id):
            new = actions.rotate_secret(by=desk.at_present(), endpoint_id=endpoint)
        desk.happen()
        desk.finish(endpoint)
        (both,) = receiver.messages
        assert both.read(old) == both.read(new)
        desk.clock.pass_(hours=25)
        desk.happen()
        desk.finish(endpoint)
        later = receiver.messages[1]
        assert (later.is_signed_with(old), later.is_signed_with(new)) == (False, True)
        with pytest.raises(WebhookVerificationError):
            both.read("whsec_" + "A" * 44)


def test_who_lost_a_delivery_to_another_does_not_overwrite_what_became_of_it() -> None:
    desk = open_webhooks()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    desk.happen()
    desk.settled()
    place = delivering.Place(desk.company.id, endpoint)
    delivering.follow(place, now=desk.clock())
    first = delivering.take_next(place, now=desk.clock())
    assert first is not None
    assert delivering.take_next(place, now=desk.clock()) is None
    desk.clock.pass_(seconds=61)
    second = delivering.take_next(place, now=desk.clock())
    assert second is not None
    assert (second.id, second.attempts) == (first.id, 2)
    delivering.settle(place, second, Answer(200), now=desk.clock(), chance=0)
    delivering.settle(place, first, Answer(500), now=desk.clock(), chance=0)
    assert [(one.status, one.attempts) for one in desk.deliveries(endpoint)] == [("delivered", 2)]


def test_whoever_comes_while_somebody_delivers_leaves_at_once() -> None:
    desk, post = open_webhooks(), Post()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    happened = [str(desk.happen()), ""]

    def send(url: str, **message: object) -> Answer:
        if not happened[1]:  # it happens, and another comes, while the first is being sent
            happened[1] = str(desk.happen())
            assert desk.take_turn(endpoint, send=post) is None
            assert post.sent == []
        sent.append(message["headers"]["webhook-id"])  # type: ignore[index]
        return Answer(200)

    sent: list[str] = []
    assert desk.take_turn(endpoint, send=send) is None
    assert sent == happened


def test_following_many_events_takes_as_many_statements_as_following_one() -> None:
    desk = open_webhooks()
    endpoint, _ = desk.endpoint(types=["lot.adjusted"])
    place, counts = delivering.Place(desk.company.id, endpoint), []
    desk.take_turn(endpoint, send=Post())
    for many in (1, 30):
        for _ in range(many):
            desk.happen()
        desk.settled()
        with CaptureQueriesContext(connection) as statements:
            assert delivering.follow(place, now=desk.clock()) == many
        counts.append(len(statements))
    assert counts[0] == counts[1]
