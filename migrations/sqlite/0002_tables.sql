-- The tables that the panes read. Written by projection only; dropped and rebuilt from the ledger at will.
-- Every row carries `seq`, the entry that last wrote it, and belongs to one subject: `ref` or `<parent>_ref`.

CREATE TABLE counter (
    prefix TEXT    NOT NULL PRIMARY KEY,
    last   INTEGER NOT NULL CHECK (last >= 1)
) STRICT;

CREATE TABLE store (
    ref        TEXT    NOT NULL PRIMARY KEY CHECK (ref = 'store'),
    org        TEXT    NOT NULL,
    demo       INTEGER NOT NULL CHECK (demo IN (0, 1)),
    founder    TEXT    NOT NULL,
    founded_at INTEGER NOT NULL,
    -- When the past of a demo store was told to its end.
    sealed_at  INTEGER,
    state      TEXT    NOT NULL CHECK (state IN ('founded', 'repaired')),
    seq        INTEGER NOT NULL
) STRICT;

CREATE TABLE site (
    ref         TEXT    NOT NULL PRIMARY KEY,
    name        TEXT    NOT NULL,
    timezone    TEXT    NOT NULL,
    sector      TEXT,
    frameworks  TEXT    NOT NULL,
    nerc_impact TEXT,
    otcc_level  INTEGER CHECK (otcc_level BETWEEN 1 AND 3),
    asks_number INTEGER NOT NULL DEFAULT 0 CHECK (asks_number IN (0, 1)),
    asks_remote INTEGER NOT NULL DEFAULT 0 CHECK (asks_remote IN (0, 1)),
    state       TEXT    NOT NULL CHECK (state IN ('active')),
    seq         INTEGER NOT NULL
) STRICT;

CREATE TABLE zone (
    ref         TEXT    NOT NULL PRIMARY KEY,
    site        TEXT    NOT NULL REFERENCES site (ref),
    zone        TEXT    NOT NULL,
    name        TEXT    NOT NULL,
    purdue      TEXT    NOT NULL,
    sl_target   INTEGER CHECK (sl_target BETWEEN 0 AND 4),
    sl_achieved INTEGER CHECK (sl_achieved BETWEEN 0 AND 4),
    state       TEXT    NOT NULL CHECK (state IN ('active')),
    seq         INTEGER NOT NULL
) STRICT;
CREATE INDEX zone_by_site ON zone (site);

CREATE TABLE person (
    ref     TEXT    NOT NULL PRIMARY KEY,
    name    TEXT    NOT NULL,
    left_at INTEGER,
    state   TEXT    NOT NULL CHECK (state IN ('active', 'deactivated')),
    seq     INTEGER NOT NULL
) STRICT;

CREATE TABLE person_discipline (
    person_ref TEXT    NOT NULL REFERENCES person (ref),
    discipline TEXT    NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (person_ref, discipline)
) STRICT;

-- The scope `*` is all sites.
CREATE TABLE role_grant (
    person_ref TEXT    NOT NULL REFERENCES person (ref),
    role       TEXT    NOT NULL,
    scope      TEXT    NOT NULL,
    until_at   INTEGER,
    state      TEXT    NOT NULL CHECK (state IN ('held', 'revoked')),
    seq        INTEGER NOT NULL,
    PRIMARY KEY (person_ref, role, scope)
) STRICT;

-- What was lost when the store was put back from a backup: named by the head that is lost, and said by two persons.
CREATE TABLE restore (
    ref         TEXT NOT NULL PRIMARY KEY,
    kept        INTEGER NOT NULL CHECK (kept >= 1),
    reason      TEXT NOT NULL,
    proposed_by TEXT NOT NULL REFERENCES person (ref),
    proposed_at INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    UNIQUE (ref, proposed_by)
) STRICT;

CREATE TABLE restored (
    restore_ref  TEXT NOT NULL PRIMARY KEY,
    proposed_by  TEXT NOT NULL,
    confirmed_by TEXT NOT NULL REFERENCES person (ref),
    confirmed_at INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    CHECK (confirmed_by <> proposed_by),
    FOREIGN KEY (restore_ref, proposed_by) REFERENCES restore (ref, proposed_by)
) STRICT;

CREATE TABLE raci (
    raci_ref   TEXT    NOT NULL,
    activity   TEXT    NOT NULL,
    scope      TEXT    NOT NULL,
    discipline TEXT    NOT NULL,
    value      TEXT    NOT NULL CHECK (value IN ('R', 'A', 'C', 'I', '-')),
    seq        INTEGER NOT NULL,
    PRIMARY KEY (raci_ref, discipline)
) STRICT;

CREATE TABLE duty (
    person_ref TEXT    NOT NULL REFERENCES person (ref),
    discipline TEXT    NOT NULL,
    site       TEXT    NOT NULL REFERENCES site (ref),
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (person_ref, discipline, site, start_at),
    CHECK (end_at >= start_at)
) STRICT;

