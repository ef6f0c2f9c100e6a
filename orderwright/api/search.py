"""Search and the dashboard over HTTP."""

from typing import Annotated, Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import BaseModel, Field

from orderwright.api.answers import answer, caller
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import trim
from orderwright.reporting.dashboard import Card, dashboard
from orderwright.reporting.search import MOST, Hit, search

router = Router(tags=["Search"])


class SearchQuery(BaseModel):
    """What is searched: `kinds` are names with commas between them."""

    q: Annotated[str, Field(max_length=200)] = ""
    kinds: str | None = None
    limit: int = 8


@router.get("/search")
def find(request: HttpRequest, wanted: Query[SearchQuery]) -> HttpResponse:
    """Records that fit `q`, best first, of each kind at most `limit`; typing errors are forgiven.
    Kinds that the role may not read are left out."""
    if not 1 <= wanted.limit <= MOST:
        raise Invalid("invalid_limit", f"limit is 1 to {MOST}.", fields={"limit": f"1 to {MOST}"})
    kinds = [one.strip() for one in wanted.kinds.split(",")] if wanted.kinds else None
    hits = search(caller(request), wanted.q, kinds=kinds, limit=wanted.limit)
    return answer({"data": [show_hit(hit) for hit in hits]})


@router.get("/dashboard")
def read_dashboard(request: HttpRequest) -> HttpResponse:
    """The figures that the role may see; each says the list and the filters that it counts."""
    return answer(show_dashboard(caller(request)))


def show_hit(hit: Hit) -> dict[str, Any]:
    """A record that was found."""
    return {
        "kind": hit.kind,
        "id": str(hit.id),
        "label": hit.label,
        "hint": hit.hint,
        "status": hit.status or None,
        "score": f"{hit.score:.2f}",
    }


def show_dashboard(by: Caller) -> dict[str, Any]:
    """The figures, and the first steps of a new organization."""
    read = dashboard(by)
    return {
        "cards": [show_card(card) for card in read.cards],
        "first_steps": [
            {"step": step.name.removeprefix("has_"), "done": step.is_done} for step in read.steps
        ],
    }


def show_card(card: Card) -> dict[str, Any]:
    """A figure with the list behind it."""
    units = {} if card.units is None else {"units": trim(card.units)}
    return {
        "name": card.name,
        "count": card.count,
        "list": card.list,
        "filters": card.filters,
        **units,
    }
