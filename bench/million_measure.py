"""What pages and searches cost over HTTP, with few orders and with many."""

import http.client
import re
import time
from http.cookies import SimpleCookie
from statistics import median, quantiles
from typing import Final
from urllib.parse import quote, urlencode

from bench.__main__ import serving
from bench.million import EMAIL, PASSWORD
from orderwright.folder import Installation

ROUNDS: Final = 80
WARM: Final = 20
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

Times = tuple[list[float], list[float]]


def measure(few: Installation, many: Installation) -> dict[str, Times]:
    """Milliseconds of each request to both, one after the other, so that what disturbs the
    machine disturbs both."""
    asked = {name: [path] for name, path in {**LEVEL, **FURTHER}.items()}
    asked["search"] = [f"/search/found?q={quote(typed)}" for typed in SEARCHES]
    with serving(few, 1) as few_port, serving(many, 1) as many_port:
        desks = [_Desk(few_port), _Desk(many_port)]
        return {name: _timed(desks, paths) for name, paths in asked.items()}


class _Desk:
    """The founder at one of the servers."""

    def __init__(self, port: int) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", port)
        self.cookie = _signed_in(self.line)

    def ask(self, path: str) -> float:
        """The milliseconds until the whole answer is there."""
        begun = time.perf_counter()
        self.line.request("GET", path, headers={"Cookie": self.cookie})
        answer = self.line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"{path}: {answer.status}")
        return 1000 * (time.perf_counter() - begun)


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


def _timed(desks: list[_Desk], paths: list[str]) -> Times:
    few, many = desks
    times: Times = ([], [])
    for turn in range(ROUNDS + WARM):
        path = paths[turn % len(paths)]
        pair = few.ask(path), many.ask(path)
        if turn >= WARM:
            times[0].append(pair[0])
            times[1].append(pair[1])
    return times


def show(figures: dict[str, Times], few: int, many: int) -> None:
    """The medians, how they grew, and what 95 of 100 stay within with many orders."""
    print(f"\n{'median ms':20}{few:>12,}{many:>12,}{'growth':>9}{'95 %':>9}")
    for name, (small, large) in figures.items():
        ratio = median(large) / median(small)
        over = "  more than allowed" if name in LEVEL and ratio > BAR else ""
        most = quantiles(large, n=100)[94]
        print(f"{name:20}{median(small):12.1f}{median(large):12.1f}{ratio:9.2f}{most:9.1f}{over}")
