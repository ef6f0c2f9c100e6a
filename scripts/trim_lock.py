"""Take the addresses that serve nobody here out of `package-lock.json`."""

import json
from pathlib import Path

_LOCK = Path(__file__).resolve().parents[1] / "package-lock.json"


def main() -> None:
    """Drop the packages' funding pages; npm keeps no address of a registry on our request."""
    lock = json.loads(_LOCK.read_text())
    for package in lock["packages"].values():
        package.pop("funding", None)
        package.pop("resolved", None)
    _LOCK.write_text(json.dumps(lock, indent=2, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
