"""Home pages that only lead on: a choice of languages, one picture, a login, nothing but navigation.

Such a page has nothing that could be updated, so the second-level pages are judged in its place (单项否决·首页不更新). Reads a page
on which no list was found; says which of these it is, None when it has content of its own or a program may bring it.
"""

import re

from monitor.model import State
from monitor.read.emptiness import emptiness
from monitor.read.gathered import Gathered
from monitor.read.html import Document, squeeze

MANY = 12  # links; a choice of languages or an entry picture has fewer
WORDY = 200  # characters of text outside links; an entry picture has fewer
FEW_WORDS = 800  # characters of text outside links that navigation may have besides: footer, headings, hints

_LANGUAGE = re.compile(
    r"(?:进入|enter)?\s*(?:中文|汉语|简体|繁[體体]|中文简体|中文繁[體体]|中文版|简体中文|繁[體体]中文|简体版|繁[體体]版|英文版?|english(?: version)?|en|cn|日本語|日文版?|한국어|韩文版?|"
    r"русский|俄文版?|français|法文版?|deutsch|德文版?|español|العربية|藏文版?|བོད་ཡིག|维吾尔文版?|ئۇيغۇرچە|蒙古?文版?|ᠮᠣᠩᠭᠣᠯ|哈萨克文版?|彝文版?|壮文版?|朝鲜文版?|조선어)(?:网站|版)?",
    re.IGNORECASE,
)


def entrance(page: Gathered) -> str | None:
    """What kind of entrance a home page without a list and without running text is."""
    document = page.document
    links = [squeeze(document.text_of(node)) for node in document.links if page.addresses.of(node.get("href"))]
    onward = len(links) + len(document.all("area")) + _choices(document)
    if not onward:
        return None
    told = emptiness(page, titled_links=0)
    if told is not None and told.state in {State.SHELL, State.BLANK}:
        return None
    if any(node.get("type").strip().lower() == "password" for node in document.all("input")):
        return "a login page"
    if onward <= MANY and sum(1 for text in links if _LANGUAGE.fullmatch(text)) > 1:
        return "a choice of languages"
    bare = sum(len(node.text) for node in document.texts) - sum(map(len, links))
    if onward <= MANY and bare <= WORDY and (document.all("img", "object", "embed") or "background" in document.source):
        return "an entry page of pictures"
    return f"{onward} links and no list" if bare <= FEW_WORDS else None


def _choices(document: Document) -> int:
    """Addresses to choose from in a menu."""
    return sum(1 for node in document.all("option") if "/" in node.get("value"))
