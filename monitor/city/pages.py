"""Every answer of the city as a pure function: (plan, host, path, instant, faults) → bytes, status, headers.

`respond` is the door: it finds what lives at an address, lets the fault in force speak first, and otherwise renders the
page in its CMS's shape and encoding. Reads templates; writes nothing. What happens below HTTP is the server's affair.
"""

from datetime import datetime
from html import escape

from monitor.city import feeds, files, letters, lexicon, notices, odd
from monitor.city.entries import heading
from monitor.city.faults import Faults, Scene
from monitor.city.friends import friend_host, friend_title
from monitor.city.odd import Answer
from monitor.city.plan import PARKED, PORTAL, Column, Plan, Site, link_path
from monitor.city.posts import column_posts, headlines, home_posts, post_of, silences_of
from monitor.city.routes import Found, column_path, find, watched_name
from monitor.city.rows import block, list_rows, nav
from monitor.city.templates import fill
from monitor.model import EntryKind

LIST_LENGTH = 10
"""Items on a column page."""
BLOCK_LENGTH = 6
"""Lines in a block of the home page."""

_HOME = {"boda": "home_boda.html", "table": "home_table.html"}


def respond(plan: Plan, host: str, path: str, now: datetime, faults: Faults) -> Answer:
    """What a GET of that path at that host brings. `path` includes the query; unknown hosts and paths are 404."""
    scene = Scene(plan, faults, now)
    found = find(plan, host, path)
    named = watched_name(found)
    for target in filter(None, (found.site.name if found.site else None, named)):
        event = faults.reach(target, now)
        if event is not None:
            instead = odd.answer(scene, event)
            return instead or _healthy(scene, found, odd.delay_of(event))
    if named is not None and scene.find(named, "dead_link"):
        return odd.dead_link()
    if named is not None and scene.find(named, "bridge_down"):
        return odd.bad_gateway()
    if found.what == "notice":
        return notices.page(scene, found.path, found.site)
    return _healthy(scene, found, 0.0)


def _healthy(scene: Scene, found: Found, delay: float) -> Answer:
    match found.what:
        case "home" if found.site:
            return _html(found.site, _home(scene, found.site), delay)
        case "column" if found.site and found.column:
            return _html(found.site, _column(scene, found.site, found.column), delay)
        case "entry" | "letter" if found.site:
            return _declared(scene, found.site, found, delay)
        case "article" if found.site and found.column:
            return _article(scene, found.site, found.column, found.number, delay)
        case "link" | "asset" if found.site:
            return _thing(found.site, found.path, delay)
        case "feed" if found.account:
            body, content_type = feeds.feed(scene, found.account)
            return Answer(200, body, content_type, delay=delay)
        case "post" if found.account:
            return Answer(200, _plain("utf-8", f"{found.account.title}：{found.number}", found.account.owner).encode())
        case "friend":
            return Answer(200, _plain("utf-8", friend_title(found.number), friend_title(found.number)).encode())
        case "shared":
            return _shared(scene.plan, found.path)
        case _:
            return odd.dead_link()


def _html(site: Site, text: str, delay: float = 0.0) -> Answer:
    charset = f"; charset={site.header_charset}" if site.header_charset else ""
    return Answer(200, text.encode(site.encoding), f"text/html{charset}", delay=delay)


def _home(scene: Scene, site: Site) -> str:
    if scene.find(site.name, "shell"):
        return fill("shell.html", title=escape(site.title))
    blocks = (site.headlines, *(column for column in site.columns if column.on_home))
    shown = [(column, home_posts(scene, site, column, BLOCK_LENGTH)) for column in blocks]
    return fill(
        _HOME.get(site.cms, "home_modern.html"),
        **_frame(scene, site, site.name) | _ways_in(scene, site),
        **_named_links(site),
        blocks="\n".join(block(site, column, posts) for column, posts in shown),
        friends=_friends(scene.plan, site),
        host=site.host,
        generated=f"{max(post.at for _, posts in shown for post in posts):%Y-%m-%d %H:%M}:00",
    )


def _column(scene: Scene, site: Site, column: Column) -> str:
    if scene.find(column.name, "shell"):
        return fill("shell.html", title=escape(f"{column.title}-{site.title}"))
    blank = scene.find(column.name, "blank") is not None
    take = headlines(scene, site, LIST_LENGTH) if column.number == 0 else None
    posts = [] if blank else take or column_posts(scene, column, LIST_LENGTH)
    return fill(
        f"column_{site.cms}.html",
        **_frame(scene, site, column.name),
        column=escape(column.title),
        rows=list_rows(site, column, posts),
        count=str(len(posts)),
        pages="1",
        unit=str(3000 + column.number),
        host=site.host,
    )


