"""Pages of people: coming in, one's own account, users, roles, keys and what everybody did."""

from django.urls import URLPattern, path

from orderwright.web import joining, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in),
    path("sign-in/organization", sign_in.choose),
    path("sign-in/second", sign_in.second),
    path("sign-in/passkey", sign_in.with_passkey),
    path("sign-in/passkey/begin", sign_in.begin_passkey),
    path("sign-out", sign_in.sign_out),
    path("join/<str:secret>", joining.join),
    path("reset", joining.forgotten),
    path("reset/<str:secret>", joining.new_password),
]
