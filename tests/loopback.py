"""No test leaves this machine: an audit hook (PEP 578) refuses and remembers every address that is not loopback.

It sees Python's own sockets and look-ups. What C libraries open by themselves (uvloop, c-ares) and what other
processes do it does not see.
"""

import ipaddress
import socket
from typing import Any

refused: list[str] = []
_OWN_NAMES = frozenset({"", "localhost", socket.gethostname()})


def refuse(event: str, args: tuple[Any, ...]) -> None:
    """The hook: raises for an address off this machine, and for a name that somebody else would have to resolve."""
    if event in {"socket.connect", "socket.sendto"} and isinstance(args[1], tuple) and not is_here(str(args[1][0])):
        refused.append(f"{args[1][0]}:{args[1][1]}")
        raise ConnectionRefusedError(f"tests reach loopback only, not {args[1][0]}")
    if event == "socket.getaddrinfo" and isinstance(args[0], str) and _is_name(args[0]):
        refused.append(args[0])
        raise socket.gaierror(socket.EAI_AGAIN, f"tests resolve no names, not {args[0]}")


def is_here(host: str) -> bool:
    """Whether that literal address is this machine's loopback; a name is not, but for localhost."""
    if _is_name(host):
        return False
    if host in _OWN_NAMES:
        return True
    address = ipaddress.ip_address(host.partition("%")[0])
    return bool((getattr(address, "ipv4_mapped", None) or address).is_loopback)


def _is_name(host: str) -> bool:
    if host in _OWN_NAMES:
        return False
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return True
    return False
