"""Every other command, as a script would use it: places, links, pictures, jobs, the service."""

import json
import os
import sys
from collections.abc import Iterator
from zipfile import ZipFile

import pytest
from local_server import LocalServer, Reply
from mastodon_server import TOKEN, MastodonServer
from PIL import Image

from outreach import clock
from outreach.db import db, writing
from outreach.models import Medium, Person, PostMedium
from outreach.people import links
from outreach.people.members import person_for
from outreach.words import NotDone

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # its kind changes nothing here


@pytest.fixture(scope="module")
def server() -> Iterator[MastodonServer]:
    with MastodonServer() as started:
        yield started


@pytest.fixture
def slug(run):
    return run("library", "add", "Maple Street School", "--timezone", "America/Chicago")


@pytest.fixture
def places(run, slug):
    """By their names, as a script would read them."""

    def listed():
        return {row["name"]: row for row in json.loads(run("account", "list", "--library", slug, "--json"))}

    return listed


def add(run, slug, network, name, *more, **env):
    return run("account", "add", network, "--library", slug, "--name", name, *more, **env)


def test_places_by_hand_and_for_practice(run, slug, places):
    assert add(run, slug, "by_hand", "Parents", "--server", "parents") == "Parents"
    assert add(run, slug, "practice", "Second practice") == "Second practice"
    assert "already is a place called Parents" in add(run, slug, "practice", "Parents", code=1)
    assert "no network called myspace" in add(run, slug, "myspace", "M", code=1)
    assert (places()["Parents"]["network"], places()["Parents"]["server"]) == ("by_hand", "parents")
    assert places()["Second practice"]["paused"] is False
    assert "Parents" in run("account", "list", "--library", slug)
    assert run("account", "check", "Parents", "--library", slug).startswith("Parents: Parents' app")
    assert "no account Nowhere" in run("account", "check", "Nowhere", "--library", slug, code=1)


def test_a_page_of_our_own_has_one_address_whoever_checks_it(run, slug, places):
    assert add(run, slug, "page", "For families") == "For families"
    assert "among your places already" in add(run, slug, "page", "Another", code=1)
    run("account", "check", "For families", "--library", slug)
    assert places()["For families"]["network"] == "page"


def test_mastodon_with_a_token_from_the_environment_or_typed(run, slug, places, server):
    where = ("--server", server.url)
    assert add(run, slug, "mastodon", "Ours", *where, OUTREACH_TOKEN=TOKEN) == "Ours"
    assert add(run, slug, "mastodon", "Typed", *where, typed=f"{TOKEN}\n") == "Ours"
    assert "Give the access token" in add(run, slug, "mastodon", "None", *where, code=1)
    assert "does not know us" in add(run, slug, "mastodon", "Wrong", *where, OUTREACH_TOKEN="wrong", code=1)
    assert "not the address of a server" in add(
        run, slug, "mastodon", "Nowhere", "--server", "no server", OUTREACH_TOKEN=TOKEN, code=1
    )
    ours = places()["Ours"]
    assert (ours["server"], ours["handle"].startswith("@testuser@"), bool(ours["checked"])) == (server.url, True, True)
    assert run("account", "check", "Ours", "--library", slug) == f"Ours: {ours['handle']}"
    assert not {"None", "Wrong", "Nowhere"} & set(places())


def test_what_is_paused_goes_out_when_it_is_resumed(run, slug, places):
    run("person", "add", "ana@school.example", "--library", slug, "--role", "manager")
    run("account", "pause", "Practice", "--library", slug)
    assert places()["Practice"]["paused"] is True
    words = ["--text", "Hello", "--account", "Practice", "--at", "now", "--approve-as", "ana@school.example"]
    run("post", "add", "--library", slug, *words)
    assert run("jobs", "run", "dispatch") == "0 published or tried"
    run("account", "resume", "Practice", "--library", slug)
    assert places()["Practice"]["paused"] is False
    assert run("jobs", "run", "dispatch") == "1 published or tried"


def test_a_new_link_signs_in_and_the_one_before_no_longer_does(run, slug, context):
    first = run("person", "add", "ana@school.example", "--library", slug, "--role", "manager")
    second = run("person", "link", " ANA@school.example ")
    tokens = [link.rpartition("/sign-in/")[2] for link in (first, second)]
    found = links.look(tokens[1], "sign_in", clock.now())
    assert found.person_id == db.session.query(Person.id).scalar()
    with pytest.raises(NotDone, match="used already"):
        links.look(tokens[0], "sign_in", clock.now())
    assert "Nobody here has the address" in run("person", "link", "nobody@school.example", code=1)


