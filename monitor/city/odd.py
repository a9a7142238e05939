"""What a server shows when something is wrong: error pages, walls, maintenance, a page that was taken over.

Pure functions of the event in force. Reads the event and the site, writes nothing. The refusals that happen below HTTP
(refused, reset, never answered, no such name) are not here: `server.py` and `nameserver.py` do them.
"""

from dataclasses import dataclass
from datetime import timedelta

from monitor.city.faults import Event, Scene
from monitor.city.plan import PARKED, Plan
from monitor.city.templates import fill
from monitor.clock import SHANGHAI

SLOW_SECONDS = 16.5
"""First byte of a slow answer: over the 15 s of the rule, well under the 30 s of the fetcher."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a request gets. `delay` seconds before the first byte; `never`: accepted and not answered; `reset`: cut off."""

    status: int
    body: bytes
    content_type: str = "text/html"
    headers: tuple[tuple[str, str], ...] = ()
    delay: float = 0.0
    never: bool = False
    reset: bool = False


def answer(scene: Scene, event: Event) -> Answer | None:
    """The answer under a reach fault; None when the page itself still comes (slow: see `delay_of`)."""
    match event.kind:
        case "http_500":
            return Answer(500, _page("error500.html"))
        case "http_404":
            return Answer(404, _page("error404.html"))
        case "challenged":
            return _challenged(event.option("status", "412"))
        case "maintenance":
            return Answer(200, _maintenance(scene, event))
        case "soft_error":
            return Answer(200, _page("soft_error.html", site=event.target))
        case "hijacked":
            return Answer(200, _taken_over(scene, event.option("how", "parked")))
        case "timeout":
            return Answer(0, b"", never=True)
        case "down":
            return Answer(0, b"", reset=True)
        case _:
            return None


def delay_of(event: Event | None) -> float:
    """Seconds before the first byte."""
    return event.number("seconds", SLOW_SECONDS) if event is not None and event.kind == "slow" else 0.0


def dead_link() -> Answer:
    """An address that is gone."""
    return Answer(404, _page("error404.html"))


def bad_gateway() -> Answer:
    """The bridge cannot reach the platform."""
    return Answer(502, _page("error502.html"))


def parked(plan: Plan) -> bytes:
    """The page behind hidden links."""
    return _page("hijacked.html", parked=plan.origin(PARKED))


def _challenged(status: str) -> Answer:
    """412: a script wall with its meta and cookie; 521: a cookie wall; others: an interstitial that says so in words."""
    if status == "412":
        cookie = ("Set-Cookie", "kQ3nZbT1xW9rS=60f3aCkQ1vY; Path=/; HttpOnly")
        return Answer(412, _page("wall412.html"), headers=(cookie,))
    if status == "521":
        return Answer(
            521, _page("wall521.html"), headers=(("X-Via-JSL", "9a1f0c2,-"), ("Set-Cookie", "__jsluid_s=1c0e; Path=/"))
        )
    return Answer(int(status), _page("wall200.html"))


def _maintenance(scene: Scene, event: Event) -> bytes:
    back = (scene.faults.start + event.at).astimezone(SHANGHAI).date() + timedelta(
        days=round(event.number("back_days", 9))
    )
    return _page("maintenance.html", site=event.target, back=f"{back.year}年{back.month}月{back.day}日")


def _taken_over(scene: Scene, how: str) -> bytes:
    """The name ran out and is for sale ("parked"), or somebody else's content stands here ("spam")."""
    if how == "spam":
        return parked(scene.plan)
    return _page("parked.html", parked=scene.plan.origin(PARKED))


def _page(template: str, **values: str) -> bytes:
    return fill(template, **values).encode()
