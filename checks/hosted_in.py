"""Whether the addresses of a site's host lie inside the country, by an offline table of networks that people keep.

A hit is a suspicion: tables grow old, and a CDN answers with what is near to who asks; a person confirms (domain.md §12). Hong
Kong, Macao and Taiwan count as outside (HK, MO, TW are not CN). Source: 中山 第二十八条, 佛山 第二十七条. Looks once a day; a look
an hour later confirms, for name servers answer in turn.
"""

import ipaddress
from dataclasses import dataclass

from monitor.api import (
    Address,
    AddressTable,
    Cause,
    Context,
    Finding,
    Target,
    TargetKind,
    fail,
    host_of,
    ok,
    say,
    unknown,
)

KINDS = frozenset({TargetKind.SITE})
CADENCE = "certificate"
SECOND_LOOK = True
NAME = "hosted_in"

MOST_TOLD = 8  # addresses and names told as evidence


@dataclass(frozen=True, slots=True)
class Options:
    """The tables, and which of their regions are inside. A line without a region is inside."""

    tables: tuple[AddressTable, ...] = ()  # files of networks beside the settings; none: nothing is said
    inside: tuple[str, ...] = ("CN",)  # regions as the tables spell them; HK, MO and TW are outside (domain.md §12)
    area: tuple[str, ...] = ()  # those of them that are the city or district itself; none: nothing is said of it


async def check(target: Target[Options], ctx: Context) -> list[Finding]:
    host = host_of(target.url)
    known = _literal(host)
    resolved = await ctx.resolve(host) if known is None else None
    if resolved is not None and not resolved.addresses:
        words = say("the name does not resolve: {detail}", detail=_FAILURES.get(resolved.failure or "", "no address"))
        return [unknown(NAME, "dns", words)]
    if not target.options.tables:
        return [unknown(NAME, "no_table", say("no address table is set"))]
    addresses = [known] if known is not None else [_literal(one) for one in (resolved.addresses if resolved else ())]
    aliases = resolved.aliases if resolved else ()
    known_ones = [one for one in addresses if one is not None]
    found = [_finding(known_ones, aliases, target.options)]
    if target.options.area:
        found.append(_in_area(known_ones, aliases, target.options))
    elif (NAME, AREA) in ctx.seen.said:  # what was said of it before is over
        found.append(ok(NAME, say("no area is set any more: nothing is asked of it"))._replace(subject=AREA))
    return found


AREA = "area"
"""The subject of what is said of the city or district itself."""


def _in_area(addresses: list[Address], aliases: tuple[str, ...], options: Options) -> Finding:
    """Whether all addresses lie in the area. A network of a CDN answers from anywhere: nothing is said."""
    area = frozenset(word.upper() for word in options.area)
    told = {str(one): _region(one, options.tables) or "" for one in addresses if one.is_global}  # the rest is 政务外网
    evidence: dict[str, object] = {"addresses": dict(list(told.items())[:MOST_TOLD])}
    cdn = next((name for name in map(_cdn, aliases) if name), "")
    if cdn:
        words = say("answers from the network of {cdn}: where the site is hosted cannot be told", cdn=cdn)
        return unknown(NAME, "cdn", words, **evidence)._replace(subject=AREA)
    outside = next((one for one, where in told.items() if where and not _lies_in(where, area)), None)
    if outside is not None:
        shown = {"address": outside, "region": told[outside], "area": ", ".join(options.area)}
        words = say("{address} lies in {region}, not in {area}: a person must confirm", **shown)
        return fail(NAME, Cause.HOSTED_IN, "outside_area", words, **evidence)._replace(subject=AREA)
    unlisted = next((one for one, where in told.items() if not where), None)
    if unlisted is not None:
        words = say("no table says in which region the address {address} lies", address=unlisted)
        return unknown(NAME, "unlisted", words, **evidence)._replace(subject=AREA)
    return ok(NAME, say("hosted in the area"), **evidence)._replace(subject=AREA)


def _finding(addresses: list[Address], aliases: tuple[str, ...], options: Options) -> Finding:
    inside = frozenset(word.upper() for word in (*options.inside, *options.area))
    told = {one: _region(one, options.tables) for one in sorted(addresses, key=lambda one: (one.version, int(one)))}
    evidence: dict[str, object] = {"addresses": {str(one): where for one, where in list(told.items())[:MOST_TOLD]}}
    if aliases:
        evidence["aliases"] = list(aliases[:MOST_TOLD])
    cdn = next((name for name in map(_cdn, aliases) if name), "")
    if cdn:
        evidence["cdn"] = cdn
    only_inside = all(not where or _lies_in(where, inside) for table in options.tables for where in table.regions)
    outside = {one: where for one, where in told.items() if _is_outside(one, where, inside, options, only_inside)}
    if outside:
        return _outside(*next(iter(outside.items())), cdn, ", ".join(options.inside), evidence)
    unlisted = [one for one, where in told.items() if where is None and _has_family(options.tables, one)]
    if unlisted or all(where is None for where in told.values()):
        address = str((unlisted or list(told))[0])
        return unknown(NAME, "unlisted", say("the address {address} is in no table", address=address), **evidence)
    if cdn:
        return ok(NAME, say("hosted inside, as far as the network of {cdn} shows", cdn=cdn), **evidence)
    return ok(NAME, say("hosted inside"), **evidence)


