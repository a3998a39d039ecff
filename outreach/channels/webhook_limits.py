"""What each kind of receiver can carry. Pure.

All count as JavaScript does (UTF-16), which is never less than what these count. Discord: 2,000. Slack: 4,000 as it
advises (it cuts at 40,000); descriptions of 2,000. Teams: 28 KB for the whole card. Ours: as `webhook_body.plain` says.
"""

from __future__ import annotations

from dataclasses import replace

from outreach.channels.base import Limits
from outreach.channels.webhook_about import DISCORD, PLAIN, SLACK, TEAMS

UTF16 = Limits(counting="utf16", shape="wide")
LIMITS = {
    PLAIN: replace(
        UTF16,
        characters=5_000,
        image_bytes=2_000_000,
        image_fitted=True,
        image_types=("image/jpeg", "image/png"),
        language=True,
        trial="marked",
        checks=False,
    ),
    DISCORD: replace(UTF16, characters=2_000, image_bytes=8_000_000, alt_characters=1_000),
    SLACK: replace(UTF16, characters=4_000, image_bytes=8_000_000, alt_characters=2_000, trial="ping", checks=False),
    TEAMS: replace(UTF16, characters=4_000, text_bytes=16_000, image_bytes=1_000_000, alt_characters=500, checks=False),
}


def limits_of(preset: str, is_reachable: bool) -> Limits:
    """Discord, Slack and Teams fetch pictures from us; where they cannot reach us, there are none."""
    found = LIMITS.get(preset, LIMITS[PLAIN])
    return found if is_reachable or found is LIMITS[PLAIN] else replace(found, images=0)
