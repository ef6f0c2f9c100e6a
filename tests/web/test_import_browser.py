"""Imports in a real browser: accessibility in both themes and three widths, on one way through."""

from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.importing import chunks
from tests.company import NOW, Company, found_company
from tests.plugins.server import Server
from tests.web.conftest import sign_in
from tests.web.test_browser import AXE, STANDARD, WIDTHS
from tests.web.themes import WEAR

FILE = b"Item No.,Title,Price,Foo\nA,Apple,1,x\nB,,2,y\nC,Cherry,3,z\n"
SHOTS: Path | None = None


@pytest.fixture
def company(server: Server) -> Company:
    """A company on the server."""
    return found_company()


def found_by_axe(page: Page, name: str) -> list[Any]:
    """What axe has to say of this page, in both themes and three widths."""
    told = []
    for theme in ("light", "dark"):
        page.evaluate(WEAR, theme)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            if SHOTS is not None:
                page.screenshot(path=SHOTS / f"{name}-{theme}-{width}.png", full_page=True)
            overflow = page.evaluate(
                "document.documentElement.scrollWidth > document.documentElement.clientWidth"
            )
            assert not overflow, (name, width)
            page.evaluate(AXE.read_text())
            said = page.evaluate(
                "tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", STANDARD
            )
            told += [
                (name, theme, width, one["id"], one["nodes"][0]["html"])
                for one in said["violations"]
            ]
    return told


def test_the_way_of_a_file_is_accessible_at_every_step(company: Company, page: Page) -> None:
    page.set_default_timeout(10_000)
    sign_in(page, company.email)
    page.goto("/imports/new?kind=products")
    told = found_by_axe(page, "upload")
    page.locator("#f-file").set_input_files(
        {"name": "goods.csv", "mimeType": "text/csv", "buffer": FILE}
    )
    page.get_by_role("button", name="Upload and check").click()
    expect(page.get_by_role("heading", name="goods.csv")).to_be_visible()
    told += found_by_axe(page, "preview")
    page.get_by_role("button", name="Start the import").click()
    expect(page.get_by_text("1 of 3 rows done")).to_be_visible()
    told += found_by_axe(page, "running")
    import_id = page.url.rsplit("/", 1)[-1]
    with transaction.atomic():
        while chunks.work_chunk(company.id, import_id, now=NOW):  # type: ignore[arg-type]
            pass
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    told += found_by_axe(page, "finished")
    page.goto("/imports")
    told += found_by_axe(page, "list")
    assert told == []
