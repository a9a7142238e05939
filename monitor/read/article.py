"""An article page: its title, when it was published and where it came from.

Reads a Document and its page tags; gives an Article, or None for a page that is none. What is printed beats what a tag
says; a date in the running text is never taken for the day of publishing.
"""

import re
from datetime import date
from itertools import islice, pairwise

from monitor.model import Article
from monitor.read.credits import INFO, LINE, clean, credited, unspaced
from monitor.read.dates import SURE, Found, find_dates
from monitor.read.html import Document, Node, squeeze
from monitor.read.links import is_pseudo
from monitor.read.tagged import tagged_date
from monitor.read.uttered import printed_texts

_TOLD = 3  # grade of a date line that says more than a date
_SENTENCE = 40  # characters; menus and labels are shorter
_PROSE = 45  # characters; a title is seldom longer, a paragraph seldom shorter
_SECTION = 8  # characters; a shorter heading is the name of the column
_BACK = 8  # texts before the date line among which the title stands
_DIGIT = re.compile(r"\d|二[〇○零]")
_BREAK = re.compile(r"\s*(?:[-_|–—>»]+|::)\s*")
_TIME = re.compile(
    r"(?<!\d)(?:(?P<half>[上下]午|晚上?|中午|凌晨|早上)\s?)?(?P<hour>[01]?\d|2[0-3])\s?[:：时]\s?(?P<minute>[0-5]\d|\d(?=\s?分))"
    r"(?:\s?[:：分]\s?(?P<second>[0-5]\d|\d(?=\s?秒)))?(?!\d)(?P<mark>\s?[ap]\.?m\b)?",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?:[发發][布佈表稿]|发帖|公[开開]|公布|刊发|刊登|刊载|登载|推送|播出|上传|上线|上网|挂网|录入|添加|加入|创建|信息|文章|新闻|稿件)"
    r"(?:[时時][间間]|日期|于)\s*[:：]?\s*$|(?:published|release time)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_DATED = re.compile(r"(?:[时時][间間]|日期|于)\s*[:：]?\s*$|date\s*[:：]?\s*$", re.IGNORECASE)
_OF_SOMETHING = re.compile(r"[\u4e00-\u9fff](?:[时時][间間]|日期|于)\s*[:：]?\s*$")
"""The label of a time that is perhaps another's: 访谈[时時][间間], 处罚决定日期."""
_UPDATED = re.compile(
    r"(?:更新|修改|发文|公告|公示|答复|回复|办结)(?:[时時][间間]|日期|于)\s*[:：]?\s*$|更新\s*[:：]\s*$|(?:updated|modified)\s*[:：]?\s*$",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"(?:截止|截至|有效|失效|生效|实施|施行|开标|活动|举办|开始|结束|会议|考试|成文|印发|签发|生成|出生|征集|报名)"
    r"\w{0,2}(?:[时時][间間]|日期|期)?\s*[:：]?\s*$|今天是\s*[:：]?\s*$"
)
_LABELS = re.compile(r"[:：]\s*$|(?:[时時][间間]|日期|于|published|updated|date|time)\s*$", re.IGNORECASE)
"""A text before the date that can be its label; a short title is none (会议召开)."""
_RUNS_ON = re.compile(r"(?!星期|周[一二三四五六日]|[上下]午|\S{0,8}[:：])(?!" + INFO.pattern + r")[《“\u4e00-\u9fff]")
"""What follows a date that begins a sentence: 1994年7月19日国务院令第158号发布."""
_TOLD_OF = re.compile(
    r"[\s|｜/·,，]{0,8}(?:\d\d?:\d\d(?::\d\d)?[\s|｜/·,，]{0,8})?(?:" + INFO.pattern + r")\S{0,4}\s*[:：]"
)
_TIME_FIRST = re.compile(
    r"(?:^|[\s)])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?P<second>)(?P<half>)(?P<mark>\s?[ap]\.?m\b\.?)?,\s*$",
    re.IGNORECASE,
)
"""15:39, December 4, 2023."""
_SAYS = re.compile(r"\W*(?:" + INFO.pattern + r")\S{0,3}\s*[:：]|.*[:：]$")
_CLOSES = re.compile(r"\s{1,4}\d\d?:\d\d(?::\d\d)?(?:\s\S{0,10})?\s*")
_WEEKDAY = re.compile(r"^[\s(（]*(?:星期|周)[一二三四五六日天][\s)）]*")
_SUBTITLE = re.compile(r"[—–－-]|[（(].*[)）]$")
_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5"})


