"""Every page of e-mails on one screen."""

from django.urls import URLPattern, path

from orderwright.web import emails

urlpatterns: list[URLPattern] = [
    path("emails/<uuid:email_id>", emails.email),
    path("emails/<uuid:email_id>/resend", emails.resend),
    path("customers/<uuid:customer_id>/statement/send", emails.send_statement),
    path("settings/emails", emails.templates),
    path("settings/emails/<slug:key>", emails.template),
]
