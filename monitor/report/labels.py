"""The closed words of ledgers as people say them: states, verdicts, why a site did not open. Tables of msgids.

A word that is not here is shown as nobody should see it: as it is. Tests walk every list.
"""

from collections.abc import Mapping

from monitor.alert.phrases import STANDINGS
from monitor.model import Outcome, Reach, Text, say

VERDICTS: Mapping[str, Text] = {
    "passed": say("passed"),
    "failed": say("failed"),
    "undecided": say("cannot be decided"),
    "closed": say("closed for good"),
}
STATES: Mapping[str, Text] = {
    "met": say("kept"),
    "broken": say("broken"),
    "suspected": say("suspected, to be verified"),
    "exempt": say("exempt"),
    "unseen": say("not seen"),
    "young": say("watched for too short a time"),
    "unwatched": say("not watched"),
}
"""Of an indicator."""
OBSERVED: Mapping[str, Text] = {
    "enough": say("enough samples"),
    "too_few": say("too few samples"),
    "unobserved": say("not watched"),
    "running": say("the day is not over"),
}
"""Of a day of samples."""
OWED: Mapping[str, Text] = {value.value: text for value, text in STANDINGS.items()}
REASONS: Mapping[str, Text] = {
    Reach.SLOW.value: say("slower than allowed"),
    Reach.DNS.value: say("the name does not resolve"),
    Reach.CONNECT.value: say("the server cannot be reached properly"),
    Reach.TLS.value: say("no secure connection can be made"),
    Reach.TIMEOUT.value: say("no complete answer in time"),
    Reach.HTTP_ERROR.value: say("the server answers with an error"),
    Reach.REDIRECT_LOOP.value: say("the page redirects astray"),
    Reach.MALFORMED.value: say("the answer cannot be understood by any client"),
    Reach.MAINTENANCE.value: say("the page says it is closed for maintenance"),
    Reach.SOFT_ERROR.value: say("an error page is shown in place of the page"),
    Reach.HIJACKED.value: say("the page looks hijacked or sold"),
}
"""Why a site did not open."""
NOTICES: Mapping[str, Text] = {
    "own_notice": say("on the own site"),
    "portal_notice": say("on the portal"),
    "notice": say("public notice"),
    "new_url": say("the new address in the notice"),
}
SEEN: Mapping[str, Text] = {
    "": say("not looked at yet"),
    Outcome.OK.value: say("seen"),
    Outcome.FAIL.value: say("missing"),
    Outcome.UNKNOWN.value: say("could not look"),
    Outcome.BROKEN.value: say("could not look"),
}
"""What was seen of a notice."""