def _outside(address: Address, where: str | None, cdn: str, inside: str, evidence: dict[str, object]) -> Finding:
    shown = {"address": str(address), "region": where or "", "inside": inside, "cdn": cdn}
    match bool(where), bool(cdn):
        case True, True:
            words = say(
                "{address} (network of {cdn}) lies in {region}, not in {inside}: a person must confirm", **shown
            )
        case True, False:
            words = say("{address} lies in {region}, not in {inside}: a person must confirm", **shown)
        case False, True:
            words = say("{address} (network of {cdn}) is not among those of {inside}: a person must confirm", **shown)
        case _:
            words = say("{address} is not among those of {inside}: a person must confirm", **shown)
    return fail(NAME, Cause.HOSTED_IN, "outside", words, **evidence)


def _is_outside(
    address: Address, where: str | None, inside: frozenset[str], options: Options, only_inside: bool
) -> bool:
    """Told to be elsewhere; or in no table, where the tables list of its family all that is inside and nothing else."""
    if where is not None:
        return where != "" and not _lies_in(where, inside)
    return only_inside and _has_family(options.tables, address)


def _lies_in(region: str, regions: frozenset[str]) -> bool:
    """CN-ZS lies in CN; CN-HK, CN-MO and CN-TW do not (domain.md §12), unless they are named themselves."""
    parts = region.split("-")
    least = 2 if len(parts) > 1 and parts[1] in {"HK", "MO", "TW"} else 1
    return any("-".join(parts[:n]) in regions for n in range(least, len(parts) + 1))


def _region(address: Address, tables: tuple[AddressTable, ...]) -> str | None:
    """By the first table that lists it. An address of a closed network (政务外网) lies where we do."""
    if not address.is_global:
        return ""
    return next((where for table in tables if (where := table.region(address)) is not None), None)


def _has_family(tables: tuple[AddressTable, ...], address: Address) -> bool:
    return any(address.version in table.ranges for table in tables)


def _literal(text: str) -> Address | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _cdn(alias: str) -> str:
    """Whose network a name belongs to, "" when that is not known."""
    return next((owner for end, owner in CDNS.items() if alias == end or alias.endswith(f".{end}")), "")


_FAILURES = {"nxdomain": "NXDOMAIN", "servfail": "SERVFAIL", "refused": "REFUSED by the name server"} | {
    "timeout": "no answer from the name server"
}

CDNS = {
    "kunlunaq.com": "阿里云",
    "kunlunar.com": "阿里云",
    "kunlunca.com": "阿里云",
    "kunlunle.com": "阿里云",
    "kunlunsl.com": "阿里云",
    "alikunlun.com": "阿里云",
    "yundunwaf.com": "阿里云",
    "yundunwaf2.com": "阿里云",
    "yundunwaf3.com": "阿里云",
    "cdn.dnsv1.com": "腾讯云",
    "dnsv1.com.cn": "腾讯云",
    "tdnsv5.com": "腾讯云",
    "qcloudwaf.com": "腾讯云",
    "cdnhwc1.com": "华为云",
    "cdnhwc2.com": "华为云",
    "cdnhwc3.com": "华为云",
    "huaweicloudwaf.com": "华为云",
    "jomodns.com": "百度云",
    "bdydns.com": "百度云",
    "ctycdn.com": "天翼云",
    "ctadns.cn": "天翼云",
    "wscdns.com": "网宿",
    "wsdvs.com": "网宿",
    "lxdns.com": "网宿",
    "cdn20.com": "网宿",
    "ccgslb.com.cn": "蓝汛",
    "jiashule.com": "知道创宇",
    "cname365.com": "知道创宇",
    "365cyd.net": "知道创宇",
    "volcgslb.com": "火山引擎",
    "cdn.cloudflare.net": "Cloudflare",
    "akamaiedge.net": "Akamai",
    "edgekey.net": "Akamai",
    "edgesuite.net": "Akamai",
    "cloudfront.net": "CloudFront",
    "fastly.net": "Fastly",
    "azureedge.net": "Azure",
}
"""What names of their networks end with, as these services give them to customers."""
