"""The token of programs that change something over HTTP: `[web] token_file` names the file it stands in.

Reads that file. Never shows what is in it: who has the token can close incidents.
"""

import re
from pathlib import Path

from pydantic import SecretStr

from monitor.config.document import Document
from monitor.config.people import LARGEST_SECRET
from monitor.config.problems import of_system
from monitor.config.settings import WebSettings
from monitor.model import Text, say

SHORTEST = 16
"""Characters; what can be guessed opens nothing (RFC 6750 §5.2 asks for tokens that cannot be)."""
_PLACE = ("web", "token_file")
_MAKE = say("make one: head -c 32 /dev/urandom | base64 > FILE")


def read_token(document: Document, web: WebSettings) -> SecretStr | None:
    """The token, None when there is none; a problem is noted when the file holds something else."""
    if web.token_file is None or not web.token_file.is_file():  # that it is missing was noted with its name
        return None
    trouble, token = _content(web.token_file)
    if trouble is not None:
        document.add(_PLACE, trouble, _MAKE)
        return None
    return SecretStr(token)


def _content(path: Path) -> tuple[Text | None, str]:
    """What is wrong with the file, and the token when nothing is."""
    try:
        with path.open("rb") as file:
            token = file.read(LARGEST_SECRET).decode("utf-8-sig").strip()
    except OSError as error:
        return say("the token cannot be read: {why}", why=of_system(error)), ""
    except UnicodeDecodeError:
        return say("the token is not UTF-8"), ""
    if not re.fullmatch(r"[!-~]+", token):
        return say("the file does not hold one line of plain characters"), ""
    if len(token) < SHORTEST:
        return say("the token is shorter than {n} characters", n=SHORTEST), ""
    return None, token
