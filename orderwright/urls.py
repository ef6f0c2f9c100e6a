"""Where everything is mounted: pages at /, the API at /api/v1."""

from django.urls import include, path

from orderwright import health
from orderwright.api.root import api

urlpatterns = [
    path("healthz", health.alive),
    path("readyz", health.ready),
    path("api/v1/", api.urls),
    path("", include("orderwright.web.urls")),
]
