"""What happened in production, in sentences, for the timelines of orders and jobs."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any, Final

from orderwright.web.display import quantity

Body = Mapping[str, Any]


def _number(body: Body) -> str:
    return str(body.get("number") or "")


def _created(body: Body) -> str:
    line = f" for line {body['line']}" if body.get("line") else ""
    return f"Made job {_number(body)}{line}, {body.get('stage', '')}{_inputs(body, ' with ')}"


def _issued(body: Body) -> str:
    return f"Issued{_inputs(body, ' ')} to {_number(body)}"


def _inputs(body: Body, joint: str) -> str:
    told = [
        f"{_amount(one.get('weight'), str(one.get('weight_unit', '')))} of {one.get('tag_id', '')}"
        for one in body.get("inputs") or ()
    ]
    more = f" and {len(told) - 3} more" if len(told) > 3 else ""
    return f"{joint}{', '.join(told[:3])}{more}" if told else ""


def _received(body: Body) -> str:
    unit = str(body.get("unit") or "")
    parts = [
        f"{_amount(body.get(name), unit)} {said}"
        for name, said in (
            ("received", "good"),
            ("rejected", "rejected"),
            ("scrapped", "scrap"),
            ("waste", "waste"),
        )
        if body.get(name) and Decimal(str(body[name])) > 0
    ]
    assigned = "; the good output is assigned to the line" if body.get("assigned") else ""
    return f"Received of {_number(body)}: {', '.join(parts) or 'pieces'}{assigned}"


def _cancelled(body: Body) -> str:
    tags = body.get("returned") or ()
    back = f"; {', '.join(map(str, tags))} went back" if tags else ""
    return f"Cancelled job {_number(body)}{back}"


def _completed(body: Body) -> str:
    return f"Completed job {_number(body)}"


def _reopened(body: Body) -> str:
    return f"Reopened job {_number(body)}"


def _edited(body: Body) -> str:
    return f"Planned job {_number(body)} anew"


def _run(body: Body) -> str:
    jobs = ", ".join(str(one) for one in body.get("jobs") or ())
    return f"Generated production run {_number(body)}: {jobs}"


def _amount(value: Any, unit: str) -> str:
    return str(quantity(Decimal(str(value or 0)), unit))


JOB_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "production_run.created": ("stack-2", _run),
    "production_job.created": ("tool", _created),
    "production_job.material_issued": ("package-export", _issued),
    "production_job.received": ("package-import", _received),
    "production_job.edited": ("pencil", _edited),
    "production_job.completed": ("circle-check", _completed),
    "production_job.reopened": ("lock-open", _reopened),
    "production_job.cancelled": ("ban", _cancelled),
}
