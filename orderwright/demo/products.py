"""What the demo company sells: findings, stones, chains and rings of a small jewellery maker."""

from typing import Any

LINES = ("Gems", "Rings", "Chains", "Findings", "Metal", "Services")

# sku, name, line, base price, weight of one in grams, attributes
_PIECES: tuple[tuple[str, str, str, str, str, dict[str, str]], ...] = (
    (
        "GEM-RD-12",
        "Round Diamond 1.2 mm",
        "Gems",
        "12.50",
        "0.2",
        {"shape": "round", "size": "1.2 mm"},
    ),
    (
        "GEM-RD-15",
        "Round Diamond 1.5 mm",
        "Gems",
        "18.40",
        "0.3",
        {"shape": "round", "size": "1.5 mm"},
    ),
    (
        "GEM-PD-12",
        "Princess Diamond 1.2 mm",
        "Gems",
        "14.20",
        "0.2",
        {"shape": "princess", "size": "1.2 mm"},
    ),
    (
        "GEM-OA-53",
        "Oval Amethyst 5x3 mm",
        "Gems",
        "4.80",
        "0.1",
        {"shape": "oval", "size": "5x3 mm"},
    ),
    (
        "GEM-PA-64",
        "Pear Amethyst 6x4 mm",
        "Gems",
        "6.10",
        "0.14",
        {"shape": "pear", "size": "6x4 mm"},
    ),
    (
        "GEM-OS-53",
        "Oval Sapphire 5x3 mm",
        "Gems",
        "32.00",
        "0.12",
        {"shape": "oval", "size": "5x3 mm"},
    ),
    (
        "GEM-RR-20",
        "Round Ruby 2.0 mm",
        "Gems",
        "21.75",
        "0.08",
        {"shape": "round", "size": "2.0 mm"},
    ),
    (
        "GEM-CE-64",
        "Emerald Cut Emerald 6x4 mm",
        "Gems",
        "88.00",
        "0.15",
        {"shape": "emerald", "size": "6x4 mm"},
    ),
    (
        "GEM-MP-70",
        "Freshwater Pearl 7 mm",
        "Gems",
        "3.60",
        "0.5",
        {"shape": "round", "size": "7 mm"},
    ),
    (
        "GEM-CZ-30",
        "Cubic Zirconia 3.0 mm",
        "Gems",
        "0.42",
        "0.05",
        {"shape": "round", "size": "3.0 mm"},
    ),
    ("RNG-SLV-P", "Silver Ring Plain", "Rings", "40.00", "3", {"material": "925 silver"}),
    ("RNG-SLV-T", "Silver Ring Twisted", "Rings", "46.50", "3.4", {"material": "925 silver"}),
    (
        "RNG-G18-Y",
        "Gold Ring 18k Yellow",
        "Rings",
        "310.00",
        "4.2",
        {"material": "18k yellow gold"},
    ),
    ("RNG-G14-W", "Gold Ring 14k White", "Rings", "248.00", "4.0", {"material": "14k white gold"}),
    ("RNG-G14-R", "Gold Ring 14k Rose", "Rings", "242.00", "4.0", {"material": "14k rose gold"}),
    ("RNG-SIG-S", "Silver Signet Ring", "Rings", "72.00", "7.5", {"material": "925 silver"}),
    ("RNG-ETN", "Eternity Band 14k", "Rings", "520.00", "3.6", {"material": "14k yellow gold"}),
    (
        "CHN-CBL-45",
        "Cable Chain 45 cm Silver",
        "Chains",
        "19.90",
        "4.1",
        {"material": "925 silver", "size": "45 cm"},
    ),
    (
        "CHN-CBL-60",
        "Cable Chain 60 cm Silver",
        "Chains",
        "24.90",
        "5.4",
        {"material": "925 silver", "size": "60 cm"},
    ),
    (
        "CHN-BOX-45",
        "Box Chain 45 cm Silver",
        "Chains",
        "21.40",
        "4.4",
        {"material": "925 silver", "size": "45 cm"},
    ),
    (
        "CHN-SNK-50",
        "Snake Chain 50 cm Gold",
        "Chains",
        "189.00",
        "6.0",
        {"material": "14k yellow gold", "size": "50 cm"},
    ),
    (
        "CHN-FIG-50",
        "Figaro Chain 50 cm Gold",
        "Chains",
        "214.00",
        "6.8",
        {"material": "14k yellow gold", "size": "50 cm"},
    ),
    ("FND-HOOP-20", "Hoop Earring 20 mm", "Findings", "5.20", "1.8", {"size": "20 mm"}),
    ("FND-HOOP-30", "Hoop Earring 30 mm", "Findings", "6.80", "2.6", {"size": "30 mm"}),
    ("FND-STUD-4", "Ear Stud 4 mm", "Findings", "1.15", "0.4", {"size": "4 mm"}),
    ("FND-LOB-12", "Lobster Clasp 12 mm", "Findings", "1.85", "0.7", {"size": "12 mm"}),
    ("FND-LOB-15", "Lobster Clasp 15 mm", "Findings", "2.10", "0.9", {"size": "15 mm"}),
    ("FND-JMP-5", "Jump Ring 5 mm", "Findings", "0.12", "0.1", {"size": "5 mm"}),
    ("FND-JMP-7", "Jump Ring 7 mm", "Findings", "0.15", "0.14", {"size": "7 mm"}),
    ("FND-BAIL", "Pinch Bail", "Findings", "0.95", "0.3", {}),
    ("FND-TOGGLE", "Toggle Clasp", "Findings", "2.75", "1.6", {}),
    ("FND-BACK", "Earring Back Silicone", "Findings", "0.04", "0.05", {}),
)

