"""The weekly posts on their page: another one, told apart, started, removed; hashtags as they will be posted."""

import re

import pytest
from clients import signed_in
from form_pages import fields_of
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import DigestRule, Feed
from outreach.titles import feeds, rules
from tests.titles.brought import by_list, parsed

HOME = "/titles/"


@pytest.fixture
def decider(app, cast):
    return signed_in(app, cast.approver)


@pytest.fixture
def rule(cast, now):
    """The first: it began with the first feed."""
    for name in ("Picture books", "Films"):
        feeds.add(cast.library, f"https://c.example/{name[0]}?format=rss", name, OUTREACH, now)
    return db.session.scalars(select(DigestRule)).one()


def shown(client):
    page = client.get(HOME).get_data(as_text=True)
    return [" ".join(re.sub(r"<[^>]+>", " ", part).split()) for part in page.split('<section class="digest">')[1:]]


def test_another_one_is_stopped_and_open_for_its_choices(decider, rule):
    decider.post("/titles/weekly")
    first, second = shown(decider)
    assert "Say what goes into it, then start it." in second
    assert "stopped" in second
    assert "Start it" in second
    assert "stopped" not in first
    assert "Say what goes" not in first
    page = decider.get(HOME).get_data(as_text=True).split('<section class="digest">')[2]
    assert '<details class="more" open><summary>Change…' in page


def test_several_are_told_apart_by_their_day_their_feeds_and_their_readers(decider, rule):
    assert shown(decider)[0].startswith("The weekly post When")
    decider.post("/titles/weekly")
    with writing() as session:
        second = session.scalars(select(DigestRule).where(DigestRule.id != rule.id)).one()
        films = session.scalars(select(Feed).where(Feed.name == "Films")).one()
        second.weekday, second.feed_ids, second.options = 3, [films.id], {"audiences": ["Grades 3–5"]}
    first, other = shown(decider)
    assert first.startswith("The weekly post on Monday When")
    assert other.startswith("The weekly post on Thursday of Films for Grades 3–5 When")


def test_one_that_never_wrote_a_post_is_removed_and_the_only_one_cannot_be(decider, cast, rule, now):
    assert "Remove it" not in shown(decider)[0]
    second = rules.add(cast.library, OUTREACH, now).id
    assert "Remove it" in shown(decider)[1]
    decider.post(f"/titles/weekly/{second}/remove")
    decider.post(f"/titles/weekly/{rule.id}/remove")
    db.session.rollback()
    assert db.session.scalars(select(DigestRule.id)).all() == [rule.id]


def test_hashtags_are_previewed_as_they_are_saved(decider, cast, rule, now):
    by_list(cast.library, now, parsed("Emma"))
    address = f"/titles/weekly/{rule.id}"
    form = fields_of(decider.get(HOME).get_data(as_text=True), address)
    form["tags"], form["account"] = "NewBooks, #reading maple", [str(cast.account.id)]
    typed = decider.post(f"{address}/preview", data=form).get_data(as_text=True)
    decider.post(address, data=form)
    for page in (typed, decider.get(HOME).get_data(as_text=True)):
        assert "#NewBooks #reading #maple" in page
        assert "NewBooks," not in page
