//! Who may append what: the person, the role, its scope and end, the discipline.

use super::{body, entry, log_line, store, with};
use crate::support::postgres::Login;

#[test]
fn a_kind_takes_its_role() {
    let Some(store) = store() else { return };
    store.refused(
        &store.alice,
        &entry("role.granted", &store.alice.name, None),
        "it takes admin; an administrator grants roles",
    );
    store.refused(
        &store.alice,
        &entry("site.registered", "XXX", None),
        "may not append site.registered for all sites",
    );
    store.refused(&store.alice, &entry("store.repaired", "store", None), "it is the owner's");
    store.refused(&store.founder, &entry("store.founded", "store", None), "it is the owner's");
    store.refused(
        &store.alice,
        &entry("change.blessed", "CR-1", None),
        "there is no kind of entry 'change.blessed'",
    );
    let repaired = with(
        &entry("store.repaired", "store", None),
        "UPDATE smc.store SET state = 'repaired', seq = e.seq FROM e",
    );
    store.may(&store.founder, &repaired);
}

#[test]
fn a_grant_reaches_its_site_until_its_end() {
    let Some(store) = store() else { return };
    store.may(&store.bob, &log_line("RLF"));
    store.refused(&store.bob, &log_line("ANR"), "may not append log.added at ANR");
    store.refused(&store.bob, &entry("vendor.registered", "acme", None), "for all sites");
    store.grant(&store.bob, "smc_operator", "ANR", "clock_timestamp() - interval '1 second'");
    store.refused(&store.bob, &log_line("ANR"), "may not append log.added at ANR");
    // A report is taken from anybody with a role, wherever it is held.
    let report = |site: &str| {
        with(
            &entry("report.submitted", "REP-?", Some(site)),
            &format!(
                "INSERT INTO smc.report (ref, site, what, effect, author, submitted_at, triage_by, state, seq)
                 SELECT subject, '{site}', 'x', 'x', actor, at, at, 'submitted', seq FROM e"
            ),
        )
    };
    store.may(&store.bob, &report("ANR"));
    let revoked = with(
        &entry("role.revoked", &store.bob.name, None),
        &format!(
            "UPDATE smc.role_grant AS g SET state = 'revoked', seq = e.seq FROM e
             WHERE g.person_ref = '{}'",
            store.bob.name
        ),
    );
    store.may(&store.founder, &revoked);
    store.refused(&store.bob, &log_line("RLF"), "may not append log.added at RLF");
    store.refused(&store.bob, &report("RLF"), "may not append report.submitted");
}

#[test]
fn a_kind_takes_its_discipline() {
    let Some(store) = store() else { return };
    store.database.sql("INSERT INTO smc.counter VALUES ('VW', 1)");
    store.grant(&store.alice, "shift_lead", "*", "NULL");
    store.refused(
        &store.alice,
        &entry("window.opened", "VW-1", Some("RLF")),
        "does not hold a discipline that window.opened takes",
    );
    store.refused(
        &store.alice,
        &entry("window.opened", "VW-1", Some("RLF")),
        "it takes shift_lead with operations",
    );
    store.refused(&store.founder, &entry("window.opened", "VW-1", Some("RLF")), "has no effect");
}

#[test]
fn nobody_acts_who_is_no_active_person() {
    let Some(store) = store() else { return };
    let stranger = store.database.login("eve");
    store.refused(&stranger, &log_line("RLF"), "permission denied for schema api");
    store.database.sql(&format!("GRANT smc_console TO {}", stranger.name));
    for sql in [log_line("RLF"), "SELECT api.lock()".into(), "SELECT api.outcome('x')".into()] {
        store.refused(&stranger, &sql, "is not registered in this store");
    }
    let deactivated = with(
        &entry("person.deactivated", &store.bob.name, None),
        &format!(
            "UPDATE smc.person AS p SET state = 'deactivated', seq = e.seq FROM e WHERE p.ref = '{}'",
            store.bob.name
        ),
    );
    store.may(&store.founder, &deactivated);
    store.refused(&store.bob, &log_line("RLF"), "is deactivated");
    store.refused(&store.bob, "SELECT api.keep_document('x', 'x', 'x')", "is deactivated");
}

