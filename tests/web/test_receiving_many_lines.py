"""A receipt of more lines than one page shows: found, paged, and nothing typed is lost."""

import re
from typing import Any

import pytest
from django.test import Client

from orderwright.catalog.models import Product
from orderwright.kernel.numbers import trim
from orderwright.purchasing import queries
from orderwright.purchasing.page import OrderPage
from tests.purchasing.buying import Buying, open_buying
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db

AT = "/orders/purchase/PO-00001/receive"
LINES = 120


def ordered(desk: Buying, count: int, *, sku: str) -> OrderPage:
    """An order of so many lines, ten of each."""
    made = Product.objects.bulk_create(
        Product(
            organization_id=desk.company.id,
            sku=f"{sku}{index:03}",
            name=f"Part {index:03}",
            base_price="1.00",
            currency="USD",
        )
        for index in range(1, count + 1)
    )
    return desk.ordered(dict.fromkeys([one.pk for one in made], 10))


@pytest.fixture
def desk() -> Buying:
    """An order of 120 lines."""
    desk = open_buying()
    ordered(desk, LINES, sku="P")
    return desk


@pytest.fixture
def web(desk: Buying) -> Client:
    """The founder's browser."""
    return signed_in(desk.company.email)


def received(desk: Buying) -> dict[int, str]:
    """What has arrived of each line, by position; lines of which nothing has are left out."""
    desk.company.enter()
    order = queries.order_page(desk.by, "PO-00001")
    return {line.position: trim(line.received) for line in order.lines if line.received}


def form_of(page: Any) -> dict[str, list[str]]:
    """What the page's form would send as it stands."""
    html = page.content.decode()
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]*>", html.partition("<main")[2]):
        name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
        is_box = 'type="checkbox"' in tag and " checked" not in tag
        if name and value and not is_box and not name[1].startswith("_"):
            text = value[1].replace("&quot;", '"').replace("&#x27;", "'")
            found.setdefault(name[1], []).append(text)
    return found


def shown(page: Any) -> list[str]:
    """The names on the cards."""
    return re.findall(r"Part \d{3}", "".join(re.findall(r"<h2[^>]*>[^<]*", page.content.decode())))


def field_of(page: Any, part: str) -> str:
    """The name of the quantity field of a part's card."""
    html = page.content.decode()
    card = html[html.index(part) :]
    found = re.search(r'name="(quantity-[^"]+)"', card)
    assert found is not None
    return found[1]


def test_only_a_part_of_the_lines_is_shown_and_nothing_is_said_of_the_others(web: Client) -> None:
    page = web.get(AT)
    assert shown(page) == [f"Part {index:03}" for index in range(1, 51)]
    assert "Lines 1 to 50 of 120" in page.content.decode()
    sent = form_of(page)
    assert sent[field_of(page, "Part 001")] == [""]


def test_what_was_typed_in_one_part_is_received_with_the_others(desk: Buying, web: Client) -> None:
    first = web.get(AT)
    sent = form_of(first) | {field_of(first, "Part 002"): "3"}
    second = web.post(AT, sent | {"go": "part-2"})
    assert shown(second) == [f"Part {index:03}" for index in range(51, 101)]
    assert "1 typed so far" in second.content.decode()
    assert received(desk) == {}
    sent = form_of(second) | {field_of(second, "Part 060"): "4"}
    found = web.post(AT, sent | {"go": "find", "q": "part 1"})
    assert shown(found) == [f"Part {index:03}" for index in range(100, 121)]
    back = web.post(AT, form_of(found) | {"go": "find", "q": "P002"})
    assert form_of(back)[field_of(back, "Part 002")] == ["3"]
    done = web.post(AT, form_of(back))
    assert done.status_code == 302
    assert received(desk) == {2: "3", 60: "4"}


def test_everything_of_the_others_arrives_on_request(desk: Buying, web: Client) -> None:
    first = web.get(AT)
    sent = form_of(first) | {field_of(first, "Part 002"): "3", "others": "everything"}
    second = web.post(AT, sent | {"go": "part-2"})
    assert form_of(second)[field_of(second, "Part 060")] == ["10"]
    # Nothing of one line came: that is said by emptying its field.
    sent = form_of(second) | {field_of(second, "Part 060"): "", "others": "everything"}
    assert web.post(AT, sent).status_code == 302
    expected = dict.fromkeys(range(1, LINES + 1), "10") | {2: "3"}
    del expected[60]
    assert received(desk) == expected


def test_after_a_refusal_the_part_with_the_error_is_shown(desk: Buying, web: Client) -> None:
    first = web.get(AT)
    sent = form_of(first) | {field_of(first, "Part 002"): "2.5", "go": "part-3"}
    last = web.post(AT, sent)
    refused = web.post(AT, form_of(last) | {field_of(last, "Part 110"): "1"})
    assert refused.status_code == 422
    assert shown(refused)[0] == "Part 001"
    assert form_of(refused)[field_of(refused, "Part 002")] == ["2.5"]
    assert received(desk) == {}
    assert web.post(AT, form_of(refused) | {field_of(refused, "Part 002"): "2"}).status_code == 302
    assert received(desk) == {2: "2", 110: "1"}


def test_nothing_arrived_is_refused_and_what_travels_along_is_not_believed(
    desk: Buying, web: Client
) -> None:
    page = web.get(AT)
    assert web.post(AT, form_of(page)).status_code == 422
    for tampered in ("[", "[1]", '{"x": 3}', '{"x": {"quantity": "5"}}'):
        assert web.post(AT, form_of(page) | {"typed": tampered}).status_code == 422
    assert received(desk) == {}


def test_the_page_of_a_thousand_lines_is_as_small_as_that_of_a_hundred_and_twenty(
    desk: Buying, web: Client
) -> None:
    small = web.get(AT).content
    desk.company.enter()
    large = ordered(desk, 1000, sku="Q")
    found = web.get(f"/orders/purchase/{large.head.number}/receive").content
    assert abs(len(found) - len(small)) < 1_000
    assert len(small) < 250_000
