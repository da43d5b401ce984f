-- The tables that the panes read. Written by projection only; dropped and rebuilt from the ledger at will.
-- Every row carries `seq`, the entry that last wrote it, and belongs to one subject: `ref` or `<parent>_ref`.

CREATE TABLE counter (
    prefix WORD NOT NULL PRIMARY KEY,
    last   BIGINT NOT NULL CHECK (last >= 1)
);

CREATE TABLE store (
    ref        WORD NOT NULL PRIMARY KEY CHECK (ref = 'store'),
    org        WORD NOT NULL,
    demo       BOOLEAN NOT NULL,
    founder    WORD NOT NULL,
    founded_at TIMESTAMPTZ NOT NULL,
    -- When the past of a demo store was told to its end.
    sealed_at  TIMESTAMPTZ,
    state      WORD NOT NULL CHECK (state IN ('founded', 'repaired')),
    seq        BIGINT NOT NULL
);

CREATE TABLE site (
    ref         WORD NOT NULL PRIMARY KEY,
    name        WORD NOT NULL,
    timezone    WORD NOT NULL,
    sector      WORD,
    frameworks  WORD NOT NULL CONSTRAINT frameworks_is_a_list CHECK (
        jsonb_path_match(frameworks::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    nerc_impact WORD,
    otcc_level  BIGINT CHECK (otcc_level BETWEEN 1 AND 3),
    asks_number BOOLEAN NOT NULL DEFAULT FALSE,
    asks_remote BOOLEAN NOT NULL DEFAULT FALSE,
    state       WORD NOT NULL CHECK (state IN ('active')),
    seq         BIGINT NOT NULL
);

CREATE TABLE zone (
    ref         WORD NOT NULL PRIMARY KEY,
    site        WORD NOT NULL REFERENCES site (ref),
    zone        WORD NOT NULL,
    name        WORD NOT NULL,
    purdue      WORD NOT NULL,
    sl_target   BIGINT CHECK (sl_target BETWEEN 0 AND 4),
    sl_achieved BIGINT CHECK (sl_achieved BETWEEN 0 AND 4),
    state       WORD NOT NULL CHECK (state IN ('active')),
    seq         BIGINT NOT NULL
);
CREATE INDEX zone_by_site ON zone (site);

CREATE TABLE person (
    ref     WORD NOT NULL PRIMARY KEY,
    name    WORD NOT NULL,
    left_at TIMESTAMPTZ,
    state   WORD NOT NULL CHECK (state IN ('active', 'deactivated')),
    seq     BIGINT NOT NULL
);

CREATE TABLE person_discipline (
    person_ref WORD NOT NULL REFERENCES person (ref),
    discipline WORD NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (person_ref, discipline)
);

-- The scope `*` is all sites.
CREATE TABLE role_grant (
    person_ref WORD NOT NULL REFERENCES person (ref),
    role       WORD NOT NULL,
    scope      WORD NOT NULL,
    until_at   TIMESTAMPTZ,
    state      WORD NOT NULL CHECK (state IN ('held', 'revoked')),
    seq        BIGINT NOT NULL,
    PRIMARY KEY (person_ref, role, scope)
);

-- What was lost when the store was put back from a backup: named by the head that is lost, and said by two persons.
CREATE TABLE restore (
    ref         WORD NOT NULL PRIMARY KEY,
    kept        BIGINT NOT NULL CHECK (kept >= 1),
    reason      WORD NOT NULL,
    proposed_by WORD NOT NULL REFERENCES person (ref),
    proposed_at TIMESTAMPTZ NOT NULL,
    seq         BIGINT NOT NULL,
    UNIQUE (ref, proposed_by)
);

CREATE TABLE restored (
    restore_ref  WORD NOT NULL PRIMARY KEY,
    proposed_by  WORD NOT NULL,
    confirmed_by WORD NOT NULL REFERENCES person (ref),
    confirmed_at TIMESTAMPTZ NOT NULL,
    seq          BIGINT NOT NULL,
    CHECK (confirmed_by <> proposed_by),
    FOREIGN KEY (restore_ref, proposed_by) REFERENCES restore (ref, proposed_by)
);

CREATE TABLE raci (
    raci_ref   WORD NOT NULL,
    activity   WORD NOT NULL,
    scope      WORD NOT NULL,
    discipline WORD NOT NULL,
    value      WORD NOT NULL CHECK (value IN ('R', 'A', 'C', 'I', '-')),
    seq        BIGINT NOT NULL,
    PRIMARY KEY (raci_ref, discipline)
);

CREATE TABLE duty (
    person_ref WORD NOT NULL REFERENCES person (ref),
    discipline WORD NOT NULL,
    site       WORD NOT NULL REFERENCES site (ref),
    start_at   TIMESTAMPTZ NOT NULL,
    end_at     TIMESTAMPTZ NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (person_ref, discipline, site, start_at),
    CHECK (end_at >= start_at)
);

CREATE TABLE asset (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    tag          WORD NOT NULL,
    name         WORD NOT NULL,
    class        WORD NOT NULL,
    zone         WORD REFERENCES zone (ref),
    vendor       WORD,
    product      WORD,
    model        WORD,
    order_number WORD,
    firmware     WORD,
    serial       WORD,
    purdue       WORD,
    ip           WORD,
    safety       BIGINT CHECK (safety BETWEEN 1 AND 5),
    regulatory   BIGINT CHECK (regulatory BETWEEN 1 AND 5),
    production   BIGINT CHECK (production BETWEEN 1 AND 5),
    safety_at     TIMESTAMPTZ,
    regulatory_at TIMESTAMPTZ,
    production_at TIMESTAMPTZ,
    owner        WORD REFERENCES person (ref),
    part_of      WORD    REFERENCES asset (ref),
    constraints  WORD NOT NULL CONSTRAINT constraints_are_answered CHECK (
        constraints ~ '^\{(?:"scan_ok":(?:true|false),?)?(?:"patch_ok":(?:true|false),?)?(?:"agent_ok":(?:true|false),?)?(?:"reboot_ok":(?:true|false),?)?(?:"validated":(?:true|false),?)?(?:"warranty":"(?:[^"\\\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\\["\\])(?:[^"\\\u0001-\u001f\u007f-\u009f]|\\["\\])*")?\}$'
        AND jsonb_typeof(constraints::jsonb) = 'object'
        AND (length(constraints) <= 400 OR NOT jsonb_path_exists(constraints::jsonb, '$.warranty ? (@ like_regex "^.{201}.{200}")'))),
    support_end  TIMESTAMPTZ,
    provenance   WORD NOT NULL CONSTRAINT provenance_is_by_entry CHECK (
        provenance ~ '^\{(?:"[a-z_]+":[0-9]{1,18},?)*\}$' AND jsonb_typeof(provenance::jsonb) = 'object'),
    folded       WORD NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('active', 'retired')),
    seq          BIGINT NOT NULL
);
CREATE INDEX asset_by_site ON asset (site, ref);

-- The vendor keys by which an asset is found when an advisory comes in.
CREATE TABLE asset_key (
    asset_ref WORD NOT NULL REFERENCES asset (ref),
    match_key WORD NOT NULL,
    live      BOOLEAN NOT NULL,
    seq       BIGINT NOT NULL,
    PRIMARY KEY (asset_ref, match_key)
);
CREATE INDEX asset_key_by_match ON asset_key (match_key, asset_ref);

CREATE TABLE vendor (
    ref          WORD NOT NULL PRIMARY KEY,
    name         WORD NOT NULL,
    contact      WORD,
    contract_end TIMESTAMPTZ,
    state        WORD NOT NULL CHECK (state IN ('active', 'suspended')),
    seq          BIGINT NOT NULL
);

CREATE TABLE vendor_person (
    vendor_ref      WORD NOT NULL REFERENCES vendor (ref),
    person          WORD NOT NULL,
    name            WORD,
    screening_until TIMESTAMPTZ,
    training_until  TIMESTAMPTZ,
    ssh_keys        WORD NOT NULL CONSTRAINT ssh_keys_is_a_list CHECK (
        jsonb_path_match(ssh_keys::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    keys_told       WORD NOT NULL CONSTRAINT keys_told_are_dated CHECK (
        keys_told ~ '^\[(?:\{"since":-?[0-9]{1,18},"keys":\[(?:"[^"\\\u0001-\u001f]*",?)*\]\},?)*\]$'
        AND jsonb_typeof(keys_told::jsonb) = 'array'),
    state           WORD NOT NULL CHECK (state IN ('active', 'suspended')),
    seq             BIGINT NOT NULL,
    PRIMARY KEY (vendor_ref, person)
);

CREATE TABLE import (
    ref         WORD NOT NULL PRIMARY KEY,
    format      WORD NOT NULL,
    source      WORD NOT NULL,
    digest      WORD,
    site        WORD REFERENCES site (ref),
    state       WORD NOT NULL CHECK (state IN ('started', 'finished')),
    read        BIGINT NOT NULL,
    accepted    BIGINT NOT NULL,
    confirmed   BIGINT NOT NULL,
    refused     BIGINT NOT NULL,
    author      WORD NOT NULL,
    started_at  TIMESTAMPTZ NOT NULL,
    seq         BIGINT NOT NULL
);

CREATE TABLE advisory (
    ref         WORD NOT NULL PRIMARY KEY,
    publisher   WORD NOT NULL,
    title       WORD NOT NULL,
    version     WORD NOT NULL,
    digest      WORD NOT NULL,
    reading     WORD NOT NULL,
    score       BIGINT CHECK (score BETWEEN 0 AND 100),
    released_at TIMESTAMPTZ,
    cves        WORD NOT NULL CONSTRAINT cves_is_a_list CHECK (
        jsonb_path_match(cves::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    findings    WORD NOT NULL CONSTRAINT findings_is_a_list CHECK (
        jsonb_path_match(findings::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    revisions   BIGINT NOT NULL,
    imported_at TIMESTAMPTZ NOT NULL,
    folded      WORD NOT NULL,
    state       WORD NOT NULL CHECK (state IN ('new')),
    seq         BIGINT NOT NULL
);

CREATE TABLE advisory_revision (
    advisory_ref WORD NOT NULL REFERENCES advisory (ref),
    digest       WORD NOT NULL REFERENCES document (digest),
    reading      WORD NOT NULL REFERENCES document (digest),
    version      WORD NOT NULL,
    parser       BIGINT NOT NULL,
    import       WORD REFERENCES import (ref),
    imported_at  TIMESTAMPTZ NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (advisory_ref, digest)
);

CREATE TABLE advisory_key (
    advisory_ref WORD NOT NULL REFERENCES advisory (ref),
    match_key   WORD NOT NULL,
    live         BOOLEAN NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (advisory_ref, match_key)
);
CREATE INDEX advisory_key_by_match ON advisory_key (match_key, advisory_ref);

CREATE TABLE vuln_match (
    advisory_ref WORD NOT NULL REFERENCES advisory (ref),
    asset        WORD NOT NULL REFERENCES asset (ref),
    cve          WORD NOT NULL,
    site         WORD NOT NULL REFERENCES site (ref),
    tier         WORD NOT NULL CHECK (tier IN ('confirmed', 'likely', 'undetermined', 'possible', 'ruled_out')),
    because      WORD NOT NULL CONSTRAINT because_is_a_list CHECK (
        jsonb_path_match(because::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    analyser     BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (advisory_ref, asset, cve)
);
CREATE INDEX vuln_match_by_asset ON vuln_match (asset, advisory_ref);
CREATE INDEX vuln_match_by_site ON vuln_match (advisory_ref, site, tier, asset);

CREATE TABLE match_run (
    advisory_ref WORD NOT NULL REFERENCES advisory (ref),
    run          BIGINT NOT NULL,
    digest       WORD NOT NULL,
    analyser     BIGINT NOT NULL,
    assessed     BIGINT NOT NULL,
    ruled_out    BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (advisory_ref, run)
);

CREATE TABLE risk (
    ref             WORD NOT NULL PRIMARY KEY,
    site            WORD NOT NULL REFERENCES site (ref),
    title           WORD NOT NULL,
    source          WORD NOT NULL CHECK (source IN ('advisory', 'person')),
    advisory        WORD REFERENCES advisory (ref),
    inherent_weight WORD CONSTRAINT inherent_weight_is_1_to_5 CHECK (
        inherent_weight ~ '^\{"likelihood":[1-5],"consequence":\{(?:"safety":[1-5],?)?(?:"environment":[1-5],?)?(?:"production":[1-5],?)?(?:"quality":[1-5],?)?(?:"regulatory":[1-5])?\}\}$'
        AND inherent_weight::jsonb ? 'likelihood'),
    current_weight  WORD CONSTRAINT current_weight_is_1_to_5 CHECK (
        current_weight ~ '^\{"likelihood":[1-5],"consequence":\{(?:"safety":[1-5],?)?(?:"environment":[1-5],?)?(?:"production":[1-5],?)?(?:"quality":[1-5],?)?(?:"regulatory":[1-5])?\}\}$'
        AND current_weight::jsonb ? 'likelihood'),
    residual_weight WORD CONSTRAINT residual_weight_is_1_to_5 CHECK (
        residual_weight ~ '^\{"likelihood":[1-5],"consequence":\{(?:"safety":[1-5],?)?(?:"environment":[1-5],?)?(?:"production":[1-5],?)?(?:"quality":[1-5],?)?(?:"regulatory":[1-5])?\}\}$'
        AND residual_weight::jsonb ? 'likelihood'),
    inherent        BIGINT CHECK (inherent BETWEEN 1 AND 25),
    current         BIGINT CHECK (current BETWEEN 1 AND 25),
    residual        BIGINT CHECK (residual BETWEEN 1 AND 25),
    priority        BIGINT NOT NULL CHECK (priority BETWEEN 1 AND 4),
    treatment       WORD,
    owner           WORD REFERENCES person (ref),
    due_at          TIMESTAMPTZ,
    assessed_at     TIMESTAMPTZ,
    compensating    WORD NOT NULL CONSTRAINT compensating_is_a_list CHECK (
        jsonb_path_match(compensating::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    accepted_until  TIMESTAMPTZ,
    lapsed          WORD,
    raised_at       TIMESTAMPTZ NOT NULL,
    cause           BIGINT,
    folded          WORD NOT NULL,
    state           WORD NOT NULL CHECK (state IN ('candidate', 'open', 'treating', 'accepted', 'closed')),
    seq             BIGINT NOT NULL,
    UNIQUE (advisory, site)
);
CREATE INDEX risk_by_rank ON risk (priority, state, accepted_until, ref);
CREATE INDEX risk_by_site ON risk (site, priority, state);
-- The order of the list, word for word: its first page is read from here.
CREATE INDEX risk_by_list ON risk ((CAST(CASE WHEN state = 'closed' THEN 1 ELSE 0 END AS BIGINT)), priority, (25 - COALESCE(current, inherent, 0)),
                                   (CAST(LENGTH(ref) AS BIGINT)), ref);

-- What is decided on: one row for each change, window and acceptance.
CREATE TABLE approval (
    ref        WORD NOT NULL PRIMARY KEY,
    site       WORD NOT NULL REFERENCES site (ref),
    requester  WORD NOT NULL REFERENCES person (ref),
    revision   BIGINT NOT NULL CHECK (revision >= 1),
    activity   WORD NOT NULL,
    accountable WORD NOT NULL,
    asked_at   TIMESTAMPTZ NOT NULL,
    approve_by TIMESTAMPTZ NOT NULL,
    decided_at TIMESTAMPTZ,
    state      WORD NOT NULL CHECK (state IN ('pending', 'approved', 'vetoed', 'returned', 'ended')),
    seq        BIGINT NOT NULL,
    UNIQUE (ref, requester)
);

CREATE TABLE requirement (
    approval_ref WORD NOT NULL REFERENCES approval (ref),
    revision     BIGINT NOT NULL,
    discipline   WORD NOT NULL,
    -- Its yes; a yes of one among several, by whoever is on call; or its word afterwards.
    need         WORD NOT NULL CHECK (need IN ('must', 'one_of', 'review')),
    veto         BOOLEAN NOT NULL,
    because      WORD NOT NULL,
    rule         BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (approval_ref, revision, discipline)
);
CREATE INDEX requirement_by_rule ON requirement (rule);

-- Who is heard and who is told, without a decision to take.
CREATE TABLE concern (
    approval_ref WORD NOT NULL REFERENCES approval (ref),
    revision     BIGINT NOT NULL,
    discipline   WORD NOT NULL,
    part         WORD NOT NULL CHECK (part IN ('consulted', 'informed')),
    because      WORD NOT NULL,
    rule         BIGINT NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (approval_ref, revision, discipline)
);

CREATE TABLE decision (
    approval_ref WORD NOT NULL,
    revision     BIGINT NOT NULL,
    discipline   WORD NOT NULL,
    person       WORD NOT NULL,
    requester    WORD NOT NULL,
    decision     WORD NOT NULL CHECK (decision IN ('yes', 'no')),
    reason       WORD,
    decided_at   TIMESTAMPTZ NOT NULL,
    seq          BIGINT NOT NULL,
    -- Named so that whoever is refused reads why.
    CONSTRAINT a_discipline_decides_once PRIMARY KEY (approval_ref, revision, discipline),
    CONSTRAINT a_person_counts_once UNIQUE (approval_ref, revision, person),
    CONSTRAINT nobody_decides_on_their_own_request CHECK (person <> requester),
    CONSTRAINT a_no_has_a_reason CHECK (decision = 'yes' OR reason IS NOT NULL),
    CONSTRAINT the_requester_is_whoever_asked
        FOREIGN KEY (approval_ref, requester) REFERENCES approval (ref, requester),
    CONSTRAINT only_a_required_discipline_decides
        FOREIGN KEY (approval_ref, revision, discipline) REFERENCES requirement (approval_ref, revision, discipline),
    CONSTRAINT only_whoever_holds_the_discipline_decides
        FOREIGN KEY (person, discipline) REFERENCES person_discipline (person_ref, discipline)
);

CREATE TABLE acceptance (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    risk         WORD NOT NULL REFERENCES risk (ref),
    until_at     TIMESTAMPTZ NOT NULL,
    reason       WORD NOT NULL,
    compensating WORD NOT NULL CONSTRAINT compensating_is_a_list CHECK (
        jsonb_path_match(compensating::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    requester    WORD NOT NULL REFERENCES person (ref),
    state        WORD NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'expired')),
    seq          BIGINT NOT NULL
);

-- Outages and blackouts of a site: of all of it, or of the assets named.
CREATE TABLE calendar (
    ref      WORD NOT NULL PRIMARY KEY,
    kind     WORD NOT NULL CHECK (kind IN ('outage', 'blackout')),
    site     WORD NOT NULL REFERENCES site (ref),
    title    WORD NOT NULL,
    start_at TIMESTAMPTZ NOT NULL,
    end_at   TIMESTAMPTZ NOT NULL,
    whole    BOOLEAN NOT NULL,
    author   WORD NOT NULL REFERENCES person (ref),
    set_at   TIMESTAMPTZ NOT NULL,
    ended_by WORD,
    ended_at TIMESTAMPTZ,
    note     WORD,
    folded   WORD NOT NULL,
    state    WORD NOT NULL CHECK (state IN ('planned', 'cancelled', 'declared', 'ended')),
    seq      BIGINT NOT NULL,
    CHECK (end_at > start_at)
);
CREATE INDEX calendar_by_site ON calendar (site, end_at);

CREATE TABLE calendar_asset (
    calendar_ref WORD NOT NULL REFERENCES calendar (ref),
    asset        WORD NOT NULL REFERENCES asset (ref),
    seq          BIGINT NOT NULL,
    PRIMARY KEY (calendar_ref, asset)
);

-- What may be done to a class of asset, and when; a cell without a site is of every site that sets none of its own.
CREATE TABLE intervention (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD REFERENCES site (ref),
    class        WORD NOT NULL,
    intervention WORD NOT NULL,
    allowed      WORD NOT NULL CHECK (allowed IN ('never', 'outage', 'anytime', 'ask')),
    set_by       WORD NOT NULL REFERENCES person (ref),
    set_at       TIMESTAMPTZ NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('set')),
    seq          BIGINT NOT NULL
);

CREATE TABLE yardstick (
    ref     WORD NOT NULL PRIMARY KEY,
    site    WORD REFERENCES site (ref),
    measure WORD,
    value   BIGINT NOT NULL CHECK (value BETWEEN 0 AND 100),
    reason  WORD NOT NULL,
    set_by  WORD NOT NULL REFERENCES person (ref),
    set_at  TIMESTAMPTZ NOT NULL,
    state   WORD NOT NULL CHECK (state IN ('set')),
    seq     BIGINT NOT NULL,
    CHECK (measure IS NULL OR site IS NULL)
);

CREATE TABLE change (
    ref              WORD NOT NULL PRIMARY KEY,
    site             WORD NOT NULL REFERENCES site (ref),
    title            WORD NOT NULL,
    kind             WORD NOT NULL CHECK (kind IN ('normal', 'standard', 'emergency', 'temporary')),
    activity         WORD NOT NULL,
    start_at         TIMESTAMPTZ NOT NULL,
    end_at           TIMESTAMPTZ NOT NULL,
    approve_by       TIMESTAMPTZ NOT NULL,
    impacts          WORD NOT NULL,
    rollback         WORD NOT NULL,
    tests            WORD NOT NULL,
    alters_logic     BOOLEAN NOT NULL,
    alters_validated BOOLEAN NOT NULL,
    revert_by        TIMESTAMPTZ,
    external_ref     WORD,
    basis            WORD,
    procedures       WORD,
    supersedes       WORD REFERENCES change (ref),
    template         WORD REFERENCES change (ref),
    intervention     WORD,
    requester        WORD NOT NULL REFERENCES person (ref),
    requested_at     TIMESTAMPTZ NOT NULL,
    revision         BIGINT NOT NULL CHECK (revision >= 1),
    note             WORD,
    evidence         WORD,
    before_ref       WORD,
    before_sum       WORD,
    after_ref        WORD,
    after_sum        WORD,
    completed_at     TIMESTAMPTZ,
    backed_out_at    TIMESTAMPTZ,
    folded           WORD NOT NULL,
    state            WORD NOT NULL CHECK (state IN ('requested', 'approved', 'in_progress', 'implemented', 'verified',
                             'rejected', 'returned', 'withdrawn', 'backed_out', 'expired')),
    seq              BIGINT NOT NULL,
    CHECK (end_at > start_at),
    -- Whoever reads a change reads them: each of the five once, with a level, and words of one line if any.
    CONSTRAINT five_impacts_are_answered CHECK (
        impacts ~ '^\{(?:"[a-z]+":\{"level":"(?:none|low|medium|high)"(?:,"text":"(?:[^"\\\u0001-\u0020\u007f-\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\\["\\])(?:[^"\\\u0001-\u001f\u007f-\u009f]|\\["\\])*")?\},?)+\}$'
        AND length(replace(impacts, '"level":', '')) = length(impacts) - 5 * length('"level":')
        AND impacts::jsonb ?& '{security,safety,quality,validation,uptime}'
        -- No answer is longer than a line may be; a text so short needs not be asked.
        AND (length(impacts) <= 540 OR NOT jsonb_path_exists(impacts::jsonb, '$.*.text ? (@ like_regex "^.{201}.{200}")')))
);
CREATE INDEX change_by_state ON change (state, end_at);
-- Work that ended too late raised an alarm, which stays until somebody acknowledges it.
CREATE INDEX change_late ON change (ref) WHERE COALESCE(completed_at, backed_out_at) > end_at;
CREATE INDEX change_reverted_late ON change (ref) WHERE backed_out_at > revert_by;

CREATE TABLE change_asset (
    change_ref WORD NOT NULL REFERENCES change (ref),
    asset      WORD NOT NULL REFERENCES asset (ref),
    revision   BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (change_ref, revision, asset)
);
CREATE INDEX change_asset_by_asset ON change_asset (asset);

CREATE TABLE change_risk (
    change_ref WORD NOT NULL REFERENCES change (ref),
    risk       WORD NOT NULL REFERENCES risk (ref),
    revision   BIGINT NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (change_ref, revision, risk)
);
CREATE INDEX change_risk_by_risk ON change_risk (risk);

-- What somebody let pass that stood against a change, as it stood then.
CREATE TABLE waiver (
    change_ref WORD NOT NULL REFERENCES change (ref),
    revision   BIGINT NOT NULL,
    conflict   WORD NOT NULL,
    against    WORD NOT NULL,
    start_at   TIMESTAMPTZ NOT NULL,
    end_at     TIMESTAMPTZ NOT NULL,
    person     WORD NOT NULL REFERENCES person (ref),
    reason     WORD NOT NULL,
    waived_at  TIMESTAMPTZ NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (change_ref, revision, conflict, against, start_at, end_at)
);

-- What is out of use for a time, and under which change.
CREATE TABLE bypass (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    change       WORD NOT NULL REFERENCES change (ref),
    asset        WORD NOT NULL REFERENCES asset (ref),
    what         WORD NOT NULL,
    reason       WORD NOT NULL,
    compensating WORD NOT NULL CONSTRAINT compensating_is_a_list CHECK (
        jsonb_path_match(compensating::jsonb, 'strict $.type() == "array" && !exists($[*] ? (@.type() != "string"))')),
    tag          WORD,
    until_at     TIMESTAMPTZ NOT NULL,
    since        TIMESTAMPTZ NOT NULL,
    placed_by    WORD NOT NULL REFERENCES person (ref),
    placed_at    TIMESTAMPTZ NOT NULL,
    removed_by   WORD,
    removed_at   TIMESTAMPTZ,
    note         WORD,
    folded       WORD NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('placed', 'removed')),
    seq          BIGINT NOT NULL
);
CREATE INDEX bypass_by_state ON bypass (state, until_at);
-- One that was taken out too late raised an alarm, which stays until somebody acknowledges it.
CREATE INDEX bypass_late ON bypass (ref) WHERE removed_at > until_at;

CREATE TABLE vendor_window (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    vendor       WORD NOT NULL REFERENCES vendor (ref),
    person       WORD NOT NULL,
    purpose      WORD NOT NULL,
    start_at     TIMESTAMPTZ NOT NULL,
    end_at       TIMESTAMPTZ NOT NULL,
    change       WORD REFERENCES change (ref),
    escort       WORD,
    source       WORD,
    second_factor WORD,
    recording    WORD,
    risks        WORD NOT NULL,
    requester    WORD NOT NULL REFERENCES person (ref),
    requested_at TIMESTAMPTZ NOT NULL,
    opened_by    WORD,
    opened_at    TIMESTAMPTZ,
    ended_by     WORD,
    ended_at     TIMESTAMPTZ,
    note         WORD,
    folded       WORD NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('requested', 'approved', 'open', 'closed', 'rejected', 'cancelled',
                         'lapsed', 'cut_off')),
    seq          BIGINT NOT NULL,
    CHECK (end_at > start_at),
    FOREIGN KEY (vendor, person) REFERENCES vendor_person (vendor_ref, person)
);
CREATE INDEX vendor_window_by_state ON vendor_window (state, end_at);
CREATE INDEX vendor_window_late ON vendor_window (ref) WHERE ended_at > end_at;

CREATE TABLE window_asset (
    window_ref WORD NOT NULL REFERENCES vendor_window (ref),
    asset      WORD NOT NULL REFERENCES asset (ref),
    seq        BIGINT NOT NULL,
    PRIMARY KEY (window_ref, asset)
);
CREATE INDEX window_asset_by_asset ON window_asset (asset);

-- What somebody opened a window in spite of, as it stood then.
CREATE TABLE despite (
    window_ref WORD NOT NULL REFERENCES vendor_window (ref),
    conflict   WORD NOT NULL,
    against    WORD NOT NULL,
    start_at   TIMESTAMPTZ NOT NULL,
    end_at     TIMESTAMPTZ NOT NULL,
    person     WORD NOT NULL REFERENCES person (ref),
    reason     WORD NOT NULL,
    opened_at  TIMESTAMPTZ NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (window_ref, conflict, against, start_at, end_at)
);

-- The request that a window end later: until it is approved the old end stands.
CREATE TABLE extension (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    window_ref   WORD NOT NULL REFERENCES vendor_window (ref),
    old_end_at   TIMESTAMPTZ NOT NULL,
    end_at       TIMESTAMPTZ NOT NULL,
    reason       WORD NOT NULL,
    requester    WORD NOT NULL REFERENCES person (ref),
    requested_at TIMESTAMPTZ NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('requested', 'approved', 'rejected', 'lapsed')),
    seq          BIGINT NOT NULL,
    CHECK (end_at > old_end_at)
);
CREATE INDEX extension_by_window ON extension (window_ref);

-- Who of a vendor is or was on an asset; `within` is the window that was open for it when it began.
CREATE TABLE access_session (
    ref        WORD NOT NULL PRIMARY KEY,
    site       WORD NOT NULL REFERENCES site (ref),
    within     WORD REFERENCES vendor_window (ref),
    vendor     WORD NOT NULL REFERENCES vendor (ref),
    person     WORD NOT NULL,
    asset      WORD NOT NULL REFERENCES asset (ref),
    source     WORD,
    note       WORD,
    started_by WORD NOT NULL REFERENCES person (ref),
    started_at TIMESTAMPTZ NOT NULL,
    cut_off_by WORD,
    cut_off_at TIMESTAMPTZ,
    cut_off_because WORD,
    ended_by   WORD,
    ended_at   TIMESTAMPTZ,
    folded     WORD NOT NULL,
    state      WORD NOT NULL CHECK (state IN ('live', 'ended')),
    seq        BIGINT NOT NULL,
    FOREIGN KEY (vendor, person) REFERENCES vendor_person (vendor_ref, person)
);
CREATE INDEX access_session_by_state ON access_session (state, started_at);
CREATE INDEX access_session_by_window ON access_session (within);
CREATE INDEX access_session_outside ON access_session (ref) WHERE within IS NULL;

-- What access logs say; `lead` is the first event of the same login and asset in the import that no window covers, where
-- somebody came in, and the one that raises the alarm.
CREATE TABLE access_event (
    ref         WORD NOT NULL PRIMARY KEY,
    site        WORD NOT NULL REFERENCES site (ref),
    import      WORD NOT NULL REFERENCES import (ref),
    line        BIGINT NOT NULL,
    digest      WORD NOT NULL,
    at          TIMESTAMPTZ NOT NULL,
    login       WORD NOT NULL,
    vendor      WORD REFERENCES vendor (ref),
    asset       WORD NOT NULL REFERENCES asset (ref),
    within      WORD REFERENCES vendor_window (ref),
    action      WORD NOT NULL CHECK (action IN ('accepted', 'opened', 'closed')),
    source      WORD,
    port        BIGINT,
    method      WORD,
    key         WORD,
    session     WORD,
    lead        WORD,
    because     WORD CHECK (because IN ('no_window', 'left', 'key', 'source')),
    recorded_by WORD NOT NULL REFERENCES person (ref),
    recorded_at TIMESTAMPTZ NOT NULL,
    folded      WORD NOT NULL,
    state       WORD NOT NULL CHECK (state IN ('covered', 'overrun', 'outside', 'staff', 'stranger')),
    seq         BIGINT NOT NULL,
    UNIQUE (digest)
);
CREATE INDEX access_event_by_time ON access_event (at);
CREATE INDEX access_event_by_login ON access_event (login, at);
CREATE INDEX access_event_by_import ON access_event (import, login, asset);
CREATE INDEX access_event_by_window ON access_event (within);
CREATE INDEX access_event_lead ON access_event (lead) WHERE lead IS NOT NULL;

CREATE TABLE incident (
    ref         WORD NOT NULL PRIMARY KEY,
    site        WORD NOT NULL REFERENCES site (ref),
    title       WORD NOT NULL,
    severity    BIGINT NOT NULL CHECK (severity BETWEEN 1 AND 4),
    exercise    BOOLEAN NOT NULL,
    summary     WORD,
    declared_by WORD NOT NULL,
    declared_at TIMESTAMPTZ NOT NULL,
    state       WORD NOT NULL CHECK (state IN ('declared')),
    seq         BIGINT NOT NULL
);

CREATE TABLE incident_site (
    incident_ref WORD NOT NULL REFERENCES incident (ref),
    site         WORD NOT NULL REFERENCES site (ref),
    seq          BIGINT NOT NULL,
    PRIMARY KEY (incident_ref, site)
);

-- The sites of an incident in which nothing starts and nothing opens.
CREATE TABLE site_freeze (
    incident_ref WORD NOT NULL PRIMARY KEY REFERENCES incident (ref),
    since        TIMESTAMPTZ NOT NULL,
    frozen_by    WORD NOT NULL REFERENCES person (ref),
    lifted_at    TIMESTAMPTZ,
    lifted_by    WORD,
    reason       WORD NOT NULL,
    state        WORD NOT NULL CHECK (state IN ('stands', 'lifted')),
    seq          BIGINT NOT NULL
);

-- What may begin although an incident froze its site, for as long as that freeze stands.
CREATE TABLE exemption (
    incident_ref WORD NOT NULL REFERENCES incident (ref),
    subject_ref  WORD NOT NULL,
    since        TIMESTAMPTZ NOT NULL,
    person       WORD NOT NULL REFERENCES person (ref),
    reason       WORD NOT NULL,
    exempted_at  TIMESTAMPTZ NOT NULL,
    seq          BIGINT NOT NULL,
    PRIMARY KEY (incident_ref, subject_ref, since)
);
CREATE INDEX exemption_by_subject ON exemption (subject_ref);

-- What was said of a request, a risk or an incident without a decision; the revision is 0 for what has none.
CREATE TABLE comment (
    object_ref WORD NOT NULL,
    revision   BIGINT NOT NULL,
    discipline WORD,
    person     WORD NOT NULL REFERENCES person (ref),
    text       WORD NOT NULL,
    said_at    TIMESTAMPTZ NOT NULL,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (object_ref, seq)
);

CREATE TABLE report (
    ref          WORD NOT NULL PRIMARY KEY,
    site         WORD NOT NULL REFERENCES site (ref),
    place        WORD,
    what         WORD NOT NULL,
    effect       WORD NOT NULL,
    author       WORD NOT NULL,
    submitted_at TIMESTAMPTZ NOT NULL,
    triage_by    TIMESTAMPTZ NOT NULL,
    triaged_by   WORD,
    triaged_at   TIMESTAMPTZ,
    outcome      WORD CHECK (outcome IN ('dismissed', 'incident', 'risk')),
    link         WORD,
    reason       WORD,
    state        WORD NOT NULL CHECK (state IN ('submitted', 'triaged')),
    seq          BIGINT NOT NULL
);
CREATE INDEX report_by_state ON report (state, triage_by);
CREATE INDEX report_late ON report (ref) WHERE triaged_at > triage_by;

CREATE TABLE log_line (
    ref      WORD NOT NULL PRIMARY KEY,
    site     WORD NOT NULL REFERENCES site (ref),
    text     WORD NOT NULL,
    incident WORD REFERENCES incident (ref),
    author   WORD NOT NULL,
    added_at TIMESTAMPTZ NOT NULL,
    state    WORD NOT NULL CHECK (state IN ('added')),
    seq      BIGINT NOT NULL
);

-- Alarms themselves are concluded from the tables above and the time; what a person said of one stands here. `due_at`
-- tells one occurrence of an alarm from the next.
CREATE TABLE alarm_acknowledgement (
    alarm_ref       WORD NOT NULL,
    due_at          TIMESTAMPTZ NOT NULL,
    person          WORD NOT NULL REFERENCES person (ref),
    acknowledged_at TIMESTAMPTZ NOT NULL,
    reason          WORD,
    seq             BIGINT NOT NULL,
    PRIMARY KEY (alarm_ref, due_at)
);
CREATE INDEX alarm_acknowledgement_by_due ON alarm_acknowledgement (due_at);

-- The last row of an alarm says until when it is shelved; one that was taken off the shelf says an instant that has passed.
CREATE TABLE alarm_shelf (
    alarm_ref  WORD NOT NULL,
    due_at     TIMESTAMPTZ NOT NULL,
    person     WORD NOT NULL REFERENCES person (ref),
    shelved_at TIMESTAMPTZ NOT NULL,
    until_at   TIMESTAMPTZ NOT NULL,
    priority   BIGINT NOT NULL CHECK (priority BETWEEN 1 AND 4),
    reason     WORD,
    seq        BIGINT NOT NULL,
    PRIMARY KEY (alarm_ref, seq)
);
CREATE INDEX alarm_shelf_by_due ON alarm_shelf (due_at);

-- Until when a person lets a task sleep; the last row counts.
CREATE TABLE task_snooze (
    task_ref WORD NOT NULL,
    person   WORD NOT NULL REFERENCES person (ref),
    until_at TIMESTAMPTZ NOT NULL,
    reason   WORD,
    seq      BIGINT NOT NULL,
    PRIMARY KEY (task_ref, person, seq)
);

-- How every item of every measure stands: its state as of the entry that last wrote it, what time makes of it at
-- `turns_at`, and when it is no longer asked. `was` is the state before it last moved. The site `*` is all sites.
CREATE TABLE posture_item (
    subject_ref WORD NOT NULL,
    measure     WORD NOT NULL,
    part        WORD NOT NULL,
    site        WORD NOT NULL,
    weight      BIGINT NOT NULL CHECK (weight BETWEEN 1 AND 5),
    state       WORD NOT NULL CHECK (state IN ('ok', 'bad', 'stale', 'unknown', 'excepted', 'out')),
    why         WORD,
    turns_at    TIMESTAMPTZ,
    turned      WORD CHECK (turned IN ('ok', 'bad', 'stale', 'unknown', 'excepted', 'out')),
    leaves_at   TIMESTAMPTZ,
    was         WORD,
    was_weight  BIGINT,
    moved       BIGINT NOT NULL,
    moved_at    TIMESTAMPTZ NOT NULL,
    began_at    TIMESTAMPTZ NOT NULL,
    seq         BIGINT NOT NULL,
    PRIMARY KEY (subject_ref, measure, part),
    CHECK ((turns_at IS NULL) = (turned IS NULL))
);
CREATE INDEX posture_item_by_list ON posture_item (measure, site, subject_ref, part);
CREATE INDEX posture_item_by_turn ON posture_item (turns_at) WHERE turns_at IS NOT NULL;
CREATE INDEX posture_item_by_leave ON posture_item (leaves_at) WHERE leaves_at IS NOT NULL;
CREATE INDEX posture_item_by_move ON posture_item (moved_at);

-- The items counted as they stood at the instant of the clock; whoever reads corrects by those that time has turned
-- since. Written by triggers alone: no console may.
CREATE TABLE posture_clock (
    one BIGINT NOT NULL PRIMARY KEY CHECK (one = 1),
    at  TIMESTAMPTZ NOT NULL,
    seq BIGINT NOT NULL
);
CREATE TABLE posture_count (
    site    WORD NOT NULL,
    measure WORD NOT NULL,
    state   WORD NOT NULL,
    items   BIGINT NOT NULL,
    weight  BIGINT NOT NULL,
    PRIMARY KEY (site, measure, state)
);
