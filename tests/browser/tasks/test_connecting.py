"""Task 11: an account is connected; a wrong paste is explained, and what was typed stays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from mastodon_server import TOKEN, MastodonServer
from playwright.sync_api import expect


@pytest.fixture(scope="module")
def mastodon() -> Iterator[MastodonServer]:
    with MastodonServer() as server:
        yield server


def test_an_account_is_connected_after_two_wrong_pastes(visit, mastodon, way):
    place = mastodon.url.removeprefix("http://")
    she = visit("librarian")
    she.goes("Places")
    she.press("Add a place")
    she.press("Connect %(place)s", place="Mastodon")
    server = she.labelled("Your server, or the address of your profile")
    she.writes("Your server, or the address of your profile", "our page")
    she.press("Connect")
    wrong = she.page.get_by_role("alert")
    she.sees(
        "“%(place)s” is not the address of a server. Write it like mastodon.social or @library@mastodon.social.",
        wrong,
        place="our page",
    )
    expect(server).to_have_value("our page")

    she.writes("Your server, or the address of your profile", f"{mastodon.url}/@testuser")
    she.press("Another way")
    she.writes("Access token, from Preferences > Development on your server", "something else")
    she.press("Connect")
    she.sees("%(place)s does not know us any more. Connect the account again.", wrong, place=place)
    expect(server).to_have_value(f"{mastodon.url}/@testuser")

    she.writes("Access token, from Preferences > Development on your server", TOKEN)
    she.press("Connect")
    title = she.page.locator("h1", has_text="@testuser@")
    expect(title).to_be_visible()
    name = title.inner_text()
    she.sees("Connected as %(handle)s.", handle=name)

    actions = she.page.locator("main > .deed, main .deed").last
    she.press("Remove", within=actions)
    she.press("Yes: %(deed)s", within=actions, deed=she.say("Remove"))
    she.sees("Removed. What was published there stays there.")
    she.needed_no_settings(but="/places")