CREATE TABLE asset (
    ref          TEXT    NOT NULL PRIMARY KEY,
    site         TEXT    NOT NULL REFERENCES site (ref),
    tag          TEXT    NOT NULL,
    name         TEXT    NOT NULL,
    class        TEXT    NOT NULL,
    zone         TEXT    REFERENCES zone (ref),
    vendor       TEXT,
    product      TEXT,
    model        TEXT,
    order_number TEXT,
    firmware     TEXT,
    serial       TEXT,
    purdue       TEXT,
    ip           TEXT,
    safety       INTEGER CHECK (safety BETWEEN 1 AND 5),
    regulatory   INTEGER CHECK (regulatory BETWEEN 1 AND 5),
    production   INTEGER CHECK (production BETWEEN 1 AND 5),
    safety_at     INTEGER,
    regulatory_at INTEGER,
    production_at INTEGER,
    owner        TEXT    REFERENCES person (ref),
    part_of      TEXT    REFERENCES asset (ref),
    constraints  TEXT    NOT NULL,
    support_end  INTEGER,
    provenance   TEXT    NOT NULL,
    folded       TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('active', 'retired')),
    seq          INTEGER NOT NULL
) STRICT;
CREATE INDEX asset_by_site ON asset (site, ref);
-- The scan of all assets, words typed into the filter, reads this alone: a tenth of the pages. PostgreSQL scans in
-- parallel, and has a limit on the width of an index row.
CREATE INDEX asset_by_text ON asset (ref, folded);

-- The vendor keys by which an asset is found when an advisory comes in.
CREATE TABLE asset_key (
    asset_ref TEXT    NOT NULL REFERENCES asset (ref),
    match_key TEXT   NOT NULL,
    live      INTEGER NOT NULL CHECK (live IN (0, 1)),
    seq       INTEGER NOT NULL,
    PRIMARY KEY (asset_ref, match_key)
) STRICT;
CREATE INDEX asset_key_by_match ON asset_key (match_key, asset_ref);

CREATE TABLE vendor (
    ref          TEXT    NOT NULL PRIMARY KEY,
    name         TEXT    NOT NULL,
    contact      TEXT,
    contract_end INTEGER,
    state        TEXT    NOT NULL CHECK (state IN ('active', 'suspended')),
    seq          INTEGER NOT NULL
) STRICT;

CREATE TABLE vendor_person (
    vendor_ref      TEXT    NOT NULL REFERENCES vendor (ref),
    person          TEXT    NOT NULL,
    name            TEXT,
    screening_until INTEGER,
    training_until  INTEGER,
    ssh_keys        TEXT    NOT NULL,
    keys_told       TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('active', 'suspended')),
    seq             INTEGER NOT NULL,
    PRIMARY KEY (vendor_ref, person)
) STRICT;

CREATE TABLE import (
    ref         TEXT    NOT NULL PRIMARY KEY,
    format      TEXT    NOT NULL,
    source      TEXT    NOT NULL,
    digest      TEXT,
    site        TEXT    REFERENCES site (ref),
    state       TEXT    NOT NULL CHECK (state IN ('started', 'finished')),
    read        INTEGER NOT NULL,
    accepted    INTEGER NOT NULL,
    confirmed   INTEGER NOT NULL,
    refused     INTEGER NOT NULL,
    author      TEXT    NOT NULL,
    started_at  INTEGER NOT NULL,
    seq         INTEGER NOT NULL
) STRICT;

CREATE TABLE advisory (
    ref         TEXT    NOT NULL PRIMARY KEY,
    publisher   TEXT    NOT NULL,
    title       TEXT    NOT NULL,
    version     TEXT    NOT NULL,
    digest      TEXT    NOT NULL,
    reading     TEXT    NOT NULL,
    score       INTEGER CHECK (score BETWEEN 0 AND 100),
    released_at INTEGER,
    cves        TEXT    NOT NULL,
    findings    TEXT    NOT NULL,
    revisions   INTEGER NOT NULL,
    imported_at INTEGER NOT NULL,
    folded      TEXT    NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('new')),
    seq         INTEGER NOT NULL
) STRICT;

CREATE TABLE advisory_revision (
    advisory_ref TEXT    NOT NULL REFERENCES advisory (ref),
    digest       TEXT    NOT NULL REFERENCES document (digest),
    reading      TEXT    NOT NULL REFERENCES document (digest),
    version      TEXT    NOT NULL,
    parser       INTEGER NOT NULL,
    import       TEXT    REFERENCES import (ref),
    imported_at  INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (advisory_ref, digest)
) STRICT;

CREATE TABLE advisory_key (
    advisory_ref TEXT    NOT NULL REFERENCES advisory (ref),
    match_key   TEXT    NOT NULL,
    live         INTEGER NOT NULL CHECK (live IN (0, 1)),
    seq          INTEGER NOT NULL,
    PRIMARY KEY (advisory_ref, match_key)
) STRICT;
CREATE INDEX advisory_key_by_match ON advisory_key (match_key, advisory_ref);