def read_article(document: Document, title: str | None, meta: dict[str, str], today: date) -> Article | None:
    """The article on the page, None when it shows neither a date line nor the tags of an article."""
    texts = printed_texts(document)
    line = _date_line(document, texts, today)
    source = credited(document, texts, line[0] if line is not None else None)
    tagged = "ArticleTitle" in meta or "PubDate" in meta
    echoed = _echo(document, title, meta) or _only_heading(document)
    if line is None and not tagged and source is None and (echoed is None or not _prose(document, echoed)):
        return None
    heading = (
        squeeze(meta.get("ArticleTitle", "")) or (_above(document, line[0], title, _HEADINGS) if line else "") or ""
    )
    echo = squeeze(document.text_of(echoed)) if echoed is not None else ""
    if not heading or len(heading) <= _SECTION < len(echo):
        heading = echo
    if not heading and line is not None:
        heading = _above(document, line[0], title) or ""
    published = _printed(document, *line) if line is not None else tagged_date(document, meta, today)
    return Article(heading or title, published, source or clean(meta.get("ContentSource", "")))


def told_at(document: Document, today: date) -> Node | None:
    """Where the page prints its day of publishing together with a label, a time or a source; None when it does not."""
    line = _date_line(document, printed_texts(document), today)
    return line[0] if line is not None and _grade(document, *line) >= _TOLD else None


def _date_line(document: Document, texts: list[Node], today: date) -> tuple[Node, Found] | None:
    """The line that says when the page was published, and the date in it; the best sort of line, the first of it."""
    linked = _linked(document)
    best: tuple[int, Node, Found] | None = None
    for node in texts:
        text = node.text
        if best is not None and len(text) >= _PROSE and _settled(*best):
            break  # what is labelled below running text is of another article
        if len(text) > LINE or node.index in linked or not _DIGIT.search(text):
            continue
        for found in find_dates(text, today):
            grade = _grade(document, node, found)
            if grade and (best is None or grade > best[0] or (grade == best[0] and _adds_time(best, node, found))):
                best = (grade, node, found)
    if best is None or (best[0] == 1 and _signs(document, best[1])):
        return None  # a day alone below the text is that of its signature
    return best[1], best[2]


def _settled(grade: int, node: Node, found: Found) -> bool:
    """True for a labelled date, and one beside a source or a counter."""
    return grade >= 5 or (grade == _TOLD and INFO.search(node.text, found.end) is not None)


def _adds_time(best: tuple[int, Node, Found], node: Node, found: Found) -> bool:
    """True when the day already found is printed again, now with its time."""
    day = best[2]
    return (
        found.date == day.date
        and _TIME.search(node.text[found.end :]) is not None
        and _TIME.search(best[1].text[day.end :]) is None
    )


def _signs(document: Document, line: Node) -> bool:
    """True below running text, with none behind it in the same block."""
    block = [line, *islice(line.up(), 3)][-1]
    long = [one.index for one in document.inside(block) if one.tag == "#text" and len(one.text) >= _SENTENCE]
    return bool(long) and long[-1] < line.index


def _grade(document: Document, node: Node, found: Found) -> int:
    """How surely a date is the day of publishing: 6 and 5 labelled, 4 labelled as update, 3 with time or source, 2 alone, 0 not at all."""
    if not found.precise or (found.form not in SURE and found.form not in {"twodigit", "western"}):
        return 0
    before, after = unspaced(node.text[: found.start]), node.text[found.end :]
    if not before.strip(" [(（【|　\xa0:："):
        previous = next(
            (one for one in reversed(document.nodes[max(0, node.index - 3) : node.index]) if one.tag == "#text"), None
        )
        if previous is not None and len(previous.text) <= 12 and _LABELS.search(previous.text):
            before = previous.text
    labelled = _labelled(before, after)
    if labelled is not None:
        return labelled
    bare = not node.text[: found.start].strip(" [(（【|　\xa0:：")
    if not bare and not INFO.search(before):
        if _TIME_FIRST.search(before) and not after.strip():
            return 3
        if before[-1:].isspace() and _CLOSES.fullmatch(after):
            return 2  # an address or a name before it, a name behind it at most
        return 3 if before[-1:].isspace() and _TOLD_OF.match(after) else 0  # a number before it: 某政办〔2023〕31号
    if _RUNS_ON.match(after):
        return 0
    if _TIME.search(after) or INFO.search(before + after):
        return 3
    return _alone(found, _WEEKDAY.sub("", after).strip(" ])）】|　\xa0")) if bare else 0


def _labelled(before: str, after: str) -> int | None:
    """The grade by the label before the date, None without one."""
    if _OTHER.search(before):
        return 0
    if _PUBLISHED.search(before):
        return 6
    if _UPDATED.search(before):
        return 4
    if not _DATED.search(before):
        return None
    told = INFO.search(before + after) is not None
    if _OF_SOMETHING.search(before):
        return 3 if told else 1
    return 6 if told else 5


def _alone(found: Found, rest: str) -> int:
    """The grade of a day that begins its line: a written-out one begins sentences, too."""
    if found.form in {"hanfull", "numerals"}:
        return 1 if len(rest) <= 30 and not set(rest) & set("，。；,") else 0
    return 2 if len(rest) <= 30 else 0


def _linked(document: Document) -> frozenset[int]:
    """Nodes inside a list row that has a link: a date there belongs to the link."""
    found: set[int] = set()
    for node in document.links:
        block = node.parent if not is_pseudo(node.get("href")) else None
        if block is not None and block.tag in {"li", "dd", "dt"}:
            found.update(range(block.index, block.end))
    return frozenset(found)


