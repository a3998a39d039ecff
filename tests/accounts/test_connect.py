"""Accounts: added, checked, come loose, connected again; their secrets are sealed."""

import pytest
from cryptography.fernet import Fernet
from fakes import FakeNetwork
from local_server import LocalServer, Reply

from outreach.access import OUTREACH
from outreach.accounts import connect, pause
from outreach.accounts.limits import dump, limits_of, load
from outreach.accounts.retire import retire
from outreach.channels.base import Identity, Limits, TryLater, Unauthorized
from outreach.db import db, writing
from outreach.models import Account, Mail
from outreach.vault import Unsealable, Vault
from outreach.words import NotDone, Sentence

TOKEN = {"token": "very-secret"}


@pytest.fixture
def vault(app):
    return app.extensions["shop"].vault


def identity(number="7", **limits):
    return Identity(number, "library", "Library", "https://m.example/@library", Limits(**limits))


@pytest.fixture
def account(cast, vault, now):
    return connect.add(
        cast.library,
        "mastodon",
        "Ours",
        cast.decider,
        now,
        server="https://m.example",
        secrets=TOKEN,
        identity=identity(characters=1_000),
        vault=vault,
    )


def again(account):
    db.session.rollback()
    return db.session.get_one(Account, account.id, populate_existing=True)


def test_secrets_are_sealed_in_the_database(account, vault):
    sealed = again(account).sealed
    assert "very-secret" not in sealed
    assert vault.open(sealed) == TOKEN
    with pytest.raises(Unsealable):
        Vault([Fernet.generate_key().decode()]).open(sealed)


def test_keys_are_rotated_without_losing_anything(account, vault):
    newest = Fernet.generate_key().decode()
    both = Vault([newest, *vault_keys(vault)])
    assert Vault([newest]).open(both.reseal(again(account).sealed)) == TOKEN


def vault_keys(vault):
    """The test's own key, as the file keeps it."""
    from flask import current_app

    return current_app.extensions["shop"].config.vault_keys


def test_limits_are_kept_as_the_server_said_and_unknown_ones_are_left_out(account):
    assert limits_of(again(account)).characters == 1_000
    assert load({**dump(Limits(visibilities=("public",))), "from_the_future": 1}).visibilities == ("public",)


def test_names_are_given_once(cast, vault, account, now):
    with pytest.raises(NotDone, match="already is a place called Ours"):
        connect.add(cast.library, "practice", "Ours", OUTREACH, now, vault=vault)
    with pytest.raises(NotDone, match="Give the place a name"):
        connect.add(cast.library, "practice", "  ", OUTREACH, now, vault=vault)
    with pytest.raises(NotDone, match="no network called"):
        connect.add(cast.library, "myspace", "M", OUTREACH, now, vault=vault)


class Dead(FakeNetwork):
    def __init__(self, error):
        super().__init__()
        self.error = error

    def check(self):
        raise self.error


def test_the_nightly_look_finds_a_dead_token(account, now):
    dead = Dead(Unauthorized(Sentence("Connect it again."), "401"))
    connect.recheck(account.id, lambda _: dead, OUTREACH, now)
    assert again(account).paused_because == "Connect it again."
    assert db.session.query(Mail.to).scalar() == "librarian@school.example"


def test_the_nightly_look_minds_nothing_else(account, now):
    connect.recheck(account.id, lambda _: Dead(TryLater(Sentence("Down."), "503")), OUTREACH, now)
    assert again(account).paused_at is None


def test_connecting_again_needs_the_same_identity_and_ends_the_pause(cast, account, vault, now):
    with writing() as session:
        pause.came_loose(session, session.get_one(Account, account.id), Sentence("Gone."), OUTREACH, now)
    with pytest.raises(NotDone, match="another account"):
        connect.reconnect(account.id, TOKEN, identity("8"), vault, cast.decider, now)
    connect.reconnect(account.id, {"token": "new"}, identity("7"), vault, cast.decider, now)
    assert again(account).paused_at is None
    assert vault.open(again(account).sealed) == {"token": "new"}


def test_a_pause_by_a_person_is_not_ended_by_a_check(cast, account, now):
    pause.pause(account.id, cast.decider, now)
    connect.recheck(account.id, lambda _: FakeNetwork(), OUTREACH, now)
    assert again(account).paused_at == now


def test_a_private_server_is_refused_by_name_of_the_setting():
    from outreach.accounts.open import make_channel
    from outreach.channels.base import ChannelError, Login
    from outreach.channels.guard import Reach

    with LocalServer(lambda _: Reply(200, {})) as server, pytest.raises(ChannelError, match="OUTREACH_ALLOW_HOSTS"):
        make_channel("mastodon", Login(server.url, TOKEN, Reach())).check()


def test_the_nightly_look_pauses_what_cannot_be_opened_any_more(cast, account, now):
    def locked(_):
        raise Unsealable

    connect.recheck(account.id, locked, OUTREACH, now)
    assert "Connect the account again" in again(account).paused_because


def test_the_same_identity_is_one_account_and_its_handle_is_its_name(cast, vault, now):
    def connected(token):
        return connect.add_or_renew(
            cast.library, "mastodon", "", OUTREACH, now,
            server="https://m.example", secrets={"token": token}, identity=identity("9"), vault=vault,
        )[1]  # fmt: skip

    assert connected("one").startswith("Connected as")
    assert connected("two").endswith("is connected again.")
    made = db.session.query(Account).filter_by(server="https://m.example", remote_id="9").one()
    assert (made.name, vault.open(made.sealed)) == (identity("9").handle, {"token": "two"})


def test_a_removed_place_gives_its_name_free_and_keeps_no_secret(cast, account, now):
    retire(account.id, cast.decider, now)
    assert again(account).sealed is None
    assert again(account).name != "Ours"
