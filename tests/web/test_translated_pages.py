"""All pages in a language made of marks: what stands outside of them is somebody's own, or has no translation."""

from functools import partial
from itertools import product

from babel import Locale
from babel.dates import get_timezone_location, get_timezone_name
from babel.support import NullTranslations as English
from browser.states import CSV, lists
from clients import signed_in
from holidays import country_holidays
from leftovers import Marked, left_over, words_in, words_of_calendar, words_of_data
from sqlalchemy import select

from outreach import clock, languages
from outreach.db import db
from outreach.models import Account, Delivery, Feed, Import, Person, Post, Title
from outreach.people.zones import by_country
from outreach.posts.kinds import KINDS
from outreach.practice.around import open_practice
from outreach.web import extensions

# of programs, networks and servers; a call number; what a file says, and what the holidays of a country are called
NAMES = words_in("Outreach Mastodon Instagram mastodon.social Follett Destiny Alexandria OPALS Koha ISBN YA FIC HS")
NAMES |= words_in("Bluesky Webhook Google Classroom WhatsApp ALA Connect Mighty Networks Facebook Threads LinkedIn X")
TYPED = words_in(CSV.decode()) | words_in("Jerry Thanksgiving Day")


def pages_to_see(app):
    """Each page with everything it can be of; what it is of that we cannot name is left out."""
    rows = {f"{each.__tablename__}_id": each for each in (Post, Delivery, Account, Person, Title, Feed)}
    ids = {name: db.session.scalars(select(row.id)).all() for name, row in rows.items()}
    ids |= {"list_id": db.session.scalars(select(Import.id)).all(), "kind": list(KINDS), "token": ["none"]}
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.arguments <= set(ids):
            for values in product(*(ids[name] for name in rule.arguments)):
                yield adapter.build(rule.endpoint, dict(zip(rule.arguments, values, strict=True)))


def test_pages_say_nothing_that_no_catalog_knows(app, context, pages, now, monkeypatch):
    for module in (languages, extensions):
        monkeypatch.setattr(module, "translations", lambda language: Marked() if language == "es" else English())
    librarian = open_practice("America/Chicago", now, app.extensions["shop"], "es")
    lists(now)
    client = signed_in(app, librarian)
    known = words_of_data() | words_of_calendar("es") | NAMES | TYPED | words_in(" ".join(clock.zones())) | {"utc"}
    cities = partial(get_timezone_location, return_city=True)
    known |= words_in(" ".join(Locale.parse("es").territories.values()))
    for said in (get_timezone_name, get_timezone_location, cities):
        known |= words_in(" ".join(said(zone, locale="es") for zone in by_country()))
    known |= words_in(" ".join(country_holidays("US", years=range(now.year, now.year + 3)).values()))  # in English only
    left = {}
    for url in pages_to_see(app):
        answer = client.get(url)
        if answer.mimetype == "text/html" and answer.status_code == 200:
            left |= {url: over} if (over := left_over(answer.get_data(as_text=True), known)) else {}
    assert left == {}