def test_who_only_practised_gets_no_link_once_there_is_a_library(run, slug, context):
    with writing() as session:
        person_for(session, "p@practice.localhost", "Playing", clock.now(), practice=True)
    assert "Practice is over" in run("person", "link", "p@practice.localhost", code=1)


def test_a_post_with_a_picture_in_the_name_of_its_author(run, slug, context, tmp_path):
    run("person", "add", "ana@school.example", "--library", slug, "--role", "contributor", "--name", "Ana")
    Image.new("RGB", (60, 40), "green").save(tmp_path / "shelf.png")
    (tmp_path / "junk.png").write_bytes(b"junk")
    words = ["--library", slug, "--text", "Look", "--account", "Practice", "--at", "now", "--as", "ana@school.example"]
    picture = ["--image", str(tmp_path / "shelf.png")]
    number = run("post", "add", *words, *picture, "--alt", "A green shelf")
    assert "Say what picture 1 shows" in run("post", "add", *words, *picture, code=1)
    assert "no picture that we can read" in run("post", "add", *words, "--image", str(tmp_path / "junk.png"), code=1)
    assert "does not exist" in run("post", "add", *words, "--image", str(tmp_path / "none.png"), code=1)
    told = json.loads(run("post", "list", "--library", slug, "--json"))
    assert [(str(p["id"]) == number, p["state"], p["author"]) for p in told] == [
        (True, "submitted", "Ana"),
        (False, "cancelled", "Ana"),
    ]

    assert db.session.query(Medium).one().name == "shelf.png"
    assert db.session.query(PostMedium.alt).filter_by(post_id=int(number)).scalar() == "A green shelf"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("dispatch", "0 published or tried"),
        ("reconcile", "0 looked at"),
        ("mail", "0 sent"),
        ("ingest", "0 feeds, 0 new titles"),
        ("digest", "0 written"),
        ("housekeeping", "done, 0 accounts checked"),
    ],
)
def test_every_job_runs_once_where_nothing_is_to_do(run, slug, name, said):
    assert run("jobs", "run", name) == said


def test_a_job_checks_the_feeds_that_are_due(run, slug):
    body = b'<rss version="2.0"><channel><item><title>A book</title></item></channel></rss>'
    with LocalServer(lambda _: Reply(200, body, {"Content-Type": "application/rss+xml"})) as catalog:
        run("feed", "add", f"{catalog.url}/a?format=rss", "--library", slug)
        assert run("jobs", "run", "ingest") == "1 feeds, 0 new titles"
        assert run("jobs", "run", "ingest") == "0 feeds, 0 new titles"


def test_the_service_is_shown_and_not_installed(run, environ):
    told = run("service", "install", "--print", OUTREACH_SMTP_URL='smtp://u:50%"\\@mail.example')
    lines = told.splitlines()
    assert f"ExecStart={os.path.dirname(sys.executable)}/outreach up" in lines
    assert f'Environment="OUTREACH_HOME={environ["OUTREACH_HOME"]}"' in lines
    assert 'Environment="OUTREACH_SMTP_URL=smtp://u:50%%\\"\\\\@mail.example"' in lines
    assert "Restart=always" in lines


def test_an_archive_of_some_days(run, slug, tmp_path):
    run("person", "add", "ana@school.example", "--library", slug, "--role", "manager")
    words = ["--text", "Hello", "--account", "Practice", "--at", "now", "--approve-as", "ana@school.example"]
    run("post", "add", "--library", slug, *words)
    run("jobs", "run", "dispatch")
    day = f"{clock.today(clock.now(), 'America/Chicago')}"
    days, file = ["--library", slug, "--from", day, "--to", day], tmp_path / "new" / "archive.zip"
    assert "Nothing went out" in run("archive", *days, str(file), code=1)
    assert "no account Nowhere" in run("archive", *days, "--place", "Nowhere", str(file), code=1)
    assert run("archive", *days, "--practice", str(file)) == f"{file}: {day} to {day}"
    with ZipFile(file) as opened:
        assert b"Hello" in opened.read("posts.csv")
    assert file.stat().st_mode & 0o077 == 0
    assert run("archive", *days, "--place", "Practice", str(file)).startswith(str(file))
    assert "Invalid value for '--from'" in run("archive", "--library", slug, "--from", "soon", str(file), code=1)
