"""Whoever does the tasks: the people of the practice library, each in the language of the way that is tried."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import select

from browser.conftest import Opener, Up
from browser.visitor import WAYS, Visitor, Way
from outreach.db import db
from outreach.models import Person
from outreach.people.members import set_language

Visit = Callable[..., Visitor]


@pytest.fixture(params=WAYS, ids=str)
def way(request: pytest.FixtureRequest) -> Way:
    return request.param


def speaks(up: Up, name: str, language: str) -> str:
    """Returns what they spoke before."""
    with up.inside():
        person = db.session.scalars(select(Person).where(Person.email.startswith(name))).one()
        before = person.language
        set_language(person.id, language)
    return before


@pytest.fixture
def visit(practice: Up, window: Opener, way: Way) -> Iterator[Visit]:
    """visit("contributor"): at the week of the practice library, or at a path."""
    spoke: dict[str, str] = {}

    def one(name: str, path: str = "/") -> Visitor:
        spoke.setdefault(name, speaks(practice, name, way.language))
        visitor = Visitor(window(practice, practice.cast[name], **way.options), way)
        visitor.page.goto(path)
        return visitor

    yield one
    for name, language in spoke.items():
        speaks(practice, name, language)
