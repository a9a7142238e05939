"""The tables of what people bring: declarations, messages, attestations, posts; the rows of reply lists; what people called a false alarm; which dates looks told. The fifth step of schema.MIGRATIONS."""

RECORDS = """
ALTER TABLE targets ADD COLUMN entry_kind TEXT
    CHECK (entry_kind IN ('service', 'interaction', 'report', 'notice', 'replies', 'statistics', 'other'));
UPDATE targets SET entry_kind = entry WHERE entry IS NOT NULL;
ALTER TABLE targets DROP COLUMN entry;
ALTER TABLE targets RENAME COLUMN entry_kind TO entry;
ALTER TABLE targets ADD COLUMN platform TEXT CHECK (kind = 'account' OR platform IS NULL);
ALTER TABLE targets ADD COLUMN level INTEGER NOT NULL DEFAULT 0 CHECK (level >= 0 AND (kind = 'column' OR level = 0));
ALTER TABLE standings ADD COLUMN turned_at INTEGER;
CREATE INDEX standings_next ON standings (until) WHERE value = 'breached' AND until IS NOT NULL;
CREATE INDEX outages_target ON outages (target_id, started_at);
CREATE INDEX targets_owner ON targets (owner, kind) WHERE owner <> '' AND kind <> 'link' AND removed_at IS NULL;
CREATE TABLE declarations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    target_id TEXT NOT NULL,
    start INTEGER NOT NULL,
    end INTEGER,
    number TEXT NOT NULL DEFAULT '',
    who TEXT NOT NULL,
    filed_at INTEGER NOT NULL,
    fields TEXT NOT NULL DEFAULT '{}',
    attachments TEXT NOT NULL DEFAULT '[]',
    corrects INTEGER REFERENCES declarations (id),
    superseded_at INTEGER,
    withdrawn_by TEXT,
    withdrawn_because TEXT,
    CHECK (end IS NULL OR start < end),
    CHECK (withdrawn_by IS NULL OR superseded_at IS NOT NULL AND withdrawn_because IS NOT NULL)
) STRICT;
CREATE INDEX declarations_target ON declarations (target_id, start) WHERE superseded_at IS NULL;
CREATE UNIQUE INDEX declarations_corrects ON declarations (corrects) WHERE corrects IS NOT NULL;

CREATE TABLE messages (
    target_id TEXT NOT NULL,
    id TEXT NOT NULL,
    class TEXT NOT NULL CHECK (class IN ('jiucuo', 'consulting', 'handling', 'unknown')),
    received_at INTEGER NOT NULL,
    answered_at INTEGER,
    explained INTEGER NOT NULL DEFAULT 0,
    source TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    how TEXT NOT NULL DEFAULT 'import' CHECK (how IN ('import', 'hand', 'read')),
    answer TEXT NOT NULL DEFAULT 'told' CHECK (answer IN ('told', 'read', 'seen')),
    title TEXT NOT NULL DEFAULT '',
    url TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (target_id, id),
    CHECK (answered_at IS NULL OR answered_at >= received_at)
) STRICT, WITHOUT ROWID;
CREATE INDEX messages_waiting ON messages (target_id, received_at) WHERE answered_at IS NULL;
CREATE INDEX messages_titled ON messages (target_id, received_at) WHERE title <> '';

CREATE TABLE letters (
    page_id TEXT NOT NULL,
    id TEXT NOT NULL,
    title TEXT NOT NULL,
    url TEXT,
    number TEXT,
    kind TEXT NOT NULL,
    class TEXT,
    received TEXT,
    answered TEXT,
    is_answered INTEGER CHECK (is_answered IN (0, 1)),
    asked INTEGER NOT NULL DEFAULT 0,
    message TEXT,
    first_seen_at INTEGER NOT NULL,
    seen_at INTEGER NOT NULL,
    unseen_at INTEGER,
    PRIMARY KEY (page_id, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE attestations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    target_id TEXT NOT NULL,
    newest TEXT NOT NULL,
    at INTEGER NOT NULL,
    until INTEGER NOT NULL,
    who TEXT NOT NULL,
    screenshot TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    CHECK (at < until)
) STRICT;
CREATE INDEX attestations_target ON attestations (target_id, at);

CREATE TABLE posts (
    target_id TEXT NOT NULL,
    id TEXT NOT NULL,
    day TEXT NOT NULL,
    title TEXT NOT NULL DEFAULT '',
    original INTEGER CHECK (original IN (0, 1)),
    source TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    PRIMARY KEY (target_id, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX posts_day ON posts (target_id, day);

CREATE TABLE excused (
    target_id TEXT NOT NULL,
    cause TEXT NOT NULL,
    thing TEXT NOT NULL,
    incident_id INTEGER NOT NULL REFERENCES incidents (id),
    PRIMARY KEY (target_id, cause, thing)
) STRICT, WITHOUT ROWID;
INSERT INTO excused (target_id, cause, thing, incident_id)
    SELECT m.target_id, i.cause, '*', MAX(i.id) FROM incidents i JOIN members m ON m.incident_id = i.id
    WHERE i.state = 'false_alarm' AND m.left_at = i.closed_at AND i.cause <> 'ours' AND NOT EXISTS (
        SELECT 1 FROM members n JOIN incidents j ON j.id = n.incident_id
        WHERE n.target_id = m.target_id AND j.cause = i.cause AND j.id > i.id)
    GROUP BY m.target_id, i.cause;
UPDATE targets SET next_change_at = 0 WHERE visits > 0 AND removed_at IS NULL AND id IN (SELECT target_id FROM excused);

CREATE TABLE run_dates (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    since INTEGER NOT NULL,
    day TEXT NOT NULL,
    PRIMARY KEY (run_id, name, since)
) STRICT, WITHOUT ROWID;
INSERT INTO run_dates (run_id, name, since, day)
    SELECT r.id, m.value ->> 'name', r.last_at, m.value ->> 'value' FROM runs r, json_each(r.measures) m
    WHERE r.is_current = 1 AND m.value ->> 'unit' = 'date' AND m.value ->> 'value' IS NOT NULL;
"""
