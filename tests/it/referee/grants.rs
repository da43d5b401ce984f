//! What is granted and what is installed, in full: a function or a trigger more or less is a fault.

use smc::store::referee::{GOVERNED, SIGNED, TIMED, altered_by, alters, functions, transitions};

use super::{entry, log_line, store};
use crate::support::{postgres, schema};

/// Every function that a console may call.
const ALLOWED: &[&str] = &[
    "api.append(text,text,bytea)",
    "api.append_many(text[],text[],bytea[])",
    "api.blockers()",
    "api.grant_console(text)",
    "api.keep_document(text,text,bytea)",
    "api.lock()",
    "api.outcome(text)",
    "api.release(integer)",
    "smc.entry_hash(text,bigint,bytea,text,timestamp with time zone,text,text,bytea,bytea)",
];

#[test]
fn a_console_calls_the_functions_of_the_list_and_no_others() {
    let Some(store) = store() else { return };
    let callable = |role: &str| {
        store.database.sql(&format!(
            "SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
             WHERE n.nspname IN ('smc', 'api') AND has_function_privilege('{role}', p.oid, 'EXECUTE')
             ORDER BY p.oid::regprocedure::text COLLATE \"C\""
        ))
    };
    assert_eq!(callable("smc_console"), ALLOWED.join("\n"));
    assert_eq!(callable("public"), "");
}

#[test]
fn functions_with_the_owners_rights_name_their_search_path() {
    let Some(store) = store() else { return };
    let loose = "SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname IN ('smc', 'api') AND p.proname <> 'entry_hash'
             AND NOT coalesce('search_path=pg_catalog, smc, pg_temp' = ANY (p.proconfig), false)";
    assert_eq!(store.database.sql(loose), "");
    let open = "SELECT p.oid::regprocedure FROM pg_proc AS p JOIN pg_namespace AS n ON n.oid = p.pronamespace
         WHERE n.nspname = 'api' AND NOT p.prosecdef";
    assert_eq!(store.database.sql(open), "");
}

#[test]
fn the_triggers_are_those_that_the_command_table_asks_for() {
    let Some(store) = store() else { return };
    let mut expected: Vec<String> = vec![
        "document append_only A".into(),
        "document append_only_truncate A".into(),
        "ledger append_only A".into(),
        "ledger append_only_truncate A".into(),
        "ledger has_effect O deferred".into(),
        "posture_item counted O".into(),
        "posture_item settled O".into(),
    ];
    expected.extend(GOVERNED.iter().map(|(tab, _)| format!("{tab} referee O")));
    expected.extend(SIGNED.iter().map(|(tab, _)| format!("{tab} referee_signed O")));
    expected.extend(TIMED.iter().map(|(tab, ..)| format!("{tab} referee_times O")));
    let touched = functions();
    let touched = GOVERNED
        .iter()
        .filter(|(tab, _)| touched.iter().any(|(function, _)| *function == altered_by(tab)));
    expected.extend(touched.map(|(tab, _)| format!("{tab} referee_touched O")));
    for row in transitions() {
        expected.push(format!("{} referee_moves O", row.tab));
        if row.to == "approved" {
            expected.push(format!("{} referee_approved O deferred", row.tab));
        }
    }
    expected.sort();
    expected.dedup();
    let installed = "SELECT format('%s %s %s', t.tgrelid::regclass, t.tgname, t.tgenabled) || CASE WHEN t.tginitdeferred THEN ' deferred' ELSE '' END
         FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid
         WHERE c.relnamespace = 'smc'::regnamespace AND NOT t.tgisinternal";
    let said = store.database.sql(installed).replace("smc.", "");
    let mut installed: Vec<&str> = said.lines().collect();
    installed.sort_unstable();
    assert_eq!(installed, expected);
}

#[test]
fn a_console_updates_the_columns_that_some_kind_alters_and_no_others() {
    let Some(store) = store() else { return };
    let granted = store.database.sql(
        "SELECT c.relname || '.' || a.attname FROM pg_attribute AS a JOIN pg_class AS c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'smc'::regnamespace AND c.relkind = 'r' AND a.attnum > 0
             AND has_column_privilege('smc_console', c.oid, a.attnum, 'UPDATE')",
    );
    let mut granted: Vec<&str> = granted.lines().collect();
    granted.sort_unstable();
    let mut expected: Vec<String> =
        alters().iter().map(|row| format!("{}.{}", row.tab, row.col)).collect();
    expected.dedup();
    expected.sort();
    assert_eq!(granted, expected);
}

#[test]
fn the_guard_may_be_put_up_again() {
    let Some(store) = store() else { return };
    let files = schema::files();
    let again = files.last().unwrap();
    store.may(
        &store.founder,
        &format!("BEGIN; SET ROLE smc_owner; SET search_path = smc; {again} COMMIT"),
    );
    store.may(&store.alice, &log_line("RLF"));
    store.refused(&store.alice, &entry("log.added", "LL-?", Some("RLF")), "has no effect");
}

