"""The start page, search, and what fields with suggestions ask, on one screen."""

from django.urls import URLPattern, path

from orderwright.web import choosers, dashboard, search

urlpatterns: list[URLPattern] = [
    path("", dashboard.dashboard),
    path("tasks", dashboard.tasks),
    path("search", search.search_page),
    path("search/found", search.found),
    path("lookup/customers", choosers.lookup_customers),
    path("lookup/products", choosers.lookup_products),
    path("lookup/orders", choosers.lookup_orders),
]
