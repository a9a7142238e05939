"""How a look ended, in words a duty officer reads: what happened on the wire, named by its real cause.

`how_it_ended` words a fetch, `unread` a page that came and could not be judged. DETAILS is the closed set of phrases a
`detail` may hold; each is a msgid, so that it can stand as a value inside a sentence of any language. Pure.
"""

from collections.abc import Mapping

from monitor.model.finding import Finding, Text, say, unknown
from monitor.model.home import lands_home
from monitor.model.reading import Reading
from monitor.model.visit import Fetched
from monitor.model.words import Reach, State

MOST_NEEDS = 3  # addresses told as evidence; a visit asks no more

DETAILS = (
    # names
    say("NXDOMAIN"),
    say("SERVFAIL"),
    say("REFUSED by the name server"),
    say("no address"),
    say("no answer from the name server"),
    say("name could not be resolved"),
    say("not an address"),
    # connections
    say("connection refused"),
    say("connection reset"),
    say("connect timed out"),
    say("host unreachable"),
    say("network unreachable"),
    say("no address could be reached"),
    say("closed without an answer"),
    say("closed before the answer was complete"),
    say("outgoing proxy unreachable"),
    say("outgoing proxy answered {n}"),
    # handshakes
    say("handshake timed out"),
    say("handshake broke off"),
    say("closed during the handshake"),
    say("wrong version number"),
    say("unsupported protocol"),
    say("no common cipher"),
    say("key too small"),
    say("unsafe renegotiation"),
    say("name unknown to the server"),
    say("client certificate wanted"),
    say("certificate expired"),
    say("certificate not yet valid"),
    say("certificate wrong name"),
    say("certificate weak"),
    say("certificate untrusted"),
    say("certificate cannot be parsed"),
    say("no certificate in time"),
    say("not an https address"),
    # answers
    say("HTTP {n}"),
    say("HTTP 304 to an unconditional request"),
    say("no answer in time"),
    say("not complete in time"),
    say("no turn at the host"),
    say("slower than allowed"),
    say("larger than the limit"),
    say("more than {n} redirects"),
    say("redirect that leads nowhere"),
    say("redirect to something that is no address"),
    say("redirect to something that is no web address"),
    say("not HTTP as the standard has it"),
    say("no HTTP status line"),
    say("header larger than 256 KiB"),
    say("two different Content-Lengths"),
    say("broken chunks"),
    say("broken compression"),
    # the address guard
    say("not a canonical address"),
    say("not the public internet"),
    say("unspecified"),
    say("loopback"),
    say("private"),
    say("link-local"),
    say("site-local"),
    say("multicast"),
    say("carrier-grade NAT"),
    say("NAT64"),
    say("6to4"),
    say("6to4 relay"),
    say("Teredo"),
    say("IPv4-compatible"),
    say("IPv4-translated"),
)
"""Every phrase `Fetched.detail` and `Unreachable.detail` may hold; `{n}` stands for a number in it."""

STATUS: Mapping[int, Text] = {
    404: say("page not found"),
    410: say("page gone"),
    500: say("internal error of the server"),
    501: say("not supported by the server"),
    502: say("bad gateway, the server behind it does not answer"),
    503: say("service unavailable"),
    504: say("gateway time-out, the server behind it does not answer"),
    507: say("the server is out of space"),
}
"""What a status means to somebody who does not know the number (RFC 9110 §15)."""


def how_it_ended(fetched: Fetched, reach: Reach) -> Text:
    """What happened on the wire. `reach` is the verdict of wire and reading together (DESIGN.md §1)."""
    detail, status = fetched.detail, fetched.status or 0
    match reach:
        case Reach.TIMEOUT:
            template = _WAITED.get(detail, _WAITED[""]).template
            return Text(template, {"seconds": f"{fetched.seconds:.0f}"})
        case Reach.HTTP_ERROR if status in STATUS:
            return say("the server answers HTTP {status}: {meaning}", status=status, meaning=STATUS[status].template)
        case Reach.HTTP_ERROR:
            return say("the server answers HTTP {status}", status=status)
        case Reach.CHALLENGED if status >= 400:
            return say("alive, but refuses programs (HTTP {status}): cannot be judged", status=status)
        case Reach.SOFT_ERROR if lands_home(fetched.url, fetched.final_url):
            return say("leads to the home page in place of the page")
        case _ if reach in _BECAUSE and detail:
            return Text(_BECAUSE[reach].template, {"detail": detail})
        case _:
            return _PLAIN[reach]


def why_unread(state: State) -> Text:
    """Why a page that came tells nothing of its list; for the states of BLIND_STATES."""
    return _UNREAD.get(state, say("the list cannot be read"))


def unread(check: str, reading: Reading) -> Finding:
    """A page that came and tells nothing of its list; the addresses and calls that would have filled it are the evidence."""
    told = {"needs": reading.needs[:MOST_NEEDS], "asks": reading.asks}
    evidence = {name: list(calls) for name, calls in told.items() if calls}
    return unknown(check, reading.state.value, _why(reading), **evidence)


def _why(reading: Reading) -> Text:
    """The call is named without its query, in which tokens stand that are others at every look."""
    calls = (*reading.asks, *reading.needs)
    if reading.state is not State.SHELL or not calls:
        return why_unread(reading.state)
    call = calls[0].partition("?")[0]
    return say("the list is filled in by script and could not be followed: the page asks {call}", call=call)


_WAITED = {
    "": say("no complete answer within {seconds} s"),
    "no answer in time": say("no answer within {seconds} s"),
    "not complete in time": say("an answer began, but was not complete within {seconds} s"),
}

_BECAUSE = {
    Reach.DNS: say("the name does not resolve: {detail}"),
    Reach.CONNECT: say("the server cannot be reached properly: {detail}"),
    Reach.TLS: say("no secure connection can be made: {detail}"),
    Reach.REDIRECT_LOOP: say("the page redirects astray: {detail}"),
    Reach.MALFORMED: say("the answer cannot be understood by any client: {detail}"),
    Reach.REFUSED_BY_GUARD: say("the address is not allowed by our own settings, see [guard] allow: {detail}"),
}

_PLAIN = {
    Reach.OPEN: say("opens"),
    Reach.SLOW: say("slower than allowed"),
    Reach.DNS: say("the name does not resolve"),
    Reach.CONNECT: say("the server cannot be reached properly"),
    Reach.TLS: say("no secure connection can be made"),
    Reach.REDIRECT_LOOP: say("the page redirects astray"),
    Reach.MALFORMED: say("the answer cannot be understood by any client"),
    Reach.MAINTENANCE: say("the page says it is closed for maintenance"),
    Reach.SOFT_ERROR: say("an error page is shown in place of the page"),
    Reach.HIJACKED: say("the page looks hijacked or sold"),
    Reach.CHALLENGED: say("alive, but refuses programs: cannot be judged"),
    Reach.TOO_LARGE: say("the page is too large to read"),
    Reach.REFUSED_BY_GUARD: say("the address is not allowed by our own settings, see [guard] allow"),
}

_UNREAD = {
    State.SHELL: say("the list is filled in by script and could not be followed"),
    State.CHALLENGED: say("alive, but refuses programs: cannot be judged"),
    State.MAINTENANCE: say("the page says it is closed for maintenance"),
    State.SOFT_ERROR: say("an error page or the home page is shown in place of the page"),
    State.HIJACKED: say("the page looks hijacked or sold"),
    State.UNREADABLE: say("the page cannot be read"),
}
