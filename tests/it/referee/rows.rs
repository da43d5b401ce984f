//! Rows: each with an entry of the same transaction, login and subject, of a kind that writes there.

use super::{Store, body, entry, log_line, log_row, store, with};

fn last(store: &Store) -> String {
    store.may(&store.alice, "SELECT seq FROM smc.head")
}

#[test]
fn a_row_without_an_entry_is_refused() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &log_line("RLF"));
    let row = |seq: &str| {
        format!(
            "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq)
             VALUES ('LL-2', 'RLF', 'x', '{}', now(), 'added', {seq})",
            store.alice.name
        )
    };
    store.refused(&store.alice, &row("9999"), "there is no entry 9999");
    store.refused(&store.alice, &row("NULL"), "there is no entry");
    let stands = last(&store);
    store.refused(&store.alice, &row(&stands), "was not written by this transaction");
    store.refused(&store.bob, &row(&stands), "was not written by this transaction");
    let later = format!("BEGIN; {}; {}; COMMIT", log_line("RLF"), row(&stands));
    store.refused(&store.alice, &later, "was not written by this transaction");
    store.refused(
        &store.alice,
        &format!(
            "UPDATE smc.risk SET treatment = 'x', seq = {stands}; UPDATE smc.person SET left_at = now()"
        ),
        "was refused",
    );
}

#[test]
fn a_row_of_another_subject_is_refused() {
    let Some(store) = store() else { return };
    let other = log_row("RLF").replace("SELECT subject", "SELECT 'LL-99'");
    let sql = with(&entry("log.added", "LL-?", Some("RLF")), &other);
    store.refused(&store.alice, &sql, "is about LL-1");
    let promoted = with(
        &entry("log.added", "LL-?", Some("RLF")),
        "INSERT INTO smc.role_grant (person_ref, role, scope, state, seq)
         SELECT actor, 'admin', '*', 'held', seq FROM e",
    );
    store.refused(&store.alice, &promoted, "is about LL-1");
}

#[test]
fn a_row_in_a_table_that_the_kind_does_not_write_is_refused() {
    let Some(store) = store() else { return };
    let sql = with(
        &entry("log.added", "LL-?", Some("RLF")),
        "INSERT INTO smc.vendor (ref, name, state, seq) SELECT subject, 'x', 'active', seq FROM e",
    );
    store.refused(&store.alice, &sql, "which does not write there");
}

#[test]
fn a_row_says_who_wrote_it() {
    let Some(store) = store() else { return };
    let forged = log_row("RLF").replace("actor", &format!("'{}'", store.bob.name));
    let sql = with(&entry("log.added", "LL-?", Some("RLF")), &forged);
    store.refused(&store.alice, &sql, &format!("cannot write {} as author", store.bob.name));
}

#[test]
fn keys_and_evidence_are_written_once() {
    let Some(store) = store() else { return };
    for sql in [
        "UPDATE smc.log_line SET text = 'x'",
        "UPDATE smc.decision SET decision = 'yes'",
        "UPDATE smc.requirement SET veto = false",
        "UPDATE smc.change SET ref = 'CR-1'",
        "UPDATE smc.change SET requester = 'x'",
        "UPDATE smc.approval SET requester = 'x'",
        "UPDATE smc.person SET ref = 'x'",
        "UPDATE smc.person SET name = 'x'",
        "UPDATE smc.role_grant SET role = 'admin'",
        "UPDATE smc.role_grant SET scope = '*'",
        "UPDATE smc.role_grant SET person_ref = 'x'",
    ] {
        store.refused(&store.alice, sql, "permission denied");
    }
}

#[test]
fn an_entry_names_the_site_of_its_row() {
    let Some(store) = store() else { return };
    store.refused(&store.bob, &log_line("ANR"), "may not append log.added at ANR");
    let elsewhere = with(&entry("log.added", "LL-?", Some("RLF")), &log_row("ANR"));
    store.refused(&store.bob, &elsewhere, "names the site RLF, but LL-1 is of another");
}

#[test]
fn many_rows_come_with_many_entries() {
    let Some(store) = store() else { return };
    let bodies: Vec<String> = (0..50).map(|_| body(Some("RLF"))).collect();
    let many = |rows: i32| {
        with(
            &format!(
                "SELECT * FROM api.append_many(array_fill('asset.registered'::text, ARRAY[50]),
                     (SELECT array_agg('RLF/p' || n) FROM generate_series(1, 50) AS n), ARRAY[{}])",
                bodies.join(", ")
            ),
            &format!(
                "INSERT INTO smc.asset (ref, site, tag, name, class, constraints, provenance, folded, state, seq)
                 SELECT subject, 'RLF', subject, 'x', 'unclassified', '{{}}', '{{}}', 'x', 'active', seq FROM e LIMIT {rows}"
            ),
        )
    };
    store.refused(&store.alice, &many(49), "has no effect");
    store.may(&store.alice, &many(50));
    assert_eq!(store.may(&store.alice, "SELECT count(*) FROM smc.asset"), "50");
}

#[test]
fn an_import_writes_the_items_of_the_assets_that_it_lists_and_no_others() {
    let Some(store) = store() else { return };
    let begun = with(
        &entry("import.started", "IM-?", Some("RLF")),
        "INSERT INTO smc.import (ref, format, source, site, state, read, accepted, confirmed, refused, author,
             started_at, seq)
         SELECT subject, 'assets', 'plant.csv', 'RLF', 'started', 0, 0, 0, 0, actor, at, seq FROM e",
    );
    store.may(&store.alice, &begun);
    let confirms = |asset: &str, measure: &str| {
        let data = r#""data":{"ref":"IM-1","site":"RLF","assets":["RLF/PLC-1","RLF/PLC-2"]}"#;
        let entry = entry("import.confirmed", "IM-1", Some("RLF")).replace(r#""data":{}"#, data);
        let rows = format!(
            ", i AS (UPDATE smc.import AS t SET confirmed = 1, seq = e.seq FROM e WHERE t.ref = 'IM-1')
             INSERT INTO smc.posture_item (subject_ref, measure, part, site, weight, state, moved, moved_at, began_at, seq)
             SELECT '{asset}', '{measure}', '', 'RLF', 5, 'ok', seq, at, at, seq FROM e"
        );
        with(&entry, &rows)
    };
    store.may(&store.alice, &confirms("RLF/PLC-2", "confirmed"));
    store.refused(&store.alice, &confirms("RLF/PLC-3", "confirmed"), "is about IM-1");
    store.refused(&store.alice, &confirms("RLF/PLC-1", "described"), "is about IM-1");
    let log = entry("log.added", "LL-?", Some("RLF"))
        .replace(r#""data":{}"#, r#""data":{"assets":["RLF/PLC-1"]}"#);
    let rows = format!(
        ", l AS ({}) INSERT INTO smc.posture_item (subject_ref, measure, part, site, weight, state, moved, moved_at,
             began_at, seq)
         SELECT 'RLF/PLC-1', 'confirmed', '', 'RLF', 5, 'ok', seq, at, at, seq FROM e",
        log_row("RLF")
    );
    store.refused(&store.alice, &with(&log, &rows), "is about LL-1");
}
