"""Pages for readers who are on no network: what stands there, for whom, and that nothing is kept about them."""

import json
import os
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from urllib.parse import urlsplit
from xml.etree import ElementTree as Xml

import feedparser
import pytest
from clients import nobody, signed_in
from factories import approved, deliveries, found_cast, queue
from pictures_made import jpeg

from outreach import clock, housekeeping
from outreach.access import OUTREACH, actor
from outreach.accounts import connect, own, pause
from outreach.accounts.retire import retire
from outreach.db import db, writing
from outreach.media.store import upload
from outreach.media.unused import KEPT, forget_unused
from outreach.models import Account, Consent, Event, Library, Medium, Post
from outreach.people.libraries import found
from outreach.posts import change, correction_state, corrections, take_down
from outreach.posts.latest import pictures_standing
from outreach.posts.publish import publish
from outreach.posts.remove import due, remove

PAGE, SCREEN = "/latest/maple-street-school-library", "/screen/"
ALT = 'Two foxes read "Emma" & laugh'
FEEDS = ("rss", "atom", "json")


@pytest.fixture
def now():
    return clock.now() - timedelta(hours=1)


@pytest.fixture
def page(cast, now):
    return own.add_own(cast.library, "page", actor(cast.librarian), now)


@pytest.fixture
def screen(cast, now):
    return own.add_own(cast.library, "screen", actor(cast.librarian), now)


@pytest.fixture
def reader(app, cast):
    return nobody(app)


@pytest.fixture
def out(app, cast, now):
    """Writes, approves and publishes, as the workers do."""

    def went_out(words, *places, at=now, **more):
        post = approved(cast, at, words=words, accounts=list(places), **more)
        queue(post, at)
        for one in deliveries(post):
            assert publish(one.id, app.extensions["shop"].door_at(at)) == "published"
        return post

    return went_out


@pytest.fixture
def picture(app, cast, now):
    return upload(app.extensions["shop"].store, cast.library.id, jpeg(640, 400), "foxes.jpg", now)


def text(answer):
    assert answer.status_code == 200
    return answer.get_data(as_text=True)


def of(screen):
    return SCREEN + screen.remote_id


def every_address(page, screen):
    own_ones = [PAGE, f"{PAGE}/frame", *(f"{PAGE}/feed.{kind}" for kind in FEEDS), f"{PAGE}/colour.css"]
    return [*own_ones, of(screen), f"/latest/{screen.remote_id}/colour.css"]


# adding it


def test_it_is_added_with_one_button_and_says_where_it_is(app, cast):
    manager = signed_in(app, cast.librarian)
    assert "Add Web page" in text(manager.get("/places/connect/"))
    assert "Press the button." in text(manager.get("/places/connect/page"))
    added = manager.post("/places/connect/page", follow_redirects=True)
    shown = text(added)
    assert f"http://localhost{PAGE}" in shown
    assert "&lt;iframe src=&#34;http://localhost" in shown
    for kind in FEEDS:
        assert f"http://localhost{PAGE}/feed.{kind}" in shown
    place = db.session.query(Account).filter_by(network="page").one()
    assert (place.name, place.handle, place.sealed) == ("Web page", "", None)
    assert db.session.query(Event).filter_by(thing="account", thing_id=place.id, verb="connected").count() == 1


def test_a_second_press_adds_no_second_one(app, cast, page):
    again = signed_in(app, cast.librarian).post("/places/connect/page")
    assert (again.status_code, "among your places already" in again.get_data(as_text=True)) == (422, True)


def test_its_name_is_free_where_another_place_is_called_so(app, cast, now):
    connect.add(cast.library, "by_hand", "Web page", OUTREACH, now, server="other", vault=app.extensions["shop"].vault)
    assert own.add_own(cast.library, "page", OUTREACH, now).name == "Web page 2"


def test_whoever_may_add_no_place_adds_none(app, cast):
    assert signed_in(app, cast.contributor).post("/places/connect/screen").status_code == 403


def test_it_speaks_the_language_of_the_library(cast, reader, now, out):
    with writing() as session:
        session.get_one(Library, cast.library.id).language = "es"
    place = own.add_own(cast.library, "page", OUTREACH, now)
    out("Abierto hasta las seis.", place)
    told = text(reader.get(PAGE, headers={"Accept-Language": "en"}))
    assert '<html lang="es">' in told
    assert re.search(r"\d+ de \w+ de 20\d\d", told)