def _bare(text: str) -> str:
    return "".join(text.split())


def _echo(document: Document, title: str | None, meta: dict[str, str]) -> Node | None:
    """The element that prints what the window title or the article tag says."""
    wanted = _bare(meta.get("ArticleTitle") or title or "")
    if len(wanted) < 4:
        return None
    stem = wanted.rstrip(".…")
    if stem != wanted and len(stem) > _SECTION:
        whole_of = (one for one in document.texts if _bare(one.text[:LINE]).startswith(stem))
        return next((one for one in whole_of if len(one.text) <= LINE and not _in_link(one)), None)
    best: tuple[int, Node] | None = None
    for text in document.texts:
        bare = _bare(text.text) if text.text[0] == wanted[0] else ""
        if len(bare) < 4 or not wanted.startswith(bare[:60]):
            continue
        node = text
        for block in text.up():
            whole = _bare(document.text_of(block)) if block.end - block.index <= 16 else ""
            if not whole or not wanted.startswith(whole):
                break
            node, bare = block, whole
        if _in_link(text) or len(bare) < 0.3 * len(_first_part(wanted)):
            continue
        if best is None or len(bare) > best[0]:
            best = (len(bare), node)
    return best[1] if best is not None else None


def _only_heading(document: Document) -> Node | None:
    """The page's one <h1>, when it is no link; a site's name stands in a link, or says so little."""
    heads = [one for one in document.all("h1") if _SECTION < len(squeeze(document.text_of(one))) <= LINE]
    alone = len(heads) == 1 and not any(one.tag == "a" for one in document.inside(heads[0])) and not _in_link(heads[0])
    return heads[0] if alone else None


def _in_link(text: Node) -> bool:
    return any(one.tag == "a" for one in text.up())


def _first_part(title: str) -> str:
    return _BREAK.split(title)[0] or title


def _prose(document: Document, heading: Node) -> bool:
    """True when running text follows the heading, outside links."""
    long = [one for one in document.texts if one.index > heading.index and len(one.text) >= _SENTENCE]
    return sum(len(one.text) for one in long if one.parent is not None and one.parent.tag != "a") >= 3 * _SENTENCE


def _above(document: Document, line: Node, title: str | None, tags: frozenset[str] = frozenset()) -> str | None:
    """The title as the longest text just before the date line, inside one of the tags; links, labels and subtitles left out."""
    at = next((number for number, node in enumerate(document.texts) if node.index >= line.index), 0)
    before = [
        one for one in document.texts[max(0, at - _BACK) : at] if not any(up.tag in {"a", "li"} for up in one.up())
    ]
    if tags:
        blocks = [up for one in before for up in list(one.up())[:3] if up.tag in tags]
        before = list(dict.fromkeys(blocks))
    else:
        before = list(dict.fromkeys(_broken(document, one, line) for one in before))
    said = [squeeze(_up_to(document, one, line)) for one in before]
    said = [one for one in said if not _SUBTITLE.match(one) and not _SAYS.match(one)] or said
    window = _bare(title or "")
    parts = [*said, *map("".join, pairwise(said))] if tags else []
    named = [one for one in parts if len(one) > _SECTION and window.startswith(_bare(one))]
    text = max(named or said, key=len, default="")
    return text if 4 <= len(text) <= LINE else None


def _broken(document: Document, text: Node, line: Node) -> Node:
    """The element around a text that nothing but line breaks divides, else the text."""
    block = text.parent
    if block is None or block.index < line.index < block.end:
        return text
    inside = {one.tag for one in document.inside(block)}
    return block if inside == {"#text", "br"} and len(document.text_of(block)) <= LINE else text


def _up_to(document: Document, block: Node, line: Node) -> str:
    """What a block prints, without the date line that a heading may hold as well."""
    if not block.index < line.index < block.end:
        return document.text_of(block)
    return " ".join(one.text for one in document.nodes[block.index : line.index] if one.tag == "#text")


def _printed(document: Document, node: Node, found: Found) -> str:
    """ISO with +08:00 when a time of day is printed with the date, else the date alone."""
    following = [one.text for one in document.nodes[node.index + 1 : node.index + 4] if one.tag == "#text"]
    after = node.text[found.end : found.end + 16]
    match = _TIME.search(after) or _TIME_FIRST.search(node.text[: found.start])
    match = match or next((hit for text in following if len(text) <= 12 and (hit := _TIME.match(text))), None)
    return found.date + _clock(match)


def _clock(match: re.Match[str] | None) -> str:
    if match is None:
        return ""
    hour, second = int(match["hour"]), match["second"]
    half = (match["mark"] or match["half"] or "").strip()[:1].lower()
    late = half in {"p", "下"} or (half == "晚" and hour > 4) or (half == "中" and hour < 4)
    hour = 0 if hour == 12 and half in {"a", "凌"} else hour + 12 * (late and hour < 12)
    return f"T{hour:02d}:{int(match['minute']):02d}" + (f":{int(second):02d}" if second else "") + "+08:00"
