"""Texts of a page together with those that its scripts write out as they stand: <script>document.write("2024-01-05")</script>."""

import re

from monitor.read.html import Document, Node

_LONGEST = 300  # characters; a script that writes one word is short
_LITERAL = re.compile(
    r"\s*(?:<!--\s*)?document\.write(?:ln)?\(\s*([\"'])([^\"'<>\\\n]{1,80})\1\s*\)\s*;?\s*(?:(?://\s*)?-->)?\s*"
)


def printed_texts(document: Document) -> list[Node]:
    """The texts in document order; those of scripts have the place of their script."""
    if "document.write" not in document.source:
        return document.texts
    scripts = (one for one in document.all("script") if len(one.text) <= _LONGEST)
    written = [
        Node("#text", {}, match[2].strip(), one.parent, one.index)
        for one in scripts
        if (match := _LITERAL.fullmatch(one.text)) is not None and match[2].strip()
    ]
    return sorted([*document.texts, *written], key=lambda one: one.index) if written else document.texts
