"""Who sends a document: the organization's name and address, and the paper of its country."""

from dataclasses import dataclass
from typing import Final

from orderwright.activity import records
from orderwright.directory import organization as house
from orderwright.documents import figures
from orderwright.identity.caller import Caller
from orderwright.inventory.locations import LOCATION

_LETTER_COUNTRIES: Final = frozenset("US CA MX PH CL CO VE GT CR PR DO SV NI PA".split())
_LOCATIONS_READ: Final = 20


@dataclass(frozen=True, slots=True)
class Letterhead:
    """The sender: name, address line by line, and the paper that its documents are printed on."""

    name: str
    lines: tuple[str, ...]
    paper: str
    timezone: str

    def as_values(self) -> dict[str, object]:
        """What templates read."""
        return {"name": self.name, "lines": list(self.lines)}


def letterhead(by: Caller) -> Letterhead:
    """The organization with the address of its default location; two statements."""
    organization = house.organization(by=by)
    found = records.listed(by=by, kind=LOCATION, limit=_LOCATIONS_READ)
    home = next((place for place in found if place.is_default), None)
    lines: list[str] = []
    country = organization.country
    if home is not None and (home.street or home.city):
        country = home.country or country
        lines = figures.address(
            {
                "street_1": home.street,
                "city": home.city,
                "postal_code": home.postal_code,
                "country": country,
            }
        )
    return Letterhead(
        name=organization.name,
        lines=tuple(lines),
        paper="us-letter" if country in _LETTER_COUNTRIES else "a4",
        timezone=organization.timezone,
    )
