"""Words that carry meaning for an order, in the languages in which orders are written."""

from collections.abc import Mapping
from decimal import Decimal

_UNITS = {
    1: "one un.. eins ek", 2: "two zwei deux dos", 3: "three drei trois tres", 4: "four vier"
    " quatre cuatro", 5: "five fünf fuenf cinq cinco paanch panch", 6: "six sechs six seis",
    7: "seven sieben sept siete", 8: "eight acht huit ocho", 9: "nine neun neuf nueve",
    10: "ten zehn dix diez das..", 11: "eleven elf onze", 12: "twelve zwölf zwoelf douze doce",
    13: "thirteen dreizehn treize trece", 14: "fourteen vierzehn quatorze catorce",
    15: "fifteen fünfzehn quinze quince", 16: "sixteen sechzehn seize dieciséis dieciseis",
    17: "seventeen siebzehn diecisiete", 18: "eighteen achtzehn dieciocho",
    19: "nineteen neunzehn diecinueve", 20: "twenty zwanzig vingt veinte",
    30: "thirty dreißig dreissig trente treinta", 40: "forty fourty vierzig quarante cuarenta"
    " chalis", 50: "fifty fünfzig cinquante cincuenta pachas", 60: "sixty sechzig soixante sesenta",
    70: "seventy siebzig setenta", 80: "eighty achtzig ochenta", 90: "ninety neunzig noventa",
}  # fmt: skip
NUMBER_WORDS: dict[str, Decimal] = {
    word: Decimal(value)
    for value, words in _UNITS.items()
    for word in words.split()
    if not word.endswith("..")
}
SCALES: Mapping[str, Decimal] = {
    "hundred": Decimal(100), "hundert": Decimal(100), "cent": Decimal(100), "cents": Decimal(100),
    "cien": Decimal(100), "ciento": Decimal(100), "thousand": Decimal(1000),
    "tausend": Decimal(1000), "mille": Decimal(1000), "sau": Decimal(100),
    "hundreds": Decimal(100), "doscientos": Decimal(200), "doscientas": Decimal(200),
    "trescientos": Decimal(300), "quinientos": Decimal(500), "hazaar": Decimal(1000),
}  # fmt: skip
for _tens, _ten in (
    ("zwanzig", 20), ("dreißig", 30), ("dreissig", 30), ("vierzig", 40), ("fünfzig", 50),
    ("sechzig", 60), ("siebzig", 70), ("achtzig", 80), ("neunzig", 90),
):  # fmt: skip
    for _one, _value in (
        ("ein", 1), ("zwei", 2), ("drei", 3), ("vier", 4), ("fünf", 5), ("sechs", 6),
        ("sieben", 7), ("acht", 8), ("neun", 9),
    ):  # fmt: skip
        NUMBER_WORDS[f"{_one}und{_tens}"] = Decimal(_ten + _value)
for _word, _value in (("zwei", 2), ("drei", 3), ("vier", 4), ("fünf", 5), ("ein", 1)):
    NUMBER_WORDS[f"{_word}hundert"] = Decimal(100 * _value)
    NUMBER_WORDS[f"{_word}tausend"] = Decimal(1000 * _value)

ARTICLES = frozenset("a an ein eine einen einem un une una uno".split())
HALVES = frozenset("half halb halbe halbes media medio demi".split())
APPROXIMATE = frozenset(
    "about approx approximately ca circa roughly around environ etwa ungefähr aprox maybe ~".split()
)
JOINERS = frozenset("and & plus + und et y e aur sowie also with then und/oder as".split())

# Words that never mean a product: they are left out of what is matched.
FILLER = frozenset(
    """
    a an the of for to from in on at by with and or we i you our your us me my it is are be been was
    were need needs needed want wants please pls plz kindly send order ordering would like could can
    may also more another further some any get have has had do does did will shall should just only
    then that this these those there here them they as well along one ones again too so if not no
    yes     hi hello hey dear thanks thank thx team sir sirs madam mate morning afternoon evening
    good ok
    okay     add added put give supply deliver delivery ship shipping dispatch reorder re-order
    quote
    quotation     i'd we'd i'll we'll it's that's i'm we're i've we've you're they're right
    alright okay sure
    oh uh um er hmm yeah yep up out about approx approximately roughly around circa ca maybe total
    tw     each ea per piece pieces pcs pc qty quantity amount nos no. off item items product
    products
    asap rush urgent urgently priority today tomorrow week next now same size sizes colour color
    type kind quality new usual extra other both all still really bit lot lots plus x order: site
    book bring grab take make making let lets looking required require requires requested request
    following follows below above list shopping weekly per ones' proceed process arrange place
    bitte wir ich brauchen brauche benötigen benötige möchten möchte bestellen bestelle liefern uns
    mir sie ihnen der die das den dem des ein eine einen einem und sowie dazu noch auch für mit von
    vom zum zur auf hallo guten tag morgen moin danke vielen dank außerdem lieferung hiermit um
    zusammen je jeweils senden schicken sehr geehrte damen herren
    bonjour bonsoir merci de nous livrer je voudrais commander il faut s'il vous plaît svp et le la
    les du des d'un d'une un une pour avec envoyer besoin avons demain veuillez
    hola buenas tardes buenos días dias necesito necesitamos quiero queremos pedir por favor envíen
    envien enviar gracias y e el los las un una unos unas del con para también tambien saludos
    bhai bhaiya bhej do aur chahiye chahie ka ki ke bhi hai kal tak jaldi bhejna bhejo ji
    """.split()
)
# After one of these, words say whom or what it is for, not what it is.
TAIL_STARTS = frozenset(
    "for to because if when since per before until unless at from by as on für pour para bis but"
    " which that they we i they're please pls thanks chahiye bhej bhejna mate cheers".split()
)

