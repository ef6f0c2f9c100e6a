"""Take the pictures of the README: walk through one order of the demo company in a browser.

Makes the company in a temporary folder, serves it on a free port, and does what the README tells
the reader to do, so that the tour cannot promise what the pages do not keep. Pictures go to
`docs/pictures/`, as small PNG files of 255 colours.
"""

import base64
import json
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

_ROOT = Path(__file__).resolve().parents[1]
_PICTURES = _ROOT / "docs" / "pictures"
_ORDERWRIGHT = [sys.executable, "-m", "orderwright.cli"]
_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_WIDE = {"width": 1280, "height": 860}
_NARROW = {"width": 360, "height": 780}
_PATIENCE = 30_000
_COLOURS = 255

CUSTOMER = "Acme Jewellers"
NOTES = """Hi Maya, could you send us

- 600 round diamonds 1.2 mm, VS quality
- 12 twisted silver rings, actually make that 15
- two dozen cable chains 45 cm, silver

The last 3 parcels came loose, so please pack well. We need everything by 18 December,
it is urgent. PO number AJ-4711. Call me on 555 0134 if anything is unclear.

Ana, Acme Jewellers
"""


@dataclass(frozen=True, slots=True)
class Served:
    """The demo company, and how to sign in."""

    url: str
    email: str
    password: str


def main() -> None:
    """Take all pictures anew."""
    _PICTURES.mkdir(parents=True, exist_ok=True)
    with demo_company() as served, sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=_CHROMIUM
        )
        desk = sign_in(browser, served, theme="light")
        tour(desk)
        number = look_around(desk, "")
        look_around(sign_in(browser, served, theme="dark"), "-dark")
        narrow(sign_in(browser, served, theme="light"), number)
        browser.close()
    sizes = {file.name: file.stat().st_size for file in sorted(_PICTURES.glob("*.png"))}
    for name, size in sizes.items():
        print(f"{size / 1000:7.0f} KB  {name}")
    print(f"{sum(sizes.values()) / 1000:7.0f} KB")


@contextmanager
def demo_company() -> Iterator[Served]:
    """Make and serve the demo company for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="orderwright-pictures-") as folder:
        made = subprocess.run(
            [*_ORDERWRIGHT, "demo", "--data", folder, "--json"],
            check=True,
            stdout=subprocess.PIPE,
        )
        facts = json.loads(made.stdout)
        port = _free_port()
        serving = subprocess.Popen(
            [*_ORDERWRIGHT, "serve", "--data", folder, "--port", str(port), "--workers", "1"],
            stdout=subprocess.PIPE,
        )
        try:
            assert serving.stdout is not None
            while b"is ready" not in (line := serving.stdout.readline()):
                if not line:
                    raise SystemExit("The server does not start.")
            yield Served(f"http://127.0.0.1:{port}", facts["email"], facts["password"])
        finally:
            serving.terminate()
            serving.wait(timeout=60)


def sign_in(browser: Browser, served: Served, *, theme: str) -> Page:
    """A new browser, signed in, in this theme."""
    context = browser.new_context(base_url=served.url, viewport=_WIDE)  # type: ignore[arg-type]
    context.add_cookies([{"name": "theme", "value": theme, "url": served.url}])
    page = context.new_page()
    page.set_default_timeout(_PATIENCE)
    expect.set_options(timeout=_PATIENCE)
    page.goto("/sign-in")
    page.get_by_label("E-mail").fill(served.email)
    page.get_by_label("Password").fill(served.password)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/orders/sales")
    return page


def tour(page: Page) -> None:
    """From a customer's notes to a delivered order, as the README tells it."""
    page.goto("/orders/sales/new")
    page.get_by_role("combobox", name="Customer").fill(CUSTOMER)
    page.get_by_role("option", name=CUSTOMER).click()
    lead = page.get_by_label("Order lead")
    lead.select_option(label="Maya")
    page.get_by_label("What the customer asked for").fill(NOTES)
    _go_on(page)
    _take(page, "review")
    for row in page.locator("[data-rows] [data-accept]").all():
        row.click()
    _go_on(page)
    page.get_by_role("button", name="required").click()
    page.get_by_role("button", name="PO number").click()
    _go_on(page)
    page.get_by_label("The terms of this order are accepted").check()
    _go_on(page)
    page.wait_for_url("**/orders/sales/SO-*")
    inside = _dialog(page, "Issue order")
    _take(page, "issue")
    _confirm(page, inside, "Issue order")
    inside = _dialog(page, "Select inventory")
    for tick in inside.get_by_label("Mark this line item as “Ready”").all():
        tick.check()
    page.locator("#dialog-title").scroll_into_view_if_needed()
    page.locator("#dialog").evaluate("dialog => dialog.scrollTo(0, 0)")
    _take(page, "select")
    _confirm(page, inside, "Select inventory")
    inside = _dialog(page, "Create shipment")
    inside.get_by_label("Tracking number").fill("1Z 999 AA1 01 2345 6784")
    _take(page, "ship")
    _confirm(page, inside, "Create shipment")
    page.get_by_role("button", name="Mark delivered").click()
    _confirm(page, page.locator("#dialog"), "Record")
    expect(page.locator(".next")).to_contain_text("Everything is delivered.")
    page.evaluate("scrollTo(0, 0)")
    _take(page, "delivered")