# what stands there


def test_what_is_published_there_stands_there_and_nothing_else(cast, reader, page, out, now):
    out("The book fair begins.", page)
    out("Only for the network.", cast.practice)
    approved(cast, now, words="Not yet.", accounts=[page], timing="at", wished_at=now + timedelta(days=3))
    told = text(reader.get(PAGE))
    assert "The book fair begins." in told
    assert "Only for the network." not in told
    assert "Not yet." not in told
    assert "<h1>Latest from Maple Street School Library</h1>" in told


def test_words_are_words_and_links_can_be_pressed(reader, page, out):
    out("<b>Bold</b> & free: https://school.org/fair?a=1&b=2.\n\nCome!", page)
    told = text(reader.get(PAGE))
    assert "&lt;b&gt;Bold&lt;/b&gt; &amp; free:" in told
    assert '<a href="https://school.org/fair?a=1&amp;b=2" rel="noopener">' in told
    assert "<p>Come!</p>" in told


def test_a_long_text_and_several_pictures_have_room(app, cast, reader, page, out, picture, now):
    other = upload(app.extensions["shop"].store, cast.library.id, jpeg(300, 500), "owl.jpg", now)
    out("word " * 1500, page, media=[(picture.id, ALT), (other.id, "An owl")])
    told = text(reader.get(PAGE))
    assert told.count("<img") == 2
    assert "Two foxes read &#34;Emma&#34; &amp; laugh" in told
    shown = reader.get(f"{PAGE}/pictures/{other.digest}")
    assert (shown.status_code, shown.mimetype) == (200, "image/jpeg")


def test_the_newest_fifty_stand_on_the_page(reader, page, out, now):
    for number in range(52):
        out(f"Number {number:02}.", page, at=now + timedelta(seconds=number))
    told = re.findall(r"Number (\d\d)", text(reader.get(PAGE)))
    assert told == [f"{number:02}" for number in range(51, 1, -1)]
    assert len(re.findall("<article", text(reader.get(f"{PAGE}/frame")))) == 10


def test_twelve_of_four_weeks_stand_on_the_screen(reader, screen, out, now):
    out("Long ago.", screen, at=now - timedelta(days=29))
    assert "Long ago." not in text(reader.get(of(screen)))
    for number in range(14):
        out(f"Number {number:02}.", screen, at=now - timedelta(days=20) + timedelta(seconds=number))
    told = re.findall(r"Number (\d\d)", text(reader.get(of(screen))))
    assert told == [f"{number:02}" for number in range(13, 1, -1)]


def test_a_link_on_the_screen_is_one_to_type(reader, screen, out):
    out("Sign up: https://www.school.org/fair", screen)
    told = text(reader.get(of(screen)))
    assert "Sign up: school.org/fair<" in told
    assert "https://www" not in told


def test_without_script_the_screen_leads_on_to_the_next_one(reader, screen, out, now):
    for number in range(3):
        out(f"Number {number}.", screen, at=now + timedelta(seconds=number))
    told = text(reader.get(of(screen) + "?n=2"))
    assert '<noscript><meta http-equiv="refresh" content="12;url=?n=0"></noscript>' in told
    assert [" hidden" in tag for tag in re.findall(r"<article[^>]*>", told)] == [True, True, False]
    for odd in ("x", "-1", "99999", ""):
        assert reader.get(f"{of(screen)}?n={odd}").status_code == 200


def test_an_account_like_any_other_is_paused(app, cast, reader, page, out, now):
    out("Before.", page)
    pause.pause(page.id, OUTREACH, now)
    post = approved(cast, now, words="Behind the pause.", accounts=[page])
    assert queue(post, now) == []
    told = text(reader.get(PAGE))
    assert "Before." in told
    assert "Behind the pause." not in told


# gone at once


