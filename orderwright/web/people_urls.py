"""Pages of people: coming in, one's own account, users, roles, keys and what everybody did."""

from django.urls import URLPattern, path

from orderwright.web import account, joining, sign_in

urlpatterns: list[URLPattern] = [
    path("sign-in", sign_in.sign_in),
    path("sign-in/organization", sign_in.choose),
    path("sign-in/second", sign_in.second),
    path("sign-in/passkey", sign_in.with_passkey),
    path("sign-in/passkey/begin", sign_in.begin_passkey),
    path("sign-in/again", sign_in.again),
    path("sign-out", sign_in.sign_out),
    path("join/<str:secret>", joining.join),
    path("reset", joining.forgotten),
    path("reset/<str:secret>", joining.new_password),
    path("account", account.profile),
    path("account/email", account.email),
    path("account/password", account.password),
    path("account/second-factor", account.second_factor),
    path("account/second-factor/app", account.code_app),
    path("account/second-factor/recovery-codes", account.recovery_codes),
    path("account/second-factor/<uuid:factor_id>/remove", account.remove_factor),
    path("account/passkeys", account.add_passkey),
    path("account/passkeys/begin", account.begin_passkey),
    path("account/sessions/end-others", account.end_other_sessions),
    path("account/sessions/<uuid:session_id>/end", account.end_session),
]
