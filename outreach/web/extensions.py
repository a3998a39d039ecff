"""Flask's extensions, made once, bound to an app in `add_pages`."""

from __future__ import annotations

from flask import g, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_wtf import CSRFProtect

LANGUAGES = ("en",)  # a language is listed once its catalog is complete: half of a page in each helps nobody

babel = Babel()
bootstrap = Bootstrap5()
csrf = CSRFProtect()
limiter = Limiter(get_remote_address, swallow_errors=True)


def language() -> str:
    """The library's language for those who are signed in, the browser's for the others."""
    library = g.get("library")
    if library is not None and library.language in LANGUAGES:
        return library.language
    return request.accept_languages.best_match(LANGUAGES) or "en"


def time_zone() -> str:
    library = g.get("library")
    return library.timezone if library is not None else "UTC"
