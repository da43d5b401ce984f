//! Whatever people do, in any order, and whatever the rules refuse: the tables are what the ledger makes.

use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use smc::commands::{Desk, Submission};
use smc::domain::command::Command;
use smc::domain::names::Login;
use smc::store::replay::{At, Progress, as_of, verify};
use smc::store::{Opening, StoreError};

use super::tamper::story::{Story, change};

const DISCIPLINES: [&str; 3] = ["operations", "engineering", "it_security"];
const LOGINS: [&str; 4] = ["", "bob", "eve", "mallory"];
const MOVES: [&str; 8] = [
    "change.start",
    "change.complete",
    "change.verify",
    "change.back-out",
    "change.withdraw",
    "risk.close",
    "risk.assess",
    "change.raise-impact",
];

/// One deed: who, which command, with what.
type Deed = (usize, &'static str, Value);

fn deed() -> impl Strategy<Value = Deed> {
    let number = 1..4_i64;
    let site = prop::sample::select(vec!["RLF", "ANR", "GOT"]);
    let login = prop::sample::select(LOGINS[1..].to_vec());
    let discipline = prop::sample::select(DISCIPLINES.to_vec());
    let command = (0..16_usize, number, site, login, discipline, any::<bool>()).prop_map(
        |(which, number, site, login, discipline, yes)| -> (&'static str, Value) {
            let tag = format!("PLC-{number}");
            let decision = if yes { "yes" } else { "no" };
            let on = format!("CR-{number}");
            match which {
                0 => ("site.register", json!({"site": site, "name": site, "timezone": "UTC"})),
                1 | 2 => (
                    "asset.register",
                    json!({"tag": tag, "site": site, "name": "x", "class": "plc", "vendor": "Siemens", "production": number}),
                ),
                3 => ("asset.update", json!({"tag": tag, "site": site, "name": "y", "firmware": "3"})),
                4 => ("asset.retire", json!({"tag": tag, "site": site})),
                5 => ("person.register", json!({"login": login, "name": login, "disciplines": [discipline, "operations"]})),
                6 => ("role.grant", json!({"login": login, "role": if yes { "shift_lead" } else { "smc_operator" }})),
                7 => ("role.revoke", json!({"login": login, "role": "shift_lead"})),
                8 => ("log.add", json!({"site": site, "text": "all quiet"})),
                9 | 10 => ("change.request", change()),
                11 | 12 => ("decide", json!({"ref": on, "discipline": discipline, "decision": decision, "reason": "so"})),
                13 => ("risk.raise", json!({"site": site, "title": "Open port"})),
                14 => ("zone.register", json!({"zone": format!("Z{number}"), "site": site, "name": "cell", "purdue": "1"})),
                _ => {
                    let verb = MOVES[usize::try_from(number).unwrap() % MOVES.len()];
                    (verb, json!({"ref": if verb.starts_with("risk") { format!("R-{number}") } else { on }, "note": "n"}))
                }
            }
        },
    );
    (0..LOGINS.len(), command).prop_map(|(who, (name, fields))| (who, name, fields))
}

async fn done(story: &Story, deeds: &[Deed]) -> usize {
    let mut written = 0;
    for (who, name, fields) in deeds {
        let act_as = LOGINS
            .get(*who)
            .filter(|login| !login.is_empty())
            .map(|login| Login::new(login).unwrap());
        let opening = Opening { act_as, ..Opening::default() };
        let desk = Desk::open(story.at(), opening, "test").await.unwrap();
        // Fields that a command does not take are a refusal like any other.
        let Some(Ok(command)) = Command::read(name, fields.clone()) else { continue };
        match desk.submit(Submission::from(command)).await {
            Ok(_) => written += 1,
            Err(StoreError::Refused(_)) => {}
            Err(fault) => panic!("{name} {fields}: {fault}"),
        }
    }
    written
}

#[test]
fn the_tables_are_what_the_ledger_makes_whatever_people_do() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(Config { cases: 8, max_shrink_iters: 40, ..Config::default() });
    let written = AtomicUsize::new(0);
    runner
        .run(&prop::collection::vec(deed(), 30..60), |deeds| {
            runtime.block_on(async {
                let story = Story::told().await;
                written.fetch_add(done(&story, &deeds).await, Relaxed);
                let store = story.open().await;
                let report = verify(&store, &[], Progress::silent()).await.unwrap();
                prop_assert!(report.holds(), "{:#?}", report);
                let cache = story.file().with_file_name("cache");
                let half = At::Seq(report.entries / 2 + 1);
                let past = as_of(&store, half, &cache, Progress::silent()).await.unwrap();
                prop_assert_eq!(At::Seq(past.head.tip.seq), half);
                Ok(())
            })
        })
        .unwrap();
    let written = written.load(Relaxed);
    assert!(written > 20, "only {written} deeds were let through");
}