#[test]
fn the_owner_rebuilds_the_tables_before_the_guard_stands_and_not_after() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    let drops: Vec<String> =
        GOVERNED.iter().map(|(tab, _)| format!("DROP TABLE smc.{tab} CASCADE;")).collect();
    let files = schema::files();
    let (tables, rows, guard) = (&files[1], &files[3], &files[4]);
    let name = &store.alice.name;
    let written = format!(
        "INSERT INTO smc.counter VALUES ('LL', 1);
         INSERT INTO smc.site (ref, name, timezone, frameworks, state, seq) VALUES ('RLF', 'x', 'UTC', '[]', 'active', 7);
         INSERT INTO smc.person (ref, name, state, seq) VALUES ('{name}', 'x', 'active', 9);
         INSERT INTO smc.role_grant VALUES ('{name}', 'smc_operator', '*', NULL, 'held', 11);"
    );
    let rebuilt = format!(
        "BEGIN; SET ROLE smc_owner; SET search_path = smc; {} DROP TABLE counter, posture_clock, posture_count; {tables} {rows} {written} {guard} COMMIT",
        drops.concat()
    );
    store.may(&store.founder, &rebuilt);
    store.may(&store.alice, &log_line("RLF"));
    assert_eq!(store.may(&store.alice, "SELECT ref FROM smc.log_line"), "LL-2");
    store.refused(
        &store.founder,
        "SET ROLE smc_owner; INSERT INTO smc.person (ref, name, state, seq) VALUES ('eve', 'x', 'active', 9)",
        "was not written by this transaction",
    );
}

#[test]
fn a_restored_store_is_guarded_as_before() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    let copy = store.database.copy();
    let triggers = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'smc.%'";
    assert_eq!(store.database.sql(triggers), copy.sql(triggers));
    let ledger = "SELECT seq, encode(hash, 'hex') FROM smc.ledger ORDER BY seq";
    assert_eq!(store.database.sql(ledger), copy.sql(ledger));
    let alice = copy.as_login(&store.alice);
    assert!(copy.sql_as(&alice, "DELETE FROM smc.ledger").is_err());
    let refused = copy.sql_as(&alice, &entry("log.added", "LL-?", Some("RLF")));
    assert!(refused.unwrap_err().contains("has no effect"));
    copy.sql_as(&alice, &log_line("RLF")).unwrap();
}

#[test]
fn an_operator_makes_nothing_and_locks_nothing() {
    let Some(store) = store() else { return };
    for sql in [
        "CREATE TABLE smc.x (y int)",
        "CREATE TABLE api.x (y int)",
        "CREATE FUNCTION api.append(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
        "CREATE SCHEMA mine",
        "CREATE TEMP TABLE x (y int)",
        "SELECT smc.write_entries(NULL, now(), '{}', '{}', '{}', '{}')",
        "SELECT smc.append_entries('{}', '{}', '{}')",
        "SELECT smc.let_in('postgres')",
        "SELECT smc.take_head()",
        "SELECT smc.new_id()",
        "SELECT smc.refuse('SM001', 'x', 'x')",
        "SELECT api.found('x', 'x')",
        "SET ROLE smc_owner",
        "GRANT smc_owner TO CURRENT_USER",
        "LOCK TABLE smc.head IN EXCLUSIVE MODE",
        "LOCK TABLE smc.risk IN SHARE UPDATE EXCLUSIVE MODE",
        "LOCK TABLE smc.log_line IN ACCESS EXCLUSIVE MODE",
        "LOCK TABLE smc.ledger IN SHARE MODE",
    ] {
        let refused = store.database.sql_as(&store.alice, &format!("BEGIN; {sql}; COMMIT"));
        let refused = refused.expect_err(sql);
        let words = ["permission denied", "must have admin option"];
        assert!(words.iter().any(|word| refused.contains(word)), "{sql}: {refused}");
    }
}

#[test]
fn a_spoofed_notice_is_only_a_hint() {
    let Some(store) = store() else { return };
    store.may(&store.alice, "NOTIFY smc_head, '999999'");
    store.may(&store.alice, &log_line("RLF"));
    assert_eq!(
        store.may(&store.alice, "SELECT max(seq) = (SELECT seq FROM smc.head) FROM smc.ledger"),
        "t"
    );
}

#[test]
fn roles_and_schemas_are_made_once_however_many_start() {
    let Some(server) = postgres::Server::private() else { return };
    let databases: Vec<_> = (0..4).map(|_| server.database()).collect();
    std::thread::scope(|scope| {
        for database in databases.iter().chain(&databases) {
            scope.spawn(|| {
                let roles = include_str!("../../../migrations/postgres/0000_roles.sql");
                let made = database.sql_as(database.owner(), &format!("BEGIN; {roles} COMMIT"));
                assert!(made.is_ok(), "{made:?}");
            });
        }
    });
    for database in &databases {
        schema::schema(database);
        let owner = &database.owner().name;
        let founded = database.sql_as(
            database.owner(),
            &format!("SELECT count(*) FROM api.found('Acme', '{owner}')"),
        );
        assert_eq!(founded.unwrap().lines().last(), Some("4"));
    }
    let members =
        "SELECT string_agg(DISTINCT r.rolname, ' ' ORDER BY r.rolname) FROM pg_auth_members AS m
         JOIN pg_roles AS r ON r.oid = m.roleid WHERE m.member = 'smc_owner'::regrole";
    assert_eq!(databases[0].sql(members), "pg_read_all_stats pg_signal_backend smc_console");
}

#[test]
fn a_login_that_may_not_make_roles_is_told_so() {
    let Some(server) = postgres::Server::private() else { return };
    let database = server.database();
    let login = database.login("poor");
    let roles = include_str!("../../../migrations/postgres/0000_roles.sql");
    let refused = database.sql_as(&login, &format!("BEGIN; {roles} COMMIT"));
    assert!(refused.unwrap_err().contains("permission denied to create role"));
    database.sql("CREATE ROLE smc_owner LOGIN");
    let refused = database.sql_as(database.owner(), &format!("BEGIN; {roles} COMMIT"));
    assert!(refused.unwrap_err().contains("smc_owner can log in or has rights of its own"));
}