def test_what_is_taken_down_is_gone_from_all_of_them_at_once(app, cast, reader, page, screen, out, picture, now):
    post = out("Gone soon.", page, screen, media=[(picture.id, ALT)])
    addresses = [a for a in every_address(page, screen) if "colour" not in a]
    images = [f"/latest/{key}/pictures/{picture.digest}" for key in (page.remote_id, screen.remote_id)]
    before = {address: reader.get(address) for address in addresses}
    assert all("Gone soon." in text(answer) for answer in before.values())
    assert all(reader.get(image).status_code == 200 for image in images)
    take_down.take_down(post.id, OUTREACH, clock.now())  # no worker has run
    for address, answer in before.items():
        seen = {"If-None-Match": answer.headers["ETag"]}
        assert "Gone soon." not in text(reader.get(address, headers=seen)), address
    assert [reader.get(image).status_code for image in images] == [404, 404]
    door = app.extensions["shop"].door_at(clock.now())
    assert {remove(one, door) for one in due(clock.now())} == {"removed"}


def test_a_reader_who_only_knows_the_day_learns_of_it_too(reader, page, out, now):
    post = out("Gone soon.", page, at=now)
    seen = reader.get(f"{PAGE}/feed.rss").headers["Last-Modified"]
    assert parsedate_to_datetime(seen) == now.replace(microsecond=0)
    take_down.take_down(post.id, OUTREACH, now + timedelta(minutes=5))
    again = reader.get(f"{PAGE}/feed.rss", headers={"If-Modified-Since": seen})
    assert "Gone soon." not in text(again)


def test_what_is_corrected_says_so_in_the_page_and_in_every_feed(app, cast, reader, page, out, now):
    post = out("Open on Firday.", page, at=now)
    addresses = [PAGE, *(f"{PAGE}/feed.{kind}" for kind in FEEDS)]
    seen = {address: reader.get(address).headers["Last-Modified"] for address in addresses}
    stands, later = correction_state.stands(db.session(), post), now + timedelta(minutes=5)
    pieces = [replace(one, after="Open on Friday.") for one in stands.texts]
    made = corrections.write(post.id, pieces, stands.seal, actor(cast.contributor), later)
    corrections.approve(made, actor(cast.approver), later)
    assert [change.change(one, app.extensions["shop"].door_at(later)) for one in change.due(later)] == ["changed"]
    for address, moment in seen.items():
        told = text(reader.get(address, headers={"If-Modified-Since": moment}))
        assert "Open on Friday." in told, address
        assert "Firday" not in told, address
    (item,) = reader.get(f"{PAGE}/feed.json").get_json(force=True)["items"]
    assert item["date_modified"] > item["date_published"]


def test_work_whose_consent_was_withdrawn_is_not_shown_while_somebody_still_has_to_take_it_down(
    cast, reader, page, screen, out, now
):
    post = out("A poem by 7B-12.", page, screen)
    with writing() as session:
        consent = Consent(library_id=cast.library.id, code="7B-12", who="Ana", created_at=now)
        session.get_one(Post, post.id).consents.append(consent)
        session.flush()
        consent.withdrawn_at = clock.now()
    assert "A poem" not in text(reader.get(PAGE))
    assert "A poem" not in text(reader.get(of(screen)))


def test_a_place_that_is_removed_shows_nothing_and_what_was_there_can_still_be_taken_down(
    app, reader, page, screen, out, cast, now
):
    post = out("Standing.", page, screen)
    addresses = every_address(page, screen)
    for place in (page, screen):
        retire(place.id, OUTREACH, now)
    for address in addresses:
        gone = reader.get(address)
        assert (gone.status_code, "Standing." in gone.get_data(as_text=True)) == (404, False)
    assert reader.get(addresses[-2]).headers["Refresh"] == "60"
    take_down.take_down(post.id, OUTREACH, now)
    door = app.extensions["shop"].door_at(clock.now())
    assert {remove(one, door) for one in due(clock.now())} == {"removed"}, "nobody is asked to do it"
    again = own.add_own(cast.library, "page", OUTREACH, now)
    assert again.remote_id == page.remote_id, "the line on the school's site works again"
    assert "Standing." not in text(reader.get(PAGE))


def test_only_pictures_of_what_stands_there_now_are_given(app, cast, reader, page, out, picture, now):
    other = upload(app.extensions["shop"].store, cast.library.id, jpeg(300, 500), "secret.jpg", now)
    out("With a picture.", page, media=[(picture.id, ALT)])
    out("Elsewhere.", cast.practice, media=[(other.id, "A secret")])
    assert reader.get(f"{PAGE}/pictures/{picture.digest}").status_code == 200
    assert reader.get(f"{PAGE}/pictures/{other.digest}").status_code == 404
    assert reader.get(f"{PAGE}/pictures/{'x' * 64}").status_code == 404
    assert reader.get(f"/latest/elm-street-library/pictures/{picture.digest}").status_code == 404


