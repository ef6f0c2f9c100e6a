"""Units of quantity, weight and measure as people write them, in several languages."""

from collections.abc import Mapping
from decimal import Decimal

_COUNTED = {
    "pcs": "pc pcs pce pces piece pieces pieza piezas pza pzas unit units unidad unidades ud"
    " uds nos"
    " ea each.. stk stck stuck stück stücke st.. pièce pièces piece(s) pc(s) off item items"
    " adet nag",
    "pair": "pair pairs pr prs paar paare paire paires par pares jodi",
    "set": "set sets satz sätze jeu jeux juego juegos",
    "kit": "kit kits",
    "dozen": "dozen dozens doz dz dutzend douzaine douzaines docena docenas darjan",
    "gross": "gross grosses gros.. gruesa",
    "box": "box boxes bx bxs schachtel schachteln caja cajas dabba",
    "boite": "boîte boîtes boite boites",
    "carton": "carton cartons ctn ctns cartonn karton kartons kartonage cartone",
    "case": "case cases caisse caisses cs",
    "crate": "crate crates kiste kisten cagette cagettes",
    "pack": "pack packs pk pks packet packets packung packungen paket pakete paquet paquets paquete"
    " paquetes pkt pkts pck pkg package packages päckchen",
    "bag": "bag bags beutel tüte tüten sack sacks säcke sac sacs saco sacos bolsa bolsas sachet"
    " sachets bori",
    "roll": "roll rolls rolle rollen rouleau rouleaux rollo rollos rl rls",
    "reel": "reel reels spule spulen bobina bobinas",
    "spool": "spool spools bobine bobines cone cones",
    "tray": "tray trays palette.. plateau plateaux bandeja bandejas",
    "pallet": "pallet pallets paletten palettes palet palets skid skids",
    "bottle": "bottle bottles btl btls flasche flaschen bouteille bouteilles botella botellas",
    "can": "can.. cans dose.. dosen boîtes.. lata latas canette canettes",
    "tin": "tin tins bidon.. ",
    "drum": "drum drums fass fässer barrel barrels fût fûts bidón bidones tambor tambores",
    "canister": "canister canisters kanister jerrycan jerrycans jerrican garrafa garrafas",
    "jar": "jar jars glas gläser pot pots bocal bocaux tarro tarros frasco frascos",
    "tube": "tube tubes tuben tubo tubos",
    "cartridge": "cartridge.. cartridges kartusche kartuschen cartouche cartouches cartucho"
    " cartuchos",
    "bundle": "bundle bundles bdl bündel bund fardo fardos botte bottes",
    "sheet": "sheet sheets bogen feuille feuilles hoja hojas blatt",
    "ream": "ream reams ries rame rames resma resmas",
    "length": "length lengths stange stangen barre barres barra barras",
    "bucket": "bucket buckets pail pails eimer seau seaux cubo cubos tub tubs",
    "coil": "coil coils",
    "sleeve": "sleeve sleeves",
    "keg": "keg kegs",
    "block": "block blocks",
    "book": "",
}
_MEASURED = {
    "m": "m mtr mtrs meter meters metre metres metro metros mètre mètres lfm rm",
    "cm": "cm centimeter centimetre centimeters centimetres",
    "mm": "mm millimeter millimetre millimeters millimetres mil.. mils..",
    "ft": "ft foot feet",
    "in": "inch inches zoll pouce pouces pulgada pulgadas",
    "yd": "yd yds yard yards",
    "L": "l ltr ltrs liter liters litre litres litro litros lt lts",
    "ml": "ml milliliter millilitre",
    "cl": "cl",
    "gal": "gal gallon gallons",
    "m2": "m2 sqm qm",
}
_WEIGHED = {
    "mg": "mg milligram milligrams milligramm",
    "cg": "cg",
    "dg": "dg",
    "g": "g gm gms gram grams gramme grammes gramm gramo gramos grm",
    "dag": "dag",
    "hg": "hg",
    "kg": "kg kgs kilo kilos kilogram kilograms kilogramm kilogramme kilogrammes kilogramo"
    " kilogramos kgm",
    "tonne": "tonne tonnes ton tons tonelada toneladas tonnen",
    "ct": "ct cts carat carats karat.. crt quilate quilates",
    "dwt": "dwt pennyweight pennyweights",
    "gr": "gr grain.. grains..",
    "oz": "oz ounce ounces onza onzas unze unzen once..",
    "lb": "lb lbs pound pounds libra libras pfund livre..",
    "st": "stone stones..",
    "ozt": "ozt",
    "lbt": "lbt",
    "tola": "tola tolas",
    "masha": "masha mashas",
    "ratti": "ratti rattis",
}


