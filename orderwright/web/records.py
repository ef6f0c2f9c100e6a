"""Pages of set-up records: a list, and a form for one, from a declaration of their fields.

What a record holds and when it is sound stands in its `Kind`; here is only how people see it. The
list is a `ListPage` like every other, with its views, columns, exports and sorts.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.activity.record_lists import page_of_records
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.list_pages import ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter
from orderwright.web.road import page

ACTIVE_FILTER: Final = Filter("is_active", "Shown", (("true", "Active"), ("false", "Inactive")))


def values_of(row: Any) -> dict[str, Any]:
    """The fields of a row, as a form starts with them."""
    return {one.name: getattr(row, one.name) for one in fields(row)}


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPages:
    """The pages of one kind of record at `url`.

    `about` says in one sentence what these records are for. `read` gives a record's form values
    with its version when they are more than its row; `paged` a page of its list likewise. `create`
    and `change` are the actions of records that are more than their table. Where people type
    something else than what is sent, `as_sent` makes the one of the other, and `place` finds the
    field of an error. A `template` of its own gets what `context` adds. `offered` gives the choices
    of filters that are read; `kept_filters` narrow by the address alone.
    """

    kind: Kind
    url: str
    title: str
    about: str
    columns: Sequence[Column]
    inputs: Sequence[Input]
    icon: str = "settings"
    filters: Sequence[Filter] = ()
    start: Mapping[str, Any] = field(default_factory=dict)
    above: tuple[str, str] = ("Settings", "/settings")
    read: Callable[[Caller, UUID], dict[str, Any]] | None = None
    paged: Callable[..., Page[Any]] | None = None
    create: Callable[..., Any] | None = None
    change: Callable[..., Any] | None = None
    is_wide: bool = False
    as_sent: Callable[[dict[str, Any]], dict[str, Any]] = dict
    place: Callable[[str], str] = str
    template: str = "records/form.html"
    context: Callable[[Caller, Form], dict[str, Any]] = lambda by, form: {}
    offered: Callable[[Caller], Mapping[str, Sequence[tuple[str, str]]]] = lambda by: {}
    kept_filters: Sequence[str] = ()

    def list(self, request: HttpRequest) -> HttpResponse:
        """All of them, newest first unless sorted."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        listed = self.list_page
        asked, elsewhere = listed.opening(request)
        if elsewhere:
            return redirect(elsewhere)
        add = self._adding(by)
        context = {"pages": self, "list": listed.shown(by, asked), "add": add}
        return page(request, "records/list.html", context)

    @property
    def list_page(self) -> ListPage:
        """Their list, under the last part of their address. It sorts by its columns of texts."""
        return ListPage(
            key=self.url.rsplit("/", maxsplit=1)[-1],
            name=self.title,
            path=self.url,
            nouns=(self.kind.noun, self.title.lower()),
            columns=lambda by: self.columns,
            read=self._page,
            empty=self._empty,
            filters=lambda by, asked: self._filters(by),
            parameters=(*(one.name for one in self.filters), *self.kept_filters),
            sorts=tuple(one.sort for one in self.columns if one.sort),
            search="Search",
        )

    def add(self, request: HttpRequest) -> HttpResponse:
        """A form for a new one."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        by.must(self.kind.permission("create"))
        form = Form.of(self.start)
        if request.method == "POST":
            form = Form.posted(request)
            sent = self.as_sent(sent_by(form, self.inputs))
            if form.accept(lambda: self._create(by, sent)):
                return done(request, self.url, f"The {self.kind.noun} is added.")
            self._place_errors(form)
        return self._form(request, form, title=f"Add {self.kind.noun}")

    def edit(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        """A form for one, or its facts for those who may not change it."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        read = self.read or self._values
        now = read(by, record_id)
        form = Form.of(now, merges=names_of(by, self.inputs))
        if request.method == "POST":
            form = Form.posted(request)
            sent = self.as_sent(sent_by(form, self.inputs))
            version = form.whole("version")
            if form.accept(
                lambda: self._change(by, record_id, sent, version),
                meanwhile=lambda: meanwhile_of(by, self.inputs, now),
            ):
                return done(request, self.url, f"The {self.kind.noun} is saved.")
            self._place_errors(form)
        return self._form(request, form, title=f"Edit {self.kind.noun}", record_id=record_id)

    def remove(self, request: HttpRequest, record_id: UUID) -> HttpResponse:
        """Delete one that nothing refers to."""
        records.remove(by=request.caller, kind=self.kind, record_id=record_id)  # type: ignore[attr-defined]
        return done(request, self.url, f"The {self.kind.noun} is removed.")

    def row_of(self, by: Caller, record_id: UUID) -> Any:
        """The row of one record. Raises Forbidden, NotFound."""
        return records.one(by=by, kind=self.kind, record_id=record_id)

    def _page(self, by: Caller, asked: Asked, window: Window) -> Page[Any]:
        wanted: dict[str, Any] = {"by": by, "q": asked.q, "filters": asked.values, "window": window}
        return self.paged(**wanted) if self.paged else page_of_records(kind=self.kind, **wanted)

    def _empty(self, by: Caller) -> Empty:
        title = f"No {self.title.lower()} yet"
        return Empty(title, self.about, self.icon, self._adding(by), f"{self.url}/new")

    def _adding(self, by: Caller) -> str:
        return f"Add {self.kind.noun}" if by.may(self.kind.permission("create")) else ""

    def _filters(self, by: Caller) -> Sequence[Filter]:
        offered = self.offered(by)
        return [replace(one, choices=offered.get(one.name, one.choices)) for one in self.filters]

    def _create(self, by: Caller, sent: dict[str, Any]) -> Any:
        if self.create:
            return self.create(by=by, sent=sent)
        return records.create(by=by, kind=self.kind, sent=sent)

    def _change(
        self, by: Caller, record_id: UUID, sent: dict[str, Any], version: int | None
    ) -> Any:
        if self.change:
            return self.change(by, record_id, sent, version)
        return records.change(
            by=by, kind=self.kind, record_id=record_id, sent=sent, version=version
        )

    def _values(self, by: Caller, record_id: UUID) -> dict[str, Any]:
        return values_of(self.row_of(by, record_id))

    def _place_errors(self, form: Form) -> None:
        form.errors = {self.place(name): text for name, text in form.errors.items()}

    def _form(
        self, request: HttpRequest, form: Form, *, title: str, record_id: UUID | None = None
    ) -> HttpResponse:
        by: Caller = request.caller  # type: ignore[attr-defined]
        is_system = form.flag("is_system")
        kept = self.kind.kept_of_system
        inputs = [one for one in self.inputs if not is_system or one.name in kept]
        may_remove = record_id and not is_system and by.may(self.kind.permission("delete"))
        context = {
            "pages": self,
            "form": form,
            "inputs": bound(inputs, by),
            "title": title,
            "record_id": record_id,
            "may_save": by.may(self.kind.permission("update" if record_id else "create")),
            "may_remove": may_remove,
            **self.context(by, form),
        }
        return page(request, self.template, context, status=form.status)
