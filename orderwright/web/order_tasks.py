"""The tasks of an order: a tab of the order page with a row to add one, and a tick for each."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.sales import order_tasks, queries
from orderwright.sales.page import OrderPage
from orderwright.web import choices
from orderwright.web.forms import Form, done
from orderwright.web.order_actions import dialog
from orderwright.web.order_page import url_of


def add(request: HttpRequest, reference: str) -> HttpResponse:
    """One more task; what was typed stays when it is refused."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    return _form(
        request,
        order,
        {},
        lambda sent: order_tasks.add_task(by=by, order=order.id, sent=sent),
        "The task is added.",
    )


def edit(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Change a task."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    task = order_tasks.task_of_order(by, order.id, task_id)
    start = {
        "title": task.title,
        "assignee_id": task.assignee_id,
        "due_on": task.due_on,
        "version": task.version,
    }

    def act(sent: dict[str, Any]) -> Any:
        version = sent.pop("version")
        return order_tasks.edit_task(
            by=by, order=order.id, task_id=task_id, sent=sent, version=version
        )

    return _form(request, order, start, act, "The task is changed.")


def tick(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Done, or to do again."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    is_done = Form.posted(request).flag("done")
    order_tasks.edit_task(by=by, order=order.id, task_id=task_id, sent={"done": is_done})
    said = "The task is done." if is_done else "The task is to do again."
    return done(request, f"{url_of(order)}?tab=tasks", said)


def delete(request: HttpRequest, reference: str, task_id: UUID) -> HttpResponse:
    """Take a task off the order."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = queries.order_page(by, reference)
    order_tasks.delete_task(by=by, order=order.id, task_id=task_id)
    return done(request, f"{url_of(order)}?tab=tasks", "The task is deleted.")


def _form(
    request: HttpRequest,
    order: OrderPage,
    start: dict[str, Any],
    act: Callable[[dict[str, Any]], Any],
    said: str,
) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    form = Form.of(start)

    def read() -> dict[str, Any]:
        sent: dict[str, Any] = {
            "title": form.text("title", required="Say what is to be done."),
            "assignee_id": form.uuid("assignee_id"),
            "due_on": form.day("due_on"),
        }
        if start:
            sent["version"] = form.whole("version")
        form.check()
        return sent

    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: act(read())):
            return done(request, f"{url_of(order)}?tab=tasks", said)
    context = {"staff": choices.staff(by), "is_new": not start}
    return dialog(request, order, "sales/task_form.html", form, context)
