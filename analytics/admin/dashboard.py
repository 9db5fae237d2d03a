"""The admin's first page: what is to be done, and how the house is doing. Every figure leads to the list behind it.

Each part is made for those who may open that list. Counts stop at a limit, sales come from the roll-ups: the page costs
the same at any size.
"""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from accounts.models import User
from analytics.admin.charts import Chart, by_day
from analytics.periods import Interval, Period, default_first
from analytics.time_series import platform_series
from analytics.waitlist_demand import waitlist_demand
from bookings.models import EventJob, WaitlistEntry
from config.admin.links import change_link, changelist_link
from config.admin.panels import Figure, Panel, bounded, count_up_to, in_currency
from config.admin.permissions import has_permission
from config.core.clock import midnight, now
from events.models import Event
from events.moderation.reasons import Cause
from journal.pending_entries import LIMIT, given_up, stuck

MOST = 1_000
ROWS = 8


def dashboard(request: HttpRequest, context: dict[str, Any]) -> dict[str, Any]:
    """Return the page's context, with those parts that the signed-in user may see."""
    parts: dict[str, tuple[str, Callable[[], Any]]] = {
        "queue": ("events.view_event", queue_panel),
        "charts": ("bookings.view_booking", charts),
        "next_events": ("events.view_event", next_events),
        "busiest": ("events.view_event", busiest_events),
        "demand": ("bookings.view_waitlistentry", demand_panel),
        "journal": ("journal.view_entry", journal_panel),
        "jobs": ("bookings.view_eventjob", running_jobs),
        "people": ("accounts.view_user", people_panel),
    }
    shown = {name: make() for name, (permission, make) in parts.items() if has_permission(request, permission)}
    return {
        **context,
        **shown,
        "jobs_link": changelist_link("bookings.eventjob", finished_at__isempty=1),
        "listed_link": listed_link(),
    }


def listed_link() -> str:
    """Return the list of what ``Event.objects.listed()`` finds."""
    return changelist_link("events.event", status__exact=Event.Status.PUBLISHED, hidden__exact=0)


def queue_panel() -> Panel:
    """Count what waits for a decision, by why it does; partial indexes hold nothing else."""
    total = Event.objects.queued()[:MOST].count()
    figures = [Figure("Events to look at", bounded(total, MOST), queue_link(), alarming=total > 0)]
    for cause in Cause:
        count = count_up_to(MOST, Event.objects.queued(cause.value))
        figures.append(Figure(str(cause.label), count, queue_link(cause=cause.value)))
    return Panel("To look at", [*figures, open_reports()])


def queue_link(**query: str) -> str:
    return reverse("moderation:queue", query=query)


def open_reports() -> Figure:
    """Add up the reports on events that wait because of them."""
    counts = list(Event.objects.queued(Cause.REPORTED.value).values_list("reports", flat=True)[:MOST])
    note = f"on {len(counts):,} event{'' if len(counts) == 1 else 's'}"
    return Figure("Open reports", f"{sum(counts):,}", queue_link(cause=Cause.REPORTED.value), note)


def charts() -> list[Chart]:
    last = now().date()
    rows = platform_series(Period(first=default_first(last), last=last, interval=Interval.DAY))
    return [
        by_day("Bookings by day", rows, field="bookings", show=lambda amount: f"{amount:,.0f}", link=bookings_of_day),
        by_day("Revenue by day", rows, field="revenue", show=in_currency, link=bookings_of_day),
    ]


def bookings_of_day(day: date) -> str:
    return changelist_link("bookings.booking", created_at_from=day, created_at_to=day)


def next_events() -> list[dict[str, Any]]:
    """Return how full the next events on sale are."""
    return [fill(event) for event in Event.objects.listed().upcoming(now()).order_by("starts_at", "id")[:ROWS]]


def busiest_events() -> list[dict[str, Any]]:
    """Return the events on the public list that sold most."""
    sold = Event.objects.listed().filter(tickets_sold__gt=0)
    return [fill(event) for event in sold.order_by("-tickets_sold", "-id")[:ROWS]]


def fill(event: Event) -> dict[str, Any]:
    return {
        "event": event,
        "percent": 100 * event.tickets_sold // event.total_seats,
        "page": change_link(event),
        "bookings": changelist_link("bookings.booking", q=event.pk),
    }


def demand_panel() -> Panel:
    demand, link = waitlist_demand(), partial(changelist_link, "bookings.waitlistentry")
    offered = count_up_to(MOST, WaitlistEntry.objects.filter(status=WaitlistEntry.Status.OFFERED))
    return Panel(
        "Waitlist",
        [
            Figure(
                "Parties waiting",
                f"{demand['parties']:,}",
                link(status__exact=WaitlistEntry.Status.WAITING),
                f"for {demand['seats']:,} seats",
            ),
            Figure("Offers open", offered, link(status__exact=WaitlistEntry.Status.OFFERED)),
        ],
    )


def journal_panel() -> Panel:
    failing, hopeless = stuck(), given_up()
    link = partial(changelist_link, "journal.entry")
    return Panel(
        "Deliveries",
        [
            Figure("Failing, tried again", bounded(failing, LIMIT), link(delivery="stuck"), alarming=failing > 0),
            Figure("Given up", bounded(hopeless, LIMIT), link(delivery="given_up"), alarming=hopeless > 0),
        ],
    )


def running_jobs() -> list[dict[str, Any]]:
    """Return the oldest unfinished jobs, with how far each is."""
    unfinished = EventJob.objects.filter(finished_at=None).order_by("created_at", "id")[:ROWS]
    titles = dict(Event.objects.filter(pk__in=[job.event_id for job in unfinished]).values_list("pk", "title"))
    return [
        {
            "job": job,
            "title": titles.get(job.event_id, job.event_id),
            "percent": job.percent_done,
            "page": change_link(job),
        }
        for job in unfinished
    ]


def people_panel() -> Panel:
    blocked = count_up_to(MOST, User.objects.filter(is_active=False))
    newest = count_up_to(MOST, User.objects.filter(created_at__gte=midnight(now().date())))
    return Panel(
        "People",
        [
            Figure("New today", newest, changelist_link("accounts.user"), "the newest come first"),
            Figure("Blocked", blocked, changelist_link("accounts.user", is_active__exact=0)),
        ],
    )