def test_a_picture_that_stands_there_is_not_tidied_away(app, cast, reader, page, out, picture, now):
    post = out("With a picture.", page, media=[(picture.id, ALT)])
    store, digest = app.extensions["shop"].store, picture.digest
    with writing() as session:
        session.get_one(Post, post.id).media.clear()
        session.get_one(Medium, picture.id).created_at = now - KEPT * 2
    os.utime(store.path(digest), (0, 0))
    housekeeping.tidy(app.extensions["shop"].config, store, clock.now())
    assert reader.get(f"{PAGE}/pictures/{digest}").status_code == 200
    take_down.take_down(post.id, OUTREACH, clock.now())
    forget_unused(store, clock.now(), pictures_standing(db.session(), clock.now()))
    assert not store.has(digest)


# addresses


def test_the_page_has_an_address_to_say_and_the_screen_one_that_nobody_guesses(page, screen):
    assert page.remote_id == "maple-street-school-library"
    assert re.fullmatch(r"[a-hj-km-np-z2-9]{10}", screen.remote_id)


def test_each_kind_of_page_answers_under_its_own_address_alone(reader, page, screen):
    assert reader.get(f"/latest/{screen.remote_id}").status_code == 404
    assert reader.get(f"/screen/{page.remote_id}").status_code == 404
    assert reader.get(f"/latest/{screen.remote_id}/feed.rss").status_code == 404


def test_a_manager_gives_the_screen_another_address(app, cast, reader, screen):
    old = of(screen)
    manager = signed_in(app, cast.librarian)
    assert signed_in(app, cast.approver).post(f"/places/{screen.id}/address").status_code == 403
    manager.post(f"/places/{screen.id}/address")
    new = of(db.session.get_one(Account, screen.id, populate_existing=True))
    assert new != old
    assert reader.get(old).status_code == 404
    assert reader.get(new).status_code == 200


def test_the_address_of_the_page_stays(app, cast, page):
    said = signed_in(app, cast.librarian).post(f"/places/{page.id}/address", follow_redirects=True)
    assert "no line on a web site breaks" in text(said)
    assert db.session.get_one(Account, page.id, populate_existing=True).remote_id == page.remote_id


def test_a_check_leaves_the_address_as_it_is(app, cast, reader, screen):
    signed_in(app, cast.librarian).post(f"/places/{screen.id}/check")
    assert reader.get(of(screen)).status_code == 200


def test_a_practice_library_is_nobodys_once_there_is_a_real_one(app, context, now):
    with writing() as session:
        library = found(session, "Play", OUTREACH, now, timezone="UTC", practice=True)
    own.add_own(library, "page", OUTREACH, now)
    assert nobody(app).get("/latest/play").status_code == 200
    found_cast(now)
    assert nobody(app).get("/latest/play").status_code == 404


# nothing is kept


def test_nothing_of_a_reader_is_kept(app, cast, page, screen, out, picture, now):
    """Nor of one who is signed in, with a cookie that would be renewed on any other page."""
    out("Standing.", page, screen, media=[(picture.id, ALT)])
    app.config["SESSION_REFRESH_EACH_REQUEST"] = True
    known = signed_in(app, cast.librarian)
    with known.session_transaction() as session:
        session.permanent = True
        session["_remember"] = "set"
    known.set_cookie("remember_token", "x|y")
    image = f"{PAGE}/pictures/{picture.digest}"
    for client in (nobody(app), known):
        for address in [*every_address(page, screen), image, "/latest/nowhere", "/screen/nowhere"]:
            answer = client.get(address)
            assert "Set-Cookie" not in answer.headers, address
            assert "Cookie" not in answer.headers.get("Vary", ""), address
            assert answer.headers["Cache-Control"] == "public, max-age=60", address
            assert answer.headers["Referrer-Policy"] == "no-referrer", address
            assert answer.headers["X-Robots-Tag"] == "noindex", address


def test_no_line_of_a_log_has_an_address(reader, page, screen, out, caplog):
    caplog.set_level("DEBUG")
    caplog.clear()
    for address in every_address(page, screen):
        reader.get(address, environ_base={"REMOTE_ADDR": "203.0.113.77"})
    assert "203.0.113.77" not in caplog.text


