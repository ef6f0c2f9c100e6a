"""Measure ours against the floor: `python -m bench`, with `--quick` for a minute's look."""

import argparse
import os
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson

from orderwright.database import analyze
from orderwright.folder import Installation, opened
from orderwright.supervision import children_of

RESULTS = Path(__file__).with_name("results.json")
ORDER = ("create", "issue", "select", "ship", "read", "list")


def main() -> None:
    """Run, print, write the results."""
    given = _arguments()
    begun = time.perf_counter()
    folder = Path(tempfile.mkdtemp(prefix="orderwright-bench-"))
    try:
        with opened(folder) as installation:
            os.environ.update(installation.app_environment())
            import django

            django.setup()
            results = _measure(installation, given)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    results["seconds"] = round(time.perf_counter() - begun)
    RESULTS.write_bytes(orjson.dumps(results, option=orjson.OPT_INDENT_2))
    print(f"\n{results['seconds']} s; written to {RESULTS.relative_to(Path.cwd())}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer orders; figures are rougher")
    parser.add_argument("--workers", type=int, default=2, help="processes of the server")
    parser.add_argument("--clients", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--no-growth", action="store_true", help="orders of ten lines only")
    parser.add_argument("--no-floor", action="store_true", help="ours only, without ratios")
    return parser.parse_args()


def _measure(installation: Installation, given: argparse.Namespace) -> dict[str, Any]:
    from bench import company, growth, ours
    from bench.floor import Floor

    made = company.found(products=1_000, customers=200)
    analyze(installation.owner_url)
    requests = ours.Requests(made)
    with serving(installation, given.workers) as port:
        for _ in range(2):
            # Plans of foreign keys that were made for empty tables go with the first ANALYZE.
            ours.road(port, requests, orders=60, lines=10, clients=8)
            analyze(installation.owner_url)
        floor = None
        if not given.no_floor:
            floor = Floor(installation.owner_url, installation.app_url, made)
            floor.learn(_one_shipped(port, requests))
            floor.road(orders=200, clients=8)
            analyze(installation.owner_url)
        results: dict[str, Any] = {
            "at": datetime.now(UTC).isoformat(timespec="seconds"),
            "workers": given.workers,
            "ten_lines": {
                str(clients): _compare(port, requests, floor, clients, given.quick)
                for clients in given.clients
            },
        }
        if not given.no_growth:
            results["growth"] = growth.measure(port, requests, quick=given.quick)
            growth.show(results["growth"])
    return results


def _one_shipped(port: int, requests: Any) -> Any:
    from uuid import UUID

    from bench.ours import send

    (order,) = send(port, [requests.create(10)], 201)
    send(port, [requests.issue(order)], 200)
    send(port, [requests.select(order)], 200)
    send(port, [requests.ship(order)], 201)
    return UUID(order["id"])


def _compare(
    port: int, requests: Any, floor: Any, clients: int, quick: bool
) -> dict[str, dict[str, float]]:
    """Rounds of ours and the floor in turn, so that what disturbs the machine disturbs both."""
    from bench import ours

    orders = {1: 150, 8: 400}.get(clients, 300) // (2 if quick else 1)
    rounds = 1 if quick else 3
    best: dict[str, dict[str, float]] = {name: {"ours": 0.0, "p99_ms": 1e9} for name in ORDER}
    for _ in range(rounds):
        runs = ours.road(port, requests, orders=orders, lines=10, clients=clients)
        runs["list"] = ours.lists(port, requests, count=orders, clients=clients)
        floors = {}
        if floor is not None:
            floors = floor.road(orders=orders * 3, clients=clients)
            floors["list"] = floor.lists(count=orders * 3, clients=clients)
        for name in ORDER:
            figures = best[name]
            figures["ours"] = max(figures["ours"], runs[name].per_second)
            figures["p99_ms"] = min(figures["p99_ms"], runs[name].p99)
            if name in floors:
                figures["floor"] = max(figures.get("floor", 0.0), floors[name])
    _show(best, clients)
    return best


def _show(best: dict[str, dict[str, float]], clients: int) -> None:
    print(f"\n10 lines, {clients} client{'s' if clients > 1 else ''}, a second")
    print(f"{'':10}{'floor':>9}{'ours':>9}{'ratio':>8}{'p99 ms':>9}")
    for name, figures in best.items():
        floor = figures.get("floor")
        if floor is not None:
            figures["ratio"] = floor / figures["ours"]
        print(
            f"{name:10}{floor or 0:9.0f}{figures['ours']:9.0f}"
            f"{figures.get('ratio', 0):8.2f}{figures['p99_ms']:9.1f}"
        )


@contextmanager
def serving(installation: Installation, workers: int) -> Iterator[int]:
    """The web server as `orderwright serve` starts it; answers its port."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server, _ = children_of(installation, host="127.0.0.1", port=port, workers=workers)
    server.start()
    try:
        deadline = time.monotonic() + 60
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
            except OSError:
                if not server.is_alive() or time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                break
        yield port
    finally:
        server.stop()


if __name__ == "__main__":
    main()
