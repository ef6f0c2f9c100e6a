"""Production stages in the settings."""

from typing import Final

from orderwright.production.stages import STAGE
from orderwright.web.display import active, dialog_link, yes
from orderwright.web.inputs import Input
from orderwright.web.lists import Column
from orderwright.web.records import ACTIVE_FILTER, RecordPages

STAGES: Final = RecordPages(
    kind=STAGE,
    url="/settings/stages",
    title="Production stages",
    about="The steps in which things are made. A job belongs to one of them.",
    icon="stack-2",
    columns=(
        Column(
            "Name", lambda row: dialog_link(row.name, f"/settings/stages/{row.id}"), primary=True
        ),
        Column("Code", lambda row: row.code),
        Column("Order", lambda row: row.sort_order, numeric=True),
        Column("Types of inventory", lambda row: ", ".join(row.inventory_types), quiet=True),
        Column("Departments", lambda row: ", ".join(row.departments), quiet=True),
        Column("Default", lambda row: yes(row.is_default)),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input("code", "Code", width="quarter"),
        Input("sort_order", "Order", "num", width="quarter", hint="Later stages have more."),
        Input("description", "Description", "area"),
        Input(
            "inventory_types",
            "Types of inventory",
            "words",
            hint="One a line. What may go in when the settings say so; none: all.",
        ),
        Input("departments", "Departments", "words", hint="One a line."),
        Input("is_default", "Where new jobs begin", "check"),
        Input("is_active", "In use", "check"),
    ),
    filters=(ACTIVE_FILTER,),
    start={"is_active": True, "sort_order": "10"},
)
