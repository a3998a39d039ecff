"""New titles stand in one order wherever they are listed."""

import re
from datetime import timedelta

from clients import signed_in
from sqlalchemy import select

from outreach.access import OUTREACH
from outreach.db import db, writing
from outreach.models import Import
from outreach.titles import feeds
from tests.titles.brought import by_feed, by_list, parsed, titles_of

HOUR = timedelta(hours=1)


def test_lists_of_new_titles_have_one_order_everywhere(app, cast, now):
    """As a weekly post takes them: by hand, then what came last, and of one check what stands first in it."""
    feeds.add(cast.library, "https://c.example/rss", "", OUTREACH, now)
    by_feed(cast.library, now, parsed("Old 1"), parsed("Old 2"), parsed("Picked"))
    by_feed(cast.library, now + HOUR, parsed("New 1"), parsed("New 2"), name="Other")
    by_list(cast.library, now + 2 * HOUR, parsed("Scanned 1"), parsed("Scanned 2"), parsed("Old 1"))
    with writing() as session:
        session.scalars(select(Import)).one().state = "done"
    known = {title.title: title.id for title in titles_of(cast.library)}
    client = signed_in(app, cast.approver)
    client.post(f"/titles/all/{known['Picked']}/pick")
    order = ["Picked", "Scanned 1", "Scanned 2", "New 1", "New 2", "Old 1", "Old 2"]
    assert re.findall(r'/titles/all/\d+">(\w[^<]+)</a></strong>', page_text(client, "/titles/")) == order
    assert re.findall(r"<span><strong>([^<]+)</strong>", page_text(client, "/posts/new/titles")) == order
    assert re.findall(r"\n• (\w[^\n<]+)", page_text(client, "/titles/"))[:4] == order[:4]
    listed = page_text(client, f"/titles/lists/{db.session.scalars(select(Import.id)).one()}")
    assert "Scanned 1" in listed
    found = [listed.index(name) for name in ("Scanned 1", "Scanned 2", "Old 1")]
    assert found == sorted(found)


def page_text(client, address):
    return client.get(address).get_data(as_text=True)
