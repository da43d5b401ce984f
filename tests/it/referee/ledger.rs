//! The ledger, the head and the documents: appended to by functions, and touched by nobody.

use smc::domain::rule::CURRENT;

use super::{body, entry, log_line, log_row, store, with};

#[test]
fn an_operator_writes_through_an_entry_and_its_row() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    store.may(&store.bob, &log_line("RLF"));
    assert_eq!(
        store.may(&store.alice, "SELECT ref, author FROM smc.log_line ORDER BY seq"),
        format!("LL-1|{}\nLL-2|{}", store.alice.name, store.bob.name)
    );
}

#[test]
fn the_ledger_is_never_written_by_hand() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    for sql in [
        "UPDATE smc.ledger SET actor = 'bob'",
        "UPDATE smc.ledger SET body = '' WHERE seq = 1",
        "DELETE FROM smc.ledger",
        "TRUNCATE smc.ledger",
        "INSERT INTO smc.ledger SELECT seq + 1, id, prev, hash, actor, at, kind, subject, body, sig FROM smc.ledger",
        "SELECT * FROM smc.ledger FOR UPDATE",
        "SELECT * FROM smc.head FOR UPDATE",
        "UPDATE smc.head SET seq = 1",
        "UPDATE smc.head SET first_seq = 1",
        "UPDATE smc.counter SET last = 100",
        "INSERT INTO smc.kind_right VALUES ('store.repaired', 'smc_operator', NULL)",
        "UPDATE smc.kind_right SET role = 'smc_operator'",
        "DELETE FROM smc.governed",
        "DELETE FROM smc.transition",
        "INSERT INTO smc.document VALUES ('x', 'x', 'x')",
        "DELETE FROM smc.log_line",
        "TRUNCATE smc.site CASCADE",
        "ALTER TABLE smc.log_line DISABLE TRIGGER ALL",
        "DROP TABLE smc.log_line",
        "SET session_replication_role = replica",
        "CREATE TRIGGER mine BEFORE INSERT ON smc.log_line EXECUTE FUNCTION smc.append_only()",
    ] {
        let refused = store.database.sql_as(&store.alice, sql).expect_err(sql);
        assert!(
            refused.contains("permission denied") || refused.contains("must be owner"),
            "{sql}: {refused}"
        );
    }
}

#[test]
fn not_even_the_owner_changes_what_was_written() {
    let Some(store) = store() else { return };
    store.may(
        &store.alice,
        "SELECT api.keep_document(encode(sha256('x'), 'hex'), 'text/plain', 'x')",
    );
    for sql in [
        "UPDATE smc.ledger SET actor = 'bob' WHERE seq = 2",
        "DELETE FROM smc.ledger WHERE seq = 2",
        "TRUNCATE smc.ledger",
        "UPDATE smc.document SET media = 'x'",
        "DELETE FROM smc.document",
        "TRUNCATE smc.document CASCADE",
    ] {
        store.refused(&store.founder, sql, "is append-only");
    }
    let replica = "SET session_replication_role = replica; DELETE FROM smc.ledger WHERE seq = 2";
    let refused = store.database.sql_as(
        &crate::support::postgres::Login {
            name: "postgres".to_owned(),
            url: store.database.superuser_url(),
        },
        replica,
    );
    assert!(refused.expect_err("ENABLE ALWAYS").contains("is append-only"));
}

#[test]
fn an_entry_without_a_row_is_refused_at_the_end() {
    let Some(store) = store() else { return };
    store.refused(&store.alice, &entry("log.added", "LL-?", Some("RLF")), "has no effect");
    let lone = format!("BEGIN; {}; COMMIT", entry("log.added", "LL-?", Some("RLF")));
    store.refused(&store.alice, &lone, "LL-1) has no effect: no row says what it says");
    assert_eq!(store.may(&store.alice, "SELECT count(*) FROM smc.log_line"), "0");
}

#[test]
fn a_row_that_was_taken_back_is_no_effect() {
    let Some(store) = store() else { return };
    let kept = format!("CREATE TEMP TABLE kept AS {}", entry("log.added", "LL-?", Some("RLF")));
    store.database.sql(&format!("GRANT TEMPORARY ON DATABASE {} TO PUBLIC", store.database.name()));
    let row = "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq)
         SELECT subject, 'RLF', 'all quiet', actor, at, 'added', seq FROM kept";
    let early = "SET CONSTRAINTS ALL IMMEDIATE";
    store.refused(
        &store.alice,
        &format!("BEGIN; {kept}; SAVEPOINT s; {row}; {early}; ROLLBACK TO s; COMMIT"),
        "has no effect",
    );
    store.may(&store.alice, &format!("BEGIN; {kept}; SAVEPOINT s; {row}; {early}; COMMIT"));
}

