"""Every page on one screen."""

from django.urls import URLPattern, path

from orderwright.web import sign_in, style

urlpatterns: list[URLPattern] = [
    path("", sign_in.home),
    path("sign-in", sign_in.sign_in),
    path("sign-in/organization", sign_in.choose),
    path("sign-out", sign_in.sign_out),
    path("style", style.style),
]
