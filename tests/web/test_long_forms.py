"""A form with more in it than any page would send is told so, and asks the database for no more than it can answer."""

import pytest
from clients import signed_in
from sqlalchemy import func, select

from outreach.db import db
from outreach.models import Post
from outreach.titles.rules import MOST
from outreach.web.meaning import MOST_PICTURES
from tests.titles.brought import by_list, parsed, titles_of

LONG = 70_000  # PostgreSQL takes 65,535 values in a question


@pytest.fixture
def ana(app, cast):
    return signed_in(app, cast.contributor)


def form(cast, name, count):
    return {"words": "New:", "timing": "slot", "account": [cast.account.id], name: list(range(1, count + 1))}


@pytest.mark.parametrize("name", ["title", "media"])
@pytest.mark.parametrize("page", ["/posts/preview/titles", "/posts/titles", "/posts/new/titles", "/titles/all/write"])
def test_tens_of_thousands_of_numbers_are_answered(ana, cast, page, name):
    assert ana.post(page, data=form(cast, name, LONG)).status_code in (200, 302, 404, 422)


@pytest.mark.parametrize(
    ("name", "most", "said"),
    [("title", MOST, "At most 30 titles"), ("media", MOST_PICTURES, "at most 60 pic")],
)
def test_more_than_a_post_holds_is_said_and_nothing_is_saved(ana, cast, name, most, said):
    answer = ana.post("/posts/new/titles", data=form(cast, name, most + 1))
    assert (answer.status_code, said in answer.get_data(as_text=True)) == (422, True)
    assert db.session.scalar(select(func.count(Post.id))) == 0


def test_as_many_titles_as_a_post_holds_are_saved(ana, cast, now):
    by_list(cast.library, now, *(parsed(f"Title {n}") for n in range(MOST)))
    data = form(cast, "title", 0) | {"title": [title.id for title in titles_of(cast.library)], "pictures": "none"}
    assert ana.post("/posts/new/titles", data=data).status_code == 302
    assert len(db.session.scalars(select(Post)).one().titles) == MOST
