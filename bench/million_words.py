"""Words that names are made of: 97 names, 41 trades and 53 towns give 210,781 customers."""

from typing import Final

NAMES: Final = """
Abbott Acme Adler Alvarez Anders Archer Atlas Avery Baker Barlow Beacon Becker Bellamy Benson
Bishop Blackwood Bramble Brennan Bridges Briggs Calder Carver Castell Chandler Clifton Copper
Corbin Crane Dalton Danvers Delaney Dorset Draper Drummond Eastman Ellis Fairfax Falcon Fenwick
Ferrari Finch Fisher Fletcher Forster Galloway Garnet Gibson Granger Greer Halden Hampton Harbor
Hawthorn Hobart Holland Hudson Ingram Jansen Jasper Keller Kestrel Kingsley Lambert Larkin Linden
Lowell Madison Marlow Mercer Monroe Nakamura Newton Norwood Oakley Olsen Orchard Palmer Parker
Pemberton Quinn Radcliffe Ramsey Redmond Rosen Sawyer Sheridan Silva Sterling Summit Sutton Tanaka
Thornton Underwood Vance Walden Weber Zeller
""".split()

TRADES: Final = (
    """
Jewelers|Goldsmiths|Gems|Fasteners|Brakes|Foods|Packaging|Chemicals|Textiles|Electronics|Printing
Plumbing|Tools|Hardware|Lighting|Furniture|Ceramics|Optics|Cables|Bearings|Castings|Coatings
Instruments|Pumps|Valves|Motors|Plastics|Glass|Paper|Leather|Timber|Metals|Machines|Toys|Bicycles
Medical Supply|Auto Parts|Garden Supply|Office Supply|Kitchenware|Trading
""".strip()
    .replace("\n", "|")
    .split("|")
)

TOWNS: Final = """
Aberdeen Albany Ashford Austin Berlin Boston Bristol Cardiff Chester Chicago Cologne Dallas Denver
Dover Dresden Dublin Durham Edmonton Exeter Geneva Glasgow Halifax Hamburg Houston Hull Leeds Leiden
Lincoln Lisbon Lyon Madrid Malmo Milan Munich Nantes Naples Oslo Oxford Perth Portland Porto Prague
Quebec Reno Rotterdam Salem Seattle Sydney Toledo Turin Utrecht Vienna York
""".split()

MATERIALS: Final = """
Gold Silver Platinum Copper Brass Steel Titanium Ceramic Leather Glass Nylon Rubber Oak
""".split()

GOODS: Final = """
Ring Chain Pendant Bracelet Earring Clasp Bezel Bolt Washer Screw Nut Rivet Gasket Bearing Spring
Bracket Hinge Handle Valve Fitting Coupling Hose Nozzle Bushing Pin Plate Rod Tube Wire
""".split()
