"""/console/ and /e/{id}: the HTML that the server sends, and its security policy."""

import re
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import Client
from pydantic import ValidationError

from accounts.models import User
from config.env import Environment
from events.models import Event
from tests.support import factories
from tests.support.policies import policy_of

STATIC = Path(finders.find("realtime/base.css")).parent
FILES = sorted(STATIC.iterdir())
OWN_FILES_ONLY = {
    "default-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}


class Parts(HTMLParser):
    """The elements of a page, and the text inside its scripts and styles."""

    def __init__(self, response: HttpResponse) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inline = ""
        self._inside = ""
        self.feed(response.content.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside in ("script", "style"):
            self.inline += data.strip()

    def attributes(self, *names: str) -> list[str]:
        return [value or "" for _, found in self.elements for name, value in found.items() if name in names]


@pytest.fixture(params=["console", "event", "missing"])
def response(request: pytest.FixtureRequest, client: Client, event: Event) -> HttpResponse:
    paths = {"console": "/console/", "event": f"/e/{event.id}", "missing": "/e/EVT-00000000"}
    return client.get(paths[request.param])


def test_the_policy_allows_own_files_only(response: HttpResponse):
    assert policy_of(response) == OWN_FILES_ONLY
    assert (response["X-Frame-Options"], response["X-Content-Type-Options"]) == ("DENY", "nosniff")


def test_all_addresses_are_on_this_host(response: HttpResponse):
    addresses = Parts(response).attributes("src", "href", "action", "srcset")

    assert addresses
    assert [one for one in addresses if not re.match(r"/(?!/)|#", one)] == []


def test_scripts_and_styles_are_not_inline(response: HttpResponse):
    parts = Parts(response)

    assert parts.inline == ""
    assert [tag for tag, _ in parts.elements if tag == "style"] == []
    names = {name for _, found in parts.elements for name in found}
    assert [name for name in names if name == "style" or name.startswith("on")] == []


def test_the_files_of_a_page_exist(response: HttpResponse):
    files = [one for one in Parts(response).attributes("src", "href") if one.startswith("/static/")]

    assert files
    assert [one for one in files if not finders.find(one.removeprefix("/static/"))] == []


def test_no_cookie_is_set(response: HttpResponse):
    assert not response.cookies
    assert "Cookie" not in response.get("Vary", "")


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix == ".js"], ids=lambda path: path.name)
def test_modules_import_own_files_and_write_no_html(path: Path):
    source = path.read_text()

    assert [one for one in re.findall(r'from "([^"]+)"', source) if not (STATIC / one).is_file()] == []
    assert re.findall(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function", source) == []
    assert len(source.splitlines()) < 250


@pytest.mark.parametrize("path", [one for one in FILES if one.suffix == ".css"], ids=lambda path: path.name)
def test_styles_load_no_other_files(path: Path):
    assert re.findall(r"@import|url\(", path.read_text()) == []


def test_the_fields_of_the_console_have_labels(client: Client):
    parts = Parts(client.get("/console/"))
    labels = {found["for"] for tag, found in parts.elements if tag == "label"}
    fields = {found["id"] for tag, found in parts.elements if tag == "input"}

    assert fields == {"email", "password"} == labels
    assert {"main", "header", "h1"} <= {tag for tag, _ in parts.elements}
    assert ("html", {"lang": "en"}) in parts.elements


def test_the_console_has_one_address(client: Client):
    assert client.get("/console")["Location"] == "/console/"
    assert client.post("/console/").status_code in (403, 405)


def test_an_events_date_is_shown_in_its_time_zone(client: Client, organizer: User):
    moment = datetime(2027, 5, 1, 18, 0, tzinfo=UTC)
    event = factories.make_published_event(organizer, venue="Blue Hall", timezone="Asia/Kolkata", starts_at=moment)

    text = client.get(f"/e/{event.id}").content.decode()

    for part in (
        "Jazz Night",
        "<bdi>Blue Hall</bdi>, <bdi>Pune</bdi>",
        "Saturday, 1 May 2027, 23:30",
        "Asia/Kolkata",
        "25.00 EUR",
        "10 of 10 left",
        "Olga Organizer",
    ):
        assert part in text


def test_html_in_an_events_text_is_escaped(client: Client, organizer: User):
    event = factories.make_published_event(organizer, title="<script>alert(1)</script>", description="<img src=x>")

    text = client.get(f"/e/{event.id}").content.decode()

    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "<img" not in text


@pytest.mark.parametrize("path", ["/e/EVT-00000000", "/e/x", "/e/%00", "/e/$ne"])
def test_an_unknown_event_is_a_404_page(client: Client, path: str):
    response = client.get(path)

    assert response.status_code == 404
    assert "There is no such event" in response.content.decode()


def test_a_draft_is_not_found(client: Client, draft: Event):
    assert client.get(f"/e/{draft.id}").status_code == 404


def test_a_hidden_event_is_not_found(client: Client, event: Event):
    Event.objects.filter(pk=event.pk).update(hidden=True)

    assert client.get(f"/e/{event.id}").status_code == 404


def test_a_cancelled_event_shows_that_it_is(client: Client, event: Event):
    Event.objects.filter(pk=event.pk).update(status=Event.Status.CANCELLED)

    assert "This event was cancelled." in client.get(f"/e/{event.id}").content.decode()


def test_a_past_event_shows_that_it_is(client: Client, organizer: User):
    event = factories.make_past_event(organizer)

    assert "This event has begun or is over." in client.get(f"/e/{event.id}").content.decode()


def test_sockets_may_be_on_another_host(client: Client, settings):
    settings.REALTIME_URL = "wss://live.example"

    response = client.get("/console/")

    assert policy_of(response) == {**OWN_FILES_ONLY, "connect-src": "'self' wss://live.example"}
    assert '<meta name="realtime-url" content="wss://live.example">' in response.content.decode()


@pytest.mark.parametrize("value", ["https://live.example", "wss://a b", "wss://x;script-src *", "wss://x/path"])
def test_a_realtime_url_unfit_for_the_policy_stops_the_start(value: str):
    with pytest.raises(ValidationError, match="REALTIME_URL"):
        Environment(REALTIME_URL=value)
