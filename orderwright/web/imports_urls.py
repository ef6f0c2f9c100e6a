"""Every page of imports on one screen."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import imports

IMPORT = "imports/<uuid:import_id>"

urlpatterns: list[URLPattern] = [
    path("imports", imports.imports),
    path("imports/new", imports.upload),
    path("imports/template/<str:kind>.csv", imports.template),
    path(IMPORT, imports.one_import),
    path(f"{IMPORT}/progress", imports.progress),
    path(f"{IMPORT}/columns", require_POST(imports.change_columns)),
    path(f"{IMPORT}/bad-rows.csv", imports.bad_rows),
    path(f"{IMPORT}/start", require_POST(imports.start)),
    path(f"{IMPORT}/stop", require_POST(imports.stop)),
    path(f"{IMPORT}/resume", require_POST(imports.resume)),
    path(f"{IMPORT}/undo", require_POST(imports.undo)),
]