CREATE TABLE vuln_match (
    advisory_ref TEXT    NOT NULL REFERENCES advisory (ref),
    asset        TEXT    NOT NULL REFERENCES asset (ref),
    cve          TEXT    NOT NULL,
    site         TEXT    NOT NULL REFERENCES site (ref),
    tier         TEXT    NOT NULL CHECK (tier IN ('confirmed', 'likely', 'undetermined', 'possible', 'ruled_out')),
    because      TEXT    NOT NULL,
    analyser     INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (advisory_ref, asset, cve)
) STRICT;
CREATE INDEX vuln_match_by_asset ON vuln_match (asset, advisory_ref);
CREATE INDEX vuln_match_by_site ON vuln_match (advisory_ref, site, tier, asset);

CREATE TABLE match_run (
    advisory_ref TEXT    NOT NULL REFERENCES advisory (ref),
    run          INTEGER NOT NULL,
    digest       TEXT    NOT NULL,
    analyser     INTEGER NOT NULL,
    assessed     INTEGER NOT NULL,
    ruled_out    INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (advisory_ref, run)
) STRICT;

CREATE TABLE risk (
    ref             TEXT    NOT NULL PRIMARY KEY,
    site            TEXT    NOT NULL REFERENCES site (ref),
    title           TEXT    NOT NULL,
    source          TEXT    NOT NULL CHECK (source IN ('advisory', 'person')),
    advisory        TEXT    REFERENCES advisory (ref),
    inherent_weight TEXT,
    current_weight  TEXT,
    residual_weight TEXT,
    inherent        INTEGER CHECK (inherent BETWEEN 1 AND 25),
    current         INTEGER CHECK (current BETWEEN 1 AND 25),
    residual        INTEGER CHECK (residual BETWEEN 1 AND 25),
    priority        INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
    treatment       TEXT,
    owner           TEXT    REFERENCES person (ref),
    due_at          INTEGER,
    assessed_at     INTEGER,
    compensating    TEXT    NOT NULL,
    accepted_until  INTEGER,
    lapsed          TEXT,
    raised_at       INTEGER NOT NULL,
    cause           INTEGER,
    folded          TEXT    NOT NULL,
    state           TEXT    NOT NULL CHECK (state IN ('candidate', 'open', 'treating', 'accepted', 'closed')),
    seq             INTEGER NOT NULL,
    UNIQUE (advisory, site)
) STRICT;
CREATE INDEX risk_by_rank ON risk (priority, state, accepted_until, ref);
CREATE INDEX risk_by_site ON risk (site, priority, state);
-- The order of the list, word for word: its first page is read from here.
CREATE INDEX risk_by_list ON risk (CAST(CASE WHEN state = 'closed' THEN 1 ELSE 0 END AS BIGINT), priority, 25 - COALESCE(current, inherent, 0),
                                   CAST(LENGTH(ref) AS BIGINT), ref);

-- What is decided on: one row for each change, window and acceptance.
CREATE TABLE approval (
    ref        TEXT    NOT NULL PRIMARY KEY,
    site       TEXT    NOT NULL REFERENCES site (ref),
    requester  TEXT    NOT NULL REFERENCES person (ref),
    revision   INTEGER NOT NULL CHECK (revision >= 1),
    activity   TEXT    NOT NULL,
    accountable TEXT   NOT NULL,
    asked_at   INTEGER NOT NULL,
    approve_by INTEGER NOT NULL,
    decided_at INTEGER,
    state      TEXT    NOT NULL CHECK (state IN ('pending', 'approved', 'vetoed', 'returned', 'ended')),
    seq        INTEGER NOT NULL,
    UNIQUE (ref, requester)
) STRICT;

CREATE TABLE requirement (
    approval_ref TEXT    NOT NULL REFERENCES approval (ref),
    revision     INTEGER NOT NULL,
    discipline   TEXT    NOT NULL,
    -- Its yes; a yes of one among several, by whoever is on call; or its word afterwards.
    need         TEXT    NOT NULL CHECK (need IN ('must', 'one_of', 'review')),
    veto         INTEGER NOT NULL CHECK (veto IN (0, 1)),
    because      TEXT    NOT NULL,
    rule         INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (approval_ref, revision, discipline)
) STRICT;
CREATE INDEX requirement_by_rule ON requirement (rule);

-- Who is heard and who is told, without a decision to take.
CREATE TABLE concern (
    approval_ref TEXT    NOT NULL REFERENCES approval (ref),
    revision     INTEGER NOT NULL,
    discipline   TEXT    NOT NULL,
    part         TEXT    NOT NULL CHECK (part IN ('consulted', 'informed')),
    because      TEXT    NOT NULL,
    rule         INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (approval_ref, revision, discipline)
) STRICT;

CREATE TABLE decision (
    approval_ref TEXT    NOT NULL,
    revision     INTEGER NOT NULL,
    discipline   TEXT    NOT NULL,
    person       TEXT    NOT NULL,
    requester    TEXT    NOT NULL,
    decision     TEXT    NOT NULL CHECK (decision IN ('yes', 'no')),
    reason       TEXT,
    decided_at   INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (approval_ref, revision, discipline),
    UNIQUE (approval_ref, revision, person),
    CHECK (person <> requester),
    CHECK (decision = 'yes' OR reason IS NOT NULL),
    FOREIGN KEY (approval_ref, requester) REFERENCES approval (ref, requester),
    FOREIGN KEY (approval_ref, revision, discipline) REFERENCES requirement (approval_ref, revision, discipline),
    FOREIGN KEY (person, discipline) REFERENCES person_discipline (person_ref, discipline)
) STRICT;

