"""Pages of users, roles, API keys and the audit trail."""

import re
from uuid import UUID

from django.test import Client

from orderwright.activity.models import Event
from orderwright.identity.models import ApiKey, Role, User
from tests.company import PASSWORD, Api, Company
from tests.web.conftest import signed_in


def login(company: Company, email: str = "bo@works.example", role: str = "Sales") -> str:
    sent = {"email": email, "role": role, "password": PASSWORD}
    made: str = company.api().post("/users", sent).body["id"]
    company.enter()
    return made


def role_id(company: Company, name: str) -> UUID:
    company.enter()
    found: UUID = Role.objects.of(company.id).get(name=name).pk
    return found


def user(company: Company, user_id: str) -> User:
    company.enter()
    found: User = User.objects.of(company.id).get(pk=user_id)
    return found


def test_an_admin_invites_somebody_and_sees_them_invited(company: Company, admin: Client) -> None:
    sent = {"email": "bo@works.example", "role": "Sales", "first_name": "", "last_name": ""}
    assert admin.post("/settings/users/invite", sent).status_code == 302
    html = admin.get("/settings/users").content.decode()
    assert "An invitation goes to bo@works.example." in html
    assert "Invited" in html
    assert admin.get("/settings/users?status=disabled").content.count(b"bo@works.example") == 0


def test_a_wrong_address_stays_typed_beside_its_error(company: Company, admin: Client) -> None:
    sent = {"email": "not an address", "role": "Sales"}
    refused = admin.post("/settings/users/invite", sent)
    assert refused.status_code == 422
    html = refused.content.decode()
    assert 'value="not an address"' in html
    assert 'aria-describedby="e-email"' in html


def test_a_login_changes_role_is_disabled_enabled_and_removed(
    company: Company, admin: Client
) -> None:
    bo = login(company)
    page = f"/settings/users/{bo}"
    values = {"email": "bo@works.example", "first_name": "Bo", "last_name": "", "role": "Warehouse"}
    assert admin.post(page, {**values, "version": "1"}).status_code == 302
    assert user(company, bo).role_id == role_id(company, "Warehouse")
    stale = admin.post(page, {**values, "first_name": "Bob", "version": "1"})
    assert stale.status_code == 409
    for action, status in (("disable", "disabled"), ("enable", "active")):
        assert admin.post(f"{page}/{action}").status_code == 302
        assert user(company, bo).status == status
    assert admin.post(f"{page}/remove").status_code == 302
    assert admin.get(page).status_code == 404


def test_nobody_locks_oneself_out(company: Company, admin: Client) -> None:
    login(company, role="Admin")
    me = f"/settings/users/{company.user_id}"
    html = admin.get(me).content.decode()
    assert f'action="{me}/disable"' not in html
    assert admin.post(f"{me}/disable").status_code == 409
    assert admin.post(f"{me}/remove").status_code == 409
    values = {"email": company.email, "first_name": "", "last_name": "", "role": "Viewer"}
    refused = admin.post(me, {**values, "version": "1"})
    assert (refused.status_code, user(company, str(company.user_id)).status) == (409, "active")


def test_people_pages_are_for_those_who_look_after_people(company: Company) -> None:
    login(company)
    browser = signed_in("bo@works.example")
    pages = ("/settings/users", "/settings/roles", "/settings/api-keys", "/audit")
    assert [browser.get(page).status_code for page in pages] == [403] * 4
    assert browser.get("/account").status_code == 200


def test_the_matrix_shows_every_role_beside_the_others(company: Company, admin: Client) -> None:
    html = admin.get("/settings/roles").content.decode()
    rows = re.findall(r'<th scope="row" class="area">(.*?)</th>(.*?)</tr>', html)
    cells = {words: re.findall(r'class="letters">(.*?)</td>', rest) for words, rest in rows}
    none = '<span class="nothing">—</span>'
    assert len(cells) == 20
    assert cells["Shipments"] == ["CRUD", none, none, "R", "R", "CRU", "R"]


def test_a_role_is_copied_changed_and_removed(company: Company, admin: Client) -> None:
    sales = role_id(company, "Sales")
    copied = admin.get(f"/settings/roles/new?from={sales}").content.decode()
    ticked = re.findall(r'value="([a-z_]+:[a-z]+)" checked', copied)
    company.enter()
    assert sorted(ticked) == Role.objects.of(company.id).get(pk=sales).permissions
    made = admin.post(
        "/settings/roles/new", {"name": "Front desk", "permissions": ["customers:update"]}
    )
    mine = made["Location"]
    company.enter()
    role = Role.objects.of(company.id).get(name="Front desk")
    assert role.permissions == ["customers:read", "customers:update"]
    changed = {"name": "Desk", "permissions": ["products:read"], "version": "1"}
    assert admin.post(mine, changed).status_code == 302
    company.enter()
    assert Role.objects.of(company.id).get(pk=role.pk).permissions == ["products:read"]
    login(company, role="Desk")
    assert admin.post(f"{mine}/remove").status_code == 409


