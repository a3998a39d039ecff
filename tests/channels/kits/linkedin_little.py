"""A reader of LinkedIn's `little` text, written from its grammar alone, that cuts off as LinkedIn does.

content  ::= (Template | Mention | Hashtag | Text)*
Text     ::= (not reserved | "\\" reserved)+
Template ::= "{hashtag|" ("#" | "\\#" | "＃") "|" Text "}"
Mention  ::= "@" "[" Text "]" "(" urn ")"
Hashtag  ::= "#" word
"""

from __future__ import annotations

SIGNS = "\\|{}@[]()<>#*_~"


class Little:
    """`Little(text).read()` -> what people see; `rest` is what was cut off."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    @property
    def rest(self) -> str:
        return self.text[self.at :]

    def read(self) -> str:
        seen = ""
        while self.at < len(self.text):
            for element in (self._template, self._mention, self._hashtag, self._run):
                before = self.at
                found = element()
                if found is not None:
                    seen += found
                    break
                self.at = before
            else:
                return seen
        return seen

    def _takes(self, start: str) -> bool:
        if self.text.startswith(start, self.at):
            self.at += len(start)
            return True
        return False

    def _template(self) -> str | None:
        if not self._takes("{hashtag|") or not (self._takes("#") or self._takes("\\#") or self._takes("\uff03")):
            return None
        word = self._run() if self._takes("|") else None
        return f"#{word}" if word is not None and self._takes("}") else None

    def _mention(self) -> str | None:
        name = self._run() if self._takes("@[") else None
        if name is None or not self._takes("](urn:li:"):
            return None
        end = self.text.find(")", self.at)
        self.at = end + 1
        return name if end >= 0 else None

    def _hashtag(self) -> str | None:
        if not self._takes("#"):
            return None
        word = ""
        while self.at < len(self.text) and self.text[self.at].isalnum():
            word += self.text[self.at]
            self.at += 1
        return f"#{word}" if word else None

    def _run(self) -> str | None:
        """Text: one letter at least."""
        seen = ""
        while self.at < len(self.text):
            letter = self.text[self.at]
            if letter == "\\" and self.text[self.at + 1 : self.at + 2] in tuple(SIGNS):
                seen += self.text[self.at + 1]
                self.at += 2
            elif letter in SIGNS:
                break
            else:
                seen += letter
                self.at += 1
        return seen or None
