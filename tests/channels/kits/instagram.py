"""A contract fake of Instagram (graph.instagram.com, Instagram login)."""

from __future__ import annotations

from typing import Any, ClassVar

from channels.kits.base import Standing
from channels.kits.meta_fake import MetaFake
from channels.kits.meta_kit import MetaKit
from channels.kits.meta_parts import Container, Post, Wrong
from PIL import Image

MAKES = ("image_url", "is_carousel_item", "media_type", "children", "caption", "alt_text")


class InstagramFake(MetaFake):
    makes, publishes = "media", "media_publish"
    status_field, why_field, words_field = "status_code", "status", "caption"
    no_such = (9007, 2207027)  # "Media ID is not available"
    grants = ("ig_exchange_token", "ig_refresh_token")

    def fresh(self) -> None:
        super().fresh()
        self.total = 100
        self.keeps_comments = False

    def check(self, asked: dict[str, str], children: tuple[Container, ...]) -> None:
        self.only(asked, *MAKES)
        caption, kind = asked.get("caption", ""), asked.get("media_type", "")
        # (?) what a character is: the strictest of the usual ways to count
        if len(caption.encode("utf-16-le")) // 2 > 2_200:
            raise Wrong(36004, 2207010, "The caption was too long. The maximum is 2,200 characters.")
        if kind == "CAROUSEL" and not 2 <= len(children) <= 10:
            raise Wrong(9004, 2207028, "Carousel posts need between 2 and 10 photos/videos.")
        if kind not in ("", "CAROUSEL") or (kind == "") == ("image_url" not in asked):
            self.wrong.append(f"media_type {kind or 'of a picture'} with {sorted(asked)}")
        if asked.get("is_carousel_item") == "true" and caption:
            self.wrong.append("an item of a carousel has no caption")
        if len(asked.get("alt_text", "")) > 1_000:
            raise Wrong(100, 0, "alt_text is too long")  # (?)

    def check_picture(self, image: Image.Image) -> None:
        width, height = image.size
        if image.format != "JPEG":
            raise Wrong(36001, 2207005, f"The image format {image.format} is not supported. Supported formats: JPEG.")
        if not 4 / 5 <= width / height <= 1.91:
            raise Wrong(36003, 2207009, "The submitted image with aspect ratio cannot be published.")

    def short(self) -> dict[str, Any]:
        told = {"access_token": "SHORT", "user_id": self.account, "permissions": "instagram_business_basic"}
        return {"data": [told]}

    def me(self, asked: dict[str, str]) -> dict[str, Any]:
        self.only(asked, needs=("fields",))
        known = {"user_id": self.account, "username": "maplelibrary", "name": "Maple Street Library"}
        known["profile_picture_url"] = "https://cdn.example/maple.jpg"
        return {"data": [{name: known[name] for name in asked["fields"].split(",")}]}

    def fields_of(self, post: Post) -> dict[str, Any]:
        """Without the @ of names: "Captions do not include the @ symbol" for most accounts."""
        known = super().fields_of(post) | {"permalink": f"https://www.instagram.com/p/{post.id}/"}
        return known | {"caption": (known["caption"] or "").replace("@", "") or None}

    def listed(self, edge: str) -> list[Post]:
        if edge != "media":
            self.wrong.append(f"an account has no {edge}")
        return list(self.posts.values())

    def change(self, method: str, media: str, asked: dict[str, str]) -> dict[str, Any]:
        if method != "POST":
            return dict(super().change(method, media, asked))
        self.only(asked, needs=("comment_enabled",))
        if self.keeps_comments:
            raise Wrong(2, 0, "An unexpected error has occurred. Please retry your request later.", 500)
        self._post(media).comments = asked["comment_enabled"] == "true"
        return {"success": True}


class InstagramKit(MetaKit):
    network: ClassVar = "instagram"
    publishes: ClassVar = ("POST", "/media_publish$")
    knows_what_is_gone: ClassVar = False

    def __init__(self) -> None:
        super().__init__(InstagramFake())

    def stands(self, post: Post) -> Standing:
        top = post.container
        alts = tuple(one.fields.get("alt_text", "") for one in (top.children or (top,)))
        return Standing(post.id, top.fields.get("caption", ""), alts)
