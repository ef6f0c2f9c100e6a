"""Every page of production on one screen; fixed words stand before a job's number."""

from django.urls import URLPattern, path

from orderwright.web import (
    job_dialogs,
    job_list,
    job_material,
    job_new,
    job_page,
    job_receive,
    order_production,
    runs,
)

JOB = "production/jobs/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("production/jobs", job_list.jobs),
    path("production/jobs/new", job_new.new_job),
    path(JOB, job_page.job),
    path(f"{JOB}/edit", job_dialogs.edit),
    path(f"{JOB}/issue-material", job_material.issue_material),
    path(f"{JOB}/receive", job_receive.receive),
    path(f"{JOB}/complete", job_dialogs.complete),
    path(f"{JOB}/reopen", job_dialogs.reopen),
    path(f"{JOB}/cancel", job_dialogs.cancel),
    path("production/runs", runs.run_list),
    path("production/runs/<str:reference>", runs.run),
    path("orders/sales/<str:reference>/production-run", runs.generate),
    path("orders/sales/<str:reference>/create-production-job", order_production.create_job),
    path("lookup/lots", job_material.lookup_lots),
]