def look_around(page: Page, suffix: str) -> str:
    """The list of orders, and one that is partly on its way, whose number is answered."""
    page.goto("/orders/sales")
    _take(page, f"orders{suffix}")
    page.goto("/orders/sales?fulfillment_status=partially_shipped")
    found = page.locator("tbody tr td:first-child a").all_inner_texts()
    number = max(found, key=lambda number: _line_count(page, number))
    page.goto(f"/orders/sales/{number}")
    _take(page, f"order{suffix}")
    return number


def narrow(page: Page, number: str) -> None:
    """The order on a telephone."""
    page.set_viewport_size(_NARROW)  # type: ignore[arg-type]
    page.goto(f"/orders/sales/{number}")
    _take(page, "order-narrow")


def _line_count(page: Page, number: str) -> int:
    page.goto(f"/orders/sales/{number}")
    count = page.locator("#lines tbody tr[data-status]").count()
    return count if count <= 4 else 0  # more would leave no room for the timeline


def _go_on(page: Page) -> None:
    with page.expect_navigation():
        page.locator(".wizard-foot .btn-primary").click()


def _dialog(page: Page, action: str) -> Locator:
    page.locator(".order-head").get_by_role("button", name=action).first.click()
    inside = page.locator("#dialog[open]")
    inside.get_by_role("button", name=action).wait_for()
    return inside


def _confirm(page: Page, inside: Locator, action: str) -> None:
    inside.get_by_role("button", name=action).click()
    page.locator("#dialog[open]").wait_for(state="detached")
    page.wait_for_load_state("networkidle")


def _take(page: Page, name: str) -> None:
    page.wait_for_load_state("networkidle")
    page.evaluate("document.fonts.ready")
    page.mouse.move(0, 0)
    for toast in page.locator("[data-toast-close]").all():
        toast.evaluate("button => button.click()")
    picture = page.screenshot(animations="disabled", caret="hide")
    (_PICTURES / f"{name}.png").write_bytes(_with_few_colours(page, picture))


def _with_few_colours(page: Page, picture: bytes) -> bytes:
    """The same picture with a palette of its commonest colours; the browser decodes it."""
    pixels, width, height = _pixels_of(page, picture)
    colours, place, count = np.unique(pixels, return_inverse=True, return_counts=True)
    chosen = colours[np.argsort(-count, kind="stable")[:_COLOURS]]
    kept = _parts(chosen)
    nearest = np.array(
        [np.argmin(((kept - one) ** 2).sum(axis=1)) for one in _parts(colours)], dtype=np.uint8
    )
    indexes = nearest[place.reshape(-1)]
    palette = kept.astype(np.uint8)
    rows = np.zeros((height, width + 1), dtype=np.uint8)
    rows[:, 1:] = indexes.reshape(height, width)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0))
        + _chunk(b"PLTE", palette.tobytes())
        + _chunk(b"IDAT", zlib.compress(rows.tobytes(), 9))
        + _chunk(b"IEND", b"")
    )


def _pixels_of(page: Page, picture: bytes) -> tuple[np.ndarray, int, int]:
    """Each pixel as 0xRRGGBB, row by row."""
    answer = page.evaluate(
        """async (encoded) => {
            const bytes = Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0));
            const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
            const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
            const context = canvas.getContext("2d");
            context.drawImage(bitmap, 0, 0);
            const { data, width, height } = context.getImageData(0, 0, bitmap.width, bitmap.height);
            const parts = [];
            for (let at = 0; at < data.length; at += 32768) {
                parts.push(String.fromCharCode(...data.subarray(at, at + 32768)));
            }
            return [btoa(parts.join("")), width, height];
        }""",
        base64.b64encode(picture).decode(),
    )
    encoded, width, height = answer
    raw = np.frombuffer(base64.b64decode(encoded), dtype=np.uint8).reshape(-1, 4).astype(np.uint32)
    return raw[:, 0] << 16 | raw[:, 1] << 8 | raw[:, 2], width, height


def _parts(colours: np.ndarray) -> np.ndarray:
    """Red, green and blue of each colour, in columns."""
    return np.stack([colours >> 16 & 255, colours >> 8 & 255, colours & 255], axis=1).astype(int)


def _chunk(kind: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + kind
        + content
        + struct.pack(">I", zlib.crc32(kind + content))
    )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    main()