CREATE TABLE acceptance (
    ref          TEXT    NOT NULL PRIMARY KEY,
    site         TEXT    NOT NULL REFERENCES site (ref),
    risk         TEXT    NOT NULL REFERENCES risk (ref),
    until_at     INTEGER NOT NULL,
    reason       TEXT    NOT NULL,
    compensating TEXT    NOT NULL,
    requester    TEXT    NOT NULL REFERENCES person (ref),
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'expired')),
    seq          INTEGER NOT NULL
) STRICT;

-- Outages and blackouts of a site: of all of it, or of the assets named.
CREATE TABLE calendar (
    ref      TEXT    NOT NULL PRIMARY KEY,
    kind     TEXT    NOT NULL CHECK (kind IN ('outage', 'blackout')),
    site     TEXT    NOT NULL REFERENCES site (ref),
    title    TEXT    NOT NULL,
    start_at INTEGER NOT NULL,
    end_at   INTEGER NOT NULL,
    whole    INTEGER NOT NULL CHECK (whole IN (0, 1)),
    author   TEXT    NOT NULL REFERENCES person (ref),
    set_at   INTEGER NOT NULL,
    ended_by TEXT,
    ended_at INTEGER,
    note     TEXT,
    folded   TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('planned', 'cancelled', 'declared', 'ended')),
    seq      INTEGER NOT NULL,
    CHECK (end_at > start_at)
) STRICT;
CREATE INDEX calendar_by_site ON calendar (site, end_at);

CREATE TABLE calendar_asset (
    calendar_ref TEXT    NOT NULL REFERENCES calendar (ref),
    asset        TEXT    NOT NULL REFERENCES asset (ref),
    seq          INTEGER NOT NULL,
    PRIMARY KEY (calendar_ref, asset)
) STRICT;

-- What may be done to a class of asset, and when; a cell without a site is of every site that sets none of its own.
CREATE TABLE intervention (
    ref          TEXT NOT NULL PRIMARY KEY,
    site         TEXT REFERENCES site (ref),
    class        TEXT NOT NULL,
    intervention TEXT NOT NULL,
    allowed      TEXT NOT NULL CHECK (allowed IN ('never', 'outage', 'anytime', 'ask')),
    set_by       TEXT NOT NULL REFERENCES person (ref),
    set_at       INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('set')),
    seq          INTEGER NOT NULL
) STRICT;

CREATE TABLE yardstick (
    ref     TEXT NOT NULL PRIMARY KEY,
    site    TEXT REFERENCES site (ref),
    measure TEXT,
    value   INTEGER NOT NULL CHECK (value BETWEEN 0 AND 100),
    reason  TEXT NOT NULL,
    set_by  TEXT NOT NULL REFERENCES person (ref),
    set_at  INTEGER NOT NULL,
    state   TEXT NOT NULL CHECK (state IN ('set')),
    seq     INTEGER NOT NULL,
    CHECK (measure IS NULL OR site IS NULL)
) STRICT;

CREATE TABLE change (
    ref              TEXT    NOT NULL PRIMARY KEY,
    site             TEXT    NOT NULL REFERENCES site (ref),
    title            TEXT    NOT NULL,
    kind             TEXT    NOT NULL CHECK (kind IN ('normal', 'standard', 'emergency', 'temporary')),
    activity         TEXT    NOT NULL,
    start_at         INTEGER NOT NULL,
    end_at           INTEGER NOT NULL,
    approve_by       INTEGER NOT NULL,
    impacts          TEXT    NOT NULL,
    rollback         TEXT    NOT NULL,
    tests            TEXT    NOT NULL,
    alters_logic     INTEGER NOT NULL CHECK (alters_logic IN (0, 1)),
    alters_validated INTEGER NOT NULL CHECK (alters_validated IN (0, 1)),
    revert_by        INTEGER,
    external_ref     TEXT,
    basis            TEXT,
    procedures       TEXT,
    supersedes       TEXT    REFERENCES change (ref),
    template         TEXT    REFERENCES change (ref),
    intervention     TEXT,
    requester        TEXT    NOT NULL REFERENCES person (ref),
    requested_at     INTEGER NOT NULL,
    revision         INTEGER NOT NULL CHECK (revision >= 1),
    note             TEXT,
    evidence         TEXT,
    before_ref       TEXT,
    before_sum       TEXT,
    after_ref        TEXT,
    after_sum        TEXT,
    completed_at     INTEGER,
    backed_out_at    INTEGER,
    folded           TEXT    NOT NULL,
    state            TEXT    NOT NULL CHECK (state IN ('requested', 'approved', 'in_progress', 'implemented', 'verified',
                             'rejected', 'returned', 'withdrawn', 'backed_out', 'expired')),
    seq              INTEGER NOT NULL,
    CHECK (end_at > start_at)
) STRICT;
CREATE INDEX change_by_state ON change (state, end_at);
-- Work that ended too late raised an alarm, which stays until somebody acknowledges it.
CREATE INDEX change_late ON change (ref) WHERE COALESCE(completed_at, backed_out_at) > end_at;
CREATE INDEX change_reverted_late ON change (ref) WHERE backed_out_at > revert_by;