def test_a_role_of_the_system_shows_its_grid_and_keeps_it(company: Company, admin: Client) -> None:
    sales = f"/settings/roles/{role_id(company, 'Sales')}"
    html = admin.get(sales).content.decode()
    assert html.count('name="permissions"') == html.count("disabled>") == 80
    sent = {"name": "Sales", "permissions": ["audit:read"], "version": "1"}
    assert admin.post(sales, sent).status_code == 409


def test_a_role_tells_what_its_people_see(company: Company, admin: Client) -> None:
    html = admin.get(f"/settings/roles/{role_id(company, 'Member')}").content.decode()
    seen = html[html.index("What they see") :]
    assert re.findall(r"<li>([A-Z][^<]*)</li>", seen) == [
        "Inventory",
        "Jobs",
        "Runs",
        "Products",
    ]


def test_a_key_is_made_shown_once_and_revoked(company: Company, admin: Client) -> None:
    sent = {"name": "Shop", "role": "Sales", "expires": ""}
    made = admin.post("/settings/api-keys/new", sent)
    (key,) = re.findall(r'id="key">(ow_[^<]+)<', made.content.decode())
    assert Api(key).get("/products").status == 200
    listed = admin.get("/settings/api-keys").content.decode()
    assert (key in listed, "Shop" in listed) == (False, True)
    company.enter()
    row = ApiKey.objects.of(company.id).get(name="Shop")
    assert row.used_at is not None
    assert admin.post(f"/settings/api-keys/{row.pk}/revoke").status_code == 302
    assert Api(key).get("/products").status == 401
    company.enter()
    bodies = str(list(Event.objects.of(company.id).values_list("body", flat=True)))
    assert key not in bodies


def test_a_key_that_has_ended_already_is_refused_beside_its_day(
    company: Company, admin: Client
) -> None:
    sent = {"name": "Old", "role": "Sales", "expires": "2020-01-31"}
    refused = admin.post("/settings/api-keys/new", sent)
    assert (refused.status_code, refused.context["form"].errors) == (
        422,
        {"expires": "This moment has passed."},
    )
    assert 'value="2020-01-31"' in refused.content.decode()


def test_the_trail_tells_who_changed_what_from_what_to_what(
    company: Company, admin: Client
) -> None:
    company.api().patch("/organization", {"so_prefix": "ORD-"})
    html = admin.get("/audit?kind=organization").content.decode()
    assert "Organization: updated" in html
    assert "so prefix</span> <s>SO-</s> → ORD-" in html
    assert "First key" in html


def test_the_trail_is_narrowed_by_kind_person_record_and_day(
    company: Company, admin: Client
) -> None:
    bo = login(company)
    browser = signed_in("bo@works.example")
    browser.post("/account", {"first_name": "Bo", "version": "1"})
    api = company.api()
    product = api.post("/products", {"sku": "GEM", "name": "Gem"}).body["id"]
    api.patch("/organization", {"so_prefix": "ORD-"})

    def found(query: str) -> list[str]:
        html = admin.get(f"/audit?{query}").content.decode()
        return re.findall(r'hx-target="#dialog-content">([^<:]+: [^<]+)</a>', html)

    assert found("kind=product") == ["Product: created"]
    assert found(f"actor={bo}") == ["User: updated"]
    assert found(f"subject={product}") == ["Product: created"]
    assert found("kind=user") == ["User: updated", "User: created"]
    assert found("actor=nonsense") == []
    assert found("at_to=2020-01-01") == []
    assert found("at_from=nonsense") == []


def test_what_a_removed_record_held_stays_readable(company: Company, admin: Client) -> None:
    api = company.api()
    product = api.post("/products", {"sku": "GEM", "name": "A gem of a name"}).body["id"]
    assert api.delete(f"/products/{product}").status == 204
    company.enter()
    event = Event.objects.of(company.id).get(type="product.deleted")
    html = admin.get(f"/audit/{event.pk}").content.decode()
    assert "A gem of a name" in html
    assert f'href="/products/{product}"' not in html


def test_prices_in_the_trail_are_for_those_who_may_see_them(company: Company) -> None:
    company.api().post("/products", {"sku": "GEM", "name": "Gem", "base_price": "12.5"})
    login(company, role="Viewer")
    browser = signed_in("bo@works.example")
    shown = browser.get("/audit?kind=product").content.decode()
    assert ("GEM" in shown, "12.5" in shown) == (True, False)


def test_the_trail_is_exported_as_it_is_narrowed(company: Company, admin: Client) -> None:
    company.api().patch("/organization", {"so_prefix": "=HYPERLINK", "name": "=cmd()"})
    company.api().patch("/organization", {"name": "=cmd()"})
    answer = admin.get("/lists/audit/export.csv?kind=organization")
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert lines[0].split(",")[:3] == ["What", "Record", "Before and after"]
    assert [line.split(",")[:2] for line in lines[1:]] == [
        ["Organization: updated", "'=cmd()"],
        ["Organization: equipped", ""],
    ]
