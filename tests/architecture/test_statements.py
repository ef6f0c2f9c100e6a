"""Statements are such that the driver and the server remember them."""

import importlib
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[2] / "orderwright"

# What psycopg keeps parsed; longer texts, or more parameters, are parsed at every call.
LONGEST_TEXT, MOST_PARAMETERS = 4_096, 50


def statements() -> dict[str, str]:
    """The constants of every module of SQL, by area and name."""
    found = {}
    for file in sorted(PACKAGE.glob("*/*sql.py")):
        module = importlib.import_module(f"orderwright.{file.parent.name}.{file.stem}")
        for name, value in vars(module).items():
            if name.isupper() and isinstance(value, str):
                found[f"{file.parent.name}.{name}"] = value
    return found


def test_there_are_statements_to_look_at() -> None:
    assert {"sales.INSERT_ORDER", "pricing.PRICE_FACTS", "inventory.STOCK"} <= set(statements())


@pytest.mark.parametrize("name", sorted(statements()))
def test_a_statement_is_short_enough_for_the_driver_to_remember(name: str) -> None:
    text = statements()[name]
    assert len(text) <= LONGEST_TEXT
    assert len(set(re.findall(r"%\((\w+)\)s", text))) <= MOST_PARAMETERS
