"""Making and changing an endpoint of webhooks: its address, and which events it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, meanwhile_of
from orderwright.web.road import page
from orderwright.webhooks import actions, queries
from orderwright.webhooks.event_types import AREAS, is_known, types_of
from orderwright.webhooks.kinds import EndpointRow

URL: Final = "/settings/webhooks"


@dataclass(frozen=True, slots=True)
class Choice:
    """An event type as a checkbox: what is sent, and its words."""

    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Noun:
    """One record: everything of it, and what happens to it."""

    text: str
    everything: Choice
    verbs: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Area:
    """The records of an area, and how many of their boxes are ticked."""

    text: str
    nouns: Sequence[Noun]
    chosen: int


def add(request: HttpRequest) -> HttpResponse:
    """Make an endpoint and show its secret, this once: the form keeps no answer to give again."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:create", *actions.SEES_ALL)
    form = Form.of({"everything": True})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: actions.create_endpoint(by=by, sent=_sent(form))):
            endpoint_id, secret = form.result
            return secret_page(request, queries.endpoint(by=by, endpoint_id=endpoint_id), secret)
        _name_errors(form)
    return page(request, "webhooks/new.html", _context(form), status=form.status)


def edit(request: HttpRequest, endpoint_id: UUID) -> HttpResponse:
    """Change address, description or events."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:update", *actions.SEES_ALL)
    row = queries.endpoint(by=by, endpoint_id=endpoint_id)
    now, inputs = _values(row), _inputs()
    form = Form.of(now, merges=[one.name for one in inputs])
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: actions.change_endpoint(
                by=by, endpoint_id=endpoint_id, sent=_sent(form), version=form.whole("version")
            ),
            meanwhile=lambda: meanwhile_of(by, inputs, now),
        ):
            return done(request, f"{URL}/{endpoint_id}", "The endpoint is changed.")
        _name_errors(form)
    context = {**_context(form, row.event_types), "row": row}
    return page(request, "webhooks/edit.html", context, status=form.status)


def secret_page(request: HttpRequest, row: EndpointRow, secret: str) -> HttpResponse:
    """The one page that shows a secret."""
    return page(request, "webhooks/secret.html", {"row": row, "secret": secret})


def words_of_verb(verb: str) -> str:
    """`lines_added` is “lines added”."""
    return verb.replace("_", " ")


def _values(row: EndpointRow) -> dict[str, Any]:
    return {
        "url": row.url,
        "description": row.description,
        "everything": not row.event_types,
        "event_types": row.event_types,
        "version": row.version,
    }


def _inputs() -> Sequence[Input]:
    types = [
        (one, one)
        for nouns in AREAS.values()
        for noun, verbs in nouns.items()
        for one in types_of(noun, verbs)
    ]
    return (
        Input("url", "Address"),
        Input("description", "What it is for"),
        Input("everything", "Everything", "check"),
        Input("event_types", "Events", "checks", choices=types),
    )


def _sent(form: Form) -> dict[str, Any]:
    everything, chosen = form.flag("everything"), form.several("event_types")
    if not everything and not chosen:
        form.errors["event_types"] = "Choose at least one event, or everything."
    url = form.text("url", required="Give the address of the receiver.")
    form.check()
    return {
        "url": url,
        "description": form.text("description"),
        "event_types": [] if everything else chosen,
    }


def _name_errors(form: Form) -> None:
    form.errors = {
        "event_types" if name.startswith("event_types") else name: said
        for name, said in form.errors.items()
    }


def _context(form: Form, kept: Sequence[str] = ()) -> dict[str, Any]:
    chosen = set(form.several("event_types"))
    areas = [_area(text, nouns, chosen) for text, nouns in AREAS.items()]
    known = {
        choice.value
        for area in areas
        for noun in area.nouns
        for choice in (noun.everything, *noun.verbs)
    }
    others = sorted(one for one in chosen.union(kept) - known if is_known(one))
    return {"form": form, "areas": areas, "others": [Choice(one, one) for one in others]}


def _area(text: str, nouns: Any, chosen: set[str]) -> Area:
    found = []
    for noun, verbs in nouns.items():
        everything, *types = types_of(noun, verbs)
        words = words_of_verb(noun)
        found.append(
            Noun(
                text=words.capitalize(),
                everything=Choice(everything, "Everything"),
                verbs=[Choice(one, words_of_verb(one.partition(".")[2])) for one in types],
            )
        )
    ticked = sum(choice.value in chosen for one in found for choice in (one.everything, *one.verbs))
    return Area(text, found, ticked)
