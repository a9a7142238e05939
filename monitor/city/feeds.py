"""The feeds that stand for new-media accounts: RSS 2.0, Atom and JSON Feed, in the forms bridges really produce.

Pure: reads plan, faults and instant, writes nothing. Dates come as RFC 822 with +0800, as GMT, as ISO 8601, and once in
a while as a plain Chinese-style local time without a zone; one feed in five is GBK.
"""

import json
from datetime import UTC
from email.utils import format_datetime
from html import escape

from monitor.city.faults import Scene
from monitor.city.plan import FEEDS, Account
from monitor.city.posts import Post, account_posts
from monitor.city.routes import post_path

FEED_LENGTH = 12
"""Entries a bridge keeps."""


def feed(scene: Scene, account: Account) -> tuple[bytes, str]:
    """The feed document of an account and its content type."""
    posts = account_posts(scene, account, FEED_LENGTH)
    base = scene.plan.origin(FEEDS)
    match account.format:
        case "json":
            return _json(base, account, posts), "application/feed+json; charset=utf-8"
        case "atom":
            return _atom(base, account, posts).encode(), "application/atom+xml"
        case _:
            encoding = "gb2312" if account.number % 5 == 0 else "utf-8"
            text = _rss(base, account, posts, encoding)
            return text.encode("gb18030" if encoding == "gb2312" else "utf-8"), "text/xml"


def _rss(base: str, account: Account, posts: list[Post], encoding: str) -> str:
    items = "".join(
        f"<item><title><![CDATA[{post.title}]]></title><link>{base}{post_path(account, post.number)}</link>"
        f'<guid isPermaLink="false">{account.name}-{post.number}</guid><pubDate>{_rss_date(account, post)}</pubDate>'
        f"<description><![CDATA[<p>{post.title}</p>]]></description></item>\n"
        for post in posts
    )
    return (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<rss version="2.0"><channel><title>{escape(account.title)}</title>'
        f"<link>{base}/</link><description>{escape(account.owner)}</description><language>zh-cn</language>\n"
        f"{items}</channel></rss>\n"
    )


def _rss_date(account: Account, post: Post) -> str:
    match account.number % 4:
        case 0:
            return format_datetime(post.at.astimezone(UTC), usegmt=True)
        case 1:
            return f"{post.at:%Y-%m-%d %H:%M:%S}"
        case _:
            return format_datetime(post.at)


def _atom(base: str, account: Account, posts: list[Post]) -> str:
    entries = "".join(
        f"<entry><title>{escape(post.title)}</title><id>urn:zs:{account.name}:{post.number}</id>"
        f'<link href="{base}{post_path(account, post.number)}"/><published>{post.at.isoformat()}</published>'
        f"<updated>{post.at.isoformat()}</updated></entry>\n"
        for post in posts
    )
    newest = posts[0].at.isoformat() if posts else "1970-01-01T00:00:00Z"
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{escape(account.title)}</title><id>urn:zs:{account.name}</id><updated>{newest}</updated>\n{entries}</feed>\n"
    )


def _json(base: str, account: Account, posts: list[Post]) -> bytes:
    items = [
        {
            "id": f"{account.name}-{post.number}",
            "url": base + post_path(account, post.number),
            "title": post.title,
            "content_text": post.title,
            "date_published": post.at.isoformat(),
        }
        for post in posts
    ]
    document = {"version": "https://jsonfeed.org/version/1.1", "title": account.title, "items": items}
    return json.dumps(document, ensure_ascii=False, indent=1).encode()