SYNONYMS: Mapping[str, str] = {
    "stainless": "ss", "inox": "ss", "edelstahl": "ss", "nylock": "nyloc", "csk": "countersunk",
    "galv": "galvanised", "galvanized": "galvanised", "alu": "aluminium", "aluminum": "aluminium",
    "gray": "grey", "blk": "black", "wht": "white", "color": "colour", "colored": "colour",
    "demin": "demineralised", "demineralized": "demineralised", "hcl": "hydrochloric",
    "dw": "double", "sw": "single", "tee": "t", "toms": "tomato", "rotor": "disc", "disk": "disc",
    "schraube": "bolt", "mutter": "nut", "unterlegscheibe": "washer", "silber": "silver",
    "ringe": "ring", "argent": "silver", "plata": "silver", "oro": "gold",
    "schwarz": "black", "weiß": "white", "weiss": "white", "rot": "red", "blau": "blue",
    "grün": "green", "gelb": "yellow", "noir": "black", "blanc": "white", "rouge": "red",
    "negro": "black", "blanco": "white", "rojo": "red", "braun": "brown", "klar": "clear",
    "transparent": "clear", "glossy": "gloss", "matte": "matt", "adhesive": "tape", "vis": "screw",
    "écrou": "nut", "ecrou": "nut", "rondelle": "washer", "tornillo": "bolt", "tuerca": "nut",
    "arandela": "washer", "earrings": "earring", "allen": "socket", "resistance": "resistor",
    "cap": "cap", "lh": "left", "rh": "right", "poly": "poly", "crystal": "crystal",
    "metre": "m", "leinen": "linen", "baumwolle": "cotton", "seide": "silk", "tshirt": "tshirt",
    "coton": "cotton", "lin": "linen", "soie": "silk", "bundled": "bundle",
    "extra-virgin": "virgin", "evoo": "virgin", "spag": "spaghetti", "mozz": "mozzarella",
    "sparkly": "sparkling", "mineral": "mineral", "veg": "vegetable",
}  # fmt: skip

# Words of one group exclude each other: a red product is no answer to a green one.
OPPOSITES: tuple[frozenset[str], ...] = (
    frozenset("red green blue black white yellow grey brown navy orange pink purple ivory cyan"
    " magenta"
              " natural clear indigo silver gold rose".split()),
    frozenset("gold silver platinum brass copper ss steel aluminium bronze titanium nylon zinc"
    " plastic"
              " cotton linen silk wool denim pvc".split()),
    frozenset("front rear".split()),
    frozenset("left right".split()),
    frozenset("xs s m l xl xxl small medium large".split()),
    frozenset("round oval pear square princess marquise cushion emerald heart baguette".split()),
    frozenset("gloss matt satin silk".split()),
    frozenset("single double triple".split()),
    frozenset("still sparkling".split()),
    frozenset("ball gate check globe".split()),
    frozenset("male female".split()),
    frozenset("flat spring".split()),
    frozenset("salted unsalted".split()),
    frozenset("vented solid".split()),
    frozenset("shredded sliced whole block".split()),
)  # fmt: skip
GROUP_OF: dict[str, tuple[int, ...]] = {}
for _index, _group in enumerate(OPPOSITES):
    for _member in _group:
        GROUP_OF[_member] = (*GROUP_OF.get(_member, ()), _index)

MATERIALS = frozenset(
    "gold silver platinum palladium brass copper bronze steel stainless titanium aluminium aluminum"
    " ss nylon plastic rubber leather cotton linen silk wool wood glass ceramic zinc pvc".split()
)
SHAPES = frozenset(
    "round oval pear square princess marquise cushion heart baguette trillion asscher radiant"
    " hexagonal rectangular".split()
)
COLORS = frozenset(
    "red green blue black white yellow grey gray brown navy orange pink purple ivory cyan magenta"
    " natural clear indigo beige".split()
)
QUALITIES = frozenset(
    "vvs vvs1 vvs2 vs vs1 vs2 si si1 si2 i1 if fl aaa aa premium standard economy".split()
)


def stem(word: str) -> str:
    """The word in the singular, roughly: `boxes` → `box`, `washers` → `washer`."""
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 4 and word.endswith(("sses", "shes", "ches", "xes", "zes", "toes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def fold(word: str) -> str:
    """The form under which words of notes and of the catalog meet."""
    word = SYNONYMS.get(word, word)
    short = stem(word)
    return SYNONYMS.get(short, short)
