"""What Mastodon, and those who speak its API, mean by an answer where the status alone would mislead.

Sources: docs.joinmastodon.org/methods/statuses; Mastodon's PostStatusService; mastodon/mastodon#40399 (500
after a keyed repeat); GoToSocial's internal/middleware/idempotency.go.
"""

from __future__ import annotations

import re

import requests

from outreach.channels.phrases import SAID
from outreach.channels.verdict import Manner, Means
from outreach.words import Sentence

NOT_READY = re.compile(r"not finished processing|still processing|not ready|not yet processed", re.IGNORECASE)
NEEDS_PERSON = re.compile(r"requires an authenticated user", re.IGNORECASE)  # Mastodon says 422 to an app's token


def _means(answer: requests.Response, said: str) -> tuple[Means, Sentence | None]:
    if answer.status_code == 422 and NEEDS_PERSON.search(said):
        return "loose", None
    if answer.status_code == 422 and NOT_READY.search(said):
        return "wait", SAID["picture in work"]
    return "fine", None


MASTODON = Manner(means=_means)
