//! What the owner of a server's store, or its DBA, does behind the program's back: each deed is named, and repaired.

mod cells;
mod ledger;
mod older;

use serde_json::{Value, json};
use smc::commands::origin;
use smc::domain::text::Line;
use smc::store::replay::{At, Progress, Report, as_of, repair, verify};
use smc::store::{Opening, Place, Store, found};

use super::story::{change, told};
use crate::support::postgres::{Database, Login, postgres};

struct Server {
    database: Database<'static>,
    bob: Login,
}

fn place(url: &str) -> Place {
    url.parse().unwrap()
}

impl Server {
    async fn told() -> Option<Self> {
        let database = postgres()?.database();
        let owner = place(database.url());
        found(&owner, &Line::new("Acme").unwrap(), true, &origin("test")).await.unwrap();
        let bob = database.login("bob");
        let people = [
            (
                "site.register",
                json!({"site": "RLF", "name": "Ridley Field", "timezone": "Europe/Amsterdam"}),
            ),
            (
                "asset.register",
                json!({"tag": "PLC-1", "site": "RLF", "name": "Boiler", "class": "plc"}),
            ),
            (
                "person.register",
                json!({"login": bob.name, "name": "Bob", "disciplines": ["operations", "engineering"]}),
            ),
            ("role.grant", json!({"login": bob.name, "role": "shift_lead"})),
            ("log.add", json!({"site": "RLF", "text": "all quiet"})),
            (
                "person.register",
                json!({"login": "ida", "name": "Ida", "disciplines": ["it_security"]}),
            ),
            ("role.grant", json!({"login": "ida", "role": "smc_operator"})),
            ("change.request", change()),
        ];
        for (name, fields) in people {
            say(&owner, name, fields).await;
        }
        say(
            &place(&bob.url),
            "decide",
            json!({"ref": "CR-1", "discipline": "operations", "decision": "yes"}),
        )
        .await;
        Some(Self { database, bob })
    }

    async fn open(&self, url: &str) -> Store {
        Store::open(place(url), Opening { inspect: true, ..Opening::default() }).await.unwrap()
    }

    async fn verify(&self) -> Report {
        let store = self.open(&self.bob.url).await;
        verify(&store, &[], Progress::silent()).await.unwrap()
    }

    /// As the DBA, past every guard.
    fn tamper(&self, sql: &str) {
        self.database.sql(&format!(
            "ALTER TABLE smc.ledger DISABLE TRIGGER USER; {sql}; ALTER TABLE smc.ledger ENABLE TRIGGER USER;
             ALTER TABLE smc.ledger ENABLE ALWAYS TRIGGER append_only, ENABLE ALWAYS TRIGGER append_only_truncate"
        ));
    }
}

async fn say(place: &Place, name: &str, fields: Value) {
    told(place, None, name, fields).await.unwrap_or_else(|fault| panic!("{name}: {fault}"));
}

fn words(report: &Report) -> String {
    let faults = report.faults.named().iter().map(|fault| fault.message.clone());
    faults
        .chain(report.violations.named().iter().map(|v| v.message.clone()))
        .collect::<Vec<_>>()
        .join("\n")
}

#[tokio::test]
async fn a_store_on_a_server_that_nobody_touched_holds_by_any_persons_verification() {
    let Some(server) = Server::told().await else { return };
    let report = server.verify().await;
    assert!(report.holds(), "{}", words(&report));
    assert!(report.entries >= 12);
}

