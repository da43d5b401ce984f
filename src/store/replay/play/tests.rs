//! Runs against one by one: the same tables, the same violations, whatever stands in the ledger.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::super::chain::{End, Item};
use super::super::compare::{self, Differences};
use super::super::report::{Fault, Named};
use super::super::scratch::Scratch;
use super::*;
use crate::domain::founding::{founding_disciplines, founding_roles};
use crate::domain::time::Time;
use crate::ledger::{Draft, Origin, Salt, Tip, automatic_id};
use crate::store::run;

const STORE: &str = "01KAMQ9R000000000000000000";

/// A ledger that anybody may have written: nothing of it was checked.
struct Pen {
    tip: Tip,
    items: Vec<Item>,
    dice: u64,
}

impl Pen {
    fn founded(seed: u64) -> Self {
        let mut pen = Self { tip: Tip::EMPTY, items: Vec::new(), dice: seed };
        pen.write(
            "alice",
            "store.founded",
            "store",
            json!({"org": "O", "demo": false, "founder": "alice"}),
        );
        assert!(founding_disciplines(false).is_empty());
        pen.write(
            "alice",
            "person.registered",
            "alice",
            json!({"login": "alice", "name": "Alice"}),
        );
        for role in founding_roles(false) {
            pen.write(
                "alice",
                "role.granted",
                "alice",
                json!({"login": "alice", "role": role.word()}),
            );
        }
        for (login, disciplines) in [("bob", json!(["engineering"])), ("eve", json!(["quality"]))] {
            pen.write(
                "alice",
                "person.registered",
                login,
                json!({"login": login, "name": login, "disciplines": disciplines}),
            );
        }
        for role in ["smc_operator", "shift_lead"] {
            pen.write("alice", "role.granted", "bob", json!({"login": "bob", "role": role}));
        }
        for site in ["RLF", "ANR"] {
            pen.write(
                "alice",
                "site.registered",
                site,
                json!({"site": site, "name": site, "timezone": "UTC"}),
            );
        }
        pen
    }

    fn dice(&mut self, sides: u64) -> u64 {
        self.dice = self
            .dice
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.dice >> 33) % sides
    }

    fn write(&mut self, actor: &str, kind: &str, subject: &str, data: Value) {
        let at = self.tip.at.micros().max(0) + 1_000_000;
        let id = automatic_id(kind, subject, Time::from_micros(at));
        let from = Origin {
            host: "h".into(),
            tty: String::new(),
            via: "test".into(),
            version: "0".into(),
            os_user: None,
        };
        let mut body = Body::new(id, Salt([7; 16]), 1, from, &data).unwrap();
        body.site = match kind {
            "asset.registered" | "log.added" | "zone.registered" => {
                data.get("site").and_then(Value::as_str).map(str::to_owned)
            }
            _ => None,
        };
        let draft = Draft::new(kind, subject, &body).unwrap();
        let entry = draft.seal(STORE, &self.tip, actor, Time::from_micros(at));
        self.tip = Tip::after(&entry);
        self.items.push(Item { entry: Some((entry, body)), end: End::after(self.tip) });
    }

    /// A stretch of what people write, now and then what no rule lets pass.
    fn stretch(&mut self, length: u64, odd: u64, line: &mut u64) {
        let logs = self.dice(2) == 0;
        for _ in 0..length {
            let odd = self.dice(odd) == 0;
            let site = if odd && self.dice(3) == 0 {
                "NIX"
            } else {
                ["RLF", "ANR"][usize::try_from(self.dice(2)).unwrap()]
            };
            let actor = if odd && self.dice(2) == 0 { "eve" } else { "bob" };
            if logs {
                // A number that was skipped, or given twice.
                *line += if odd { self.dice(3) } else { 1 };
                let mut data = json!({"site": site, "text": "all quiet"});
                if odd && self.dice(2) == 0 {
                    data["incident"] = json!("INC-7");
                }
                self.write(actor, "log.added", &format!("LL-{line}"), data);
            } else {
                let tag = format!("PLC-{}", self.dice(if odd { 4 } else { 100_000 }));
                let mut data = json!({"site": site, "tag": tag, "name": "x", "class": "plc", "vendor": "Siemens",
                    "product": "S7-1500", "order_number": "6ES7 511-1AK02-0AB0", "owner": "bob"});
                if odd && self.dice(3) == 0 {
                    data["zone"] = json!("cell");
                }
                if odd && self.dice(3) == 0 {
                    data["owner"] = json!("nobody");
                }
                self.write(actor, "asset.registered", &format!("{site}/{tag}"), data);
            }
        }
        match self.dice(6) {
            0 => self.write(
                "alice",
                "role.revoked",
                "bob",
                json!({"login": "bob", "role": "smc_operator"}),
            ),
            1 => self.write(
                "alice",
                "role.granted",
                "bob",
                json!({"login": "bob", "role": "smc_operator"}),
            ),
            2 => self.write(
                "alice",
                "role.granted",
                "eve",
                json!({"login": "eve", "role": "smc_operator"}),
            ),
            _ => {}
        }
    }
}