#[test]
fn an_id_stands_once() {
    let Some(store) = store() else { return };
    let line = log_line("RLF");
    store.may(&store.alice, &line);
    store.refused(&store.alice, &line, "stands already, as entry");
    let (one, other) = (body(Some("RLF")), body(Some("RLF")));
    let many = |first: &str, second: &str| {
        format!(
            "SELECT * FROM api.append_many(ARRAY['log.added', 'log.added'], ARRAY['LL-?', 'LL-?'], ARRAY[{first}, {second}])"
        )
    };
    store.refused(&store.alice, &many(&one, &one), "two of these entries have the same id");
    store.may(&store.alice, &with(&many(&one, &other), &log_row("RLF")));
    assert_eq!(
        store.may(&store.alice, "SELECT string_agg(ref, ' ' ORDER BY seq) FROM smc.log_line"),
        "LL-1 LL-2 LL-3"
    );
}

#[test]
fn the_outcome_of_a_lost_commit_is_asked_for_by_id() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    let last = "SELECT api.outcome(id) = seq FROM smc.ledger ORDER BY seq DESC LIMIT 1";
    assert_eq!(store.may(&store.alice, last), "t");
    assert_eq!(
        store.may(&store.alice, "SELECT api.outcome('01KAMQ9R999999999999999999') IS NULL"),
        "t"
    );
}

#[test]
fn the_store_gives_the_numbers() {
    let Some(store) = store() else { return };
    for subject in ["LL-7", "LL-1", "CR-?", "LL-", "-?"] {
        store.refused(
            &store.alice,
            &entry("log.added", subject, Some("RLF")),
            "the store gives the number",
        );
    }
    store.refused(
        &store.alice,
        &entry("change.started", "CR-7", Some("RLF")),
        "there is no change 'CR-7'",
    );
    store.refused(
        &store.alice,
        &entry("change.started", "CR-?", Some("RLF")),
        "may not be about 'CR-?'",
    );
    store.refused(
        &store.alice,
        &entry("asset.retired", "RLF/a b", Some("RLF")),
        "may not be about",
    );
}

#[test]
fn a_body_of_another_form_is_refused() {
    let Some(store) = store() else { return };
    let good = body(Some("RLF"));
    for (from, to) in [
        (r#""data""#, r#""site":"ANR","data""#),
        (r#""site":"RLF""#, r#""site":"rlf""#),
        (format!(r#""v":{CURRENT},"#).as_str(), ""),
        (r#""data":{}"#, r#""data":{},"required":["tea"]"#),
        ("01KAMQ9R", "01kamq9r"),
    ] {
        let bad = good.replace(from, to);
        assert_ne!(bad, good);
        let sql = format!("SELECT api.append('log.added', 'LL-?', {bad})");
        store.refused(&store.alice, &sql, "is not of the form that this program writes");
    }
    for (bytes, why) in [
        ("'{'", "json"),
        ("'\\xff00'", "UTF8"),
        ("NULL", "not of the form"),
        ("'{}'", "not of the form"),
    ] {
        store.refused(
            &store.alice,
            &format!("SELECT api.append('log.added', 'LL-?', {bytes})"),
            why,
        );
    }
    store.refused(
        &store.alice,
        "SELECT api.append_many('{}', '{}', '{}')",
        "cannot be appended at once",
    );
    let many = "SELECT api.append_many(array_fill('log.added'::text, ARRAY[1001]), array_fill('LL-?'::text, ARRAY[1001]),
         array_fill(''::bytea, ARRAY[1001]))";
    store.refused(&store.alice, many, "1001 entries cannot be appended at once");
}

#[test]
fn a_document_is_kept_once_under_the_digest_of_its_bytes() {
    let Some(store) = store() else { return };
    let keep = "SELECT api.keep_document(encode(sha256('x'), 'hex'), 'text/plain', 'x')";
    assert_eq!(store.may(&store.alice, keep), "t");
    assert_eq!(store.may(&store.bob, keep), "f");
    store.refused(
        &store.alice,
        "SELECT api.keep_document(encode(sha256('x'), 'hex'), 'text/plain', 'y'); SELECT api.keep_document(encode(sha256('z'), 'hex'), 'text/plain', 'y')",
        "violates check constraint",
    );
}
