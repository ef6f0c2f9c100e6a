"""Where everything is mounted: pages at /, the API at /api/v1."""

from django.urls import include, path

from orderwright.api.root import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("", include("orderwright.web.urls")),
]
