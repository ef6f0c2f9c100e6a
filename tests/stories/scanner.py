"""A scanner in front of a page: all keys at once, which a busy machine cannot slow down."""

from typing import Final

# The keys of a code and Enter, where the focus is.
SCANNER: Final = """code => {
  for (const key of [...code, "Enter"]) {
    const at = document.activeElement ?? document.body;
    at.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
  }
}"""
