"""What is allowed but hardly meant: nothing watched, nobody told, a link that opens on no telephone.

Pure; notes warnings in the document, which keep nobody from starting the daemon.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from monitor.config.document import Document
from monitor.config.settings import Channel, DeskSettings, Person, RawTarget, WebSettings
from monitor.config.urls import host_of, listen_parts
from monitor.model import Text, place_of, say

FEW = 3  # ids named of many


def warn_idle(document: Document, targets: Sequence[RawTarget], channels: Sequence[Channel]) -> None:
    """Nothing to watch, or nowhere to tell of it."""
    if not targets and not document.report.problems:
        document.warn((), say("no targets: nothing is watched"), say("list some in targets/*.csv or as [[target]]"))
    if targets and not channels:
        document.warn((), say("no channels: incidents are shown on the desk only"), say("add a [[channel]]"))


def warn_unreachable_desk(
    document: Document, desk: DeskSettings, web: WebSettings, channels: Sequence[Channel]
) -> None:
    """Messages that leave this machine carry the address of the desk: it must be one that opens elsewhere."""
    is_told = "address" in desk.model_fields_set
    host = host_of(desk.address) if is_told else listen_parts(web.listen)[0]  # without one: where it listens
    away = list(dict.fromkeys(c.id for c in channels if c.url.get_secret_value().partition(":")[0] != "console"))
    if away and _is_here(host):
        place = ("desk", "address") if is_told else ("desk",)
        text = say(
            "people reached by {channels} cannot open the desk: {host} is this machine alone",
            channels=some(away),
            host=host,
        )
        document.warn(place, text, say("write [desk] address as people reach it from elsewhere"))


def warn_unused_packs(document: Document, own: Sequence[str], targets: Sequence[RawTarget]) -> None:
    """Rule packs people wrote that no target falls under: the name in `packs` was forgotten."""
    named = {pack for target in targets for pack in target.packs}
    unused = [pack for pack in own if pack not in named] if targets else []
    if unused:
        said = say("no target falls under the rule packs written here: {targets}", targets=some(unused))
        document.warn((), said, say("write the name of the pack into packs of the targets"))


def warn_nobody_to_call(document: Document, targets: Sequence[RawTarget], people: Sequence[Person]) -> None:
    """Targets without a contact of their own or of their site, while nobody is on duty either."""
    alone = [] if people else [target.id for target in targets if not target.contacts]
    if alone:
        few = some(alone)
        one, more = say("1 target has nobody to call: {targets}", targets=few), f"{len(alone):,}"
        text = one if len(alone) == 1 else say("{n} targets have nobody to call: {targets}", n=more, targets=few)
        hint = say("write contact on the target or on its site, or a [[person]]")
        document.warn((), text, hint)


def warn_entries_at_home(document: Document, targets: Sequence[RawTarget]) -> None:
    """Entries declared at the address of the home page that is to lead to them: it always does."""
    same = [one.id for one in targets if one.entry is not None and place_of(one.url) == place_of(one.home)]
    if same:
        said = say("declared as entries, and at the address of their home page itself: {targets}", targets=some(same))
        document.warn((), said, say("write the address that the home page leads to"))


def warn_twin_entries(document: Document, targets: Sequence[RawTarget]) -> None:
    """Entries of one site declared at one address: one link of the home page would do for all of them."""
    at: dict[tuple[str, str], list[str]] = {}
    for one in targets:
        if one.entry is not None:
            at.setdefault((one.site or "", place_of(one.url)), []).append(one.id)
    for same in at.values():
        if len(same) > 1:
            said = say("declared as entries of one site at one address: {targets}", targets=some(same))
            document.warn((), said, say("write the address of each entry, or leave one of them out"))


def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def some(ids: Sequence[str]) -> str | Text:
    """The first few, each once, and how many more."""
    few = ", ".join(dict.fromkeys(ids[:FEW]))
    return few if len(ids) <= FEW else say("{some} and {n} more", some=few, n=f"{len(ids) - FEW:,}")
