"""What every list can do beside being read: export, columns, further filters, saved views."""

from functools import partial
from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from orderwright.activity import views
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import NotFound
from orderwright.web import lists
from orderwright.web.forms import Form, done
from orderwright.web.list_exports import XLSX, csv_of, xlsx_of
from orderwright.web.list_pages import ListPage
from orderwright.web.road import page

_KNOWN: dict[str, ListPage] = {}
FORMATS: Final = ("csv", "xlsx")


def know(*pages: ListPage) -> None:
    """Give these lists their addresses under `/lists/<key>`. Called from `list_urls.py`."""
    _KNOWN.update({one.key: one for one in pages})


def list_page(key: str) -> ListPage:
    """The list under a key. Raises NotFound."""
    if key not in _KNOWN:
        raise NotFound("not_found", "There is no such list.")
    return _KNOWN[key]


def export(request: HttpRequest, key: str, kind: str) -> HttpResponseBase:
    """All rows that match, with the columns that are shown, as a file."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    listed = list_page(key)
    if kind not in FORMATS:
        raise NotFound("not_found", "A list is exported as csv or xlsx.")
    asked = listed.asked(request, wishes=views.wishes(by, key))
    columns = lists.chosen(listed.columns(by), asked.wishes)
    listed.read(by, asked, asked.window)  # refuses before the first byte is sent
    rows = listed.every_row(by, asked, within=partial(entered, by.organization_id))
    name = f"{key}-{by.today.isoformat()}.{kind}"
    zone = by.organization.timezone
    if kind == "xlsx":
        file = xlsx_of(columns, rows, timezone=zone)
        return FileResponse(file, as_attachment=True, filename=name, content_type=XLSX)
    response = StreamingHttpResponse(
        csv_of(columns, rows, timezone=zone), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def columns(request: HttpRequest, key: str) -> HttpResponse:
    """Choose the columns of a list; they are kept for the person."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    listed = list_page(key)
    offered = [one for one in listed.columns(by) if not one.primary]
    wishes = views.wishes(by, key)
    shown = [one.key for one in lists.chosen(offered, wishes)]
    form = Form.of({"columns": shown, "back": _query(request)})
    if request.method == "POST":
        form = Form.posted(request)
        picked = None if form.flag("reset") else form.several("columns")
        if form.accept(lambda: views.choose_columns(by=by, list_name=key, columns=picked)):
            return done(request, _back(listed, form.text("back")))
    context = {
        "form": form,
        "list_name": listed.name,
        "choices": [(one.key, one.label) for one in offered],
        "is_usual": wishes.columns is None,
    }
    return page(request, "lists/columns.html", context, status=form.status)


def further_filters(request: HttpRequest, key: str) -> HttpResponse:
    """All filters; those above the table too, which narrow screens have no place for."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    listed = list_page(key)
    asked = listed.asked(request)
    filters = [one.at(asked.values) for one in listed.filters(by, asked)]
    offered = {name for one in filters for name in one.names}
    kept = [(name, text) for name, text in asked.values.items() if name not in offered]
    kept += [("q", asked.q)] if asked.q else []
    kept += [("sort", asked.window.sort.text)] if asked.is_sorted else []
    values: dict[str, Any] = {}
    for one in filters:
        values |= {one.name: list(one.chosen)} if one.look == "several" else {one.name: one.value}
        values |= {f"{one.name}_text": dict(one.choices).get(one.value, "")}
    context = {
        "form": Form.of(values),
        "list_name": listed.name,
        "path": listed.path,
        "filters": filters,
        "kept": kept,
    }
    return page(request, "lists/filters.html", context)


def new_view(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the list as it stands under a name."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    listed = list_page(key)
    form = Form.of({"query": _query(request)})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: _save(by, listed, form)):
            said = f"The view “{form.text('name')}” is saved."
            return done(request, _back(listed, form.text("query")), said)
    context = {"form": form, "list_name": listed.name, "back": listed.path}
    return page(request, "lists/view.html", context, status=form.status)


def _save(by: Caller, listed: ListPage, form: Form) -> None:
    view_id = views.save_view(
        by=by,
        list_name=listed.key,
        name=form.text("name"),
        query=form.text("query"),
        is_shared=form.flag("is_shared"),
    )
    if form.flag("is_default"):
        views.open_with(by=by, list_name=listed.key, view_id=view_id)


def edit_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Rename a view, share it, open the list with it; another's only to open with."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    held = views.view(by, view_id)
    listed = list_page(held.list_name)
    default = views.wishes(by, held.list_name).default_view
    is_default = default is not None and default.id == view_id
    form = Form.of({"name": held.name, "is_shared": held.is_shared, "is_default": is_default})
    is_mine = held.owner_id == by.actor.id
    if request.method == "POST":
        form = Form.posted(request)

        def act() -> None:
            if is_mine:
                name, is_shared = form.text("name"), form.flag("is_shared")
                views.change_view(by=by, view_id=view_id, name=name, is_shared=is_shared)
            if form.flag("is_default") != is_default:
                opens = view_id if form.flag("is_default") else None
                views.open_with(by=by, list_name=held.list_name, view_id=opens)

        if form.accept(act):
            return done(request, _back(listed, held.query), "The view is saved.")
    context = {"form": form, "list_name": listed.name, "held": held, "is_mine": is_mine}
    return page(request, "lists/view.html", context, status=form.status)


def delete_view(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Forget a view."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    held = views.view(by, view_id)
    views.delete_view(by=by, view_id=view_id)
    messages.success(request, f"The view “{held.name}” is deleted.")
    return redirect(list_page(held.list_name).path)


def _query(request: HttpRequest) -> str:
    return request.META.get("QUERY_STRING", "")[:2000]


def _back(listed: ListPage, query: str) -> str:
    return f"{listed.path}?{query}" if query else listed.path
