"""Settings that are more than a form: the logo, and what explains itself (tax, units)."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from orderwright.directory import organization as house
from orderwright.directory.logos import LARGEST
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.quantity import measured_units
from orderwright.kernel.shapes import invalid
from orderwright.kernel.weight import GRAMS
from orderwright.web.forms import Form, done
from orderwright.web.road import page
from orderwright.web.subjects import ORGANIZATION


def tax(request: HttpRequest) -> HttpResponse:
    """Where tax rates are set, and which of them counts (ruling: customer before product)."""
    request.caller.must("settings:read")  # type: ignore[attr-defined]
    return page(request, "settings/tax.html")


def units(request: HttpRequest) -> HttpResponse:
    """Which units are measured, and that everything else is counted."""
    request.caller.must("settings:read")  # type: ignore[attr-defined]
    measured = {"weight": list(GRAMS), **measured_units()}
    return page(request, "settings/units.html", {"measured": list(measured.items())})


def logo(request: HttpRequest) -> HttpResponse:
    """The picture itself; every role may see it."""
    found = house.logo(by=request.caller)  # type: ignore[attr-defined]
    if found is None:
        raise NotFound("not_found", "There is no logo.")
    content, kind = found
    return HttpResponse(content, content_type=kind)


def change_logo(request: HttpRequest) -> HttpResponse:
    """Choose the picture that stands on documents."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:update")
    form = Form.of()
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(lambda: house.change_logo(by=by, content=_picture(request))):
            return done(request, ORGANIZATION.url, "The logo is saved.")
    return page(request, "settings/logo.html", {"form": form}, status=form.status)


@require_POST
def remove_logo(request: HttpRequest) -> HttpResponse:
    """Documents go without a logo again."""
    house.change_logo(by=request.caller, content=None)  # type: ignore[attr-defined]
    return done(request, ORGANIZATION.url, "The logo is removed.")


def _picture(request: HttpRequest) -> bytes:
    sent = request.FILES.get("logo")
    if sent is None:
        raise invalid("required", "Choose a picture.", "logo")
    return sent.read(LARGEST + 1)