#[tokio::test]
async fn what_the_dba_changes_on_a_server_is_named() {
    let Some(server) = Server::told().await else { return };
    // One after the other in the same store: no fault hides another.
    for (deed, told) in [
        ("UPDATE smc.ledger SET sig = '\\x01' WHERE seq = 9", "entry 9 was changed"),
        ("UPDATE smc.head SET seq = seq + 1", "the head says that the ledger ends at"),
        (
            "ALTER TABLE smc.site DISABLE TRIGGER USER; UPDATE smc.site SET name = 'x'; ALTER TABLE smc.site ENABLE TRIGGER USER",
            "table site, row \"RLF\", column name: the store holds \"x\", the ledger makes \"Ridley Field\"",
        ),
        (
            "DELETE FROM smc.decision",
            "table decision, row \"CR-1\" 1 \"operations\": the store lacks this row",
        ),
        (
            "ALTER TABLE smc.site DISABLE TRIGGER referee",
            "the trigger referee on site by referee_ref, firing O is missing",
        ),
        (
            "ALTER TABLE smc.decision DROP CONSTRAINT nobody_decides_on_their_own_request",
            "the table decision has 2 checks that hold, this program makes 3",
        ),
        (
            "ALTER TABLE smc.decision DISABLE TRIGGER ALL; ALTER TABLE smc.decision ENABLE TRIGGER USER",
            "the table decision has 0 foreign keys that hold, this program makes 3",
        ),
        ("CREATE VIEW smc.v AS SELECT 1", "the view smc.v was planted"),
        (
            "CREATE FUNCTION api.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
            "the function api.f was planted",
        ),
        (
            "CREATE OR REPLACE FUNCTION smc.check_person() RETURNS void LANGUAGE plpgsql AS 'BEGIN END'",
            "the function smc.check_person is not as this program makes it",
        ),
        (
            "CREATE RULE r AS ON DELETE TO smc.site DO INSTEAD NOTHING",
            "the rule r on site was planted",
        ),
        (
            "INSERT INTO smc.kind_right VALUES ('person.registered', 'viewer', NULL)",
            "the referee's row kind_right person.registered viewer -",
        ),
        (
            "CREATE OR REPLACE FUNCTION smc.referee_touched_change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'",
            "the function smc.referee_touched_change is not as this program makes it",
        ),
        (
            "UPDATE smc.alters SET holds = NULL WHERE kind = 'window.opened' AND col = 'opened_by'",
            "the referee's row alters vendor_window opened_by window.opened actor is missing",
        ),
        ("UPDATE smc.meta SET value = 'x' WHERE key = 'tables'", "the note \"tables\" says"),
        ("DELETE FROM smc.ledger WHERE kind = 'log.added'", ": entries are missing or were put in"),
    ] {
        server.tamper(deed);
        let report = server.verify().await;
        assert!(words(&report).contains(told), "{deed}: {}", words(&report));
    }
}

#[tokio::test]
async fn the_owner_of_a_server_store_repairs_it_and_an_operator_cannot() {
    let Some(server) = Server::told().await else { return };
    server.tamper(
        "UPDATE smc.ledger SET body = convert_to(replace(convert_from(body, 'UTF8'), 'all quiet', 'all QUIET'), 'UTF8') WHERE kind = 'log.added';
         DELETE FROM smc.decision; UPDATE smc.head SET hash = '\\x00000000000000000000000000000000000000000000000000000000000000ff';
         DROP TRIGGER referee ON smc.site",
    );
    let before = server.verify().await;
    let bob = server.open(&server.bob.url).await;
    let refused = repair(&bob, &origin("test"), Progress::silent()).await.unwrap_err();
    assert!(refused.to_string().contains("does not own the store"), "{refused}");
    let owner = server.open(server.database.url()).await;
    let done = repair(&owner, &origin("test"), Progress::silent()).await.unwrap();
    assert_eq!(done.report.faults, before.faults);
    let after = server.verify().await;
    assert!(after.holds(), "{}", words(&after));
    assert_eq!(after.acknowledged.len(), 1);
    say(&place(server.database.url()), "log.add", json!({"site": "RLF", "text": "go on"})).await;
    assert!(server.verify().await.holds());
}

#[tokio::test]
async fn a_server_store_can_be_seen_as_it_once_stood() {
    let Some(server) = Server::told().await else { return };
    let dir = tempfile::tempdir().unwrap();
    let store = server.open(&server.bob.url).await;
    let past =
        as_of(&store, At::Seq(7), &dir.path().join("cache"), Progress::silent()).await.unwrap();
    let store = store.at(past);
    let reader = store.reader().await.unwrap();
    assert!(reader.is_past());
    assert_eq!(reader.snapshot().head.tip.seq, 7);
}
