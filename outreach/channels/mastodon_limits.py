"""What a server allows, from what it says of itself. Pure: the JSON of `/api/v2/instance` (or v1) -> Limits.

Mastodon (docs.joinmastodon.org/entities/Instance) and GoToSocial speak v2; Pleroma and Akkoma v1 with
`max_toot_chars` and `poll_limits`; Pixelfed calls itself "(compatible; Pixelfed …)" and is for pictures.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from outreach.channels.base import Limits

DEFAULT = Limits()
# "direct" is left out: without a mention nobody sees it, and a library speaks to its readers.
VISIBILITIES = ("public", "unlisted", "private")
ALONE = ("mastodon", "gotosocial", "pleroma", "akkoma")  # where it is certain that nobody sees it


def software(instance: Mapping[str, Any]) -> str:
    """ "mastodon", "gotosocial", "pleroma", "akkoma", "pixelfed", …: in lower case."""
    version = str(instance.get("version") or "").lower()
    words = version.partition("compatible;")[2].split()
    if words:
        return words[0].strip(")")
    # GoToSocial's v1 has no source_url, but only its versions are 0.x.
    source = str(instance.get("source_url") or "").lower()
    return "gotosocial" if "gotosocial" in source or version.startswith("0.") else "mastodon"


def read_limits(instance: Mapping[str, Any]) -> Limits:
    kind = software(instance)
    configuration = _part(instance, "configuration")
    statuses, media = _part(configuration, "statuses"), _part(configuration, "media_attachments")
    options, characters, minutes = _poll(instance, configuration)
    return Limits(
        characters=_number(statuses.get("max_characters"), instance.get("max_toot_chars"), DEFAULT.characters),
        # Only Mastodon counts a link as 23; the others give the number too, and count what is there.
        link_cost=_number(statuses.get("characters_reserved_per_url"), 23) if kind == "mastodon" else None,
        mention_without_server=kind == "mastodon",
        images=_number(statuses.get("max_media_attachments"), instance.get("max_media_attachments"), DEFAULT.images),
        image_bytes=_number(media.get("image_size_limit"), instance.get("upload_limit"), DEFAULT.image_bytes),
        image_pixels=_number(media.get("image_matrix_limit"), DEFAULT.image_pixels),
        image_types=_images(media.get("supported_mime_types")),
        image_required=kind == "pixelfed",
        shape="square" if kind == "pixelfed" else "wide",
        alt_characters=_number(
            media.get("description_limit"), instance.get("description_limit"), DEFAULT.alt_characters
        ),
        poll_options=0 if kind == "pixelfed" else options,
        poll_option_characters=characters,
        poll_minutes=minutes,
        thread=True,
        visibilities=VISIBILITIES,
        content_warning=True,
        language=True,
        trial="message" if kind in ALONE else "",
    )


def _poll(instance: Mapping[str, Any], configuration: Mapping[str, Any]) -> tuple[int, int, tuple[int, int]]:
    new, old = _part(configuration, "polls"), _part(instance, "poll_limits")
    shortest = _number(new.get("min_expiration"), old.get("min_expiration"), DEFAULT.poll_minutes[0] * 60)
    longest = _number(new.get("max_expiration"), old.get("max_expiration"), DEFAULT.poll_minutes[1] * 60)
    return (
        _number(new.get("max_options"), old.get("max_options"), 4),
        _number(new.get("max_characters_per_option"), old.get("max_option_chars"), DEFAULT.poll_option_characters),
        # Pleroma allows 0 seconds; no poll of a library needs less than five minutes.
        (max(-(-shortest // 60), DEFAULT.poll_minutes[0]), longest // 60),
    )


def _part(value: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    part = value.get(key)
    return part if isinstance(part, Mapping) else {}


def _number(*values: Any) -> int:
    """The first that is a positive whole number; the last is ours."""
    good = (int(v) for v in values if isinstance(v, int | float) and not isinstance(v, bool) and v >= 1)
    return next(good, 0)


def _images(types: Any) -> tuple[str, ...]:
    """Those we can make, of those the server takes."""
    if not isinstance(types, list) or not types:
        return DEFAULT.image_types
    return tuple(kind for kind in DEFAULT.image_types if kind in types) or DEFAULT.image_types
