"""Who is told what: one table of declarations, read by the job that follows an event.

A rule turns facts into words for an audience. Nobody hears of what the role may not see, nor of
what they did themselves. Everything here is pure; the database finds the people.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid5

LONGEST_TITLE: Final = 300
LONGEST_BODY: Final = 600
KEPT_DAYS: Final = 90
# What came due longer ago is not told any more; nobody heard of it before this was installed.
LOOKS_BACK_DAYS: Final = 7
_OCCASIONS: Final = UUID("5d0d4c5e-6f0c-5b7e-9d0e-3f6b1f0a7a11")


@dataclass(frozen=True, slots=True)
class Category:
    """A group of notifications that people choose the ways of (domain 1.18)."""

    code: str
    name: str
    about: str
    icon: str
    in_app: bool = True
    email: bool = False


CATEGORIES: Final = (
    Category("order_updates", "Order updates", "Orders that you lead, and tasks.", "file-text"),
    Category(
        "inventory_alerts",
        "Inventory alerts",
        "Goods that waited, and low stock.",
        "alert-triangle",
    ),
    Category(
        "production_events", "Production events", "Jobs that are completed or overdue.", "tool"
    ),
    Category("shipment_tracking", "Shipment tracking", "Shipments that leave and arrive.", "truck"),
    Category("billing", "Billing", "Payments, and invoices that are overdue.", "receipt"),
)
CATEGORY_CODES: Final = tuple(category.code for category in CATEGORIES)


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of something that happened. Without `customers:read` the customer is blank."""

    type: str
    occasion: UUID
    subject_id: UUID
    at: datetime
    body: Mapping[str, Any] = field(default_factory=dict)
    actor_id: UUID | None = None
    order_number: str = ""
    customer_id: UUID | None = None
    customer_name: str = ""
    lead_id: UUID | None = None
    staff_id: UUID | None = None
    is_held: bool = False
    job_status: str = ""
    job_completed_at: str = ""
    waiting_lines: int = 0
    goods: Mapping[str, str] = field(default_factory=dict)
    leads: tuple[tuple[UUID, int], ...] = ()
    open_orders: int = 0

    def text(self, name: str) -> str:
        """A text of the event's body; empty when it has none."""
        found = self.body.get(name)
        return "" if found is None else str(found)

    @property
    def order(self) -> str:
        """The order as people say it: `SO-00012 for Acme`."""
        if not self.customer_name:
            return self.order_number
        return f"{self.order_number} for {self.customer_name}"


@dataclass(frozen=True, slots=True)
class Words:
    """A title that is a sentence, and perhaps a second one."""

    title: str
    body: str = ""


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is meant: one staff member, one user, or everybody who holds a permission."""

    staff_id: UUID | None = None
    user_id: UUID | None = None
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell one audience; `plain` is for those who may not know the customer."""

    kind: str
    category: str
    audience: Audience
    needs: tuple[str, ...]
    words: Words
    plain: Words
    link: str
    occasion: UUID
    at: datetime
    except_user: UUID | None


Say = Callable[[Facts], Words | None]
Link = Callable[[Facts], str]
Audiences = Callable[[Facts], tuple[Audience, ...]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A declaration: what of an event is told to whom, and where it leads.

    `concerns` looks at the body before a job is made; `waited` says that the person who did it
    waits for the outcome and is told too; `once` names what a repeat is measured by.
    """

    kind: str
    category: str
    needs: tuple[str, ...]
    to: Audiences
    say: Say
    link: Link
    concerns: Callable[[Mapping[str, Any]], bool] = lambda body: True
    waited: bool = False
    once: Callable[[Facts], UUID] = lambda facts: facts.occasion
    each_lead: bool = False


def notices(rules: tuple[Rule, ...], facts: Facts) -> list[Notice]:
    """What is to be told of these facts by these rules."""
    return [
        notice
        for rule in rules
        if rule.concerns(facts.body)
        for one in _spread(rule, facts)
        for notice in _of(rule, one)
    ]


def _spread(rule: Rule, facts: Facts) -> list[Facts]:
    """The facts as each lead of several orders sees them."""
    if not rule.each_lead:
        return [facts]
    return [replace(facts, lead_id=lead, open_orders=count) for lead, count in facts.leads]


def _of(rule: Rule, facts: Facts) -> list[Notice]:
    words = rule.say(facts)
    plain = rule.say(replace(facts, customer_name=""))
    if words is None or plain is None:
        return []
    return [
        Notice(
            kind=rule.kind,
            category=rule.category,
            audience=audience,
            needs=rule.needs,
            words=_cut(words),
            plain=_cut(plain),
            link=rule.link(facts),
            occasion=rule.once(facts),
            at=facts.at,
            except_user=None if rule.waited else facts.actor_id,
        )
        for audience in dict.fromkeys(rule.to(facts))
    ]


def _cut(words: Words) -> Words:
    return Words(_shortened(words.title, LONGEST_TITLE), _shortened(words.body, LONGEST_BODY))


def _shortened(text: str, longest: int) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= longest else f"{one_line[: longest - 1]}…"


def occasion_of(*parts: object) -> UUID:
    """What stands for something that no event tells of: the same parts, the same occasion."""
    return uuid5(_OCCASIONS, "|".join(str(part) for part in parts))


def wanted_channels(
    chosen: Mapping[str, tuple[bool, bool]],
) -> dict[str, tuple[bool, bool]]:
    """For each category whether a person wants it in the app and by e-mail: what was chosen, else
    the defaults."""
    return {
        category.code: chosen.get(category.code, (category.in_app, category.email))
        for category in CATEGORIES
    }
