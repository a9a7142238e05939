"""The tables. State machines are CHECK constraints and unique indexes, so that an illegal row cannot exist.

Every instant is an INTEGER of milliseconds since 1970 UTC (`monitor.clock`). JSON columns are canonical JSON text. Retention: retention.py.
"""

from monitor.store.schema_records import RECORDS

VERSION = 5  # PRAGMA user_version of a database this program writes; a newer one is refused

MIGRATIONS: tuple[str, ...] = (
    """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE targets (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('site', 'column', 'account', 'page', 'link')),
    name TEXT NOT NULL,
    url TEXT NOT NULL,
    host TEXT NOT NULL,
    owner TEXT NOT NULL DEFAULT '',
    site TEXT,
    column_kind TEXT CHECK (column_kind IN ('dynamic', 'policy', 'notice', 'other')),
    on_home INTEGER NOT NULL DEFAULT 0,
    packs TEXT NOT NULL DEFAULT '[]',
    contacts TEXT NOT NULL DEFAULT '[]',
    options TEXT NOT NULL DEFAULT '{}',
    added_at INTEGER NOT NULL,
    removed_at INTEGER,
    period INTEGER NOT NULL CHECK (period > 0),
    sample_due_at INTEGER NOT NULL,
    next_due_at INTEGER NOT NULL,
    lease TEXT,
    lease_until INTEGER,
    visits INTEGER NOT NULL DEFAULT 0,
    last_visit_at INTEGER,
    last_look_at INTEGER,
    first_look_at INTEGER,
    blind_since INTEGER,
    blind_reason TEXT NOT NULL DEFAULT '',
    etag TEXT,
    last_modified TEXT,
    body_hash TEXT,
    normal_hash TEXT,
    reading TEXT,
    newest_seen TEXT,
    next_change_at INTEGER,
    CHECK ((lease IS NULL) = (lease_until IS NULL)),
    CHECK ((blind_since IS NULL) = (blind_reason = ''))
) STRICT;
CREATE INDEX targets_due ON targets (next_due_at) WHERE removed_at IS NULL;
CREATE INDEX targets_leased ON targets (lease_until) WHERE lease IS NOT NULL;
CREATE INDEX targets_changing ON targets (next_change_at) WHERE next_change_at IS NOT NULL AND removed_at IS NULL;
CREATE INDEX targets_host ON targets (host) WHERE kind = 'site' AND removed_at IS NULL;
CREATE INDEX targets_site ON targets (site) WHERE site IS NOT NULL;

CREATE TABLE carriers (
    page_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    text TEXT NOT NULL, tag TEXT NOT NULL,
    first_seen_at INTEGER NOT NULL,
    gone_at INTEGER,
    PRIMARY KEY (page_id, link_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX carriers_link ON carriers (link_id);

CREATE TABLE runs (
    id INTEGER PRIMARY KEY,
    target_id TEXT NOT NULL,
    check_name TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    outcome TEXT NOT NULL CHECK (outcome IN ('ok', 'fail', 'unknown', 'broken')),
    cause TEXT,
    reason TEXT NOT NULL DEFAULT '',
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    looks INTEGER NOT NULL CHECK (looks >= 1),
    streak INTEGER NOT NULL CHECK (streak >= 1),
    streak_since INTEGER NOT NULL,
    cause_streak INTEGER NOT NULL DEFAULT 1,
    cause_since INTEGER,
    summary TEXT NOT NULL,
    measures TEXT NOT NULL,
    evidence TEXT NOT NULL,
    is_current INTEGER NOT NULL DEFAULT 1 CHECK (is_current IN (0, 1)),
    CHECK (first_at <= last_at),
    CHECK ((outcome = 'fail') = (cause IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX runs_current ON runs (target_id, check_name, subject) WHERE is_current = 1;
CREATE INDEX runs_history ON runs (target_id, first_at);

CREATE TABLE conditions (
    id INTEGER PRIMARY KEY,
    target_id TEXT NOT NULL,
    check_name TEXT NOT NULL,
    subject TEXT NOT NULL DEFAULT '',
    cause TEXT NOT NULL,
    reason TEXT NOT NULL,
    since INTEGER NOT NULL,
    confirmed_at INTEGER NOT NULL,
    ended_at INTEGER,
    CHECK (since <= confirmed_at)
) STRICT;
CREATE UNIQUE INDEX conditions_open ON conditions (target_id, check_name, subject) WHERE ended_at IS NULL;

CREATE TABLE outages (
    id INTEGER PRIMARY KEY,
    target_id TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    up_since INTEGER,
    ended_at INTEGER,
    gaps TEXT NOT NULL DEFAULT '[]',
    CHECK (ended_at IS NULL OR up_since IS NOT NULL)
) STRICT;
CREATE UNIQUE INDEX outages_running ON outages (target_id) WHERE ended_at IS NULL;

CREATE TABLE availability (
    target_id TEXT NOT NULL,
    hour INTEGER NOT NULL,
    good INTEGER NOT NULL DEFAULT 0,
    failed INTEGER NOT NULL DEFAULT 0,
    excluded INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (target_id, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE standings (
    target_id TEXT NOT NULL,
    rule TEXT NOT NULL,
    rule_version TEXT NOT NULL,
    value TEXT NOT NULL CHECK (value IN ('due', 'breached', 'exempt', 'unknown')),
    cause TEXT NOT NULL,
    since INTEGER,
    until INTEGER,
    warned INTEGER NOT NULL DEFAULT 0,
    last_warning INTEGER NOT NULL DEFAULT 0,
    why TEXT NOT NULL,
    inputs TEXT NOT NULL,
    decided_at INTEGER NOT NULL,
    PRIMARY KEY (target_id, rule)
) STRICT, WITHOUT ROWID;
CREATE INDEX standings_due ON standings (until) WHERE value = 'due';

CREATE TABLE rules (
    key TEXT NOT NULL,
    version TEXT NOT NULL,
    text TEXT NOT NULL,
    first_loaded_at INTEGER NOT NULL,
    PRIMARY KEY (key, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE incidents (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    cause TEXT NOT NULL,
    key TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'acknowledged', 'recovered', 'closed', 'false_alarm')),
    severity TEXT NOT NULL CHECK (severity IN ('veto', 'serious', 'breach', 'remind')),
    rules TEXT NOT NULL DEFAULT '[]',
    warned INTEGER NOT NULL DEFAULT 0,
    opened_at INTEGER NOT NULL,
    acknowledged_at INTEGER,
    acknowledged_by TEXT,
    recovered_at INTEGER,
    closed_at INTEGER,
    note TEXT NOT NULL DEFAULT '',
    CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL)),
    CHECK (state <> 'acknowledged' OR acknowledged_at IS NOT NULL),
    CHECK (state <> 'open' OR (recovered_at IS NULL AND closed_at IS NULL)),
    CHECK (state <> 'recovered' OR recovered_at IS NOT NULL),
    CHECK ((state IN ('closed', 'false_alarm')) = (closed_at IS NOT NULL))
) STRICT;
CREATE UNIQUE INDEX incidents_open ON incidents (cause, key) WHERE state IN ('open', 'acknowledged');

CREATE TABLE members (
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    target_id TEXT NOT NULL,
    since INTEGER NOT NULL,
    joined_at INTEGER NOT NULL,
    left_at INTEGER,
    severity TEXT NOT NULL,
    rules TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (incident_id, target_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX members_target ON members (target_id);

CREATE TABLE evidence (
    id INTEGER PRIMARY KEY,
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    target_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    body TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_incident ON evidence (incident_id, at);

CREATE TABLE mutes (
    target_id TEXT PRIMARY KEY,
    until INTEGER NOT NULL,
    who TEXT NOT NULL,
    reason TEXT NOT NULL,
    at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    seq INTEGER PRIMARY KEY,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,
    what TEXT NOT NULL,
    body TEXT NOT NULL,
    hash TEXT NOT NULL
) STRICT;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;
CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'the event log is append-only'); END;

CREATE TABLE notices (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    dedupe_key TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    incident_id INTEGER REFERENCES incidents (id),
    severity TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    release_at INTEGER NOT NULL,
    released_at INTEGER,
    facts TEXT NOT NULL
) STRICT;
CREATE INDEX notices_waiting ON notices (release_at) WHERE released_at IS NULL;
CREATE INDEX notices_incident ON notices (incident_id);

CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('pending', 'sending', 'sent', 'superseded', 'dead')),
    severity TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    attempt INTEGER NOT NULL DEFAULT 0,
    maybe INTEGER NOT NULL DEFAULT 0,
    attempted_at INTEGER,
    next_attempt_at INTEGER NOT NULL,
    lease_until INTEGER,
    finished_at INTEGER,
    receipt TEXT NOT NULL DEFAULT '',
    last_error TEXT NOT NULL DEFAULT '',
    CHECK ((state = 'sending') = (lease_until IS NOT NULL)),
    CHECK ((state IN ('sent', 'superseded', 'dead')) = (finished_at IS NOT NULL)),
    CHECK (state <> 'sent' OR attempt >= 1)
) STRICT;
CREATE INDEX deliveries_waiting ON deliveries (next_attempt_at) WHERE state = 'pending';
CREATE INDEX deliveries_sending ON deliveries (lease_until) WHERE state = 'sending';
CREATE INDEX deliveries_pace ON deliveries (channel, attempted_at);
CREATE INDEX deliveries_state ON deliveries (state, finished_at);

CREATE TABLE delivery_notices (
    notice_id INTEGER NOT NULL REFERENCES notices (id),
    recipient TEXT NOT NULL,
    channel TEXT NOT NULL,
    delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
    PRIMARY KEY (notice_id, recipient, channel)
) STRICT, WITHOUT ROWID;
CREATE INDEX delivery_notices_delivery ON delivery_notices (delivery_id);

CREATE TABLE items (
    target_id TEXT NOT NULL,
    url TEXT NOT NULL,
    title TEXT NOT NULL,
    date TEXT,
    date_from TEXT,
    first_seen_at INTEGER NOT NULL,
    first_date TEXT,
    PRIMARY KEY (target_id, url)
) STRICT, WITHOUT ROWID;

CREATE TABLE bodies (
    hash TEXT PRIMARY KEY,
    base TEXT,
    depth INTEGER NOT NULL DEFAULT 0,
    size INTEGER NOT NULL,
    stored BLOB NOT NULL,
    CHECK ((base IS NULL) = (depth = 0))
) STRICT;
CREATE INDEX bodies_base ON bodies (base) WHERE base IS NOT NULL;

CREATE TABLE snapshots (
    id INTEGER PRIMARY KEY,
    target_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    body_hash TEXT NOT NULL,
    normal_hash TEXT NOT NULL,
    url TEXT NOT NULL, status INTEGER, headers TEXT NOT NULL
) STRICT;
CREATE INDEX snapshots_target ON snapshots (target_id, at); CREATE INDEX snapshots_body ON snapshots (body_hash);
""",
    """
ALTER TABLE targets ADD COLUMN told INTEGER;
CREATE INDEX targets_listed ON targets (id, told, removed_at) WHERE kind <> 'link';
CREATE INDEX runs_broken ON runs (check_name) WHERE is_current = 1 AND outcome = 'broken';
""",
    "ALTER TABLE items ADD COLUMN unseen_at INTEGER;",
    "ALTER TABLE targets ADD COLUMN entry TEXT CHECK (entry IN ('service', 'interaction', 'report', 'notice', 'other'));",
    RECORDS,
)