CREATE TABLE change_asset (
    change_ref TEXT    NOT NULL REFERENCES change (ref),
    asset      TEXT    NOT NULL REFERENCES asset (ref),
    revision   INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (change_ref, revision, asset)
) STRICT;
CREATE INDEX change_asset_by_asset ON change_asset (asset);

CREATE TABLE change_risk (
    change_ref TEXT    NOT NULL REFERENCES change (ref),
    risk       TEXT    NOT NULL REFERENCES risk (ref),
    revision   INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (change_ref, revision, risk)
) STRICT;
CREATE INDEX change_risk_by_risk ON change_risk (risk);

-- What somebody let pass that stood against a change, as it stood then.
CREATE TABLE waiver (
    change_ref TEXT NOT NULL REFERENCES change (ref),
    revision   INTEGER NOT NULL,
    conflict   TEXT NOT NULL,
    against    TEXT NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    person     TEXT NOT NULL REFERENCES person (ref),
    reason     TEXT NOT NULL,
    waived_at  INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (change_ref, revision, conflict, against, start_at, end_at)
) STRICT;

-- What is out of use for a time, and under which change.
CREATE TABLE bypass (
    ref          TEXT NOT NULL PRIMARY KEY,
    site         TEXT NOT NULL REFERENCES site (ref),
    change       TEXT NOT NULL REFERENCES change (ref),
    asset        TEXT NOT NULL REFERENCES asset (ref),
    what         TEXT NOT NULL,
    reason       TEXT NOT NULL,
    compensating TEXT NOT NULL,
    tag          TEXT,
    until_at     INTEGER NOT NULL,
    since        INTEGER NOT NULL,
    placed_by    TEXT NOT NULL REFERENCES person (ref),
    placed_at    INTEGER NOT NULL,
    removed_by   TEXT,
    removed_at   INTEGER,
    note         TEXT,
    folded       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('placed', 'removed')),
    seq          INTEGER NOT NULL
) STRICT;
CREATE INDEX bypass_by_state ON bypass (state, until_at);
-- One that was taken out too late raised an alarm, which stays until somebody acknowledges it.
CREATE INDEX bypass_late ON bypass (ref) WHERE removed_at > until_at;

CREATE TABLE vendor_window (
    ref          TEXT    NOT NULL PRIMARY KEY,
    site         TEXT    NOT NULL REFERENCES site (ref),
    vendor       TEXT    NOT NULL REFERENCES vendor (ref),
    person       TEXT    NOT NULL,
    purpose      TEXT    NOT NULL,
    start_at     INTEGER NOT NULL,
    end_at       INTEGER NOT NULL,
    change       TEXT    REFERENCES change (ref),
    escort       TEXT,
    source       TEXT,
    second_factor TEXT,
    recording    TEXT,
    risks        TEXT    NOT NULL,
    requester    TEXT    NOT NULL REFERENCES person (ref),
    requested_at INTEGER NOT NULL,
    opened_by    TEXT,
    opened_at    INTEGER,
    ended_by     TEXT,
    ended_at     INTEGER,
    note         TEXT,
    folded       TEXT    NOT NULL,
    state        TEXT    NOT NULL CHECK (state IN ('requested', 'approved', 'open', 'closed', 'rejected', 'cancelled',
                         'lapsed', 'cut_off')),
    seq          INTEGER NOT NULL,
    CHECK (end_at > start_at),
    FOREIGN KEY (vendor, person) REFERENCES vendor_person (vendor_ref, person)
) STRICT;
CREATE INDEX vendor_window_by_state ON vendor_window (state, end_at);
CREATE INDEX vendor_window_late ON vendor_window (ref) WHERE ended_at > end_at;

CREATE TABLE window_asset (
    window_ref TEXT    NOT NULL REFERENCES vendor_window (ref),
    asset      TEXT    NOT NULL REFERENCES asset (ref),
    seq        INTEGER NOT NULL,
    PRIMARY KEY (window_ref, asset)
) STRICT;
CREATE INDEX window_asset_by_asset ON window_asset (asset);

-- What somebody opened a window in spite of, as it stood then.
CREATE TABLE despite (
    window_ref TEXT    NOT NULL REFERENCES vendor_window (ref),
    conflict   TEXT    NOT NULL,
    against    TEXT    NOT NULL,
    start_at   INTEGER NOT NULL,
    end_at     INTEGER NOT NULL,
    person     TEXT    NOT NULL REFERENCES person (ref),
    reason     TEXT    NOT NULL,
    opened_at  INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (window_ref, conflict, against, start_at, end_at)
) STRICT;

