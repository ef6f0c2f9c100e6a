"""The organization, roles, users, keys and events over HTTP."""

import time

import pytest

from orderwright.identity.sign_in import sign_in
from tests.company import NOW, PASSWORD, Answer, Api, Company, found_company

pytestmark = pytest.mark.django_db


def test_an_organization_shows_all_settings_and_changes_those_that_are_sent() -> None:
    api = found_company().api()
    before = api.get("/organization").body
    assert before["settings"] == {
        "pricing.volume_applies_to_customer_price": True,
        "pricing.tier_mode": "compound",
        "pricing.unit_price_dp": 4,
        "invoicing.mode": "on_shipment",
        "orders.auto_issue_on_submit": False,
        "orders.auto_complete_when_paid": True,
        "orders.estimate_days": 30,
        "shipping.notify_customer": False,
        "stock.allow_negative": False,
        "metrics.percent_dp": 1,
        "invoicing.footer": "",
        "invoicing.show_photos": False,
        "invoicing.tax_number": "",
        "invoicing.iban": "",
        "security.second_factor_from": None,
        "production.due_offset_days": 7,
        "production.enforce_inventory_types": False,
    }
    sent = {"default_currency": "eur", "settings": {"pricing.tier_mode": "highest"}, "version": 1}
    after = api.patch("/organization", sent).body
    assert after["default_currency"] == "EUR"
    assert after["settings"] == before["settings"] | {"pricing.tier_mode": "highest"}
    api.patch("/organization", {"settings": {"metrics.percent_dp": 2}})
    assert api.get("/organization").body["settings"]["pricing.tier_mode"] == "highest"
    stale = api.patch("/organization", {"so_prefix": "X-", "version": 1})
    assert (stale.status, stale.body["details"]["current"]["version"]) == (409, 3)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"settings": {"pricing.mode": 1}}, "settings.pricing.mode"),
        ({"settings": {"pricing.tier_mode": "lowest"}}, "settings.pricing.tier_mode"),
        ({"settings": {"stock.allow_negative": 1}}, "settings.stock.allow_negative"),
        ({"settings": {"pricing.unit_price_dp": 5}}, "settings.pricing.unit_price_dp"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"default_weight_unit": "stone"}, "default_weight_unit"),
        ({"default_currency": ""}, "default_currency"),
        ({"country": "XX"}, "country"),
        ({"so_prefix": ""}, "so_prefix"),
        ({"so_prefix": "S O"}, "so_prefix"),
        ({"name": None}, "name"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused(sent: dict[str, object], place: str) -> None:
    answer = found_company().api().patch("/organization", sent)
    assert (answer.status, list(answer.body["fields"])) == (422, [place])


def test_every_role_may_know_its_organization_and_only_an_admin_changes_it() -> None:
    company = found_company()
    assert company.api("Member").get("/organization").body["name"] == "Orderwright Works"
    assert company.api("Sales").patch("/organization", {"name": "Mine"}).status == 403


def test_a_user_with_a_password_can_sign_in_and_one_without_is_invited() -> None:
    company = found_company()
    api = company.api()
    sent = {"email": "Bo@works.example", "role": "sales", "password": "long enough"}
    made = api.post("/users", sent).body
    assert (made["status"], made["role"], "password" in made) == ("active", "Sales", False)
    assert len(sign_in(email="bo@works.example", password="long enough", now=NOW)) == 1
    company.enter()
    invited = api.post("/users", {"email": "cy@works.example", "role": "Viewer"}).body
    assert invited["status"] == "invited"
    opened = api.patch(f"/users/{invited['id']}", {"password": "now it opens"}).body
    assert opened["status"] == "active"
    assert len(sign_in(email="cy@works.example", password="now it opens", now=NOW)) == 1
    company.enter()
    taken = api.post("/users", sent | {"email": "BO@WORKS.example"})
    assert (taken.status, list(taken.body["fields"])) == (409, ["email"])


def test_no_event_keeps_a_password() -> None:
    company = found_company()
    sent = {"email": "bo@works.example", "role": "Sales", "password": "long enough"}
    made = company.api().post("/users", sent).body
    company.api().patch(f"/users/{made['id']}", {"password": "another one"})
    from orderwright.activity.models import Event

    company.enter()
    bodies = [event.body for event in Event.objects.of(company.id).filter(subject_id=made["id"])]
    assert len(bodies) == 2
    assert "password" not in str(bodies)
    assert "argon2" not in str(bodies)


@pytest.mark.parametrize(
    ("sent", "place"),
    [
        ({"role": "Sales"}, "email"),
        ({"email": "nobody", "role": "Sales"}, "email"),
        ({"email": "bo@works.example"}, "role"),
        ({"email": "bo@works.example", "role": "Emperor"}, "role"),
        ({"email": "bo@works.example", "role": "Sales", "password": "short"}, "password"),
    ],
)
def test_a_user_that_makes_no_sense_is_refused(sent: dict[str, object], place: str) -> None:
    answer = found_company().api().post("/users", sent)
    assert (answer.status, list(answer.body["fields"])) == (422, [place])


def test_the_last_admin_stays() -> None:
    company = found_company()
    api = company.api()
    me = f"/users/{company.user_id}"
    assert api.patch(me, {"role": "Viewer"}).body["code"] == "last_admin"
    assert api.patch(me, {"status": "disabled"}).body["code"] == "last_admin"
    assert api.delete(me).body["code"] == "last_admin"
    sent = {"email": "bo@works.example", "role": "Admin", "password": PASSWORD}
    assert api.post("/users", sent).status == 201
    assert api.patch(me, {"role": "Viewer"}).body["role"] == "Viewer"


def helpdesk(company: Company) -> Api:
    """Somebody who looks after users, and has few rights besides."""
    permissions = ["users:create", "users:read", "users:update", "users:delete", "products:read"]
    assert company.api().post("/roles", {"name": "Help", "permissions": permissions}).status == 201
    return company.api("Help")


def test_nobody_gives_away_more_than_they_have() -> None:
    company = found_company()
    api = helpdesk(company)
    login = {"email": "bo@works.example", "role": "Admin", "password": PASSWORD}
    answers = [
        api.post("/users", login),
        api.post("/api-keys", {"name": "Mine", "role": "Admin"}),
        api.post("/roles", {"name": "All", "permissions": ["settings:update"]}),
        api.patch(f"/users/{company.user_id}", {"password": "mine from now on"}),
        api.delete(f"/users/{company.user_id}"),
    ]
    assert [(answer.status, answer.body["code"]) for answer in answers] == [
        (403, "beyond_own_role")
    ] * 5
    assert api.post("/roles", {"name": "Few", "permissions": ["products:read"]}).status == 201
    assert api.post("/users", login | {"role": "Few"}).status == 201


def test_a_role_of_the_system_stays_and_a_role_in_use_too() -> None:
    company = found_company()
    api = company.api()
    sales = next(r for r in api.get("/roles").body["data"] if r["name"] == "Sales")
    assert api.patch(f"/roles/{sales['id']}", {"name": "X"}).body["code"] == "system_record"
    made = api.post("/roles", {"name": "Reader", "permissions": ["products:read"]}).body
    company.api("Reader")
    assert api.delete(f"/roles/{made['id']}").body["code"] == "in_use"
    wrong = api.post("/roles", {"name": "Wrong", "permissions": ["products:eat"]})
    assert (wrong.status, list(wrong.body["fields"])) == (422, ["permissions.0"])


def test_a_key_is_shown_once_and_opens_nothing_once_revoked() -> None:
    company = found_company()
    api = company.api()
    made = api.post("/api-keys", {"name": "Shop", "role": "Sales"})
    assert made.status == 201
    key = made.body["key"]
    assert key.startswith(made.body["hint"])
    at = f"/api-keys/{made.body['id']}"
    assert "key" not in api.get(at).body
    assert "key" not in api.get("/api-keys").body["data"][0]
    assert Api(key).get("/products").status == 200
    assert api.delete(at).status == 204
    assert Api(key).get("/products").status == 401
    company.enter()
    assert api.get(at).body["revoked_at"] is not None
    assert api.delete(at).status == 204
    past = api.post(
        "/api-keys", {"name": "Old", "role": "Sales", "expires_at": "2020-01-01T00:00Z"}
    )
    assert (past.status, list(past.body["fields"])) == (422, ["expires_at"])


def creations(api: Api) -> Answer:
    """Products created; it waits for transactions that are still open, those of other tests too."""
    deadline = time.monotonic() + 30
    while True:
        answer = api.get("/events", type="product.created")
        if answer.body["data"] or time.monotonic() > deadline:
            return answer
        time.sleep(0.1)


@pytest.mark.django_db(transaction=True)
def test_events_are_followed_by_their_cursor_and_prices_are_for_commerce_only() -> None:
    company = found_company()
    api, viewer = company.api(), company.api("Viewer")
    made = api.post("/products", {"sku": "GEM", "name": "Gem", "base_price": "12.5"}).body
    answer = creations(api)
    (event,) = answer.body["data"]
    assert event["subject_id"] == made["id"]
    assert event["body"]["after"]["base_price"] == "12.5"
    (seen,) = viewer.get("/events", type="product.created").body["data"]
    assert seen["body"]["after"]["sku"] == "GEM"
    assert "base_price" not in seen["body"]["after"]
    here = answer.body["next_cursor"]
    following = api.get("/events", cursor=here, type="product.created").body
    assert following == {"data": [], "next_cursor": here}
    assert company.api("Sales").get("/events").status == 403
    assert api.get("/events", cursor="nonsense").status == 422
