"""Every page of returns on one screen."""

from django.urls import URLPattern, path

from orderwright.web import returns_cards, returns_list, returns_page

RETURN = "returns/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("orders/sales/<str:reference>/return", returns_cards.request_return),
    path("returns", returns_list.returns),
    path(RETURN, returns_page.return_page),
    path(f"{RETURN}/receive", returns_cards.receive),
    path(f"{RETURN}/close", returns_page.close),
    path(f"{RETURN}/cancel", returns_page.cancel),
]
