"""What pages and searches cost over HTTP, at one number of orders."""

import http.client
import re
import time
from http.cookies import SimpleCookie
from statistics import median, quantiles
from typing import Final
from urllib.parse import quote, urlencode

from bench.__main__ import serving
from bench.million import EMAIL, PASSWORD, Filled
from orderwright.folder import Installation

ROUNDS: Final = 60
BAR: Final = 1.3

# What has to cost the same at any number of orders.
LEVEL: Final = {
    "list": "/orders/sales",
    "list, issued": "/orders/sales?status=issued",
    "list, by total": "/orders/sales?sort=-total",
    "list, API": "/api/v1/sales-orders?limit=50",
    "order page": "/orders/sales/SO-00990",
    "order, API": "/api/v1/sales-orders/SO-00990",
}
FURTHER: Final = {
    "list, past due": "/orders/sales?past_due=yes",
    "list, on hold": "/orders/sales?on_hold=yes",
    "list, searched": "/orders/sales?q=weber+timbr",
    "customers, searched": "/customers?q=nakamora",
    "dashboard": "/",
}
SEARCHES: Final = tuple(
    """acme jewlers|1042|so-00990|S0-00990|PO-706930|nakamora brakes|sterling office suply|acm
radclif gasket|silvr ring|titanum gaskt|1ZC4CA42|jewelers|weber timbr utrecht|P00010|TP00010|zeller
kim.office123@abbott.example|kim.ofice123@abbott.example|C-000042""".replace("\n", "|").split("|")
)

Figures = dict[str, tuple[float, float]]


def measure(installation: Installation, filled: Filled) -> Figures:
    """Milliseconds, the median and what 95 of 100 stay within, of each address."""
    with serving(installation, 1) as port:
        line = http.client.HTTPConnection("127.0.0.1", port)
        cookie = _signed_in(line)
        figures = {
            name: _timed(line, cookie, [path]) for name, path in {**LEVEL, **FURTHER}.items()
        }
        figures["search"] = _timed(
            line, cookie, [f"/search/found?q={quote(typed)}" for typed in SEARCHES]
        )
        line.close()
    return figures


def _signed_in(line: http.client.HTTPConnection) -> str:
    """The cookies of the founder, signed in as a browser does it."""
    line.request("GET", "/sign-in")
    answer = line.getresponse()
    form = answer.read().decode()
    cookies = SimpleCookie(answer.headers.get("Set-Cookie", ""))
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', form)
    assert found is not None
    sent = {"csrfmiddlewaretoken": found[1], "email": EMAIL, "password": PASSWORD}
    headers = {
        "Cookie": f"csrftoken={cookies['csrftoken'].value}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    line.request("POST", "/sign-in", urlencode(sent), headers)
    answer = line.getresponse()
    answer.read()
    for text in answer.headers.get_all("Set-Cookie") or ():
        cookies.load(text)
    return f"sessionid={cookies['sessionid'].value}"


def _timed(line: http.client.HTTPConnection, cookie: str, paths: list[str]) -> tuple[float, float]:
    times = []
    for turn in range(ROUNDS + 8):
        path = paths[turn % len(paths)]
        begun = time.perf_counter()
        line.request("GET", path, headers={"Cookie": cookie})
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        if turn >= 8:
            times.append(1000 * (time.perf_counter() - begun))
    return median(times), quantiles(times, n=100)[94]


def show(orders: int, figures: Figures) -> None:
    """The figures of one size."""
    print(f"\n{orders:,} orders{'':20}median ms   95 % ms")
    for name, (middle, most) in figures.items():
        print(f"{name:32}{middle:9.1f}{most:10.1f}")


def compare(few: Figures, many: Figures) -> None:
    """How each grew; those that have to be level are marked when they are not."""
    print(f"\n{'':32}{'growth':>9}")
    for name, (middle, _) in many.items():
        ratio = middle / few[name][0]
        over = "  more than allowed" if name in LEVEL and ratio > BAR else ""
        print(f"{name:32}{ratio:9.2f}{over}")
