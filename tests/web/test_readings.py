"""Files and addresses that somebody has read for them, a process each: so many in a minute, counted by person."""

import pytest
from clients import signed_in

from outreach.web.extensions import limiter

ALLOWED = 10


@pytest.fixture
def counted(app, monkeypatch):
    monkeypatch.setattr(limiter, "enabled", True)


@pytest.mark.parametrize("address", ["/calendar/school/file", "/calendar/school/address", "/trivia/file", "/term/file"])
def test_so_many_in_a_minute_whoever_else_is_at_the_same_school(app, cast, counted, address):
    hasty, calm = signed_in(app, cast.librarian), signed_in(app, cast.contributor)
    codes = [hasty.post(address).status_code for _ in range(ALLOWED + 1)]
    assert codes == [422] * ALLOWED + [429]
    assert calm.post(address).status_code in (403, 422)
