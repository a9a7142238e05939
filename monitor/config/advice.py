"""What is allowed but hardly meant: nothing watched, nobody told, a link that opens on no telephone.

Pure; notes warnings in the document, which keep nobody from starting the daemon.
"""

from collections.abc import Sequence
from ipaddress import ip_address

from monitor.config.document import Document
from monitor.config.settings import Channel, DeskSettings, Person, RawTarget, WebSettings
from monitor.config.urls import host_of, listen_parts
from monitor.model import place_of

FEW = 3  # ids named of many


def warn_idle(document: Document, targets: Sequence[RawTarget], channels: Sequence[Channel]) -> None:
    """Nothing to watch, or nowhere to tell of it."""
    if not targets and not document.report.problems:
        document.warn((), "no targets: nothing is watched", "list some in targets/*.csv or as [[target]]")
    if targets and not channels:
        document.warn((), "no channels: incidents are shown on the desk only", "add a [[channel]]")


def warn_unreachable_desk(
    document: Document, desk: DeskSettings, web: WebSettings, channels: Sequence[Channel]
) -> None:
    """Messages that leave this machine carry the address of the desk: it must be one that opens elsewhere."""
    is_told = "address" in desk.model_fields_set
    host = host_of(desk.address) if is_told else listen_parts(web.listen)[0]  # without one: where it listens
    away = list(dict.fromkeys(c.id for c in channels if c.url.get_secret_value().partition(":")[0] != "console"))
    if away and _is_here(host):
        place = ("desk", "address") if is_told else ("desk",)
        said = f"people reached by {_some(away)} cannot open the desk: {host} is this machine alone"
        document.warn(place, said, "write [desk] address as people reach it from elsewhere")


def warn_unused_packs(document: Document, own: Sequence[str], targets: Sequence[RawTarget]) -> None:
    """Rule packs people wrote that no target falls under: the name in `packs` was forgotten."""
    named = {pack for target in targets for pack in target.packs}
    unused = [pack for pack in own if pack not in named] if targets else []
    if unused:
        said = f"no target falls under the rule packs written here: {_some(unused)}"
        document.warn((), said, "write the name of the pack into packs of the targets")


def warn_nobody_to_call(document: Document, targets: Sequence[RawTarget], people: Sequence[Person]) -> None:
    """Targets without a contact of their own or of their site, while nobody is on duty either."""
    alone = [] if people else [target.id for target in targets if not target.contacts]
    if alone:
        count = "1 target has" if len(alone) == 1 else f"{len(alone):,} targets have"
        hint = "write contact on the target or on its site, or a [[person]]"
        document.warn((), f"{count} nobody to call: {_some(alone)}", hint)


def warn_entries_at_home(document: Document, targets: Sequence[RawTarget]) -> None:
    """Entries declared at the address of the home page that is to lead to them: it always does."""
    same = [one.id for one in targets if one.entry is not None and place_of(one.url) == place_of(one.home)]
    if same:
        said = f"declared as entries, and at the address of their home page itself: {_some(same)}"
        document.warn((), said, "write the address that the home page leads to")


def warn_twin_entries(document: Document, targets: Sequence[RawTarget]) -> None:
    """Entries of one site declared at one address: one link of the home page would do for all of them."""
    at: dict[tuple[str, str], list[str]] = {}
    for one in targets:
        if one.entry is not None:
            at.setdefault((one.site or "", place_of(one.url)), []).append(one.id)
    for same in at.values():
        if len(same) > 1:
            said = f"declared as entries of one site at one address: {_some(same)}"
            document.warn((), said, "write the address of each entry, or leave one of them out")


def _is_here(host: str) -> bool:
    try:
        address = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
    return address.is_loopback or address.is_unspecified


def _some(ids: Sequence[str]) -> str:
    """The first few, and how many more."""
    more = f" and {len(ids) - FEW:,} more" if len(ids) > FEW else ""
    return ", ".join(ids[:FEW]) + more
