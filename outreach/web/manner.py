"""How words look at a place that shows them in its own manner: for previews."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

# faq.whatsapp.com, "How to format your messages": a mark hugs its words, within one line
WHATSAPP = (("*", "strong"), ("_", "em"), ("~", "s"))


def marked(text: str) -> Markup:
    """Words with WhatsApp's marks, as it shows them.

    >>> marked("*Poetry* <night>, 2 * 3 * 4")
    Markup('<strong>Poetry</strong> &lt;night&gt;, 2 * 3 * 4')
    """
    shown = re.sub(r"https?://\S+", lambda found: found[0].replace("_", "\0"), str(escape(text)))
    for mark, tag in WHATSAPP:
        one = re.escape(mark)
        shown = re.sub(rf"(?<!\w){one}(?=\S)([^{one}\n]*?\S){one}(?!\w)", rf"<{tag}>\1</{tag}>", shown)
    return Markup(shown.replace("\0", "_"))  # noqa: S704  # escaped above