-- The request that a window end later: until it is approved the old end stands.
CREATE TABLE extension (
    ref          TEXT NOT NULL PRIMARY KEY,
    site         TEXT NOT NULL REFERENCES site (ref),
    window_ref   TEXT NOT NULL REFERENCES vendor_window (ref),
    old_end_at   INTEGER NOT NULL,
    end_at       INTEGER NOT NULL,
    reason       TEXT NOT NULL,
    requester    TEXT NOT NULL REFERENCES person (ref),
    requested_at INTEGER NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'lapsed')),
    seq          INTEGER NOT NULL,
    CHECK (end_at > old_end_at)
) STRICT;
CREATE INDEX extension_by_window ON extension (window_ref);

-- Who of a vendor is or was on an asset; `within` is the window that was open for it when it began.
CREATE TABLE access_session (
    ref        TEXT    NOT NULL PRIMARY KEY,
    site       TEXT    NOT NULL REFERENCES site (ref),
    within     TEXT    REFERENCES vendor_window (ref),
    vendor     TEXT    NOT NULL REFERENCES vendor (ref),
    person     TEXT    NOT NULL,
    asset      TEXT    NOT NULL REFERENCES asset (ref),
    source     TEXT,
    note       TEXT,
    started_by TEXT    NOT NULL REFERENCES person (ref),
    started_at INTEGER NOT NULL,
    cut_off_by TEXT,
    cut_off_at INTEGER,
    cut_off_because TEXT,
    ended_by   TEXT,
    ended_at   INTEGER,
    folded     TEXT    NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('live', 'ended')),
    seq        INTEGER NOT NULL,
    FOREIGN KEY (vendor, person) REFERENCES vendor_person (vendor_ref, person)
) STRICT;
CREATE INDEX access_session_by_state ON access_session (state, started_at);
CREATE INDEX access_session_by_window ON access_session (within);
CREATE INDEX access_session_outside ON access_session (ref) WHERE within IS NULL;

-- What access logs say; `lead` is the first event of the same login and asset in the import that no window covers, where
-- somebody came in, and the one that raises the alarm.
CREATE TABLE access_event (
    ref         TEXT NOT NULL PRIMARY KEY,
    site        TEXT NOT NULL REFERENCES site (ref),
    import      TEXT NOT NULL REFERENCES import (ref),
    line        INTEGER NOT NULL,
    digest      TEXT NOT NULL,
    at          INTEGER NOT NULL,
    login       TEXT NOT NULL,
    vendor      TEXT REFERENCES vendor (ref),
    asset       TEXT NOT NULL REFERENCES asset (ref),
    within      TEXT REFERENCES vendor_window (ref),
    action      TEXT NOT NULL CHECK (action IN ('accepted', 'opened', 'closed')),
    source      TEXT,
    port        INTEGER,
    method      TEXT,
    key         TEXT,
    session     TEXT,
    lead        TEXT,
    because     TEXT CHECK (because IN ('no_window', 'left', 'key', 'source')),
    recorded_by TEXT NOT NULL REFERENCES person (ref),
    recorded_at INTEGER NOT NULL,
    folded      TEXT NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('covered', 'overrun', 'outside', 'staff', 'stranger')),
    seq         INTEGER NOT NULL,
    UNIQUE (digest)
) STRICT;
CREATE INDEX access_event_by_time ON access_event (at);
CREATE INDEX access_event_by_login ON access_event (login, at);
CREATE INDEX access_event_by_import ON access_event (import, login, asset);
CREATE INDEX access_event_by_window ON access_event (within);
CREATE INDEX access_event_lead ON access_event (lead) WHERE lead IS NOT NULL;

CREATE TABLE incident (
    ref         TEXT    NOT NULL PRIMARY KEY,
    site        TEXT    NOT NULL REFERENCES site (ref),
    title       TEXT    NOT NULL,
    severity    INTEGER NOT NULL CHECK (severity BETWEEN 1 AND 4),
    exercise    INTEGER NOT NULL CHECK (exercise IN (0, 1)),
    summary     TEXT,
    declared_by TEXT    NOT NULL,
    declared_at INTEGER NOT NULL,
    state       TEXT    NOT NULL CHECK (state IN ('declared')),
    seq         INTEGER NOT NULL
) STRICT;

CREATE TABLE incident_site (
    incident_ref TEXT    NOT NULL REFERENCES incident (ref),
    site         TEXT    NOT NULL REFERENCES site (ref),
    seq          INTEGER NOT NULL,
    PRIMARY KEY (incident_ref, site)
) STRICT;

-- The sites of an incident in which nothing starts and nothing opens.
CREATE TABLE site_freeze (
    incident_ref TEXT NOT NULL PRIMARY KEY REFERENCES incident (ref),
    since        INTEGER NOT NULL,
    frozen_by    TEXT NOT NULL REFERENCES person (ref),
    lifted_at    INTEGER,
    lifted_by    TEXT,
    reason       TEXT NOT NULL,
    state        TEXT NOT NULL CHECK (state IN ('stands', 'lifted')),
    seq          INTEGER NOT NULL
) STRICT;