def test_only_the_small_page_may_stand_in_a_frame(reader, page, screen):
    for address in [*every_address(page, screen), "/latest/nowhere"]:
        headers = reader.get(address).headers
        if address.endswith("/frame"):
            assert "frame-ancestors *" in headers["Content-Security-Policy"]
            assert "X-Frame-Options" not in headers
        else:
            assert "frame-ancestors 'none'" in headers["Content-Security-Policy"], address
            assert headers["X-Frame-Options"] == "DENY"
        assert "unsafe" not in headers["Content-Security-Policy"]


def test_a_frame_of_a_page_that_is_gone_says_so_in_its_frame(app, cast):
    gone = nobody(app).get("/latest/nowhere/frame")
    assert (gone.status_code, "X-Frame-Options" in gone.headers) == (404, False)


@pytest.mark.parametrize("path", ["", "/frame", "/feed.rss", "/feed.atom", "/feed.json", "/colour.css"])
def test_what_has_not_changed_is_not_sent_again(reader, page, out, path):
    out("Standing.", page)
    first = reader.get(PAGE + path)
    again = reader.get(PAGE + path, headers={"If-None-Match": first.headers["ETag"], "Accept-Encoding": "gzip"})
    assert (again.status_code, again.data) == (304, b"")
    if "Last-Modified" in first.headers:
        same = reader.get(PAGE + path, headers={"If-Modified-Since": first.headers["Last-Modified"]})
        assert same.status_code == 304
        old = format_datetime(datetime(2020, 1, 1, tzinfo=UTC), usegmt=True)
        assert reader.get(PAGE + path, headers={"If-Modified-Since": old}).status_code == 200


def test_what_came_a_moment_ago_has_no_time_yet_that_hides_the_next(reader, page, out):
    """HTTP knows whole seconds: two posts of one second would be one."""
    out("This moment.", page, at=clock.now())
    assert "Last-Modified" not in reader.get(f"{PAGE}/feed.rss").headers


# feeds


@pytest.fixture
def told(app, cast, reader, page, out, picture, now):
    """Three posts, one with pictures and signs that XML and JSON know."""
    other = upload(app.extensions["shop"].store, cast.library.id, jpeg(300, 500), "owl.jpg", now)
    out("First & <last>.\x0b\n\nA second paragraph: https://school.org/a?b=1&c=2", page, at=now - timedelta(days=2))
    out("With pictures.", page, at=now, media=[(picture.id, ALT), (other.id, "An owl")])
    return {kind: reader.get(f"{PAGE}/feed.{kind}") for kind in FEEDS}


def test_all_three_feeds_tell_the_same_under_ids_that_stay(told, reader, now):
    ids = {kind: [e.id for e in feedparser.parse(told[kind].data).entries] for kind in ("rss", "atom")}
    ids["json"] = [item["id"] for item in json.loads(told["json"].data)["items"]]
    assert ids["rss"] == ids["atom"] == ids["json"]
    assert len(set(ids["rss"])) == 2
    assert all(one.startswith("urn:uuid:") for one in ids["rss"])
    again = feedparser.parse(reader.get(f"{PAGE}/feed.atom").data)
    assert [e.id for e in again.entries] == ids["atom"]


@pytest.mark.parametrize("kind", ["rss", "atom"])
def test_feedparser_reads_what_is_written(told, kind, now, picture):
    read = feedparser.parse(told[kind].data, response_headers={"content-type": told[kind].content_type})
    assert not read.bozo, read.bozo_exception
    assert read.feed.title == "Latest from Maple Street School Library"
    assert read.feed.link == f"http://localhost{PAGE}"
    newest, first = read.entries
    assert (newest.title, first.title) == ("With pictures.", "First & <last>.")
    assert datetime(*newest.published_parsed[:6], tzinfo=UTC) == now.replace(microsecond=0)
    assert newest.link.startswith(f"http://localhost{PAGE}#p-")
    html = first.summary if kind == "rss" else first.content[0].value
    assert "First &amp; &lt;last&gt;." in html
    assert "<p>A second paragraph:" in html
    kept = newest.enclosures
    assert len(kept) == (1 if kind == "rss" else 2)
    assert (kept[0].href, kept[0].type) == (f"http://localhost{PAGE}/pictures/{picture.digest}", "image/jpeg")
    assert int(kept[0].length) == picture.size
    if kind == "rss":
        assert [m["url"] for m in newest.media_content] == [kept[0].href, newest.media_content[1]["url"]]
    else:
        assert [link.title for link in kept] == [ALT, "An owl"]