ALIASES = {
    "GEM-RD-12": ["1.2 rd", "dia 1.2"],
    "RNG-SLV-P": ["plain silver band"],
    "FND-HOOP-20": ["small hoops", "hoops"],
    "FND-LOB-12": ["lobster small"],
}


def products(lines: dict[str, str]) -> list[dict[str, Any]]:
    """Every product as the API takes it; `lines` maps a line's name to its id."""
    pieces = [_piece(row, line_id=lines[row[2]]) for row in _PIECES]
    return [*pieces, *_by_weight(lines), _engraving(lines)]


def _piece(row: tuple[str, str, str, str, str, dict[str, str]], *, line_id: str) -> dict[str, Any]:
    sku, name, line, price, weight, attributes = row
    units = []
    if line == "Findings":
        units = [{"unit": "bag", "ratio": "100"}]
    elif line == "Gems":
        units = [{"unit": "parcel", "ratio": "50"}]
    return {
        "sku": sku,
        "name": name,
        "short_name": sku.replace("-", ""),
        "product_line_id": line_id,
        "base_price": price,
        "weight_per_unit": weight,
        "weight_unit": "g",
        "attributes": attributes,
        "aliases": ALIASES.get(sku, []),
        "units": units,
        "is_manufactured": line in ("Rings", "Chains"),
        "reorder_threshold": "50",
    }


def _by_weight(lines: dict[str, str]) -> list[dict[str, Any]]:
    metals = (
        ("MTL-AG-GRN", "Silver Grain", "0.92"),
        ("MTL-AU-GRN", "Gold Grain 18k", "61.40"),
        ("MTL-AU-G14", "Gold Grain 14k", "47.80"),
    )
    return [
        {
            "sku": sku,
            "name": name,
            "product_line_id": lines["Metal"],
            "base_price": price,
            "default_unit": "g",
            "weight_unit": "g",
        }
        for sku, name, price in metals
    ]


def _engraving(lines: dict[str, str]) -> dict[str, Any]:
    return {
        "sku": "SRV-ENGRAVE",
        "name": "Engraving, up to 20 letters",
        "product_line_id": lines["Services"],
        "type": "service",
        "base_price": "15.00",
    }
