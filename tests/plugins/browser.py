"""Debian's Chromium for tests with pages; `page.goto("/…")` goes to this process's server."""

import shutil
from typing import Any

import pytest

from tests.plugins.server import Server

_QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The installed Chromium, in place of one that Playwright would download."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.fail("Chromium is missing: apt-get install chromium (make test does it for root).")
    return {**browser_type_launch_args, "executable_path": chromium, "args": list(_QUIET)}


@pytest.fixture(scope="session")
def browser_context_args(
    browser_context_args: dict[str, Any], server_process: Server
) -> dict[str, Any]:
    """Every context knows the server and sees what a desk's screen shows."""
    return {
        **browser_context_args,
        "base_url": server_process.url,
        "viewport": {"width": 1280, "height": 800},
    }
