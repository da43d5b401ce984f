//! Every list with every word of its filter, on both engines; paging, order, and what time makes of a state.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};
use smc::console::screens::items::Item;
use smc::console::widgets::list::Row;
use smc::domain::filter::Of;
use smc::store::query::{
    Alarm, Change, LISTS, LogEntry, LogQuery, NOT_BUILT, Page, Since, Window, words,
};
use smc::store::{ReadError, Reader};

use crate::support::engine::Engine;
use crate::support::story::{Story, done, full, on_both, submit};

async fn refs(reader: &mut Reader<'_>, list: &str, filter: &str) -> Vec<String> {
    let listing = reader.listing(list, filter, &Page::default()).await.unwrap();
    listing.rows.iter().map(|row| row["ref"].as_str().unwrap().to_owned()).collect()
}

/// Every list takes every word of its filter, with every sort of value.
pub async fn every_word_is_taken(engine: &Engine, story: &Story) {
    let mut reader = story.boss.store().reader().await.unwrap();
    for list in LISTS {
        for word in words(list).unwrap() {
            let values = match word.of {
                // A site is one that stands; any other is refused, which another story tells.
                Of::Word if word.name == "site" => vec!["RLF", "rlf,ANR", "*"],
                Of::Word => vec!["RLF", "x,y", "a_%\\'"],
                Of::Choice(known) => known.to_vec(),
                Of::Number => vec!["2", "<=2", ">2"],
                Of::Time => vec!["<7d", ">=-1d", "<2026-11-22T14:00Z"],
                Of::Moment => vec!["-1d", "now", "2024-11-22", "2024-11-22T14:00Z"],
                Of::Flag => vec!["yes", "no"],
            };
            for value in values {
                let filter = format!("{}:{value}", word.name);
                let read = reader.listing(list, &filter, &Page::default()).await;
                assert!(read.is_ok(), "{} {list} {filter}: {read:?}", engine.name());
            }
        }
        let read = reader.listing(list, "some 100%_ text", &Page::default()).await;
        assert!(read.is_ok(), "{} {list}: {read:?}", engine.name());
        for row in reader.listing(list, "", &Page::default()).await.unwrap().rows {
            for field in ["ref", "site", "state", "title", "seq"] {
                assert!(row.get(field).is_some(), "{list} has no {field}: {row}");
            }
        }
    }
    reader.done().await;
}

#[test]
fn every_list_takes_every_word_of_its_filter_on_both_engines() {
    on_both(async |engine, story| {
        full(story).await;
        every_word_is_taken(engine, story).await;
    });
}

#[test]
fn what_a_filter_names_is_found_in_any_case_and_an_unknown_site_is_refused_in_every_list() {
    on_both(async |engine, story| {
        full(story).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        for list in LISTS {
            let known = words(list).unwrap();
            for word in known.iter().filter(|word| word.of == Of::Word) {
                let rows = reader.listing(list, "", &Page::ALL).await.unwrap().rows;
                let asks = ["site", "asset", "vendor", "person", "requester", "owner", "author"];
                let held = rows.iter().find_map(|row| row.get(word.name)?.as_str());
                let Some(held) = held.filter(|_| asks.contains(&word.name)) else { continue };
                for way in [held.to_lowercase(), held.to_uppercase()] {
                    let filter = format!("{}:\"{way}\"", word.name);
                    let exact = format!("{}:\"{held}\"", word.name);
                    let found = reader.listing(list, &filter, &Page::ALL).await.unwrap().rows;
                    let known = reader.listing(list, &exact, &Page::ALL).await.unwrap().rows;
                    assert!(!found.is_empty(), "{} {list} {filter}", engine.name());
                    assert_eq!(found, known, "{} {list} {filter}", engine.name());
                }
            }
            if known.iter().any(|word| word.name == "site") {
                for site in ["anx", "RLF,ANX", "a_%\\'"] {
                    let filter = format!("site:{site}");
                    let refused = reader.listing(list, &filter, &Page::default()).await;
                    let Err(fault @ ReadError::Filter(_)) = refused else { panic!("{list}") };
                    assert!(fault.to_string().contains("it is one of ANR, RLF"), "{fault}");
                }
            }
        }
        let whole = refs(&mut reader, "changes", "asset:RLF/PLC-7").await;
        assert!(!whole.is_empty());
        assert_eq!(refs(&mut reader, "changes", "asset:plc-7").await, whole, "by its tag");
        reader.done().await;
    });
}

