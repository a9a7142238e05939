"""Addresses of the city: which path a thing lives at, in the manner of its CMS, and what a path means.

Pure: reads the plan, writes nothing. `find` is the inverse of the `*_path` functions, so that every address a page
prints leads to something. It does not know whether an item was ever published (`posts.post_of` does).
"""

import re
from dataclasses import dataclass
from datetime import date

from monitor.city.entries import DeclaredEntry
from monitor.city.friends import friend_name, friend_number
from monitor.city.plan import FEEDS, PARKED, PORTAL, Account, Column, Plan, Site, link_path
from monitor.model import EntryKind

ASSETS = ("/style/main.css", "/style/list.css", "/js/jquery.min.js", "/js/site.js", "/pic/logo.png")
"""What every page of a site loads."""


@dataclass(frozen=True, slots=True)
class Found:
    """What an address leads to. `what`: home, column, entry, letter, article, link, asset, notice, feed, post, friend, shared, nothing.

    `number` of a friend is that of the site whose link leads there, `friend` its scenario name.
    """

    what: str
    site: Site | None = None
    column: Column | None = None
    account: Account | None = None
    number: int = 0
    path: str = ""
    entry: DeclaredEntry | None = None
    friend: str = ""


def column_path(site: Site, column: Column) -> str:
    """Where a list lives."""
    match site.cms:
        case "trs":
            return f"/zwgk/{column.slug}/"
        case "jcms":
            return f"/col/col{_id(column)}/index.html"
        case "boda":
            return f"/{column.slug}.htm"
        case "gkmlpt":
            return f"/{column.slug}/index.html"
        case _:
            return f"/list.asp?classid={_id(column)}"


def article_path(site: Site, column: Column, number: int, day: date) -> str:
    """Where an item lives; `day` is the day it was really published (some systems put it into the address)."""
    match site.cms:
        case "trs":
            return f"/zwgk/{column.slug}/{day:%Y%m}/t{day:%Y%m%d}_{_id(column)}{number:06}.html"
        case "jcms":
            return f"/art/{day.year}/{day.month}/{day.day}/art_{_id(column)}_{number}.html"
        case "boda":
            return f"/info/{_id(column)}/{number}.htm"
        case "gkmlpt":
            return f"/{column.slug}/content/post_{_id(column)}{number:06}.html"
        case _:
            return f"/show.asp?id={_id(column)}{number:06}"


def find(plan: Plan, host: str, path: str) -> Found:
    """What stands at that host and path (query included)."""
    site = plan.by_host.get(host)
    if site is not None:
        return _on_site(site, path)
    if host == FEEDS:
        return _on_bridge(plan, path)
    number = friend_number(host)
    if number is not None and 1 <= number <= len(plan.sites):
        return Found("friend", number=number, path=path, friend=friend_name(plan.sites[number - 1].name))
    if host == PORTAL and notice_of(path) in plan.by_name:
        return Found("notice", path=path)
    if host in (PORTAL, PARKED) or host in plan.references:
        return Found("shared", path=path)
    return Found("nothing", path=path)


def _on_site(site: Site, path: str) -> Found:
    if path in ("/", "/index.html", "/index.htm", "/default.asp"):
        return Found("home", site, path=path)
    if path in ASSETS:
        return Found("asset", site, path=path)
    if path == OWN_NOTICE:
        return Found("notice", site, path=path)
    for column in (site.headlines, *site.columns):
        if column_path(site, column) == path:
            return Found("column", site, column, path=path)
    for entry in site.entries:
        if entry.path == path:
            return Found("entry", site, path=path, entry=entry)
        letter = _LETTER.fullmatch(path.removeprefix(entry.path)) if path.startswith(entry.path) else None
        if letter is not None and entry.kind is EntryKind.REPLIES:
            return Found("letter", site, path=path, number=int(letter[1]))
    named = _LINK.fullmatch(path)
    if named and link_path(int(named[1])) == path and 1 <= int(named[1]) <= site.links:
        return Found("link", site, number=int(named[1]), path=path)
    return _article(site, path)


def _article(site: Site, path: str) -> Found:
    matched = _ARTICLE[site.cms].fullmatch(path)
    if matched is None:
        return Found("nothing", site, path=path)
    ident, number = int(matched["column"]), int(matched["number"])
    for column in (site.headlines, *site.columns):
        if _id(column) == ident:
            return Found("article", site, column, number=number, path=path)
    return Found("nothing", site, path=path)


def _on_bridge(plan: Plan, path: str) -> Found:
    for account in plan.accounts:
        if account.path == path:
            return Found("feed", account=account, path=path)
    if path == "/":
        return Found("shared", path=path)
    post = _POST.fullmatch(path)
    known = plan.by_name.get(post[1]) if post else None
    if post and isinstance(known, Account):
        return Found("post", account=known, number=int(post[2]), path=path)
    return Found("nothing", path=path)


OWN_NOTICE = "/gsgg/gonggao.html"
"""Where a site shows the notice that a declaration names."""
_NOTICE = re.compile(r"/gsgg/((?:site|account)-\d+)\.html")


def portal_notice(name: str) -> str:
    """Where the portal shows the notice about a site or account."""
    return f"/gsgg/{name}.html"


def notice_of(path: str) -> str:
    """The scenario name of the site or account a notice on the portal is about, "" for any other path."""
    found = _NOTICE.fullmatch(path)
    return found[1] if found is not None else ""


def watched_name(found: Found) -> str | None:
    """The scenario name of the page at an address, when a column, an entry, an account, a named link or a friend."""
    if found.entry is not None:
        return found.entry.name
    if found.what == "column" and found.column is not None and found.column.number:
        return found.column.name
    if found.what == "link" and found.site is not None:
        return f"{found.site.name}/link-{found.number:0{len(str(found.site.links))}}"
    if found.what == "friend":
        return found.friend
    return found.account.name if found.what == "feed" and found.account is not None else None


def post_path(account: Account, number: int) -> str:
    """Where an account's post is shown."""
    return f"/p/{account.name}/{number}"


def _id(column: Column) -> int:
    """Three digits, so that the six that follow in some addresses can be told apart."""
    return 100 + column.number


_LETTER = re.compile(r"(\d{1,8})\.html")
_LINK = re.compile(r"/(?:bsfw|attach|pic|ztzl)/[a-z]+_(\d{1,4})\.\w+")
_POST = re.compile(r"/p/(account-\d+)/(\d+)")
_ARTICLE = {
    "trs": re.compile(r"/zwgk/\w+/\d{6}/t\d{8}_(?P<column>\d{3})(?P<number>\d{6})\.html"),
    "jcms": re.compile(r"/art/\d+/\d+/\d+/art_(?P<column>\d{3})_(?P<number>\d+)\.html"),
    "boda": re.compile(r"/info/(?P<column>\d{3})/(?P<number>\d+)\.htm"),
    "gkmlpt": re.compile(r"/\w+/content/post_(?P<column>\d{3})(?P<number>\d{6})\.html"),
    "table": re.compile(r"/show\.asp\?id=(?P<column>\d{3})(?P<number>\d{6})"),
}
