"""Units of a quantity: the product's own, the partner's way of speaking, or a conversion."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from orderwright.extraction import units
from orderwright.extraction.retrieval import CatalogProduct


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity in a unit that the product has, and what had to be assumed for it."""

    value: Decimal | None
    factor: Decimal
    unit: str
    flags: tuple[str, ...] = ()
    reason: str = ""


def in_product_units(
    unit: str | None,
    product: CatalogProduct | None,
    dialect: Mapping[str, Decimal],
    name_words: frozenset[str] = frozenset(),
) -> Quantity:
    """The unit of a row, and by what its number is multiplied (domain 4.3, 5.6).

    The product's own units come first, then the partner's way of speaking (`box` = 12), then dozen
    and gross as numbers, then a container word for the default unit; else the unit stays as
    written with the flag `unknown_unit`.
    """
    one = Decimal(1)
    if product is None:
        if unit is not None and unit in units.MULTIPLES:
            return Quantity(None, units.MULTIPLES[unit], "pcs")
        return Quantity(None, one, unit or "pcs")
    default = product.default_unit
    if unit is None:
        return Quantity(None, one, default)
    own = {units.canonical(name): name for name in (*product.units, default)}
    if unit in own:
        return Quantity(None, one, own[unit])
    if unit in dialect:
        return Quantity(
            None,
            Decimal(str(dialect[unit])),
            default,
            ("converted",),
            f"a {unit} is {dialect[unit]} for this partner",
        )
    if unit in units.MULTIPLES:
        return Quantity(None, units.MULTIPLES[unit], default)
    if unit in name_words and unit not in ("pair", "pcs"):
        return Quantity(None, one, default)  # "100 boxes" of a product that is a box
    return _foreign(unit, default, own)


def _foreign(unit: str, default: str, own: Mapping[str, str]) -> Quantity:
    one, base = Decimal(1), units.canonical(default)
    if unit == "pair" and base == "pcs":
        return Quantity(None, Decimal(2), default, ("converted",), "pairs counted as pieces")
    if unit == "pcs":
        measured = base in units.BASES or base in units.WEIGHED.values()
        flags = ("ambiguous_unit",) if base == "pair" or measured else ()
        return Quantity(None, one, default, flags)
    for name in sorted(own, key=lambda name: unit == "boite" and name != base):
        if units.alike(unit, name):
            return Quantity(None, one, own[name])
    from_base, to_base = units.BASES.get(unit), units.BASES.get(base)
    if from_base and to_base and from_base[0] == to_base[0]:
        return Quantity(None, from_base[1] / to_base[1], default, ("converted",))
    if unit in units.SINGLE or (unit == "length" and base == "pcs"):
        return Quantity(None, one, default)
    unit = "box" if unit == "boite" else unit
    return Quantity(None, one, unit, ("unknown_unit",), f"this product is not sold by the {unit}")
