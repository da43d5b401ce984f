//! Posture on both engines: what moves a number, what time makes of it, and that every count is the sum of its items.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use serde_json::{Value, json};
use smc::commands::Desk;
use smc::console::data::{Ask, Data};
use smc::console::runtime::Back;
use smc::console::widgets::doc::Line;
use smc::domain::posture::{Measure, State, document};
use smc::domain::time::Time;
use smc::store::query::{Page, Status};
use smc::store::replay::{Progress, verify};

use super::watch_kept::door;
use crate::support::docs;
use crate::support::engine::engines;
use crate::support::story::{Story, begin, done, full, now, on_both, soon, submit};

const DAY: i64 = 86_400;

async fn status(desk: &Desk) -> Status {
    let mut reader = desk.store().reader().await.unwrap();
    let status = reader.status().await.unwrap();
    reader.done().await;
    status
}

async fn items(desk: &Desk, filter: &str) -> Vec<Value> {
    let mut reader = desk.store().reader().await.unwrap();
    let rows = reader.listing("items", filter, &Page::ALL).await.unwrap().rows;
    reader.done().await;
    rows
}

/// Counts of a measure at a site: items and weight by state.
fn counts(status: &Status, site: &str, measure: Measure) -> BTreeMap<&'static str, (i64, i64)> {
    let site = status.sites.iter().find(|row| row.site == site).unwrap();
    let tally = site.measures.iter().find(|tally| tally.measure == measure).unwrap();
    State::COUNTED
        .iter()
        .map(|state| (state.word(), tally.counts.of(*state)))
        .filter(|(_, count)| count.items != 0 || count.weight != 0)
        .map(|(state, count)| (state, (count.items, count.weight)))
        .collect()
}

#[test]
fn what_moved_a_number_and_what_is_short_stand_before_what_is_said_of_it() {
    on_both(async |_, story| {
        let door = door(story).await;
        for (reference, first, last) in [
            ("RLF#described", "Not ok now", "ok when"),
            ("RLF", "The last move of each item", "How a number is made"),
            ("*", "The last move of each item", "How a number is made"),
        ] {
            let why = Ask::Why { reference: reference.to_owned() };
            let Ok(Data::Object(page)) = Box::pin(door.load(why)).await else { panic!("no page") };
            let at = |words: &str| {
                page.doc.0.iter().position(|line| match line {
                    Line::Heading(text) => text.as_str().starts_with(words),
                    Line::Field(label, _) | Line::When(label, ..) | Line::Span(label, ..) => {
                        label.as_str() == words
                    }
                    Line::Text(_) | Line::Entry(..) | Line::Folded(..) | Line::Gap => false,
                })
            };
            assert_eq!(at(first), Some(0), "{reference}: {:?}", page.doc);
            assert!(at(last) > Some(1), "{reference}: {:?}", page.doc);
        }
    });
}

#[test]
fn docs_posture_md_says_what_the_program_does() {
    docs::holds("posture.md", &document(), "posture");
}

#[test]
fn an_asset_counts_with_its_worst_rating_and_what_it_lacks_is_named() {
    on_both(async |_, story| {
        let before = status(&story.boss).await;
        // Three assets: one described and rated 4 by the founder, who is of operations; two of which little is known.
        let described = counts(&before, "RLF", Measure::Described);
        assert_eq!(described, BTreeMap::from([("ok", (1, 4)), ("unknown", (2, 10))]));
        let rated = counts(&before, "RLF", Measure::Criticality);
        assert_eq!(rated, BTreeMap::from([("ok", (1, 4)), ("unknown", (2, 10))]));
        let lacking = items(&story.boss, "site:RLF measure:described state:unknown").await;
        assert_eq!(lacking.len(), 2);
        assert_eq!(lacking[0]["ref"], "RLF/HMI-1");
        assert_eq!(lacking[0]["why"], "not known: zone, owner, vendor, product, firmware");
        let fields =
            json!({"site": "RLF", "tag": "HMI-1", "safety": 2, "regulatory": 1, "production": 3});
        done(&story.alice, "asset.update", fields).await;
        let after = status(&story.boss).await;
        let rated = counts(&after, "RLF", Measure::Criticality);
        let now = BTreeMap::from([("bad", (1, 3)), ("ok", (1, 4)), ("unknown", (1, 5))]);
        assert_eq!(rated, now, "IT security rated it, not operations");
        let why = items(&story.boss, "measure:criticality state:bad").await[0]["why"].clone();
        assert_eq!(why, "not rated by operations: safety, regulatory, production");
        done(&story.boss, "asset.retire", json!({"site": "RLF", "tag": "HMI-1"})).await;
        let left = counts(&status(&story.boss).await, "RLF", Measure::Criticality);
        assert_eq!(left, BTreeMap::from([("ok", (1, 4)), ("unknown", (1, 5))]));
    });
}

