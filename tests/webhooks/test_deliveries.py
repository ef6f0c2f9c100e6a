"""Everything that is committed reaches everybody who asked for it, in order, signed."""

import pytest

from tests.webhooks.desk import open_webhooks
from tests.webhooks.receivers import Message, receiving

pytestmark = pytest.mark.django_db(transaction=True)


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
