"""Where a page without content of its own sends its visitor: refresh, plain script jumps, frames.

Reads a Document; gives addresses that would have to be fetched next. Scripts are not run: only an address written out
as a literal counts. What needs a program to find out stays unknown.
"""

import re
from dataclasses import dataclass

from monitor.model import is_deep, is_home
from monitor.read.html import Document, Node
from monitor.read.links import Addresses, host_of, is_pseudo, site_of

MAX_FRAMES = 20  # named; fewer are followed, but what is not named could not be missed
MAX_NAME = 80  # characters of the name of a frame
_REFRESH = re.compile(r"^\s*(\d{1,5})(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?['\"]?\s*([^'\"\s>]*)", re.IGNORECASE)
_TARGET = r"['\"]([^'\"\\\s]{1,500})['\"]"
_JUMPS = (
    re.compile(rf"location(?:\.href)?\s*=\s*{_TARGET}"),
    re.compile(rf"location\.(?:replace|assign)\s*\(\s*{_TARGET}"),
    re.compile(rf"window\.(?:open|navigate)\s*\(\s*{_TARGET}\s*,\s*['\"]_(?:self|top|parent)['\"]"),
)
_BLIND_JUMP = re.compile(
    r"location(?:\.href)?\s*=\s*[A-Za-z_$]|location\.(?:replace|assign)\s*\(|window\.open\s*\([^)]*['\"]_(?:self|top|parent)['\"]"
)
_SETS_COOKIE = re.compile(r"(?:document|[\w$]+)\s*\.\s*cookie\s*=[^=]")
_AGAIN = re.compile(
    r"location\s*\.\s*reload\s*\(|location(?:\.href)?\s*=\s*(?:(?:window|document|self|top)\.)*location(?:\.|\s*[;,}\n)]|$)|"
    r"location\.(?:replace|assign)\s*\(\s*(?:(?:window|document|self|top)\.)*location\b"
)
_COMMENT = re.compile(r"/\*.*?\*/|(?:^|\s)//[^\n]*", re.DOTALL)
_BY_DEVICE = re.compile(r"userAgent|mobile|iphone|android|hostname|protocol", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Onward:
    """`why` says how (refresh, script, frame); `targets` are absolute where a base is known; `delay` in seconds."""

    why: str
    targets: tuple[str, ...] = ()
    delay: int = 0


def refresh(document: Document, addresses: Addresses) -> Onward | None:
    """A meta refresh that leads somewhere else."""
    for node in document.all("meta"):
        if node.get("http-equiv").strip().lower() != "refresh":
            continue
        match = _REFRESH.match(node.get("content"))
        target = addresses.of(match[2]) if match is not None and match[2] else None
        if match is not None and target is not None and target != addresses.base:
            return Onward("refresh", (target,), int(match[1]))
    return None


def script_jump(document: Document, addresses: Addresses) -> Onward | None:
    """A script that sends every visitor on; one that only sorts out telephones does not count."""
    blind = False
    for node in document.all("script"):
        if not node.text or len(node.text) > 20_000:
            continue
        code = _COMMENT.sub(" ", node.text)
        if _BY_DEVICE.search(code):
            continue
        for pattern in _JUMPS:
            match = pattern.search(code)
            if match is not None and not is_pseudo(match[1]):
                target = addresses.of(match[1])
                if target is not None and target != addresses.base:
                    return Onward("script", (target,))
        blind = blind or _BLIND_JUMP.search(code) is not None
    return Onward("script") if blind else None


def reloads_with_cookie(document: Document, addresses: Addresses) -> bool:
    """True when a script sets a cookie and asks for the same address again: a gate that only programs that run it pass."""
    for node in document.all("script"):
        if "cookie" not in node.text or len(node.text) > 200_000:
            continue
        if _SETS_COOKIE.search(node.text) is None:
            continue
        if _AGAIN.search(node.text) is not None:
            return True
        for pattern in _JUMPS:
            match = pattern.search(node.text)
            if match is not None and addresses.of(match[1]) == addresses.base:
                return True
    return False


def leads_home(targets: tuple[str, ...], base: str | None) -> bool:
    """True when a page deep in a site sends its visitor to the root of that site: what was asked for is not there."""
    return base is not None and len(targets) == 1 and is_deep(base) and is_home(targets[0])


def frames(document: Document, addresses: Addresses, *, own: bool = False) -> Onward | None:
    """Frames that may hold the content: those of the own site first, biggest first as far as sizes are given.

    A frame that nobody can see holds none; with `own` one of another site neither.
    """
    home = site_of(host_of(addresses.base))
    found: dict[str, tuple[bool, int]] = {}
    for node in document.all("frame", "iframe"):
        target = None if is_pseudo(node.get("src")) or _unseen(node) else addresses.of(node.get("src"))
        if target is not None and target != addresses.base:
            host = host_of(target)
            found.setdefault(target, (bool(host) and site_of(host) != home, _smallness(node)))
    known = sorted(
        (target for target, (foreign, _) in found.items() if not (own and foreign)), key=lambda url: found[url]
    )
    return Onward("frame", tuple(known[:MAX_FRAMES])) if known else None


def frame_by_script(document: Document, addresses: Addresses, start: int) -> Onward | None:
    """A frame behind the node `start` to which only a script gives an address; named where it stands in one as a literal."""
    for node in document.all("iframe"):
        if node.index < start or _unseen(node) or not is_pseudo(node.get("src") or "#"):
            continue
        name = node.get("id") or node.get("name")
        given = re.compile(
            rf"\b{re.escape(name)}\b['\")\]]{{0,4}}\s*\.\s*(?:src\s*=|attr\(\s*['\"]src['\"]\s*,)\s*{_TARGET}"
        )
        for script in document.all("script") if 0 < len(name) < MAX_NAME else ():
            match = given.search(script.text)
            target = addresses.of(match[1]) if match is not None else None
            if target is not None and target != addresses.base:
                return Onward("frame", (target,))
        return Onward("frame")
    return None


def _unseen(node: Node) -> bool:
    """True for a frame of no size, or one that its own style hides."""
    style = node.get("style").replace(" ", "").lower()
    sizes = {node.get(name).strip().removesuffix("px") for name in ("width", "height")}
    return bool(sizes & {"0", "1"}) or "display:none" in style or "visibility:hidden" in style


def _smallness(node: Node) -> int:
    size = node.get("height").strip().rstrip("px")
    return -int(size) if size.isdigit() else -1000