#[test]
fn a_superuser_never_acts() {
    let Some(store) = store() else { return };
    let root = Login { name: "postgres".to_owned(), url: store.database.superuser_url() };
    store.refused(&root, &log_line("RLF"), "is not registered in this store");
    store.refused(
        &store.founder,
        "SELECT api.grant_console('postgres')",
        "is no active person of this store",
    );
    // Whoever became one later does not act either.
    store.database.sql(&format!("ALTER ROLE {} SUPERUSER", store.alice.name));
    store.refused(&store.alice, &log_line("RLF"), "is a superuser of the server and may not act");
    // Whose role a session took on does not matter: the login is the actor.
    let as_bob = format!("SET ROLE {}; {}", store.bob.name, log_line("RLF"));
    store.refused(&store.alice, &as_bob, "is a superuser of the server and may not act");
}

#[test]
fn a_planted_table_is_not_read() {
    let Some(store) = store() else { return };
    store.refused(
        &store.alice,
        "CREATE TEMP TABLE role_grant (x int)",
        "permission denied to create temporary tables",
    );
    store.database.sql(&format!("GRANT TEMPORARY ON DATABASE {} TO PUBLIC", store.database.name()));
    let name = &store.bob.name;
    let planted = format!(
        "CREATE TEMP TABLE role_grant AS SELECT '{name}'::text AS person_ref, 'admin'::text AS role, '*'::text AS scope,
             NULL::timestamptz AS until_at, 'held'::text AS state, 1 AS seq;
         CREATE TEMP TABLE head AS SELECT * FROM smc.head; CREATE TEMP TABLE ledger AS SELECT * FROM smc.ledger;
         CREATE TEMP TABLE writes AS SELECT * FROM smc.writes; CREATE TEMP TABLE kind_right AS SELECT * FROM smc.kind_right;
         CREATE FUNCTION pg_temp.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz $$;
         SET search_path = pg_temp, smc;"
    );
    let granted = entry("role.granted", name, None);
    store.refused(&store.bob, &format!("{planted} {granted}"), "it takes admin");
    let row = "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq)
         SELECT 'LL-1', 'RLF', 'x', session_user, now(), 'added', max(seq) FROM smc.ledger";
    store.refused(&store.bob, &format!("{planted} {row}"), "was not written by this transaction");
}

#[test]
fn an_administrator_lets_a_registered_person_in() {
    let Some(store) = store() else { return };
    let carol = store.database.login("carol");
    let grant = format!("SELECT api.grant_console('{}')", carol.name);
    store.refused(&store.alice, &grant, "does not hold the role admin");
    store.refused(&store.founder, &grant, "is no active person of this store");
    store.person(&carol, "safety");
    assert_eq!(store.may(&store.founder, &grant), "granted");
    assert_eq!(store.may(&carol, "SELECT count(*) FROM smc.site"), "2");
    for name in ["smc_owner", "pg_monitor"] {
        store.database.sql(&format!("INSERT INTO smc.counter VALUES ('X-{name}', 1)"));
        store.refused(
            &store.founder,
            &format!("SELECT api.grant_console('{name}')"),
            "is no active person",
        );
    }
}

#[test]
fn every_refusal_is_in_the_servers_log() {
    let Some(store) = store() else { return };
    let subject = format!("X{}", store.database.name());
    let sql = format!("SELECT api.append('log.added', '{subject}', {})", body(Some("RLF")));
    store.refused(&store.alice, &sql, "the store gives the number");
    let log = crate::support::postgres().unwrap().log();
    let said = format!("smc refused {}: log.added may not be about '{subject}'", store.alice.name);
    assert!(log.contains(&said), "no {said:?}");
}
