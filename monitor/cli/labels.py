"""What obligations are called, and how well the wording of a rule is known. Tables of msgids."""

from collections.abc import Mapping

from monitor.model import Confidence, Text, say

CONFIDENCE: Mapping[Confidence, Text] = {
    Confidence.VERBATIM: say("wording verified"),
    Confidence.SECONDARY: say("wording by other sources"),
    Confidence.UNCONFIRMED: say("wording not verified, for reference only"),
    Confidence.HOUSE: say("own requirement"),
}
OBLIGATIONS: Mapping[str, Text] = {
    "reachable": say("opens"),
    "updated_within": say("updated in time"),
    "not_blank": say("not blank"),
    "dates_honest": say("honest dates"),
    "marks_present": say("footer marks present"),
    "entry_present": say("entry on the home page"),
    "links_work": say("links work"),
    "certificate_valid": say("certificate valid"),
    "not_tampered": say("not tampered with"),
    "no_hidden_links": say("no hidden links"),
    "offline_at_most": say("closed no longer than allowed"),
    "at_most_in_breach": say("number of columns in breach"),
    "notice_kept": say("notice kept up"),
    "published_by": say("published by its day"),
    "answered_within": say("answered in time"),
    "posts_at_least": say("posts often enough"),
    "original_share": say("enough original posts"),
    "fixed_within": say("put right in time"),
    "filed_within": say("filed as prescribed"),
    "done_every": say("done regularly"),
    "duty_covered": say("somebody on duty"),
    "hosted_in": say("hosted where it may be"),
    "inventory": say("inventory as prescribed"),
}