-- What may begin although an incident froze its site, for as long as that freeze stands.
CREATE TABLE exemption (
    incident_ref TEXT    NOT NULL REFERENCES incident (ref),
    subject_ref  TEXT    NOT NULL,
    since        INTEGER NOT NULL,
    person       TEXT    NOT NULL REFERENCES person (ref),
    reason       TEXT    NOT NULL,
    exempted_at  INTEGER NOT NULL,
    seq          INTEGER NOT NULL,
    PRIMARY KEY (incident_ref, subject_ref, since)
) STRICT;
CREATE INDEX exemption_by_subject ON exemption (subject_ref);

-- What was said of a request, a risk or an incident without a decision; the revision is 0 for what has none.
CREATE TABLE comment (
    object_ref TEXT    NOT NULL,
    revision   INTEGER NOT NULL,
    discipline TEXT   ,
    person     TEXT    NOT NULL REFERENCES person (ref),
    text       TEXT    NOT NULL,
    said_at    INTEGER NOT NULL,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (object_ref, seq)
) STRICT;

CREATE TABLE report (
    ref          TEXT NOT NULL PRIMARY KEY,
    site         TEXT NOT NULL REFERENCES site (ref),
    place        TEXT,
    what         TEXT NOT NULL,
    effect       TEXT NOT NULL,
    author       TEXT NOT NULL,
    submitted_at INTEGER NOT NULL,
    triage_by    INTEGER NOT NULL,
    triaged_by   TEXT,
    triaged_at   INTEGER,
    outcome      TEXT CHECK (outcome IN ('dismissed', 'incident', 'risk')),
    link         TEXT,
    reason       TEXT,
    state        TEXT NOT NULL CHECK (state IN ('submitted', 'triaged')),
    seq          INTEGER NOT NULL
) STRICT;
CREATE INDEX report_by_state ON report (state, triage_by);
CREATE INDEX report_late ON report (ref) WHERE triaged_at > triage_by;

CREATE TABLE log_line (
    ref      TEXT    NOT NULL PRIMARY KEY,
    site     TEXT    NOT NULL REFERENCES site (ref),
    text     TEXT    NOT NULL,
    incident TEXT    REFERENCES incident (ref),
    author   TEXT    NOT NULL,
    added_at INTEGER NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('added')),
    seq      INTEGER NOT NULL
) STRICT;

-- Alarms themselves are concluded from the tables above and the time; what a person said of one stands here. `due_at`
-- tells one occurrence of an alarm from the next.
CREATE TABLE alarm_acknowledgement (
    alarm_ref       TEXT NOT NULL,
    due_at          INTEGER NOT NULL,
    person          TEXT NOT NULL REFERENCES person (ref),
    acknowledged_at INTEGER NOT NULL,
    reason          TEXT,
    seq             INTEGER NOT NULL,
    PRIMARY KEY (alarm_ref, due_at)
) STRICT;
CREATE INDEX alarm_acknowledgement_by_due ON alarm_acknowledgement (due_at);

-- The last row of an alarm says until when it is shelved; one that was taken off the shelf says an instant that has passed.
CREATE TABLE alarm_shelf (
    alarm_ref  TEXT NOT NULL,
    due_at     INTEGER NOT NULL,
    person     TEXT NOT NULL REFERENCES person (ref),
    shelved_at INTEGER NOT NULL,
    until_at   INTEGER NOT NULL,
    priority   INTEGER NOT NULL CHECK (priority BETWEEN 1 AND 4),
    reason     TEXT,
    seq        INTEGER NOT NULL,
    PRIMARY KEY (alarm_ref, seq)
) STRICT;
CREATE INDEX alarm_shelf_by_due ON alarm_shelf (due_at);

-- Until when a person lets a task sleep; the last row counts.
CREATE TABLE task_snooze (
    task_ref TEXT NOT NULL,
    person   TEXT NOT NULL REFERENCES person (ref),
    until_at INTEGER NOT NULL,
    reason   TEXT,
    seq      INTEGER NOT NULL,
    PRIMARY KEY (task_ref, person, seq)
) STRICT;

-- How every item of every measure stands: its state as of the entry that last wrote it, what time makes of it at
-- `turns_at`, and when it is no longer asked. `was` is the state before it last moved. The site `*` is all sites.
CREATE TABLE posture_item (
    subject_ref TEXT    NOT NULL,
    measure     TEXT    NOT NULL,
    part        TEXT    NOT NULL,
    site        TEXT    NOT NULL,
    weight      INTEGER NOT NULL CHECK (weight BETWEEN 1 AND 5),
    state       TEXT    NOT NULL CHECK (state IN ('ok', 'bad', 'stale', 'unknown', 'excepted', 'out')),
    why         TEXT,
    turns_at    INTEGER,
    turned      TEXT    CHECK (turned IN ('ok', 'bad', 'stale', 'unknown', 'excepted', 'out')),
    leaves_at   INTEGER,
    was         TEXT,
    was_weight  INTEGER,
    moved       INTEGER NOT NULL,
    moved_at    INTEGER NOT NULL,
    began_at    INTEGER NOT NULL,
    seq         INTEGER NOT NULL,
    PRIMARY KEY (subject_ref, measure, part),
    CHECK ((turns_at IS NULL) = (turned IS NULL))
) STRICT;
CREATE INDEX posture_item_by_list ON posture_item (measure, site, subject_ref, part);
CREATE INDEX posture_item_by_turn ON posture_item (turns_at) WHERE turns_at IS NOT NULL;
CREATE INDEX posture_item_by_leave ON posture_item (leaves_at) WHERE leaves_at IS NOT NULL;
CREATE INDEX posture_item_by_move ON posture_item (moved_at);

