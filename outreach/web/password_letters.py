"""The letters about a password, in our words instead of Flask-Security's."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import url_for

from outreach.words import Sentence

RESET_DAYS = 5
ASKED = "security/email/reset_instructions"


def letter_of(template: str, public_url: str, reset_link: str) -> tuple[Sentence, Sentence]:
    """(subject, words). A link begins with our own address, never with the Host that a stranger sent."""
    if template == ASKED:
        return Sentence("A new password for Outreach"), _asked(public_url + urlsplit(reset_link).path)
    return Sentence("Your Outreach password is new"), _chosen(public_url)


def _asked(link: str) -> Sentence:
    return Sentence(
        "Somebody asked for a new password for you. To choose one, open this link within %(days)s days:\n\n%(link)s\n\n"
        "If it was not you, there is nothing to do: your password stays as it is.",
        days=RESET_DAYS,
        link=link,
    )


def _chosen(public_url: str) -> Sentence:
    if not public_url:
        return Sentence(
            "A new password was chosen for you in Outreach just now. If it was you, there is nothing to do.\n\n"
            "If it was not you, tell whoever looks after Outreach at your school at once."
        )
    return Sentence(
        "A new password was chosen for you in Outreach just now. If it was you, there is nothing to do.\n\n"
        "If it was not you, choose another one at once, and tell whoever looks after Outreach at your school:\n\n"
        "%(link)s",
        link=public_url + url_for("security.forgot_password"),
    )