/// The same items played straight, with runs, and one by one; gives the violations and how much went in by runs.
async fn both(pen: &Pen) -> (Vec<Violation>, usize) {
    let mut straightly = Scratch::fresh(STORE).await.unwrap();
    let mut one_by_one = Scratch::fresh(STORE).await.unwrap();
    let (mut with_runs, mut without) = (Played::default(), Played::default());
    for items in pen.items.chunks(100) {
        let played = page(&mut straightly.link(), items).await.unwrap();
        with_runs.violations.extend(played.violations);
        carefully(&mut one_by_one.link(), items, &mut without).await.unwrap();
    }
    let shown = |played: &Played| -> Vec<String> {
        played.violations.iter().map(|v| format!("{} {} {}", v.seq, v.code, v.message)).collect()
    };
    assert_eq!(shown(&with_runs), shown(&without));
    for table in schema::table_names() {
        let mut faults: Named<Fault> = Named::default();
        let mut refused = BTreeMap::new();
        let mut differences = Differences { faults: &mut faults, refused: &mut refused };
        compare::table(&mut straightly.link(), &mut one_by_one.link(), table, &mut differences)
            .await
            .unwrap();
        assert!(faults.is_empty(), "{table}: {:?}", faults.named());
    }
    let kinds: Vec<_> = pen.items.iter().filter_map(|item| item.entry.as_ref()).collect();
    let many = kinds.windows(4).filter(|w| w.iter().all(|(e, _)| e.kind == w[0].0.kind)).count();
    (with_runs.violations, many)
}

#[tokio::test]
async fn a_run_writes_what_its_entries_write_one_by_one() {
    let mut pen = Pen::founded(3);
    let mut line = 0;
    for _ in 0..12 {
        pen.stretch(40, u64::MAX, &mut line);
    }
    let (violations, many) = both(&pen).await;
    assert!(many > 300, "{many}");
    assert!(
        violations.iter().all(|v| v.code == "not-allowed" || v.code == "unknown"),
        "{violations:?}"
    );
}

#[tokio::test]
async fn an_entry_that_is_refused_is_named_and_the_rest_of_its_run_has_effect() {
    let mut refused = 0;
    for seed in 1..6 {
        let mut pen = Pen::founded(seed);
        let mut line = 0;
        for _ in 0..15 {
            pen.stretch(12, 25, &mut line);
        }
        refused += both(&pen).await.0.len();
    }
    assert!(refused > 20, "{refused}");
}

#[tokio::test]
async fn lawful_entries_go_in_as_a_run() {
    let mut pen = Pen::founded(1);
    let founding = pen.items.len();
    for number in 1..=9 {
        pen.write(
            "bob",
            "log.added",
            &format!("LL-{number}"),
            json!({"site": "RLF", "text": "round made"}),
        );
    }
    let mut scratch = Scratch::fresh(STORE).await.unwrap();
    carefully(&mut scratch.link(), &pen.items[..founding], &mut Played::default()).await.unwrap();
    let lines: Vec<Said<'_>> = pen.items[founding..]
        .iter()
        .map(|item| {
            item.entry.as_ref().map(|(entry, body)| Said::of(entry, body).unwrap()).unwrap()
        })
        .collect();
    assert!(run::play(&mut scratch.link(), &lines, Numbers::Claimed).await.unwrap());
    // Their numbers are taken now.
    assert!(!run::play(&mut scratch.link(), &lines, Numbers::Claimed).await.unwrap());
    let counted =
        crate::scalar!(&mut scratch.link(), i64, "SELECT last FROM counter WHERE prefix = 'LL'")
            .unwrap();
    assert_eq!(counted, Some(9));
}
