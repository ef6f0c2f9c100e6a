"""The kinds of files that are imported: their columns, and what makes records of their rows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.importing import customers, layouts, lots, orders, products
from orderwright.importing.layouts import Layout
from orderwright.importing.lines import Line, Manner, Result
from orderwright.kernel.errors import Invalid

Write = Callable[[Caller, Manner, Sequence[Line]], list[Result]]
TakeBack = Callable[[Caller, Sequence[UUID]], None]


@dataclass(frozen=True, slots=True)
class ImportKind:
    """One kind of file. `write` makes records of a chunk of rows, `take_back` removes records that
    an import created; a chunk is one transaction of about `chunk` rows."""

    layout: Layout
    write: Write
    take_back: TakeBack
    chunk: int

    def must_write(self, by: Caller) -> None:
        """Importing creates and changes records. Raises Forbidden."""
        by.must(f"{self.layout.area}:create", f"{self.layout.area}:update")

    def must_remove(self, by: Caller) -> None:
        """Undoing removes records. Raises Forbidden."""
        by.must(f"{self.layout.area}:delete")


KINDS: Final = {
    kind.layout.kind: kind
    for kind in (
        ImportKind(layouts.CUSTOMERS, customers.write, customers.take_back, chunk=200),
        ImportKind(layouts.PRODUCTS, products.write, products.take_back, chunk=1000),
        ImportKind(layouts.INVENTORY, lots.write, lots.take_back, chunk=1000),
        ImportKind(layouts.ORDERS, orders.write, orders.take_back, chunk=200),
    )
}


def kind_named(name: object, field: str = "kind") -> ImportKind:
    """The kind with this name. Raises Invalid."""
    found = KINDS.get(name) if isinstance(name, str) else None
    if found is None:
        message = f"Use one of {', '.join(KINDS)}."
        raise Invalid("unknown_choice", message, fields={field: message})
    return found
