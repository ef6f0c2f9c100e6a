"""How right and how fast extraction is: accuracy by kind of note, p50 and p99 a note.

Run with `python bench/extraction.py`. The speed figures are for a catalog of 1,000 products.
"""

import random
import statistics
import sys
import time
from datetime import date
from decimal import Decimal
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "extraction")]

import corpus  # noqa: E402

from orderwright.extraction.engine import Context, extract  # noqa: E402
from orderwright.extraction.retrieval import CatalogIndex, CatalogProduct  # noqa: E402

_KINDS = (
    "Bolt Nut Washer Ring Chain Valve Pipe Elbow Cable Switch Lamp Bearing Seal Hose Clamp Bracket"
)
_MAKES = "Steel Brass Copper Nylon Silver Gold Rubber Zinc Aluminium Ceramic"
_LOOKS = "Black White Red Blue Green Grey Natural Clear"
_SORTS = (
    "Hex Flat Round Oval Heavy Light Double Single Long Short Inner Outer Left Right Spring Lock"
)


def products_of(count: int, seed: int = 7) -> list[CatalogProduct]:
    """Products of every trade's catalog, and made-up ones that are easily confused."""
    found = [
        corpus.product(record)
        for path in sorted((corpus.HERE / "catalogs").glob("*.json"))
        for record in corpus.records(path.stem)
    ]
    chance = random.Random(seed)
    names = {product.name for product in found}
    while len(found) < count:
        parts = [chance.choice(words.split()) for words in (_SORTS, _MAKES, _KINDS, _LOOKS)]
        name = f"{' '.join(parts[:3])} {chance.randint(3, 400)} mm {parts[3]}"
        if name not in names:
            names.add(name)
            number = len(found)
            found.append(
                CatalogProduct(f"P{number}", f"X-{number:05d}", name, units={"box": Decimal(50)})
            )
    return found[:count]


def main() -> None:
    """Print the report."""
    for folder in ("notes", "held_back"):
        print(f"== {folder}")
        print(corpus.report(corpus.measure(folder)))
    products = products_of(1_000)
    started = time.perf_counter()
    index = CatalogIndex.build(products)
    built = time.perf_counter() - started
    notes = [*corpus.notes("notes"), *corpus.notes("held_back")]
    score = corpus.measure("held_back", index)
    print(f"== held back, all trades in one catalog of 1,000: {score.line_rate:.1%} of lines")
    context = Context(date(2026, 12, 2))
    times = []
    for _ in range(3):
        for note in notes:
            started = time.perf_counter()
            extract(note.text, catalog=index, context=context)
            times.append((time.perf_counter() - started) * 1_000)
    cuts = statistics.quantiles(times, n=100)
    print(
        f"index of 1,000 products: {built * 1000:.0f} ms; "
        f"a note: p50 {cuts[49]:.1f} ms, p99 {cuts[98]:.1f} ms"
    )


if __name__ == "__main__":
    main()
