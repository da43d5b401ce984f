//! Rows in the states that they are tried in, and the people who try. Nobody wrote them by an entry: only what happens to them
//! next is told.

use super::super::approval::IMPACTS;
use super::super::{Store, store};
use crate::support::postgres::Login;

/// The people who try it: a shift lead of operations at RLF, and an operator of the plant at ANR without any right at RLF.
pub struct People {
    /// Shift lead of operations at RLF.
    pub olga: Login,
    /// Operator of the plant at ANR.
    pub pia: Login,
}

/// A store with rows in the states that they are tried in, and the people who try.
pub fn told() -> Option<(Store, People)> {
    let store = store()?;
    let [olga, pia] = ["olga", "pia"].map(|word| store.database.login(word));
    store.person(&olga, "operations");
    store.grant(&olga, "shift_lead", "RLF", "NULL");
    store.person(&pia, "safety");
    store.grant(&pia, "plant_operator", "ANR", "NULL");
    let (alice, olgas) = (&store.alice.name, &olga.name);
    store.database.sql(&format!(
        "SET session_replication_role = replica; SET search_path = smc;
         INSERT INTO counter SELECT p, 9 FROM unnest(ARRAY['VW', 'CR', 'EX', 'SE', 'R', 'RA', 'BY', 'OUT', 'INC', 'REP']) AS p
         ON CONFLICT (prefix) DO UPDATE SET last = 9;
         INSERT INTO vendor (ref, name, state, seq) VALUES ('yoko', 'Yoko', 'active', 1);
         INSERT INTO vendor_person (vendor_ref, person, ssh_keys, keys_told, state, seq)
         SELECT 'yoko', p, '[]', '[]', 'active', 1 FROM unnest(ARRAY['kenji', 'evil']) AS p;
         INSERT INTO asset (ref, site, tag, name, class, constraints, provenance, folded, state, seq)
         VALUES ('RLF/PLC-1', 'RLF', 'PLC-1', 'x', 'plc', '{{}}', '{{}}', 'x', 'active', 1);
         INSERT INTO person (ref, name, left_at, state, seq) VALUES ('gone', 'Gone', now(), 'deactivated', 1);
         INSERT INTO change (ref, site, title, kind, activity, start_at, end_at, approve_by, impacts, rollback, tests,
             alters_logic, alters_validated, revert_by, supersedes, requester, requested_at, revision, folded, state, seq)
         SELECT c.ref, 'RLF', 'x', c.kind, 'control.change', now() + c.start, now() + c.start + interval '1 day', now(),
             '{IMPACTS}', 'Load what was saved.', 'x', false, false, now() + c.revert, c.supersedes, '{alice}', now(), 1, 'x',
             c.state, 1
         FROM (VALUES
             ('CR-1', 'normal', 'requested', interval '1 hour', NULL::interval, NULL),
             ('CR-2', 'normal', 'approved', '1 hour', NULL, NULL),
             ('CR-3', 'normal', 'in_progress', '-1 hour', NULL, NULL),
             ('CR-4', 'temporary', 'implemented', '-2 days', '1 day', NULL),
             ('CR-5', 'temporary', 'approved', '-1 hour', '30 days', 'CR-4'),
             ('CR-6', 'normal', 'requested', '-2 days', NULL, NULL),
             ('CR-7', 'temporary', 'approved', '-1 hour', '2 days', NULL)
         ) AS c (ref, kind, state, start, revert, supersedes);
         INSERT INTO approval (ref, site, requester, revision, activity, accountable, asked_at, approve_by, state, seq)
         VALUES ('CR-1', 'RLF', '{alice}', 1, 'control.change', 'operations', now(), now(), 'pending', 1);
         INSERT INTO requirement (approval_ref, revision, discipline, need, veto, because, rule, seq)
         SELECT 'CR-1', 1, d, 'must', true, 'x', 7, 1 FROM unnest(ARRAY['operations', 'quality']) AS d;
         INSERT INTO vendor_window (ref, site, vendor, person, purpose, start_at, end_at, risks, requester, requested_at,
             folded, state, seq)
         SELECT w.ref, 'RLF', 'yoko', 'kenji', 'tune', now() + w.start, now() + w.start + interval '1 day', '', '{alice}',
             now(), 'x', w.state, 1
         FROM (VALUES
             ('VW-1', 'approved', interval '-1 hour'), ('VW-2', 'open', '-1 hour'), ('VW-3', 'approved', '1 hour'),
             ('VW-4', 'requested', '-2 days'), ('VW-5', 'closed', '-1 hour')
         ) AS w (ref, state, start);
         INSERT INTO extension (ref, site, window_ref, old_end_at, end_at, reason, requester, requested_at, state, seq)
         SELECT x.ref, 'RLF', w.ref, w.end_at, w.end_at + interval '1 hour', 'x', '{alice}', now(), x.state, 1
         FROM (VALUES ('EX-1', 'VW-2', 'requested'), ('EX-2', 'VW-2', 'approved'), ('EX-3', 'VW-1', 'approved'))
             AS x (ref, of, state)
         JOIN vendor_window AS w ON w.ref = x.of;
         INSERT INTO access_session (ref, site, vendor, person, asset, started_by, started_at, cut_off_by, cut_off_at, note,
             folded, state, seq)
         VALUES ('SE-1', 'RLF', 'yoko', 'kenji', 'RLF/PLC-1', '{alice}', now(), '{olgas}', now(), 'suspicious', 'x', 'live', 1),
             ('SE-2', 'RLF', 'yoko', 'kenji', 'RLF/PLC-1', '{alice}', now(), NULL, NULL, NULL, 'x', 'live', 1);
         INSERT INTO risk (ref, site, title, source, priority, compensating, accepted_until, raised_at, folded, state, seq)
         SELECT r.ref, 'RLF', 'x', 'person', 1, '[]', now() + r.until, now(), 'x', r.state, 1
         FROM (VALUES ('R-1', 'accepted', interval '1 day'), ('R-2', 'accepted', '-1 day'), ('R-3', 'open', NULL))
             AS r (ref, state, until);
         INSERT INTO acceptance (ref, site, risk, until_at, reason, compensating, requester, state, seq)
         SELECT a.ref, 'RLF', a.risk, now() + a.until, 'x', '[]', '{alice}', 'approved', 1
         FROM (VALUES ('RA-1', 'R-1', interval '1 day'), ('RA-2', 'R-2', '-1 day'), ('RA-3', 'R-3', '1 day'))
             AS a (ref, risk, until);
         INSERT INTO calendar (ref, kind, site, title, start_at, end_at, whole, author, set_at, folded, state, seq)
         VALUES ('OUT-1', 'outage', 'RLF', 'x', now(), now() + interval '1 day', true, '{olgas}', now(), 'x', 'planned', 1);
         INSERT INTO bypass (ref, site, change, asset, what, reason, compensating, until_at, since, placed_by, placed_at,
             folded, state, seq)
         VALUES ('BY-1', 'RLF', 'CR-3', 'RLF/PLC-1', 'x', 'x', '[]', now(), now(), '{alice}', now(), 'x', 'placed', 1);
         INSERT INTO incident (ref, site, title, severity, exercise, declared_by, declared_at, state, seq)
         SELECT i, 'RLF', 'x', 1, false, '{alice}', now(), 'declared', 1 FROM unnest(ARRAY['INC-1', 'INC-2', 'INC-3']) AS i;
         INSERT INTO site_freeze (incident_ref, since, frozen_by, lifted_at, lifted_by, reason, state, seq)
         VALUES ('INC-1', now(), '{alice}', NULL, NULL, 'x', 'stands', 1),
             ('INC-2', now(), '{alice}', now(), '{olgas}', 'x', 'lifted', 1);
         INSERT INTO report (ref, site, what, effect, author, submitted_at, triage_by, state, seq)
         VALUES ('REP-1', 'RLF', 'x', 'x', '{alice}', now(), now(), 'submitted', 1);
         INSERT INTO duty (person_ref, discipline, site, start_at, end_at, seq)
         VALUES ('{olgas}', 'operations', 'RLF', now(), now() + interval '1 day', 1)"
    ));
    Some((store, People { olga, pia }))
}
