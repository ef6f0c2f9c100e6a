"""Who sends a document: the organization's name and address, and the paper of its country."""

from base64 import b64encode
from dataclasses import dataclass
from typing import Final

from orderwright.activity import records
from orderwright.directory import organization as house
from orderwright.directory.organization import OrganizationRow
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
    logo: str | None = None

    def as_values(self) -> dict[str, object]:
        """What templates read."""
        return {"name": self.name, "lines": list(self.lines), "logo": self.logo}


def letterhead(by: Caller) -> Letterhead:
    """The organization with its logo and its address, else that of its default location; at most
    three statements."""
    found = house.organization(by=by)
    address = home_address(by, found)
    country = str(address.get("country") or found.country)
    return Letterhead(
        name=found.name,
        lines=tuple(figures.address(address)) if address else (),
        paper="us-letter" if country in _LETTER_COUNTRIES else "a4",
        timezone=found.timezone,
        logo=_drawn(house.logo(by=by)) if found.logo_type else None,
    )


def home_address(by: Caller, found: OrganizationRow) -> dict[str, str]:
    """The parts of the organization's address, else of its default location's; at most one
    statement."""
    if not (found.street or found.city):
        return _home(by, found.country)
    return {
        "street_1": found.street,
        "city": found.city,
        "state": found.state,
        "postal_code": found.postal_code,
        "country": found.country,
    }


def _home(by: Caller, country: str) -> dict[str, str]:
    """The address of the default location, if it has one."""
    found = records.listed(by=by, kind=LOCATION, limit=_LOCATIONS_READ)
    home = next((place for place in found if place.is_default), None)
    if home is None or not (home.street or home.city):
        return {}
    return {
        "street_1": home.street,
        "city": home.city,
        "postal_code": home.postal_code,
        "country": home.country or country,
    }


def _drawn(logo: tuple[bytes, str] | None) -> str | None:
    """The logo as a drawing that holds it: values of documents are texts. It fills a box of three
    by one and keeps its shape."""
    if logo is None:
        return None
    content, kind = logo
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 300 100"><image width="300" '
        f'height="100" preserveAspectRatio="xMinYMid meet" href="data:{kind};base64,'
        f'{b64encode(content).decode()}"/></svg>'
    )
