"""Units as e-invoices write them: codes of UN/ECE Recommendation 20 and, for packages, 21."""

from typing import Final

ONE: Final = "C62"

_COUNTED: Final = {
    "pcs": "H87",
    "pc": "H87",
    "piece": "H87",
    "pieces": "H87",
    "each": "EA",
    "ea": "EA",
    "pair": "PR",
    "pairs": "PR",
    "set": "SET",
    "sets": "SET",
    "dozen": "DZN",
    "gross": "GRO",
    "box": "XBX",
    "boxes": "XBX",
    "carton": "XCT",
    "cartons": "XCT",
    "case": "XCS",
    "pack": "XPK",
    "package": "XPK",
    "packet": "XPA",
    "bag": "XBG",
    "roll": "XRO",
    "pallet": "XPX",
    "bottle": "XBO",
    "sheet": "XST",
    "tube": "XTU",
    "drum": "XDR",
    "bundle": "XBE",
}
_WEIGHTS: Final = {
    "mg": "MGM",
    "cg": "CGM",
    "dg": "DG",
    "g": "GRM",
    "dag": "DJ",
    "hg": "HGM",
    "kg": "KGM",
    "tonne": "TNE",
    "ct": "CTM",
    "dwt": "DWT",
    "gr": "GRN",
    "oz": "ONZ",
    "lb": "LBR",
    "st": "STI",
    "ozt": "APZ",
    "lbt": "LBT",
}
_MEASURES: Final = {
    "mm": "MMT",
    "cm": "CMT",
    "dm": "DMT",
    "m": "MTR",
    "km": "KMT",
    "in": "INH",
    "inch": "INH",
    "ft": "FOT",
    "foot": "FOT",
    "feet": "FOT",
    "yd": "YRD",
    "yard": "YRD",
    "mi": "SMI",
    "mm2": "MMK",
    "cm2": "CMK",
    "dm2": "DMK",
    "m2": "MTK",
    "sqm": "MTK",
    "sqin": "INK",
    "sqft": "FTK",
    "sqyd": "YDK",
    "acre": "ACR",
    "ml": "MLT",
    "cl": "CLT",
    "dl": "DLT",
    "l": "LTR",
    "liter": "LTR",
    "litre": "LTR",
    "hl": "HLT",
    "mm3": "MMQ",
    "cm3": "CMQ",
    "dm3": "DMQ",
    "m3": "MTQ",
    "floz": "OZA",
    "pt": "PTL",
    "qt": "QTL",
    "gal": "GLL",
    "bbl": "BLL",
    "s": "SEC",
    "sec": "SEC",
    "min": "MIN",
    "h": "HUR",
    "hr": "HUR",
    "hour": "HUR",
    "hours": "HUR",
    "d": "DAY",
    "day": "DAY",
    "days": "DAY",
    "week": "WEE",
    "month": "MON",
}
CODES: Final = {**_COUNTED, **_WEIGHTS, **_MEASURES}


def unit_code(unit: str) -> str:
    """The code of a unit; `C62`, one, for a unit that the recommendation does not know.

    >>> unit_code("pcs"), unit_code("kg"), unit_code("tola")
    ('H87', 'KGM', 'C62')
    """
    return CODES.get(unit.strip().lower(), ONE)


def is_known(unit: str) -> bool:
    """Whether the code says what the unit is; else its name has to stand in a note."""
    return not unit.strip() or unit.strip().lower() in CODES
