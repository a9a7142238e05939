"""The addresses that scripts ask for data, as far as they are written out in them.

Reads the text of scripts and the attributes of tables; gives Calls in order. A call whose address or data is put together by a
program is told, but not whole: nobody can ask it without running the script.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from monitor.read.html import Document, Node
from monitor.read.links import Addresses
from monitor.read.literal import value_at

MAX_SCRIPT = 100_000  # characters; a longer one is a library
MAX_CALLS = 40  # of one page
MOST_TOLD = 3
NEAR = 300  # characters between the address of a call and its data or method

_QUOTED = r"""\s*(?P<quote>['"])(?P<url>[^'"\s<>\\{}]{2,600})(?P=quote)(?P<more>\s*\+)?"""
_CALL = re.compile(
    rf"""(?:\b(?:url|proxyUrl|ajaxUrl|dataUrl|listUrl|apiUrl)['"]?\s*[:=]|(?P<jquery>\$|jQuery|axios|http)\.(?P<verb>get|post|getJSON|ajax)\s*\(|"""
    rf"""(?P<load>\.load)\s*\(|\bfetch\s*\(|\.open\s*\(\s*['"](?P<method>\w{{3,4}})['"]\s*,){_QUOTED}""",
    re.IGNORECASE,
)
_DATA = re.compile(r"""['"]?\b(?:data|queryParams|params)['"]?\s*[:=]\s*""")
_SECOND = re.compile(r"\s*,\s*(?=\{)")
_METHOD = re.compile(r"""['"]?\b(?:type|method)['"]?\s*:\s*['"](post|get)['"]""", re.IGNORECASE)
_ADDRESS = re.compile(
    r"(?:https?:)?//|\.{0,2}/|[\w\-/]+\.(?:json|jspx?|do|action|aspx?|ashx|php|s?html?|xml)\b", re.IGNORECASE
)
_ASSET = re.compile(
    r"\.(?:js|css|png|jpe?g|gif|svg|ico|swf|woff2?|ttf|mp[34]|pdf|docx?|xlsx?|zip)(?:[?#]|$)", re.IGNORECASE
)
_LISTS = re.compile(
    r"list|page|query|search|data|news|artic|info|content|unit|label|find|column|channel|catalog|xxgk|gkml|doc|notice|publi|record",
    re.IGNORECASE,
)
_ELSE = re.compile(
    r"count|hits?\b|click|visit|stat(?:s|is|e)|log(?:in|out)|auth|vote|submit|save|(?:^|[/_.?&=-])(?:add|del|remove|update|insert|edit)|captcha|"
    r"verif|valid|upload|token|session|weather|tianqi|user|cart|comment|share|wechat|weixin|sign|hot|relat|rank|recommend|suggest|autocomplete|"
    r"friend|banner|ad(?:s|vert)|visitor|online|pv\b|uv\b",
    re.IGNORECASE,
)
_OPTIONS = ("url", "data-url", "data-options", "lay-data", "lay-options")


@dataclass(frozen=True, slots=True)
class Call:
    """`url` as written, with literal data as its query. `whole` when nothing of it is put together by the program."""

    url: str
    method: str
    whole: bool

    @property
    def fetches_list(self) -> bool:
        """True when its name speaks of a list and of nothing that counts, signs in or changes."""
        return _LISTS.search(self.url) is not None and _ELSE.search(self.url) is None


def told(calls: Iterable[Call], addresses: Addresses) -> tuple[str, ...]:
    """Those that an address alone cannot say, as a person reads them: posted, or put together by the program (…)."""
    hard = [call for call in calls if call.method == "POST" or not call.whole]
    words = (f"{call.method} {addresses.of(call.url) or call.url}{'' if call.whole else '…'}" for call in hard)
    return tuple(dict.fromkeys(words))[:MOST_TOLD]


def calls_in(document: Document) -> list[Call]:
    """The calls of all scripts that are no libraries."""
    found: dict[str, Call] = {}
    for text in _texts(document):
        for match in _CALL.finditer(text):
            url = match["url"]
            if _ADDRESS.match(url) is None or _ASSET.search(url):
                continue
            call = _call(text, match)
            found.setdefault(call.url, call)
            if len(found) >= MAX_CALLS:
                return list(found.values())
    return list(found.values())


def with_query(url: str, values: Mapping[str, object]) -> str:
    """The address with these values in its query; what is no plain value is left out."""
    plain = {str(key): value for key, value in values.items() if isinstance(value, (str, int, float))}
    words = {key: str(value).lower() if isinstance(value, bool) else value for key, value in plain.items()}
    if not words:
        return url
    return url + ("&" if "?" in url else "?") + urlencode(words)


def _texts(document: Document) -> Iterator[str]:
    for node in document.all("script"):
        if 0 < len(node.text) < MAX_SCRIPT:
            yield node.text
    for node in document.bearing:
        options = node.attrs.get("data-options") or node.attrs.get("lay-data") or node.attrs.get("lay-options")
        if options and "url" in options and len(options) < MAX_SCRIPT:
            yield options
        address = node.tag == "table" and (node.get("url") or node.get("data-url"))
        if address and len(address) < MAX_SCRIPT:
            yield f"url: '{address}'"


def filled_table(document: Document) -> Node | None:
    """A table that names in its attributes the call that brings its rows (easyui, bootstrap-table, layui)."""
    return next((node for node in document.all("table") if any(_names_call(node, name) for name in _OPTIONS)), None)


def _names_call(node: Node, name: str) -> bool:
    value = node.get(name)
    return bool(value) and (name.endswith("url") or re.search(r"\burl['\"]?\s*:", value) is not None)


def _call(text: str, match: re.Match[str]) -> Call:
    """The call with its data and its method, as far as they stand close behind the address."""
    behind = text[match.end() : match.end() + NEAR]
    following = _CALL.search(behind)
    behind = behind[: following.start()] if following is not None else behind
    told = _METHOD.search(behind) or _METHOD.search(text, max(0, match.start() - 80), match.start())
    method = (match["method"] or (told[1] if told is not None else match["verb"] or "get")).upper()
    whole = match["more"] is None
    second = _SECOND.match(text, match.end()) if match["jquery"] or match["load"] else None
    data = second or _DATA.search(text, match.end(), match.end() + len(behind))
    values = value_at(text, data.end()) if data is not None else None
    if data is not None and second is not None and _DATA.search(behind) is not None and values is None:
        values = ({}, 0)  # the options of a call, not its data
    given = values[0] if values is not None else None
    whole = whole and (data is None or isinstance(given, dict))
    url = with_query(match["url"], given) if isinstance(given, dict) else match["url"]
    return Call(url, "POST" if method == "POST" else "GET", whole)
