"""Flask's extensions, made once, bound to an app in `add_pages`."""

from __future__ import annotations

from babel.support import NullTranslations
from flask import g, request
from flask_babel import Babel, Domain, get_locale
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_security import current_user
from flask_wtf import CSRFProtect

from outreach.languages import LANGUAGES, known, translations


class Catalogs(Domain):
    """Flask-Babel reads what `spoken` reads."""

    def get_translations(self) -> NullTranslations:
        return translations(known(str(get_locale())))


class Languages(Babel):
    domain_instance = Catalogs()


babel = Languages()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, swallow_errors=True)
TESTS = "3/minute;20/hour"  # of what is asked of a network while a person waits
READINGS = "10/minute"  # files and addresses that one person lets a process of its own read


def whoever() -> str:
    """Who is signed in: a school has one address for all."""
    return str(current_user.get_id() or get_remote_address())


def language() -> str:
    """As this person chose, else the library's language; the browser's for those who are not signed in.

    Where a link tells who it is for, that person is asked for: before it is used, and when it is spent.
    """
    library = g.get("library")
    if g.get("tongue", "") in LANGUAGES:
        return str(g.tongue)  # asks nobody who they are
    reader = g.get("reader") or (current_user if current_user and current_user.is_authenticated else None)
    chosen = reader.language if reader else ""
    for wish in (chosen, library.language if library is not None else ""):
        if wish in LANGUAGES:
            return wish
    return request.accept_languages.best_match(LANGUAGES) or "en"


def time_zone() -> str:
    library = g.get("library")
    return library.timezone if library is not None else "UTC"