#[test]
fn decision_rights_ask_for_somebody_at_the_site_and_nothing_set_is_one_unknown() {
    on_both(async |_, story| {
        let rights = |status: &Status| counts(status, "ANR", Measure::DecisionRights);
        assert_eq!(rights(&status(&story.boss).await), BTreeMap::from([("unknown", (1, 1))]));
        let unset = items(&story.boss, "site:ANR measure:decision-rights state:unknown").await;
        assert_eq!(unset[0]["why"], "no row of the RACI was set for ANR");
        let quality = json!({"activity": "control.change", "discipline": "quality", "value": "A", "site": "ANR"});
        done(&story.boss, "raci.set", quality).await;
        assert_eq!(rights(&status(&story.boss).await), BTreeMap::from([("bad", (1, 1))]));
        let bad = items(&story.boss, "measure:decision-rights state:bad").await;
        assert_eq!(bad[0]["why"], "nobody at ANR holds the A: quality");
        let set = json!({"activity": "control.change", "discipline": "operations", "value": "A", "site": "ANR"});
        done(&story.boss, "raci.set", set).await;
        assert_eq!(rights(&status(&story.boss).await), BTreeMap::from([("ok", (1, 1))]));
    });
}

#[test]
fn a_number_has_its_list_and_the_pool_has_every_item_once() {
    on_both(async |_, story| {
        full(story).await;
        let status = status(&story.boss).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        for site in &status.sites {
            for tally in &site.measures {
                for state in State::COUNTED {
                    let filter =
                        format!("site:{} measure:{} state:{state}", site.site, tally.measure);
                    let listed = reader.listing("items", &filter, &Page::ALL).await.unwrap().rows;
                    let weight: i64 =
                        listed.iter().map(|row| row["weight"].as_i64().unwrap()).sum();
                    let count = tally.counts.of(state);
                    let found = (i64::try_from(listed.len()).unwrap(), weight);
                    assert_eq!((count.items, count.weight), found, "{filter}");
                }
            }
        }
        let everything = reader.listing("items", "", &Page::ALL).await.unwrap().rows.len();
        let mut paged = Vec::new();
        let mut page = Page { limit: 3, after: None };
        loop {
            let found = reader.listing("items", "", &page).await.unwrap();
            paged.extend(found.rows);
            let Some(next) = found.next else { break };
            page.after = Some(next);
        }
        assert_eq!(paged.len(), everything, "a list of pages is the list");
        let pooled: i64 = status.measures.iter().map(|tally| tally.counts.asked().items).sum();
        assert_eq!(usize::try_from(pooled).unwrap(), everything);
        let measures = reader
            .listing("measures", "site:* state:ok,bad,stale,unknown", &Page::ALL)
            .await
            .unwrap();
        assert!(measures.rows.iter().any(|row| row["measure"] == "access"), "{measures:?}");
        reader.done().await;
    });
}

