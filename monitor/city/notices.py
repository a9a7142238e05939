"""Notices (公告) that declarations name: on a site of its own, on the portal about a site, and about an account.

Pure: where they stand, and what is shown there. `notice_gone` takes one off, or puts another's in its place.
"""

from html import escape

from monitor.city import lexicon, odd
from monitor.city.faults import Event, Scene
from monitor.city.odd import Answer
from monitor.city.plan import PORTAL, Plan, Site
from monitor.city.routes import OWN_NOTICE, notice_of, portal_notice
from monitor.city.templates import fill


def notice_url(plan: Plan, target: str, field: str) -> str:
    """The address of the notice that a declaration of that target names in that field."""
    if field == "own_notice":
        return plan.site_url(plan.site_of(target)).rstrip("/") + OWN_NOTICE
    return plan.origin(PORTAL) + portal_notice(target)


def page(scene: Scene, path: str, site: Site | None) -> Answer:
    """What stands there now: `site` is whose own page it is, None on the portal."""
    name = notice_of(path) if site is None else site.name
    field = "own_notice" if site is not None else "notice" if name.startswith("account") else "portal_notice"
    missing = [one for one in scene.faults.at(name, scene.now) if one.kind == "notice_gone" and field_of(one) == field]
    if missing and missing[0].option("how", "gone") == "gone":
        return odd.dead_link()
    known = scene.plan.by_name[name]
    about = f"关于开展{lexicon.CITY}安全生产大检查的公告" if missing else f"关于{known.title}的公告"
    who = lexicon.CITY if missing else known.title
    inside = f"<p>{escape(about)}，现予公告，公告期内如有疑问请与{escape(who)}联系。</p>"
    text = fill("plain.html", declared=site.declared if site else "utf-8", title=escape(about), inside=inside)
    return Answer(200, text.encode(site.encoding if site else "utf-8"), "text/html")


def field_of(event: Event) -> str:
    """Which notice a `notice_gone` is about: left out, a site's own, and the one of an account."""
    usual = "notice" if event.target.startswith("account") else "own_notice"
    return event.option("notice", usual)
