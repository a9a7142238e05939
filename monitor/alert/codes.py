"""Constant words that appear as values inside sentences, beside model.DETAILS: reasons, states, our checks, refusals of channels.

A table of msgids, said here so that the catalogues have them; `render.translate` looks values up.
"""

from monitor.model import say

CODES = (
    # why nothing could be told of a target (Finding.reason, Facts.blind_reason), as values inside other sentences
    say("shell"),
    say("challenged"),
    say("maintenance"),
    say("soft_error"),
    say("hijacked"),
    say("unreadable"),
    say("undated"),
    say("no_publish_time"),
    say("future_dates"),
    say("host_down"),
    say("uplink"),
    say("dns"),
    say("connect"),
    say("tls"),
    say("timeout"),
    say("http_error"),
    say("redirect_loop"),
    say("malformed"),
    say("too_large"),
    say("refused_by_guard"),
    say("less than 0.1"),  # seconds
    # states of an incident
    say("open"),
    say("acknowledged"),
    say("recovered"),
    say("closed"),
    say("false_alarm"),
    # our own checks, where one of them fails
    say("reachable"),
    say("column_fresh"),
    say("column_blank"),
    say("dates_honest"),
    say("entry_present"),
    say("marks_present"),
    say("tampered"),
    say("feed_fresh"),
    say("links_alive"),
    say("published"),
    say("certificate"),
    say("notice_kept"),
    say("hosted_in"),
    say("visit"),
    # why a message did not get through (channels/)
    say("no answer recorded"),
    say("not sent in time"),
    say("the notice cannot be read"),
    say("there is no notice to send"),
    say("no connection in time"),
    say("connection lost"),
    say("name cannot be resolved"),
    say("TLS failed"),
    say("mail server not reached"),
    say("no service behind this address"),
    say("not an address that can be asked"),
    say("connection failed"),
    say("the proxy failed"),
    say("the channel broke down"),
    say("earlier messages still hang"),
    say("not accepted"),
    say("answer without a code"),
    say("SMTP {n}"),
    say("HTTP {n}, and yet not accepted"),
    say("HTTP {n}, redirects are not followed"),
    say("this channel is no longer in the settings"),
)