def _words(table: Mapping[str, str]) -> dict[str, str]:
    return {
        word: unit
        for unit, words in table.items()
        for word in words.split()
        if not word.endswith("..") and "(" not in word
    }


COUNTED: Mapping[str, str] = _words(_COUNTED) | {
    "can": "can",
    "dose": "can",
    "cartridge": "cartridge",
}
MEASURED: Mapping[str, str] = _words(_MEASURED)
WEIGHED: Mapping[str, str] = _words(_WEIGHED)
# Units that only count as one when glued to the number or said in full: `24V`, `80 gsm`.
TECHNICAL: Mapping[str, str] = {
    "v": "V", "volt": "V", "volts": "V", "w": "W", "watt": "W", "watts": "W", "a": "A", "amp": "A",
    "amps": "A", "ma": "mA", "hz": "Hz", "mhz": "MHz", "gsm": "gsm", "µm": "µm", "mu": "µm",
    "micron": "µm", "microns": "µm", "awg": "AWG", "bar": "bar", "nf": "nF", "uf": "uF", "µf": "uF",
    "pf": "pF", "ohm": "ohm", "ohms": "ohm", "gb": "GB", "tb": "TB", "mm2": "mm2", "kt": "k",
    "karat": "k", "kw": "kW", "pages": "pages", "page": "pages", "pin": "pin", "hole": "hole",
    "seiten": "pages", "mil": "mm", "mils": "mm", "psi": "psi", "rpm": "rpm", "nm": "nm",
    "denier": "den", "den": "den", "ply": "ply",
}  # fmt: skip

# What one of these is in the base of its family: two sizes in different units can be compared.
BASES: Mapping[str, tuple[str, Decimal]] = {
    "mm": ("mm", Decimal(1)), "cm": ("mm", Decimal(10)), "m": ("mm", Decimal(1000)),
    "in": ("mm", Decimal("25.4")), "ft": ("mm", Decimal("304.8")), "yd": ("mm", Decimal("914.4")),
    "ml": ("ml", Decimal(1)), "cl": ("ml", Decimal(10)), "L": ("ml", Decimal(1000)),
    "gal": ("ml", Decimal("3785.41")), "mg": ("g", Decimal("0.001")), "g": ("g", Decimal(1)),
    "kg": ("g", Decimal(1000)), "lb": ("g", Decimal("453.592")), "oz": ("g", Decimal("28.3495")),
    "mA": ("A", Decimal("0.001")), "A": ("A", Decimal(1)), "kW": ("W", Decimal(1000)),
    "W": ("W", Decimal(1)), "nF": ("nF", Decimal(1)), "uF": ("nF", Decimal(1000)),
    "pF": ("nF", Decimal("0.001")), "tonne": ("g", Decimal(1_000_000)),
}  # fmt: skip

MULTIPLES: Mapping[str, Decimal] = {"dozen": Decimal(12), "gross": Decimal(144)}
# Words for a container that holds one unit of sale, and words for a pack of several.
SINGLE = frozenset(
    "bag roll reel spool bottle can tin drum canister jar tube cartridge sheet ream length bucket"
    " coil keg set kit pack sleeve block tray".split()
)
PACKS = frozenset("box carton case crate pack pallet bundle tray".split())
_ALIKE = (
    frozenset({"box", "carton", "case", "crate"}),
    frozenset({"roll", "reel", "spool", "coil"}),
    frozenset({"drum", "canister", "can", "tin", "bucket"}),
    frozenset({"tray", "crate", "case"}),
    frozenset({"pack", "box", "bag", "sleeve"}),
    frozenset({"jar", "tin", "can"}),
    frozenset({"tube", "cartridge"}),
    frozenset({"set", "kit"}),
    frozenset({"boite", "box", "carton"}),
    frozenset({"boite", "can", "tin", "jar"}),
)


def canonical(unit: str) -> str:
    """The one word for a unit however it is written; an unknown unit stays as it is."""
    word = unit.strip().lower().rstrip(".")
    for table in (COUNTED, MEASURED, WEIGHED):
        if word in table:
            return table[word]
    return word


def alike(one: str, other: str) -> bool:
    """Whether people use the two words for the same pack."""
    return any(one in group and other in group for group in _ALIKE)
