//! Thirty ways around the rules, each tried with raw SQL by somebody who comes in by a login of their own.

use smc::domain::role::Role;
use smc::domain::rule::CURRENT;

use super::approval::{decide, lead, request_of};
use super::{Store, body, entry, log_line, log_row, store, with};
use crate::support::postgres::Login;

/// Who tries it, what they try to do, how, and the words that they are refused with.
struct Way<'s> {
    who: &'s Login,
    to: &'static str,
    by: String,
    words: &'static str,
}

/// People of every standing beside those of the store.
struct People {
    /// Reads.
    vic: Login,
    /// Manages people and decides nothing.
    adam: Login,
    /// Shift lead without operations.
    lena: Login,
    /// Nobody has registered this one.
    eve: Login,
}

fn people(store: &Store) -> People {
    let [vic, adam, lena, eve] =
        ["vic", "adam", "lena", "eve"].map(|word| store.database.login(word));
    for (login, discipline, role) in [
        (&vic, "operations", "viewer"),
        (&adam, "operations", "admin"),
        (&lena, "safety", "shift_lead"),
    ] {
        store.person(login, discipline);
        store.grant(login, role, "*", "NULL");
    }
    People { vic, adam, lena, eve }
}

#[test]
fn thirty_ways_around_the_rules_are_refused_with_a_sentence() {
    let Some(store) = store() else { return };
    let People { vic, adam, lena, eve } = people(&store);
    let (founder, alice, bob) = (&store.founder, &store.alice, &store.bob);
    store.may(alice, &request_of(&[("operations", "must"), ("quality", "must")]));
    store.may(alice, &request_of(&[("quality", "must")]));
    let one_of = [("operations", "must"), ("it_security", "one_of"), ("engineering", "one_of")];
    store.may(bob, &request_of(&one_of));
    store.may(alice, &log_line("RLF"));
    let role = with(
        &entry("role.granted", &alice.name, None),
        "INSERT INTO smc.role_grant (person_ref, role, scope, state, seq) SELECT actor, 'admin', '*', 'held', seq FROM e",
    );
    let line = |kind: &str, subject: &str| entry(kind, subject, Some("RLF"));
    let old = log_line("RLF").replace(&format!(r#""v":{CURRENT}"#), r#""v":1"#);
    let elsewhere = log_row("RLF").replace("SELECT subject", "SELECT 'LL-99'");
    let in_bobs_name = log_row("RLF").replace("actor", &format!("'{}'", bob.name));
    let hidden = decide("CR-1", "quality", "requested").replace(
        "(SELECT requester FROM smc.approval WHERE ref = 'CR-1')",
        &format!("'{}'", alice.name),
    );
    let same = log_line("RLF");
    store.may(alice, &same);
    let ways = [
        Way {
            who: alice,
            to: "rewrite an entry",
            by: "UPDATE smc.ledger SET actor = 'x'".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "delete entries",
            by: "DELETE FROM smc.ledger".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "empty the ledger",
            by: "TRUNCATE smc.ledger".into(),
            words: "permission denied",
        },
        Way {
            who: founder,
            to: "delete entries as the owner",
            by: "SET ROLE smc_owner; DELETE FROM smc.ledger".into(),
            words: "append-only",
        },
        Way {
            who: founder,
            to: "empty the ledger as the owner",
            by: "SET ROLE smc_owner; TRUNCATE smc.ledger".into(),
            words: "append-only",
        },
        Way {
            who: alice,
            to: "move the head",
            by: "UPDATE smc.head SET seq = 1".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "give numbers",
            by: "INSERT INTO smc.counter VALUES ('CR', 99)".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "invent a kind",
            by: line("change.blessed", "CR-1"),
            words: "there is no kind of entry",
        },
        Way {
            who: alice,
            to: "choose a number",
            by: line("change.requested", "CR-9"),
            words: "the store gives the number",
        },
        Way {
            who: alice,
            to: "speak of what is not there",
            by: line("change.decided", "CR-99"),
            words: "there is no change",
        },
        Way {
            who: alice,
            to: "go by older rules",
            by: old,
            words: "was made under version 1 of the rules",
        },
        Way { who: alice, to: "say one thing twice", by: same, words: "stands already" },
        Way {
            who: alice,
            to: "grant oneself a role",
            by: role,
            words: "may not append role.granted",
        },
        Way {
            who: bob,
            to: "write at another site",
            by: log_line("ANR"),
            words: "may not append log.added at ANR",
        },
        Way {
            who: &vic,
            to: "write as a reader",
            by: log_line("RLF"),
            words: "may not append log.added",
        },
        Way {
            who: &adam,
            to: "decide as an administrator",
            by: decide("CR-1", "operations", "requested"),
            words: "may not append change.decided",
        },
        Way {
            who: &lena,
            to: "open a window without operations",
            by: line("window.opened", "VW-1"),
            words: "window",
        },
        Way {
            who: &eve,
            to: "come in unregistered",
            by: log_line("RLF"),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "write an entry without effect",
            by: line("log.added", "LL-?"),
            words: "has no effect",
        },
        Way {
            who: alice,
            to: "write a row without an entry",
            by: format!(
                "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq) VALUES ('LL-7', 'RLF', 'x', '{}', now(), 'added', 1)",
                alice.name
            ),
            words: "was not written by this transaction",
        },
        Way {
            who: alice,
            to: "write another's row",
            by: with(&line("log.added", "LL-?"), &elsewhere),
            words: "is about LL-",
        },
        Way {
            who: alice,
            to: "write where the kind does not",
            by: with(
                &line("log.added", "LL-?"),
                "INSERT INTO smc.vendor (ref, name, state, seq) SELECT subject, 'x', 'active', seq FROM e",
            ),
            words: "which does not write there",
        },
        Way {
            who: alice,
            to: "write in another's name",
            by: with(&line("log.added", "LL-?"), &in_bobs_name),
            words: "as author",
        },
        Way {
            who: alice,
            to: "soften a requirement",
            by: "UPDATE smc.requirement SET need = 'review'".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "take a requirement away",
            by: "DELETE FROM smc.requirement".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "turn a decision",
            by: "UPDATE smc.decision SET decision = 'yes'".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "decide on one's own request for what one lacks",
            by: decide("CR-1", "quality", "requested"),
            words: "nobody_decides_on_their_own_request",
        },
        Way {
            who: bob,
            to: "decide on a request of one's own",
            by: decide("CR-3", "operations", "requested"),
            words: "nobody_decides_on_their_own_request",
        },
        Way {
            who: bob,
            to: "decide for a discipline that one lacks",
            by: decide("CR-1", "operations", "requested"),
            words: "only_whoever_holds_the_discipline_decides",
        },
        Way {
            who: bob,
            to: "decide for a discipline not asked",
            by: decide("CR-1", "safety", "requested"),
            words: "only_",
        },
        Way {
            who: bob,
            to: "name another requester",
            by: hidden.replace(&alice.name, &founder.name),
            words: "the_requester_is_whoever_asked",
        },
        Way {
            who: bob,
            to: "approve before all have spoken",
            by: decide("CR-1", "quality", "approved"),
            words: "CR-1 is not approved: operations has not said yes",
        },
        Way {
            who: bob,
            to: "approve what asks no operations",
            by: decide("CR-2", "quality", "approved"),
            words: "CR-2 is not approved: operations has not said yes",
        },
        Way {
            who: founder,
            to: "approve an emergency alone",
            by: decide("CR-3", "operations", "approved"),
            words: "engineering or it_security has not said yes",
        },
        Way {
            who: alice,
            to: "start what nobody approved",
            by: lead("change.started", "in_progress"),
            words: "cannot be in_progress by change.started, from requested",
        },
        Way {
            who: founder,
            to: "move the end of a change while one decides on it",
            by: decide("CR-1", "operations", "requested")
                .replace("AS c SET", "AS c SET end_at = c.end_at + interval '10 days',"),
            words: "the times of CR-1 in change are moved by change.revised",
        },
        Way {
            who: founder,
            to: "move the revert date of a change while one decides on it",
            by: decide("CR-1", "operations", "requested")
                .replace("AS c SET", "AS c SET revert_by = c.end_at + interval '10 days',"),
            words: "the revert date of CR-1 is moved by change.renewed",
        },
        Way {
            who: alice,
            to: "approve by another kind",
            by: lead("change.completed", "approved"),
            words: "cannot be approved by change.completed",
        },
        Way {
            who: alice,
            to: "hold the ledger",
            by: "LOCK TABLE smc.ledger IN SHARE MODE".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "put a function in between",
            by: "CREATE FUNCTION api.append(text) RETURNS text LANGUAGE sql AS 'SELECT $1'".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "put a table in between",
            by: "CREATE TEMP TABLE person_discipline (x int)".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "become the owner",
            by: "SET ROLE smc_owner".into(),
            words: "permission denied",
        },
        Way {
            who: alice,
            to: "write a body of another form",
            by: format!("SELECT api.append('log.added', 'LL-?', {})", body(Some("rlf"))),
            words: "is not of the form",
        },
    ];
    assert!(ways.len() >= 30);
    let length = || store.database.sql("SELECT count(*) FROM smc.ledger");
    let before = length();
    for Way { who, to, by, words } in &ways {
        match store.database.sql_as(who, &format!("BEGIN; {by}; COMMIT")) {
            Ok(said) => panic!("{} could {to}: {said}\n{by}", who.name),
            Err(why) => assert!(why.contains(words), "{} tried to {to} and read: {why}", who.name),
        }
        assert_eq!(length(), before, "to {to} left something behind");
    }
}

/// What nobody may, whatever role they hold: to do what, how, and the words that it is refused with.
fn ways_of_nobody(me: &Login) -> Vec<(&'static str, String, &'static str)> {
    let own = |sql: &str| sql.replace("ME", &me.name);
    let old = log_line("RLF").replace(&format!(r#""v":{CURRENT}"#), r#""v":1"#);
    let denied = "permission denied";
    // Some roles may write the table by an entry, others not at all.
    let unwritten = "was not written by this transaction|permission denied";
    vec![
        ("rewrite an entry", own("UPDATE smc.ledger SET actor = 'ME'"), denied),
        ("delete entries", own("DELETE FROM smc.ledger"), denied),
        ("empty the ledger", own("TRUNCATE smc.ledger"), denied),
        (
            "write an entry past its function",
            own("INSERT INTO smc.ledger SELECT * FROM smc.ledger LIMIT 1"),
            denied,
        ),
        ("move the head", own("UPDATE smc.head SET seq = 1"), denied),
        ("give numbers", own("INSERT INTO smc.counter VALUES ('CR', 99)"), denied),
        ("soften a requirement", own("UPDATE smc.requirement SET need = 'review'"), denied),
        ("take a requirement away", own("DELETE FROM smc.requirement"), denied),
        ("turn a decision", own("UPDATE smc.decision SET decision = 'yes'"), denied),
        ("approve by a row", own("UPDATE smc.change SET state = 'approved'"), unwritten),
        ("approve an approval", own("UPDATE smc.approval SET state = 'approved'"), unwritten),
        (
            "move the times of a change",
            own("UPDATE smc.change SET end_at = end_at + interval '1 day'"),
            unwritten,
        ),
        ("take a change away", own("DELETE FROM smc.change"), denied),
        (
            "hold another role",
            own("UPDATE smc.role_grant SET role = 'admin' WHERE person_ref = 'ME'"),
            unwritten,
        ),
        ("take a role away", own("DELETE FROM smc.role_grant"), denied),
        (
            "be of another discipline",
            own(
                "INSERT INTO smc.person_discipline (person_ref, discipline, seq) VALUES ('ME', 'quality', 1)",
            ),
            unwritten,
        ),
        (
            "be another person",
            own("UPDATE smc.person SET ref = 'x' WHERE ref = 'ME'"),
            "permission denied",
        ),
        (
            "write a row without an entry",
            own(
                "INSERT INTO smc.log_line (ref, site, text, author, added_at, state, seq) VALUES ('LL-7', 'RLF', 'x', 'ME', now(), 'added', 1)",
            ),
            unwritten,
        ),
        ("make a real store a demo", own("UPDATE smc.store SET demo = true"), unwritten),
        (
            "invent a kind",
            entry("change.blessed", "CR-1", Some("RLF")),
            "there is no kind of entry",
        ),
        (
            "choose a number",
            entry("change.requested", "CR-9", Some("RLF")),
            "may not append|the store gives the number",
        ),
        ("go by older rules", old, "was made under version 1 of the rules"),
        (
            "write a body of another form",
            format!("SELECT api.append('log.added', 'LL-?', {})", body(Some("rlf"))),
            "is not of the form",
        ),
        (
            "approve before all have spoken",
            decide("CR-1", "operations", "approved"),
            "may not append|is not approved",
        ),
        ("become the owner", own("SET ROLE smc_owner"), denied),
        ("become whoever founded it", own("SET SESSION AUTHORIZATION postgres"), denied),
        ("switch triggers off", own("ALTER TABLE smc.change DISABLE TRIGGER ALL"), "must be owner"),
        ("switch triggers off for oneself", own("SET session_replication_role = replica"), denied),
        ("drop a table", own("DROP TABLE smc.requirement"), "must be owner"),
        (
            "drop a constraint",
            own("ALTER TABLE smc.decision DROP CONSTRAINT decision_pkey"),
            "must be owner",
        ),
        (
            "give oneself a right",
            own("GRANT DELETE ON smc.ledger TO \"ME\"; DELETE FROM smc.ledger"),
            denied,
        ),
        ("hold the ledger", own("LOCK TABLE smc.ledger IN SHARE MODE"), denied),
        (
            "put a function in between",
            own("CREATE FUNCTION api.append(text) RETURNS text LANGUAGE sql AS 'SELECT $1'"),
            denied,
        ),
        ("put a table in between", own("CREATE TEMP TABLE person_discipline (x int)"), denied),
        ("make a table beside", own("CREATE TABLE smc.beside (x int)"), denied),
        (
            "call what tells a past",
            own("SELECT api.seed_append('ME', now(), 'log.added', 'LL-?', ''::bytea)"),
            "seal|permission denied|does not exist",
        ),
    ]
}

#[test]
fn whatever_role_one_holds_thirty_ways_around_the_rules_are_refused() {
    let Some(store) = store() else { return };
    store.may(&store.alice, &request_of(&[("operations", "must"), ("quality", "must")]));
    let length = || store.database.sql("SELECT count(*) FROM smc.ledger");
    for role in Role::ALL {
        let me = store.database.login(&role.word().replace('_', ""));
        store.person(&me, "operations");
        store.grant(&me, role.word(), "*", "NULL");
        let before = length();
        let ways = ways_of_nobody(&me);
        assert!(ways.len() >= 30);
        for (to, by, words) in ways {
            match store.database.sql_as(&me, &format!("BEGIN; {by}; COMMIT")) {
                Ok(said) => panic!("{} could {to}: {said}\n{by}", me.name),
                Err(why) => {
                    let told = words.split('|').any(|words| why.contains(words));
                    assert!(told, "{} tried to {to} and read: {why}", me.name);
                }
            }
            assert_eq!(length(), before, "to {to} left something behind");
        }
    }
}
