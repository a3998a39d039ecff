"""A contract fake of Threads (graph.threads.net)."""

from __future__ import annotations

import json
from typing import Any, ClassVar

from channels.kits.base import Standing
from channels.kits.meta_fake import MetaFake
from channels.kits.meta_kit import MetaKit
from channels.kits.meta_parts import Container, Post, Wrong
from PIL import Image

MAKES = {"media_type", "text", "image_url", "is_carousel_item", "children", "reply_to_id", "reply_control"}
MAKES |= {"alt_text", "poll_attachment"}
CONTROLS = {"everyone", "accounts_you_follow", "mentioned_only", "parent_post_author_only", "followers_only"}
# blocks that are emoji throughout
EMOJI = ((0x1F1E6, 0x1F1FF), (0x1F3FB, 0x1F3FF), (0x1F400, 0x1F4FD), (0x1F600, 0x1F64F), (0x1F680, 0x1F6C5))
JOINERS = "\u200d\ufe0f"  # part of the emoji they follow
OPTIONS = ("option_a", "option_b", "option_c", "option_d")


def characters(text: str) -> int:
    """500 at most; "emojis are counted as the number of UTF-8 bytes". (?) Other letters by code point."""
    counted, after_emoji = 0, False
    for one in text:
        after_emoji = any(a <= ord(one) <= b for a, b in EMOJI) or (after_emoji and one in JOINERS)
        counted += len(one.encode()) if after_emoji else 1
    return counted


class ThreadsFake(MetaFake):
    makes, publishes = "threads", "threads_publish"
    status_field, why_field, words_field = "status", "error_message", "text"
    no_such = (24, 4279009)
    version = "v1.0"
    grants = ("th_exchange_token", "th_refresh_token")

    def fresh(self) -> None:
        super().fresh()
        self.may_delete = True
        self.percent: list[float] = []
        self.closes = "2099-01-01T10:00:00+0000"

    def check(self, asked: dict[str, str], children: tuple[Container, ...]) -> None:
        self.only(asked, *MAKES, needs=("media_type",))
        kind, text = asked["media_type"], asked.get("text", "")
        if characters(text) > 500:
            raise Wrong(100, 0, "Param text must be at most 500 characters long.")
        fits = {"TEXT": bool(text), "IMAGE": "image_url" in asked, "CAROUSEL": 2 <= len(children) <= 20}
        if not fits.get(kind) or (kind != "IMAGE" and {"image_url", "alt_text"} & asked.keys()):
            self.wrong.append(f"{kind} with {sorted(asked)}")
        if asked.get("is_carousel_item") not in (None, "true", "false"):
            self.wrong.append("is_carousel_item is a Boolean")
        if len(asked.get("alt_text", "")) > 1_000:
            raise Wrong(100, 0, "Param alt_text must be at most 1000 characters long.")
        if asked.get("reply_control", "everyone") not in CONTROLS:
            self.wrong.append(f"reply_control {asked['reply_control']}")
        if "poll_attachment" in asked:
            self._check_poll(asked)
        if "reply_to_id" in asked and asked["reply_to_id"] not in self.posts:
            raise Wrong(24, 4279009, "The requested resource does not exist")  # (?)

    def _check_poll(self, asked: dict[str, str]) -> None:
        poll = json.loads(asked["poll_attachment"])
        if asked["media_type"] != "TEXT" or tuple(poll) != OPTIONS[: len(poll)] or not 2 <= len(poll) <= 4:
            self.wrong.append(f"poll {poll} in {asked['media_type']}")
        if not all(1 <= len(option) <= 25 for option in poll.values()):
            raise Wrong(100, 0, "Each option must be between 1 and 25 characters long.")

    def check_picture(self, image: Image.Image) -> None:
        width, height = image.size
        if image.format not in ("JPEG", "PNG"):
            raise Wrong(36001, 2207005, f"The image format {image.format} is not supported.")
        if max(width, height) > 10 * min(width, height):
            raise Wrong(36003, 2207009, "The image's aspect ratio does not fit our acceptable range.")

    def me(self, asked: dict[str, str]) -> dict[str, str]:
        self.only(asked, needs=("fields",))
        known = {"id": self.account, "username": "maplelibrary", "name": "Maple Street Library"}
        known["threads_profile_picture_url"] = "https://cdn.example/maple.jpg"
        return {name: known[name] for name in asked["fields"].split(",")}

    def fields_of(self, post: Post) -> dict[str, Any]:
        fields = post.container.fields
        parent = fields.get("reply_to_id")
        known = super().fields_of(post) | {"replied_to": {"id": parent} if parent else None, "poll_attachment": None}
        known["permalink"] = f"https://www.threads.com/@maplelibrary/post/{post.id}"
        if "poll_attachment" in fields:
            poll = json.loads(fields["poll_attachment"])
            told = {f"{name}_votes_percentage": share for name, share in zip(poll, self.percent, strict=False)}
            known["poll_attachment"] = {**poll, **told, "total_votes": 200, "expiration_timestamp": self.closes}
        return known

    def listed(self, edge: str) -> list[Post]:
        """Answers stand in a list of their own ("To retrieve posts that are replies, refer to User Replies")."""
        if edge not in ("threads", "replies"):
            self.wrong.append(f"an account has no {edge}")
        return [one for one in self.posts.values() if ("reply_to_id" in one.container.fields) == (edge == "replies")]

    def change(self, method: str, media: str, asked: dict[str, str]) -> dict[str, Any]:
        if method != "DELETE":
            return dict(super().change(method, media, asked))
        self.only(asked)
        if not self.may_delete:
            raise Wrong(10, 0, "Application does not have permission for this action", 403)
        if media not in self.posts:
            raise Wrong(24, 4279009, "The requested resource does not exist")  # (?)
        del self.posts[media]
        return {"success": True, "deleted_id": media}


class ThreadsKit(MetaKit):
    network: ClassVar = "threads"
    publishes: ClassVar = ("POST", "/threads_publish$")
    knows_what_is_gone: ClassVar = True

    def __init__(self) -> None:
        super().__init__(ThreadsFake())

    def stands(self, post: Post) -> Standing:
        top = post.container
        items = top.children or ((top,) if "image_url" in top.fields else ())
        poll = json.loads(top.fields.get("poll_attachment", "{}"))
        return Standing(
            post.id,
            top.fields.get("text", ""),
            tuple(one.fields.get("alt_text", "") for one in items),
            tuple(poll.values()),
            top.fields.get("reply_to_id"),
        )
