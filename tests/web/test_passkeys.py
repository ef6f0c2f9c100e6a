"""A passkey in a real browser: Chromium's own virtual authenticator makes and uses it."""

from playwright.sync_api import Page, expect

from tests.company import PASSWORD, found_company
from tests.plugins.server import Server


def test_a_passkey_is_made_and_then_opens_without_a_password(server: Server, page: Page) -> None:
    company = found_company()
    # Passkeys belong to names: an address of digits has none.
    here = server.url.replace("127.0.0.1", "localhost")
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
            }
        },
    )
    page.goto(f"{here}/sign-in")
    page.get_by_label("E-mail").fill(company.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.goto(f"{here}/account/second-factor")
    page.get_by_label("Name of the passkey").fill("My laptop")
    page.get_by_role("button", name="Add a passkey").click()
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("cell", name="My laptop")).to_be_visible()
    page.get_by_role("button", name="Profile").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/")
    page.context.clear_cookies()
    page.goto(f"{here}/sign-in")
    page.get_by_label("E-mail").fill(company.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/sign-in/second")
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url("**/")