def _frame(scene: Scene, site: Site, page: str) -> dict[str, str]:
    """What every page of a site has: names, menu, footer, and the spam when someone broke in."""
    hidden = scene.find(page, "hidden_link") is not None
    return {
        "site": escape(site.title),
        "code": site.code,
        "declared": site.declared,
        "nav": nav(site),
        "footer": _footer(site, bare=scene.find(site.name, "marks_missing") is not None),
        "hidden": _spam(scene.plan) if hidden else "",
        "visitors": str(1_200_000 + int(scene.now.timestamp()) // 3600 * 37 % 900_000),
    }


def _ways_in(scene: Scene, site: Site) -> dict[str, str]:
    """What a home page has that lost entries: a menu without them, and those that are only out of sight."""
    lost = {entry: event for entry in site.entries if (event := scene.find(entry.name, "entry_missing"))}
    if not lost:
        return {}
    veiled = [entry for entry, event in lost.items() if event.option("how", "gone") == "hidden"]
    links = "".join(f'<a href="{entry.path}">{escape(entry.title)}</a>' for entry in veiled)
    kept = {"hidden": f'<div style="display:none">{links}</div>'} if links else {}
    return {"nav": nav(site, frozenset(entry.name for entry in lost))} | kept


def _footer(site: Site, *, bare: bool = False) -> str:
    if bare:
        return fill("footer_bare.html", site=escape(site.title))
    return fill(
        "footer.html",
        site=escape(site.title),
        code=site.code,
        phone=f"88{site.number:05}",
        icp=f"2020{site.number:04}",
        police=f"530099{site.number:08}",
    )


def _spam(plan: Plan) -> str:
    base = plan.origin(PARKED)
    words = ("百家乐", "老虎机", "六合彩资料", "真人娱乐城", "时时彩计划")
    links = "".join(f'<a href="{base}/k{n}">{word}</a>' for n, word in enumerate(words))
    return f'<div style="position:absolute;left:-9999px;top:-9999px;display:none">{links}</div>'


def _named_links(site: Site) -> dict[str, str]:
    """The numbered links of a home page, each where its kind belongs."""
    cell = ('<tr><td><a href="{}">{}</a></td></tr>' if site.cms == "table" else '<li><a href="{}">{}</a></li>').format
    found: dict[str, list[str]] = {"pictures": [], "services": [], "downloads": [], "topics": []}
    for number in range(1, site.links + 1):
        path = link_path(number)
        words = lexicon.GUIDES[number % len(lexicon.GUIDES)]
        match path.split("/")[1]:
            case "pic":
                found["pictures"].append(f'<img src="{path}" alt="{words}宣传" width="200" height="60">')
            case "attach":
                found["downloads"].append(cell(path, f"{words}申请表下载"))
            case "ztzl":
                found["topics"].append(f'<option value="{path}">{words}专题</option>')
            case _:
                found["services"].append(cell(path, words))
    return {name: "\n".join(lines) for name, lines in found.items()}


def _friends(plan: Plan, site: Site) -> str:
    options = [
        (plan.origin(PORTAL) + "/", f"{lexicon.CITY}政务服务网"),
        (plan.origin(friend_host(site.number)) + "/", friend_title(site.number)),
    ]
    if plan.cross_links and len(plan.sites) > 1:
        next_site = plan.sites[site.number % len(plan.sites)]
        options.append((plan.site_url(next_site), next_site.title))
    return "\n".join(f'<option value="{url}">{escape(title)}</option>' for url, title in options)


def _article(scene: Scene, site: Site, column: Column, number: int, delay: float) -> Answer:
    post = post_of(scene, column, number)
    if post is None:
        return odd.dead_link()
    text = fill(
        "article.html",
        site=escape(site.title),
        host=site.host,
        code=site.code,
        declared=site.declared,
        column=escape(column.title),
        back=column_path(site, column),
        title=escape(post.title),
        published=f"{post.at:%Y-%m-%d %H:%M}",
        lead=escape(f"近日，{post.title}。相关负责同志参加，并就下一步工作提出要求。"),
        footer=_footer(site),
    )
    return _html(site, text, delay)


def _thing(site: Site, path: str, delay: float) -> Answer:
    kind = files.kind_of(path)
    if kind:
        return Answer(200, files.content(kind), files.TYPES[kind], delay=delay)
    number = int("".join(filter(str.isdigit, path)) or 0)
    title = lexicon.GUIDES[number % len(lexicon.GUIDES)]
    return _html(site, _plain(site.declared, f"{title}办事指南", site.title), delay)


def _declared(scene: Scene, site: Site, found: Found, delay: float) -> Answer:
    """A declared entry, or a letter of a reply list."""
    if found.entry is None:
        return _letter(scene, site, found.number, delay)
    if found.entry.kind is EntryKind.REPLIES:
        rows = letters.rows(site, found.entry.path, letters.letters_of(scene, site))
        return _html(site, _plain(site.declared, found.entry.title, site.title, rows), delay)
    called = heading(found.entry, scene.now, silences_of(scene, found.entry.name))
    return _html(site, _plain(site.declared, called, site.title), delay)


def _letter(scene: Scene, site: Site, number: int, delay: float) -> Answer:
    one = letters.letter_at(scene, site, number)
    if one is None:
        return odd.dead_link()
    return _html(site, _plain(site.declared, one.title, site.title, letters.own_page(one)), delay)


_GUIDE = "<tr><td>事项名称</td><td>{}</td></tr><tr><td>受理单位</td><td>{}</td></tr><tr><td>承诺时限</td><td>5个工作日</td></tr>"


def _plain(declared: str, title: str, site: str, inside: str = "") -> str:
    title, site = escape(title), escape(site)
    guide = f'<table border="1">{_GUIDE.format(title, site)}<tr><td>收费标准</td><td>不收费</td></tr></table>'
    return fill("plain.html", declared=declared, title=title, inside=inside or guide)


def _shared(plan: Plan, path: str) -> Answer:
    """The portal, the reference hosts, the host behind spam: a page for whatever is asked."""
    if path.startswith("/k") or path == "/app":
        return Answer(200, odd.parked(plan))
    return Answer(200, _plain("utf-8", f"{lexicon.CITY}政务服务网", lexicon.CITY).encode())
