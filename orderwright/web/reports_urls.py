"""Every page of reports on one screen."""

from django.urls import URLPattern, path

from orderwright.web import reports

urlpatterns: list[URLPattern] = [
    path("reports", reports.index),
    path("reports/<slug:key>.csv", reports.csv),
    path("reports/<slug:key>", reports.one_report),
    path("production/balance", reports.balance),
]