#[test]
fn due_filters_what_the_column_shows_and_nothing_that_is_over() {
    on_both(async |engine, story| {
        full(story).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let holder = reader.holder(&story.boss.store().facts().actor).await.unwrap();
        let now = reader.now();
        for (line, at) in [("<1h", 3_600), ("<30d", 30 * 86_400), ("<400d", 400 * 86_400)] {
            let until = now.plus_seconds(at);
            let changes = reader.list::<Change>("", &Page::ALL).await.unwrap().rows;
            let shown = changes.iter().filter(|row| row.due(holder.as_ref(), now) < Some(until));
            let shown = shown.filter(|row| row.due(holder.as_ref(), now).is_some());
            let shown: Vec<_> = shown.map(|row| row.r#ref.clone()).collect();
            let filter = format!("due:{line}");
            assert_eq!(refs(&mut reader, "changes", &filter).await, shown, "{line}");
            let windows = reader.list::<Window>("", &Page::ALL).await.unwrap().rows;
            let shown = windows.iter().filter(|row| row.left.is_some() && row.end < until);
            let shown: Vec<_> = shown.map(|row| row.r#ref.clone()).collect();
            assert_eq!(refs(&mut reader, "windows", &filter).await, shown, "{line}");
            for list in ["changes", "windows", "risks"] {
                for row in reader.listing(list, &filter, &Page::ALL).await.unwrap().rows {
                    let over = ["closed", "rejected", "withdrawn", "expired", "lapsed"];
                    let state = row["state"].as_str().unwrap();
                    assert!(!over.contains(&state), "{} {list} {row}", engine.name());
                }
            }
        }
        let all = refs(&mut reader, "changes", "approve_by:<400d").await;
        assert_eq!(all, refs(&mut reader, "changes", "").await, "what had to be decided when");
        reader.done().await;
    });
}

/// Page by page comes what comes in one page.
pub async fn every_row_comes_once(engine: &Engine, story: &Story) {
    let mut reader = story.boss.store().reader().await.unwrap();
    for list in LISTS {
        let whole = reader.listing(list, "", &Page::ALL).await.unwrap();
        assert_eq!(whole.next, None);
        let (mut paged, mut after) = (Vec::new(), None);
        loop {
            let page = Page { limit: 2, after };
            let listing = reader.listing(list, "", &page).await.unwrap();
            assert!(listing.rows.len() <= 2);
            paged.extend(listing.rows);
            after = listing.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(paged, whole.rows, "{} {list}", engine.name());
        // What the console tells rows apart by; the items of measures have a screen of their own.
        if *list == "items" {
            continue;
        }
        let ids: BTreeSet<String> =
            whole.rows.iter().map(|row| Item::new(row.clone()).id().to_owned()).collect();
        assert_eq!(ids.len(), whole.rows.len(), "{} {list}", engine.name());
    }
    reader.done().await;
}

#[test]
fn paging_gives_every_row_once_and_in_one_order() {
    on_both(async |engine, story| {
        full(story).await;
        every_row_comes_once(engine, story).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let page = Page { limit: 1, after: None };
        let next = reader.listing("risks", "", &page).await.unwrap().next;
        let wrong = reader.listing("changes", "", &Page { limit: 1, after: next }).await;
        assert!(matches!(wrong, Err(ReadError::Cursor(_))), "{wrong:?}");
    });
}

#[test]
fn what_a_person_types_is_looked_for_as_it_is() {
    on_both(async |_, story| {
        let mut reader = story.boss.store().reader().await.unwrap();
        assert_eq!(refs(&mut reader, "assets", "100%_PURE").await, ["RLF/PLC-8"]);
        assert_eq!(refs(&mut reader, "assets", "\"pure \\\"").await, ["RLF/PLC-8"]);
        assert_eq!(refs(&mut reader, "assets", "boiler site:RLF").await, ["RLF/PLC-7"]);
        assert_eq!(refs(&mut reader, "assets", "site:ANR,RLF rated:yes").await, ["RLF/PLC-7"]);
        assert_eq!(refs(&mut reader, "assets", "zone:CTRL").await, ["RLF/PLC-7"]);
        assert!(refs(&mut reader, "assets", "o%r").await.is_empty());
        let wrong = reader.listing("assets", "colour:red", &Page::default()).await.unwrap_err();
        assert!(
            wrong.to_string().contains("colour") && wrong.to_string().contains("class"),
            "{wrong}"
        );
        for list in NOT_BUILT {
            let read = reader.listing(list, "", &Page::default()).await;
            assert!(matches!(read, Err(ReadError::NotBuilt(_))), "{list}");
        }
        assert!(matches!(
            reader.listing("cats", "", &Page::default()).await,
            Err(ReadError::NoList { .. })
        ));
    });
}

#[test]
fn a_state_reads_as_time_has_made_it_and_is_found_by_that_word() {
    on_both(async |engine, story| {
        let late = story.change("RLF/PLC-7", -60, 2).await;
        let overdue = story.change("RLF/PLC-8", -60, 2).await;
        let ready = story.change("ANR/PLC-1", -60, 3_600).await;
        let lapsed = story.window("RLF/PLC-7", -60, 2).await;
        let overrun = story.window("RLF/HMI-1", -60, 2).await;
        let armed = story.window("RLF/HMI-1", -60, 3_600).await;
        for reference in [&overdue, &ready, &overrun, &armed] {
            story.approve(reference).await;
        }
        done(&story.boss, "change.start", json!({"ref": overdue})).await;
        done(&story.boss, "window.open", json!({"ref": overrun})).await;

        let mut reader = story.boss.store().reader().await.unwrap();
        let alarms = reader.alarms("", &Page::default()).await.unwrap().rows;
        let kinds: Vec<_> = alarms.iter().map(|alarm: &Alarm| alarm.kind.word()).collect();
        assert_eq!(kinds, ["window_ending"], "{}", engine.name());
        reader.done().await;
        tokio::time::sleep(Duration::from_millis(2_300)).await;

        let mut reader = story.boss.store().reader().await.unwrap();
        for (word, reference) in
            [("expired", &late), ("overdue", &overdue), ("ready", &ready), ("approved", &ready)]
        {
            let found = reader.list::<Change>(&format!("state:{word}"), &Page::ALL).await.unwrap();
            let found: Vec<_> = found.rows.iter().map(|row| row.r#ref.as_str()).collect();
            assert_eq!(found, [reference], "{} {word}", engine.name());
        }
        for (word, reference) in
            [("lapsed", &lapsed), ("overrun", &overrun), ("open", &overrun), ("armed", &armed)]
        {
            let found = reader.list::<Window>(&format!("state:{word}"), &Page::ALL).await.unwrap();
            let found: Vec<_> = found.rows.iter().map(|row| row.r#ref.as_str()).collect();
            assert_eq!(found, [reference], "{} {word}", engine.name());
        }
        let changes = reader.list::<Change>("", &Page::ALL).await.unwrap().rows;
        for row in &changes {
            let by_word = format!("state:{}", row.effective_state);
            let found = reader.list::<Change>(&by_word, &Page::ALL).await.unwrap().rows;
            assert!(found.contains(row), "{by_word}");
        }
        let alarms = reader.alarms("", &Page::default()).await.unwrap().rows;
        let kinds: Vec<_> = alarms.iter().map(|alarm| alarm.kind.word()).collect();
        // Both are of priority 1: the overrun by its floor, the change because people could be hurt.
        assert_eq!(kinds, ["change_overdue", "window_overrun"], "{}", engine.name());
        assert_eq!(reader.alarms("priority:1", &Page::default()).await.unwrap().rows.len(), 2);
        reader.done().await;
    });
}

#[test]
fn a_change_shows_its_board_and_what_it_conflicts_with() {
    on_both(async |_, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let other = story.change("RLF/PLC-7", 5_000, 9_000).await;
        let apart = story.change("RLF/PLC-8", 3_600, 7_200).await;
        let window = story.window("RLF/PLC-7", 7_000, 9_000).await;
        let fields = json!({"ref": change, "discipline": "operations", "decision": "yes"});
        submit(&story.bob, "decide", fields).await.unwrap();

        let mut reader = story.boss.store().reader().await.unwrap();
        let found = reader.list::<Change>("asset:RLF/PLC-7", &Page::ALL).await.unwrap().rows;
        assert_eq!(found.len(), 2);
        let row = found.iter().find(|row| row.r#ref == change).unwrap();
        assert_eq!(row.conflicts.0, [other.as_str(), window.as_str()]);
        assert_eq!(row.assets.0, ["RLF/PLC-7"]);
        assert_eq!(row.timezone, "Europe/Amsterdam");
        let waiting: Vec<_> = row.approvals.waiting().collect();
        assert!(waiting.contains(&"it_security") && !waiting.contains(&"operations"), "{row:?}");
        let said = row.approvals.0.iter().find(|one| one.discipline == "operations").unwrap();
        assert_eq!(said.person.as_deref(), Some(story.logins[2].as_str()));
        assert!(said.veto);
        let waits = reader.list::<Change>("waits:operations", &Page::ALL).await.unwrap().rows;
        let waits: Vec<_> = waits.iter().map(|row| row.r#ref.as_str()).collect();
        assert!(!waits.contains(&change.as_str()) && waits.contains(&apart.as_str()), "{waits:?}");
    });
}

#[test]
fn status_counts_what_the_store_holds_at_one_moment() {
    on_both(async |_, story| {
        full(story).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let status = reader.status().await.unwrap();
        assert_eq!(status.entries, reader.snapshot().head.tip.seq);
        let shown = serde_json::to_value(&status).unwrap();
        assert_eq!(shown["org"], "Kestrel Chemicals");
        assert_eq!(shown["demo"], true);
        assert!(shown["head"].as_str().unwrap().starts_with(&format!("{}:", status.entries)));
        let sites: Vec<_> = shown["sites"]
            .as_array()
            .unwrap()
            .iter()
            .map(|site| site["site"].as_str().unwrap())
            .collect();
        assert_eq!(sites, ["ANR", "RLF"]);
        // Four of the fourteen weights at RLF are described and rated, all are confirmed; no risk has an owner and a
        // due time; nobody has set a RACI row for it.
        let rlf = &shown["sites"][1];
        assert_eq!(rlf["functions"]["ID"], 100 * (50 * 4 + 20 * 14) / (80 * 14));
        assert_eq!(rlf["functions"]["DE"], Value::Null);
        assert_eq!(rlf["risks"], json!({"p1": 0, "p2": 2, "p3": 1, "p4": 0}));
        assert!(rlf["because"].as_str().unwrap().starts_with("decision rights: 1 of 1"), "{rlf}");

        // What is written after the moment of reading is not of it.
        story.change("RLF/PLC-7", 3_600, 7_200).await;
        assert_eq!(reader.status().await.unwrap(), status);
        assert_eq!(reader.count::<Change>("").await.unwrap(), 3);
        reader.done().await;
        let mut reader = story.boss.store().reader().await.unwrap();
        assert_eq!(reader.count::<Change>("").await.unwrap(), 4);
    });
}

#[test]
fn the_log_reads_from_a_place_an_instant_or_a_subject() {
    on_both(async |_, story| {
        let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
        let from = smc::clock::now();
        story.approve(&change).await;
        let mut reader = story.boss.store().reader().await.unwrap();
        let all = LogQuery { since: Since::START, subject: None, limit: 1_000 };
        let entries = reader.log(&all).await.unwrap();
        assert_eq!(entries.len() as i64, reader.snapshot().head.tip.seq);
        for (at, entry) in entries.iter().enumerate() {
            assert_eq!(entry.seq, at as i64 + 1);
            assert_eq!(entry.hash.len(), 64);
            if at > 0 {
                assert_eq!(entry.prev, entries[at - 1].hash);
            }
        }
        assert_eq!(entries[1].cause, Some(1));
        let shown = serde_json::to_value(entries.last().unwrap()).unwrap();
        assert_eq!(shown["body"]["data"]["ref"], change.as_str());
        assert_eq!(shown["site"], "RLF");

        let history = reader.history(&change).await.unwrap();
        let kinds: Vec<_> = history.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds[0], "change.requested");
        assert!(kinds[1..].iter().all(|kind| *kind == "change.decided"), "{kinds:?}");
        let later = LogQuery { since: Since::Time(from), subject: None, limit: 1_000 };
        let later = reader.log(&later).await.unwrap();
        assert_eq!(later.first().map(|entry| entry.seq), Some(history[1].seq));
        let page = LogQuery { since: Since::Seq(3), subject: None, limit: 2 };
        let page: Vec<_> = reader.log(&page).await.unwrap().iter().map(|entry| entry.seq).collect();
        assert_eq!(page, [3, 4]);
    });
}

fn places(entries: &[LogEntry], holds: impl Fn(&LogEntry) -> bool) -> Vec<i64> {
    entries.iter().filter(|entry| holds(entry)).map(|entry| entry.seq).collect()
}

/// Who did what to which object, page by page.
pub async fn the_trail_is_filtered(engine: &Engine, story: &Story) {
    let change = story.change("RLF/PLC-7", 3_600, 7_200).await;
    story.approve(&change).await;
    let mut reader = story.boss.store().reader().await.unwrap();
    let all = LogQuery { since: Since::START, subject: None, limit: 1_000 };
    let mut whole = reader.log(&all).await.unwrap();
    whole.reverse();
    let author = whole.iter().find(|entry| entry.subject == change).unwrap().actor.clone();
    let tip = whole[0].seq;
    let of = |holds: fn(&LogEntry) -> bool| places(&whole, holds);
    for (filter, wanted) in [
        (String::new(), of(|_| true)),
        (format!("who:{author}"), places(&whole, |entry| entry.actor == author)),
        ("kind:change".into(), of(|entry| entry.kind.starts_with("change."))),
        (
            "kind:change.decided,site.registered".into(),
            of(|entry| ["change.decided", "site.registered"].contains(&entry.kind.as_str())),
        ),
        (format!("object:{change} kind:change"), places(&whole, |entry| entry.subject == change)),
        (format!("entry:>{}", tip - 2), vec![tip, tip - 1]),
        ("at:>-1h decided".into(), of(|entry| entry.kind.contains("decided"))),
        (change.to_lowercase(), places(&whole, |entry| entry.subject == change)),
        ("at:>1h".into(), Vec::new()),
    ] {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = reader.trail(&filter, &Page { limit: 2, after }).await.unwrap();
            assert!(page.rows.len() <= 2);
            seen.extend(page.rows.iter().map(|entry| entry.seq));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, wanted, "{} {filter:?}", engine.name());
        assert_eq!(seen.is_empty(), filter == "at:>1h", "{filter:?}");
    }
    // A decision stands there with what was decided on.
    let risk = done(&story.boss, "risk.raise", json!({"site": "RLF", "title": "Open port"})).await;
    let titles = reader.titles(&[&change, &risk, "CR-999"]).await.unwrap();
    let row = reader.one::<Change>(&change).await.unwrap().unwrap();
    assert_eq!(titles, [(change.clone(), row.title)].into(), "{}", engine.name());
    let read = reader.trail("subject:x", &Page::default()).await;
    let said = read.unwrap_err().to_string();
    assert!(said.contains("who, kind, object, at, entry"), "{said}");
    // What is written after the moment of reading is not of it.
    story.change("RLF/PLC-7", 9_000, 12_000).await;
    let newest = reader.trail("", &Page::default()).await.unwrap();
    assert_eq!(newest.rows.first().map(|entry| entry.seq), Some(tip));
    reader.done().await;
}

#[test]
fn the_audit_trail_is_filtered_by_who_kind_object_time_and_words_page_by_page() {
    on_both(async |engine, story| the_trail_is_filtered(engine, story).await);
}

#[test]
fn numbered_references_stand_in_the_order_of_their_numbers_on_every_page() {
    on_both(async |engine, story| {
        for number in 1..=12 {
            let fields = json!({"site": "RLF", "title": format!("Open port {number}"),
                "likelihood": 3, "consequence": {"production": 3}});
            done(&story.boss, "risk.raise", fields).await;
        }
        let mut reader = story.boss.store().reader().await.unwrap();
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = Page { limit: 5, after };
            let listing = reader.listing("risks", "", &page).await.unwrap();
            seen.extend(listing.rows.iter().map(|row| row["ref"].as_str().unwrap().to_owned()));
            after = listing.next;
            if after.is_none() {
                break;
            }
        }
        let wanted: Vec<String> = (1..=12).map(|number| format!("R-{number}")).collect();
        assert_eq!(seen, wanted, "{}", engine.name());
    });
}