-- The items counted as they stood at the instant of the clock; whoever reads corrects by those that time has turned
-- since. Written by the triggers below alone.
CREATE TABLE posture_clock (
    one INTEGER NOT NULL PRIMARY KEY CHECK (one = 1),
    at  INTEGER NOT NULL,
    seq INTEGER NOT NULL
) STRICT;
CREATE TABLE posture_count (
    site    TEXT    NOT NULL,
    measure TEXT    NOT NULL,
    state   TEXT    NOT NULL,
    items   INTEGER NOT NULL,
    weight  INTEGER NOT NULL,
    PRIMARY KEY (site, measure, state)
) STRICT;

-- Every 64 entries the clock goes on to the instant of an entry, and what has turned until then is counted anew.
CREATE TRIGGER posture_settled BEFORE INSERT ON posture_item
WHEN NEW.seq >= COALESCE((SELECT seq FROM posture_clock), 0) + 64
BEGIN
    INSERT INTO posture_count (site, measure, state, items, weight)
    SELECT site, measure, state, SUM(items), SUM(weight)
    FROM (SELECT i.site, i.measure,
              CASE WHEN i.leaves_at <= k.at THEN 'out' WHEN i.turns_at <= k.at THEN i.turned ELSE i.state END AS state,
              -1 AS items, -i.weight AS weight
          FROM (SELECT COALESCE(MAX(at), 0) AS at FROM posture_clock) AS k CROSS JOIN posture_item AS i
          WHERE i.turns_at > k.at AND i.turns_at <= NEW.moved_at OR i.leaves_at > k.at AND i.leaves_at <= NEW.moved_at
          UNION ALL
          SELECT i.site, i.measure,
              CASE WHEN i.leaves_at <= NEW.moved_at THEN 'out' WHEN i.turns_at <= NEW.moved_at THEN i.turned ELSE i.state END,
              1, i.weight
          FROM (SELECT COALESCE(MAX(at), 0) AS at FROM posture_clock) AS k CROSS JOIN posture_item AS i
          WHERE i.turns_at > k.at AND i.turns_at <= NEW.moved_at OR i.leaves_at > k.at AND i.leaves_at <= NEW.moved_at)
    WHERE TRUE GROUP BY site, measure, state
    ON CONFLICT (site, measure, state) DO UPDATE SET items = items + excluded.items, weight = weight + excluded.weight;
    DELETE FROM posture_count WHERE items = 0 AND weight = 0;
    INSERT INTO posture_clock (one, at, seq) VALUES (1, NEW.moved_at, NEW.seq)
    ON CONFLICT (one) DO UPDATE SET at = excluded.at, seq = excluded.seq;
END;

CREATE TRIGGER posture_counted AFTER INSERT ON posture_item
BEGIN
    INSERT INTO posture_count (site, measure, state, items, weight)
    SELECT NEW.site, NEW.measure,
        CASE WHEN NEW.leaves_at <= k.at THEN 'out' WHEN NEW.turns_at <= k.at THEN NEW.turned ELSE NEW.state END,
        1, NEW.weight
    FROM (SELECT COALESCE(MAX(at), 0) AS at FROM posture_clock) AS k WHERE TRUE
    ON CONFLICT (site, measure, state) DO UPDATE SET items = items + 1, weight = weight + excluded.weight;
END;

CREATE TRIGGER posture_recounted AFTER UPDATE OF site, weight, state, turns_at, turned, leaves_at ON posture_item
BEGIN
    INSERT INTO posture_count (site, measure, state, items, weight)
    SELECT OLD.site, OLD.measure,
        CASE WHEN OLD.leaves_at <= k.at THEN 'out' WHEN OLD.turns_at <= k.at THEN OLD.turned ELSE OLD.state END,
        -1, -OLD.weight
    FROM (SELECT COALESCE(MAX(at), 0) AS at FROM posture_clock) AS k WHERE TRUE
    ON CONFLICT (site, measure, state) DO UPDATE SET items = items - 1, weight = weight + excluded.weight;
    DELETE FROM posture_count WHERE site = OLD.site AND measure = OLD.measure AND items = 0 AND weight = 0;
    INSERT INTO posture_count (site, measure, state, items, weight)
    SELECT NEW.site, NEW.measure,
        CASE WHEN NEW.leaves_at <= k.at THEN 'out' WHEN NEW.turns_at <= k.at THEN NEW.turned ELSE NEW.state END,
        1, NEW.weight
    FROM (SELECT COALESCE(MAX(at), 0) AS at FROM posture_clock) AS k WHERE TRUE
    ON CONFLICT (site, measure, state) DO UPDATE SET items = items + 1, weight = weight + excluded.weight;
END;
