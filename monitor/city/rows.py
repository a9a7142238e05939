"""Lines of lists in the dialects of the CMS: how a title, its address and its date stand in the HTML.

Pure: reads a site, a column and its posts, writes nothing. Text is escaped here. Dates are printed the way that system
prints them (2026-11-21, 2026/11/21, [11-21], (26-11-21)), which is half of what makes real pages hard to read.
"""

from collections.abc import Iterable
from html import escape

from monitor.city.plan import Column, Site
from monitor.city.posts import Post, true_day
from monitor.city.routes import article_path, column_path


def list_rows(site: Site, column: Column, posts: Iterable[Post]) -> str:
    """The main list of a column page; the words for "nothing here" when there are no posts."""
    lines = [_list_row(site, column, post, order) for order, post in enumerate(posts)]
    return "\n".join(lines) if lines else _nothing(site.cms)


def home_rows(site: Site, column: Column, posts: Iterable[Post]) -> str:
    """The lines of a block on the home page."""
    return "\n".join(_home_row(site, column, post, order) for order, post in enumerate(posts))


def block(site: Site, column: Column, posts: Iterable[Post]) -> str:
    """A block of the home page: heading, way to the column, lines."""
    rows, more, title = home_rows(site, column, posts), column_path(site, column), escape(column.title)
    if site.cms == "table":
        return (
            f'<table width="100%" border="0" cellspacing="0" cellpadding="2"><tr><td colspan="2" bgcolor="#d1d1d1">{title}'
            f'</td><td width="70"><a href="{more}">更多</a></td></tr>\n{rows}\n</table>'
        )
    shell = "conListA" if site.cms == "boda" else "block news"
    return (
        f'<div class="{shell}"><h3><span>{title}</span><a class="more" href="{more}">更多&gt;&gt;</a></h3>'
        f"<ul>\n{rows}\n</ul></div>"
    )


def nav(site: Site, without: frozenset[str] = frozenset()) -> str:
    """The menu: every column and entry but those of these names, in the menu's own tags."""
    tag = "td" if site.cms == "table" else "li"
    ways = [(column_path(site, column), column.title) for column in (site.headlines, *site.columns)]
    ways += [(entry.path, entry.title) for entry in site.entries if entry.name not in without]
    return "\n".join(f'<{tag}><a href="{path}">{escape(title)}</a></{tag}>' for path, title in ways)


def _list_row(site: Site, column: Column, post: Post, order: int) -> str:
    title, path, day = escape(post.title), _path(site, column, post), post.day
    match site.cms:
        case "trs":
            near = "." + path.removeprefix(column_path(site, column).rstrip("/"))
            return f'<li><a href="{near}" target="_blank" title="{title}">{title}</a><span>{day}</span></li>'
        case "jcms":
            return f'<record><![CDATA[<li><a href="{path}" title="{title}" target="_blank">{title}</a><span>[ {day} ]</span></li>]]></record>'
        case "boda":
            return f'<li id="line_u8_{order}"><a href="{path[1:]}" title="{title}">{title}</a><span>{day:%Y/%m/%d}</span></li>'
        case "gkmlpt":
            return f'<li><a href="{path}" target="_blank">{title}</a><span class="date">{day}</span></li>'
        case _:
            return (
                f'<tr><td width="16">·</td><td height="26"><a href="{path}" target="_blank">{title}</a></td>'
                f'<td width="100">{day:%Y-%m-%d}</td></tr>'
            )


def _home_row(site: Site, column: Column, post: Post, order: int) -> str:
    title, path, day = escape(post.title), _path(site, column, post), post.day
    match site.cms:
        case "trs":
            return f'<li><span class="time">[{day:%m-%d}]</span><a href=".{path}" target="_blank" title="{title}">{title}</a></li>'
        case "boda":
            return f'<li id="line_u3_{order}"><a href="{path[1:]}" title="{title}">{title}</a><span>{day:%Y/%m/%d}</span></li>'
        case "table":
            return f'<tr><td width="12">·</td><td><a href="{path}">{title}</a></td><td width="70">({day:%y-%m-%d})</td></tr>'
        case _:
            return f'<li><a href="{path}" target="_blank" title="{title}">{title}</a><em class="date">{day}</em></li>'


def _path(site: Site, column: Column, post: Post) -> str:
    return article_path(site, column, post.number, true_day(post))


def _nothing(cms: str) -> str:
    match cms:
        case "boda":
            return '<li><span class="titlestyle">尚无资料</span></li>'
        case "table":
            return '<tr><td colspan="3" align="center">暂无信息</td></tr>'
        case "jcms":
            return ""
        case _:
            return '<li class="empty">暂无内容</li>'
