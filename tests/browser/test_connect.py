"""Connecting Mastodon: what is wrong is said, what was typed stays."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect


@pytest.mark.parametrize("server", ["no server at all", "nobody.invalid", "https://127.0.0.1/"])
def test_a_wrong_server_is_explained(as_, server):
    page = as_("librarian", "/places/")
    page.get_by_role("link", name="Add a place").click()
    page.get_by_role("link", name="Connect Mastodon").click()
    typed = page.get_by_label("Your server, or the address of your profile")
    typed.fill(server)
    page.get_by_role("button", name="Connect").click()
    expect(page.get_by_role("alert")).not_to_be_empty()
    expect(typed).to_have_value(server)


def test_only_a_manager_connects(as_):
    page = as_("contributor", "/places/")
    expect(page.get_by_role("link", name="Add a place")).to_have_count(0)
    assert page.goto("/places/connect/mastodon").status == 403
