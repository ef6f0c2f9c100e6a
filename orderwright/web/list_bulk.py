"""Many rows at once: a dialog that says what will happen, and a page for the run that does it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse

from orderwright.activity import bulk, bulk_results
from orderwright.activity.bulk import AT_ONCE, MOST, BulkAction
from orderwright.activity.bulk_results import RunPage
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.kernel.errors import NotFound
from orderwright.kernel.formulas import quoted
from orderwright.web.forms import Form, done
from orderwright.web.inputs import bound, sent_by
from orderwright.web.list_actions import list_page
from orderwright.web.list_exports import BOM
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.road import page

MOST_CHECKED = 1000


@dataclass(frozen=True, slots=True)
class Preview:
    """What a run would do: to how many, how many it would skip, and why."""

    asked_for: int
    will: int
    skipped: int
    reasons: tuple[tuple[int, str], ...]
    is_partly_checked: bool
    is_too_many: bool


def bulk_dialog(request: HttpRequest, key: str, name: str) -> HttpResponse:
    """Say what the action would do to the chosen rows; with a yes, do it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    listed, offer, action = _found(by, key, name)
    form = Form.posted(request)
    ids = _ids(by, listed, form)
    if form.flag("act"):
        sent = sent_by(form, offer.inputs)
        if form.accept(lambda: bulk.start(by=by, action=action, ids=ids, parameters=sent)):
            return _started(request, by, listed, offer, form)
    context = {
        "form": form,
        "offer": offer,
        "inputs": bound(offer.inputs, by),
        "nouns": listed.nouns,
        "preview": _preview(by, action, ids),
        "back": listed.path,
        "most": MOST,
        "at_once": AT_ONCE,
    }
    return page(request, "lists/bulk.html", context, status=form.status)


def _found(by: Caller, key: str, name: str) -> tuple[ListPage, BulkOffer, BulkAction]:
    listed = list_page(key)
    offer = next((one for one in listed.bulk if one.action == name), None)
    if offer is None:
        raise NotFound("not_found", "There is no such action.")
    by.must(offer.permission)
    return listed, offer, bulk.bulk_action(key, name)


def _ids(by: Caller, listed: ListPage, form: Form) -> list[UUID]:
    """The chosen rows, or all that match the address; one more than fit says that they do not."""
    if "matching" in form.values and listed.ids:
        return listed.ids(by, listed.filters_of(form.value("matching")), MOST + 1)
    found = []
    for text in form.value("ids").split():
        try:
            found.append(UUID(text))
        except ValueError:
            continue
    return found


def _preview(by: Caller, action: BulkAction, ids: Sequence[UUID]) -> Preview:
    checked = ids[:MOST_CHECKED]
    seen = action.outlook(by, checked, {})
    refusals = [one.refusal for one in seen if one.refusal is not None]
    sentences = {refusal.code: refusal.message for refusal in reversed(refusals)}
    counted = Counter(refusal.code for refusal in refusals).most_common()
    return Preview(
        asked_for=min(len(ids), MOST),
        will=len(seen) - len(refusals),
        skipped=len(refusals),
        reasons=tuple((count, sentences[code]) for code, count in counted),
        is_partly_checked=len(ids) > MOST_CHECKED,
        is_too_many=len(ids) > MOST,
    )


def _started(
    request: HttpRequest, by: Caller, listed: ListPage, offer: BulkOffer, form: Form
) -> HttpResponse:
    """Back to the list when all went well, else to the page that says what became of each row."""
    run = bulk_results.run_page(by, form.result)
    if run.is_running or run.skipped:
        return done(request, f"/bulk-runs/{run.id}")
    query = form.value("query")
    back = f"{listed.path}?{query}" if query else listed.path
    return done(request, back, f"{counted(run.done, listed.nouns)} {offer.did}.")


def counted(count: int, nouns: tuple[str, str]) -> str:
    """`1 order`, `12 orders`."""
    return f"{count:,} {nouns[0] if count == 1 else nouns[1]}"


def run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is, and the result of its first rows; what was skipped comes first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = bulk_results.run_page(by, run_id)
    listed, offer = _of_run(found)
    rows = bulk_results.run_rows(by, run_id, status="skipped", limit=AT_ONCE)
    rows += bulk_results.run_rows(by, run_id, status="done", limit=AT_ONCE - len(rows))
    context = {
        "run": found,
        "rows": rows,
        "offer": offer,
        "listed": listed,
        "share": (found.done + found.skipped) / found.total if found.total else 1,
        "said": f"{counted(found.done, listed.nouns)} {offer.did}",
        "shows_all": len(rows) == found.done + found.skipped,
    }
    return page(request, "lists/run.html", context)


def cancel_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run; what is done stays done."""
    bulk.cancel(by=request.caller, run_id=run_id)  # type: ignore[attr-defined]
    return done(request, f"/bulk-runs/{run_id}", "The run is stopped.")


def run_results(request: HttpRequest, run_id: UUID) -> StreamingHttpResponse:
    """The result of every row, as CSV."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    bulk_results.run_page(by, run_id)

    def lines() -> Any:
        yield f"{BOM}Row,Record,Result,Why\r\n"
        with entered(by.organization_id):
            for row in bulk_results.all_rows(by, run_id):
                cells = (quoted(row.label), row.status, quoted(row.message))
                line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
                yield f"{row.position},{line}\r\n"

    response = StreamingHttpResponse(lines(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="bulk-run-{run_id}.csv"'
    return response


def _of_run(found: RunPage) -> tuple[ListPage, BulkOffer]:
    key, _, name = found.action.partition(".")
    listed = list_page(key)
    return listed, next(one for one in listed.bulk if one.action == name)