#[test]
fn what_moved_a_number_is_told_with_its_entry() {
    on_both(async |_, story| {
        let fields = json!({"site": "RLF", "tag": "HMI-1", "owner": story.logins[2], "zone": "CTRL",
            "vendor": "Siemens", "product": "TP1200", "firmware": "16.0"});
        done(&story.boss, "asset.update", fields).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let moved = reader.moves(Some("RLF"), Some(Measure::Described), 1).await.unwrap();
        let seq = reader.snapshot().head.tip.seq;
        assert_eq!((moved[0].r#ref.as_str(), moved[0].seq), ("RLF/HMI-1", seq));
        assert_eq!((moved[0].was.as_deref(), moved[0].state.as_str()), (Some("unknown"), "ok"));
        reader.done().await;
    });
}

/// Every item of the store at an instant, counted one by one, and what the counts say.
async fn compared(
    desk: &Desk,
    later: Time,
) -> (BTreeMap<String, (i64, i64)>, BTreeMap<String, (i64, i64)>) {
    let mut reader = desk.store().reader().await.unwrap().at(later);
    let mut by_items = BTreeMap::new();
    for row in reader.listing("items", "", &Page::ALL).await.unwrap().rows {
        let key =
            format!("{} {}", row["measure"].as_str().unwrap(), row["state"].as_str().unwrap());
        let found: &mut (i64, i64) = by_items.entry(key).or_default();
        found.0 += 1;
        found.1 += row["weight"].as_i64().unwrap();
    }
    let status = reader.status().await.unwrap();
    let mut by_counts = BTreeMap::new();
    for tally in status.measures.iter().filter(|tally| !tally.measure.must_exist()) {
        for state in State::COUNTED {
            let count = tally.counts.of(state);
            if count.items != 0 || count.weight != 0 {
                by_counts.insert(format!("{} {state}", tally.measure), (count.items, count.weight));
            }
        }
    }
    by_items.retain(|key, _| !key.starts_with("decision-rights"));
    reader.done().await;
    (by_items, by_counts)
}

/// Described, rated and zones made out from the objects themselves, by what their lists say.
async fn recomputed(desk: &Desk) -> BTreeMap<String, (i64, i64)> {
    let mut reader = desk.store().reader().await.unwrap();
    let mut found: BTreeMap<String, (i64, i64)> = BTreeMap::new();
    let mut add = |key: &str, weight: i64| {
        let count = found.entry(key.to_owned()).or_default();
        count.0 += 1;
        count.1 += weight;
    };
    let assets = reader.listing("assets", "state:active", &Page::ALL).await.unwrap().rows;
    for asset in &assets {
        let ratings = ["safety", "regulatory", "production"].map(|name| asset[name].as_i64());
        let rated = ratings.iter().all(Option::is_some);
        let weight = if rated { ratings.into_iter().flatten().max().unwrap() } else { 5 };
        let facts = ["zone", "owner", "vendor", "product", "firmware"];
        let known = facts.iter().all(|name| !asset[*name].is_null());
        let known = known && asset["class"] != "unclassified";
        add(if known { "described ok" } else { "described unknown" }, weight);
        if !rated {
            add("criticality unknown", weight);
        }
    }
    for zone in reader.listing("zones", "", &Page::ALL).await.unwrap().rows {
        let levels = (zone["sl_target"].as_i64(), zone["sl_achieved"].as_i64());
        let state = match levels {
            (Some(target), Some(achieved)) if achieved >= target => "zones ok",
            (Some(_), Some(_)) => "zones bad",
            _ => "zones unknown",
        };
        add(state, 1);
    }
    reader.done().await;
    found
}

/// One deed: which command, with what.
fn deed() -> impl Strategy<Value = (&'static str, Value)> {
    let site = prop::sample::select(vec!["RLF", "ANR"]);
    (0..18_usize, 1..4_i64, site, any::<bool>()).prop_map(|(which, n, site, yes)| {
        let (tag, change, window, risk) =
            (format!("T-{n}"), format!("CR-{n}"), format!("VW-{n}"), format!("R-{n}"));
        match which {
            0 | 1 => ("asset.register", json!({"tag": tag, "site": site, "name": "x", "class": "plc", "purdue": "1", "production": n})),
            2 => ("asset.update", json!({"tag": tag, "site": site, "safety": n, "regulatory": 1, "production": 2})),
            3 => ("asset.update", json!({"tag": tag, "site": site, "firmware": "3", "vendor": "Siemens"})),
            4 => ("asset.retire", json!({"tag": tag, "site": site})),
            5 => ("zone.register", json!({"zone": format!("Z{n}"), "site": site, "name": "cell", "purdue": "1", "sl_target": n})),
            6 => ("risk.raise", json!({"site": site, "title": "Open port", "owner": "bob", "due": soon(n * DAY)})),
            7 => ("risk.assess", json!({"ref": risk, "level": "current", "likelihood": n, "consequence": {"safety": n}, "due": soon(DAY)})),
            8 => ("risk.close", json!({"ref": risk, "reason": "done"})),
            9 => ("risk.accept", json!({"ref": risk, "until": soon(n * DAY), "reason": "so"})),
            10 => ("change.start", json!({"ref": change})),
            11 => (if yes { "change.complete" } else { "change.withdraw" }, json!({"ref": change, "note": "n"})),
            12 => (if yes { "change.verify" } else { "change.back-out" }, json!({"ref": change, "note": "n"})),
            13 => ("window.open", json!({"ref": window})),
            14 => ("window.close", if yes { json!({"ref": window, "close_out": "done"}) } else { json!({"ref": window}) }),
            15 => ("role.grant", json!({"login": "alice", "role": "viewer", "site": site, "until": soon(n * DAY)})),
            16 => ("role.revoke", json!({"login": "alice", "role": "viewer", "site": site})),
            _ => ("vendor.person", json!({"vendor": "YOKO", "name": format!("P{n}"), "screening_until": soon(n * DAY), "training_until": soon(2 * DAY)})),
        }
    })
}

async fn told(story: &Story, deeds: &[(&'static str, Value)]) -> usize {
    for n in 0..3 {
        let change = story.change("RLF/PLC-7", -60 + n, 3_600).await;
        story.approve(&change).await;
        let window = story.window("RLF/PLC-7", -60 + n, 3_600).await;
        story.approve(&window).await;
    }
    let mut written = 0;
    for (name, fields) in deeds {
        if submit(&story.boss, name, fields.clone()).await.is_ok() {
            written += 1;
        }
    }
    written
}

#[test]
fn every_count_is_the_sum_of_its_items_whatever_people_do_and_at_any_later_instant() {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner = TestRunner::new(Config { cases: 2, max_shrink_iters: 0, ..Config::default() });
    let deeds = prop::collection::vec(deed(), 90..120);
    let days = prop::collection::vec(0..500_i64, 3);
    runner
        .run(&(deeds, days), |(deeds, days)| {
            for engine in engines() {
                runtime.block_on(async {
                    let story = begin(&engine).await;
                    let written = told(&story, &deeds).await;
                    prop_assert!(written > 10, "{}: only {written} deeds", engine.name());
                    let (_, by_counts) = compared(&story.boss, now().plus_seconds(1)).await;
                    for key in [
                        "described ok",
                        "described unknown",
                        "criticality unknown",
                        "zones ok",
                        "zones bad",
                        "zones unknown",
                    ] {
                        let own = recomputed(&story.boss).await.remove(key);
                        prop_assert_eq!(
                            own,
                            by_counts.get(key).copied(),
                            "{}: {}",
                            engine.name(),
                            key
                        );
                    }
                    for day in [0].iter().chain(&days) {
                        let (by_items, by_counts) =
                            compared(&story.boss, now().plus_seconds(day * DAY + 1)).await;
                        prop_assert_eq!(
                            &by_items,
                            &by_counts,
                            "{} after {} days",
                            engine.name(),
                            day
                        );
                    }
                    let report = verify(story.boss.store(), &[], Progress::silent()).await.unwrap();
                    prop_assert!(report.holds(), "{}: {:#?}", engine.name(), report);
                    Ok(())
                })?;
            }
            Ok(())
        })
        .unwrap();
}
