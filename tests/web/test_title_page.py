"""The page of one title offers what does something, and nothing else."""

import io

from clients import signed_in
from factories import approved, submitted
from PIL import Image
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import writing
from outreach.models import Cover, DigestRule
from outreach.titles import feeds
from tests.titles.brought import by_feed, parsed, titles_of


def shown(answer):
    return answer.get_data(as_text=True)


def test_first_in_the_weekly_post_is_offered_only_where_it_does_something(app, cast, now):
    decider = signed_in(app, cast.approver)
    button = "First in the weekly post"
    by_feed(cast.library, now, parsed("Holes"), parsed("Wonder"))
    holes, wonder = (f"/titles/all/{title.id}" for title in titles_of(cast.library))
    assert button not in shown(decider.get(holes))  # there is no weekly post
    feeds.add(cast.library, "https://c.example/rss", "", OUTREACH, now)
    assert button in shown(decider.get(holes))
    submitted(cast, now, kind="titles", titles=[titles_of(cast.library)[0].id])
    assert button not in shown(decider.get(holes))
    assert button in shown(decider.get(wonder))
    decider.post(f"{wonder}/pick")
    assert "Not first any more" in shown(decider.get(wonder))
    decider.post(f"{wonder}/hide")
    assert "Not first any more" not in shown(decider.get(wonder))
    assert button not in shown(decider.get(wonder))


def test_first_is_not_offered_where_the_weekly_post_takes_only_others(app, cast, now):
    by_feed(cast.library, now, parsed("Holes", format="book"), parsed("Wonder", format="DVD"))
    feeds.add(cast.library, "https://c.example/rss", "", OUTREACH, now)
    with writing() as session:
        session.scalars(select(DigestRule)).one().options = {"formats": ["DVD"]}
    client = signed_in(app, cast.approver)
    offered = ["First in the weekly post" in shown(client.get(f"/titles/all/{t.id}")) for t in titles_of(cast.library)]
    assert offered == [False, True]


def test_the_words_of_our_card_are_not_told_of_a_cover(app, cast, now):
    isbn, shop, drawn = "9780141321066", app.extensions["shop"], io.BytesIO()
    by_feed(cast.library, now, parsed("Holes", isbn, author="Louis Sachar"))
    page, client = f"/titles/all/{titles_of(cast.library)[0].id}", signed_in(app, cast.contributor)
    assert 'alt="Holes by Louis Sachar"' in shown(client.get(page))
    Image.new("RGB", (200, 300)).save(drawn, "JPEG")
    with writing() as session:
        url = f"{shop.config.covers}/b/isbn/{isbn}-L.jpg?default=false"
        session.add(Cover(url=url, digest=shop.store.write(drawn.getvalue()), asked_at=now))
    assert 'alt="Cover of Holes"' in shown(client.get(page))


def test_hidden_twice_it_stays_hidden_and_an_approved_post_with_it_is_told_of(app, cast, now):
    by_feed(cast.library, now, parsed("Holes"))
    title, decider = titles_of(cast.library)[0], signed_in(app, cast.approver)
    approved(cast, now, kind="titles", titles=[title.id], fields={"pictures": "none"})
    address = f"/titles/all/{title.id}"
    first = decider.post(f"{address}/hide", follow_redirects=True).get_data(as_text=True)
    assert "It still stands in a post that is approved" in first
    assert "Show again" in decider.post(f"{address}/hide", follow_redirects=True).get_data(as_text=True)
    assert "Show again" not in decider.post(f"{address}/hide", data={"undo": 1}, follow_redirects=True).get_data(
        as_text=True
    )