def test_a_link_of_an_item_leads_to_its_place_on_the_page(told, reader):
    anchors = [urlsplit(e.link).fragment for e in feedparser.parse(told["rss"].data).entries]
    shown = text(reader.get(PAGE))
    assert all(f'<article id="{anchor}"' in shown for anchor in anchors)


def test_rss_keeps_its_rules(told):
    """https://www.rssboard.org/rss-profile"""
    assert told["rss"].content_type.startswith("application/rss+xml")
    root = Xml.fromstring(told["rss"].data)
    assert (root.tag, root.get("version")) == ("rss", "2.0")
    (channel,) = root
    assert all(channel.findtext(name) for name in ("title", "link", "description", "language", "lastBuildDate"))
    (own_link,) = channel.findall("{http://www.w3.org/2005/Atom}link")
    assert (own_link.get("rel"), own_link.get("href")) == ("self", f"http://localhost{PAGE}/feed.rss")
    for item in channel.findall("item"):
        assert item.find("guid").get("isPermaLink") == "false"
        assert parsedate_to_datetime(item.findtext("pubDate"))
        assert len(item.findall("enclosure")) <= 1
        for enclosure in item.findall("enclosure"):
            assert set(enclosure.attrib) == {"url", "length", "type"}
    media = "{http://search.yahoo.com/mrss/}"
    alts = [found.text for found in root.iter(f"{media}description")]
    assert alts == [ALT, "An owl"]


def test_atom_keeps_its_rules(told):
    """RFC 4287, 4.1.1 and 4.1.2: what a feed and an entry must have, and have once."""
    assert told["atom"].content_type.startswith("application/atom+xml")
    atom = "{http://www.w3.org/2005/Atom}"
    root = Xml.fromstring(told["atom"].data)
    assert root.tag == f"{atom}feed"
    for made in (root, *root.findall(f"{atom}entry")):
        for name in ("id", "title", "updated"):
            assert len(made.findall(atom + name)) == 1, name
        assert datetime.fromisoformat(made.findtext(f"{atom}updated")).tzinfo
        assert len([link for link in made.findall(f"{atom}link") if link.get("rel") == "alternate"]) == 1
    assert root.findtext(f"{atom}author/{atom}name") == "Maple Street School Library"
    assert {content.get("type") for content in root.iter(f"{atom}content")} == {"html"}
    assert len([link for link in root.findall(f"{atom}link") if link.get("rel") == "self"]) == 1


def test_json_feed_keeps_its_rules(told, picture):
    """https://www.jsonfeed.org/version/1.1/"""
    assert told["json"].content_type.startswith("application/feed+json")
    read = json.loads(told["json"].data)
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert read["feed_url"] == f"http://localhost{PAGE}/feed.json"
    assert read["authors"] == [{"name": "Maple Street School Library"}]
    for item in read["items"]:
        assert isinstance(item["id"], str)
        assert item["content_text"]
        assert item["content_html"]
        assert datetime.fromisoformat(item["date_published"]).tzinfo
    newest, first = read["items"]
    assert "attachments" not in first
    assert newest["image"] == newest["attachments"][0]["url"]
    assert [(a["title"], a["mime_type"]) for a in newest["attachments"]] == [
        (ALT, "image/jpeg"),
        ("An owl", "image/jpeg"),
    ]
    assert newest["attachments"][0]["size_in_bytes"] == picture.size


@pytest.mark.parametrize("kind", FEEDS)
def test_a_feed_of_nothing_is_one(reader, page, kind):
    empty = reader.get(f"{PAGE}/feed.{kind}")
    assert empty.status_code == 200
    if kind == "json":
        assert json.loads(empty.data)["items"] == []
    else:
        assert not feedparser.parse(empty.data).bozo


def test_a_page_of_the_school_may_read_a_feed_by_script(told):
    assert {answer.headers["Access-Control-Allow-Origin"] for answer in told.values()} == {"*"}
