//! What stands is read once and kept while nothing that was written may have moved it: a console that followed the
//! ledger shows what one that opens now shows.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use smc::commands::Desk;
use smc::console::back::Door;
use smc::console::data::{Ask, Bars, Data};
use smc::console::runtime::Back;
use smc::console::screens::watch::Watched;
use smc::console::widgets::list::Page;
use smc::domain::command;
use smc::domain::time::Time;
use smc::store::Opening;
use smc::store::query::{Bypass, Change, LogQuery, Risk, Session, Since, Window, moves};

use crate::support::paper;
use crate::support::story::{Story, done, full, on_both, soon};

/// A console's door for alice.
pub async fn door(story: &Story) -> Door {
    door_of(&story.alice).await
}

/// A console's door for whoever this desk is of.
pub async fn door_of(desk: &Desk) -> Door {
    let store = desk.store();
    let act_as = (!store.is_postgres()).then(|| store.facts().actor.clone());
    let opening = Opening { act_as, ..Opening::default() };
    let desk = Desk::open(store.place().clone(), opening, "test").await.unwrap();
    Door::new(desk, None, None)
}

/// A row of the watch as it is shown: priority, whether it calls, its id, its due, what it says.
type Row = (u8, bool, String, Option<Time>, String);

/// The rows of the watch with those of the shelf, and what frames them.
pub async fn shown(door: &Door) -> (Vec<Row>, Bars) {
    let list = Ask::List { subject: "watch", filter: String::new(), after: None, limit: 500 };
    let Ok(Data::List(rows)) = Box::pin(door.load(list)).await else { panic!("no watch") };
    let rows = rows.downcast::<Page<Watched>>().expect("rows of the watch").rows;
    let row = |row: Watched| {
        let said = format!("{}: {}", row.what, row.because);
        (row.priority, row.unacknowledged, row.id, row.due, said)
    };
    let Ok(Data::Bars(bars)) = Box::pin(door.load(Ask::Bars)).await else { panic!("no bars") };
    (rows.into_iter().map(row).collect(), *bars)
}

/// The rows of the risks as they are shown.
pub async fn risks(door: &Door) -> Vec<Risk> {
    let list = Ask::List { subject: "risks", filter: String::new(), after: None, limit: 500 };
    let Ok(Data::List(rows)) = Box::pin(door.load(list)).await else { panic!("no risks") };
    rows.downcast::<Page<Risk>>().expect("rows of risks").rows
}

/// The kinds of the entries after this place.
async fn kinds(story: &Story, after: i64) -> BTreeSet<String> {
    let mut reader = story.alice.store().reader().await.unwrap();
    let query = LogQuery { since: Since::Seq(after + 1), subject: None, limit: 1_000 };
    let entries = reader.log(&query).await.unwrap();
    reader.done().await;
    entries.into_iter().map(|entry| entry.kind).collect()
}

#[test]
fn a_console_that_followed_shows_what_a_new_one_shows() {
    on_both(async |engine, story| {
        Box::pin(full(story)).await;
        let followed = door(story).await;
        shown(&followed).await;
        let change = story.change("RLF/PLC-7", 7_200, 10_800).await;
        shown(&followed).await;
        let tip = story.alice.store().reader().await.unwrap().snapshot().head.tip.seq;

        done(&story.alice, "log.add", json!({"site": "RLF", "text": "Round done."})).await;
        let zone = json!({"zone": "DMZ", "site": "RLF", "name": "Between", "purdue": "3.5"});
        done(&story.boss, "zone.register", zone).await;
        let comment = json!({"ref": change, "text": "The key is at the gate."});
        done(&story.alice, "comment.add", comment).await;
        let duty = json!({"login": story.logins[2], "site": "RLF", "discipline": "operations",
            "from": soon(-60), "until": soon(3_600)});
        done(&story.boss, "duty.set", duty).await;
        let over = json!({"login": story.logins[2], "site": "RLF", "discipline": "operations", "reason": "relieved"});
        done(&story.boss, "duty.end", over).await;
        done(
            &story.boss,
            "posture.target",
            json!({"site": "RLF", "target": 90, "reason": "agreed"}),
        )
        .await;
        let weigh = json!({"measure": "zones", "weight": 20, "reason": "known by now"});
        done(&story.boss, "posture.weigh", weigh).await;
        let founder = engine.founder().account;
        let paper = paper::advisory("ACME-2026-9", "1", "vers:generic/<2");
        let paper = founder.file("acme-2026-9.json", paper.to_string());
        let folder = paper.parent().unwrap().to_str().unwrap();
        founder.smc(&["import", "csaf", folder]).exits(0);
        let before = shown(&followed).await;
        assert_eq!(before, shown(&door(story).await).await);

        let written = kinds(story, tip).await;
        let still: BTreeSet<String> = command::table()
            .filter(|spec| !moves(spec.kind) && spec.kind != "import.confirmed")
            .map(|spec| spec.kind.to_owned())
            .collect();
        assert!(written.is_superset(&still), "{still:?} beside {written:?}");

        let report =
            json!({"where": "RLF boiler", "what": "The panel shows odd values.", "effect": "none"});
        done(&story.alice, "report.submit", report).await;
        let after = shown(&followed).await;
        assert!(after.0.len() > before.0.len(), "a new report waits for whoever judges it");
        assert_eq!(after, shown(&door(story).await).await);
        let window = story.window("RLF/PLC-7", 60, 3_600).await;
        let rows = shown(&followed).await.0;
        assert!(rows.iter().any(|row| row.2.contains(&window)), "{window} is not in {rows:?}");
    });
}

#[test]
fn the_tiles_count_what_the_lists_list() {
    on_both(async |_, story| {
        Box::pin(full(story)).await;
        let door = door(story).await;
        let Ok(Data::Tiles(tiles)) = Box::pin(door.load(Ask::Tiles)).await else {
            panic!("no tiles")
        };
        let titles: Vec<&str> = tiles.iter().map(|tile| tile.title.as_str()).collect();
        let all = ["Posture", "Alarms", "Windows", "Changes", "Risks, incidents", "Plants"];
        assert_eq!(titles, all);
        let line = |title: &str, label: &str| {
            let tile = tiles.iter().find(|tile| tile.title.as_str() == title).unwrap();
            let lines = tile.lines.iter().map(|line| line.plain().to_string());
            let found = lines.filter_map(|line| line.strip_prefix(label).map(str::to_owned)).next();
            found.unwrap_or_else(|| panic!("{label} in {tile:?}"))
        };
        let mut reader = story.alice.store().reader().await.unwrap();
        let changes = reader.count::<Change>("state:requested").await.unwrap();
        assert_eq!(line("Changes", "to decide "), changes.to_string());
        let running = reader.count::<Change>("state:in_progress").await.unwrap();
        assert_eq!(line("Changes", "running "), running.to_string());
        let windows = reader.count::<Window>("state:open").await.unwrap();
        let live = reader.count::<Session>("state:live").await.unwrap();
        assert_eq!(line("Windows", "open "), format!("{windows}, live {live}"));
        let placed = reader.count::<Bypass>("state:placed").await.unwrap();
        assert_eq!(line("Plants", "bypasses "), format!("{placed}, ended 0"));
        let [p1, p2] = ["1", "2"]
            .map(|priority| format!("state:candidate,open,treating,accepted priority:{priority}"));
        let p1 = reader.count::<Risk>(&p1).await.unwrap();
        let p2 = reader.count::<Risk>(&p2).await.unwrap();
        assert_eq!(line("Risks, incidents", "P1 "), format!("{p1}  P2 {p2}"));
        reader.done().await;
    });
}

#[test]
fn a_vendor_who_was_ordered_off_and_is_still_inside_is_told_as_inside() {
    on_both(async |engine, story| {
        let window = story.window("RLF/PLC-7", -60, 2).await;
        story.approve(&window).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        let there = json!({"vendor": "YOKO", "person": "Y. Tanaka", "asset": "RLF/PLC-7"});
        let session = done(&story.boss, "session.start", there).await;
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        let why = json!({"ref": window, "reason": "unknown file copied"});
        done(&story.boss, "window.cut-off", why).await;
        let door = door(story).await;
        let told = async || {
            let (rows, bars) = shown(&door).await;
            let id = format!("window_overrun:{window}");
            let row = rows.into_iter().find(|(_, _, found, ..)| *found == id).expect("its alarm");
            (row.4, format!("{:?}", bars.attention.lead))
        };
        let (said, lead) = told().await;
        assert!(said.starts_with(&format!("{session} still inside: ")), "{said}");
        assert!(said.contains("the jump host ends the connection"), "{}: {said}", engine.name());
        assert!(!said.contains("it has ended") && !lead.contains("has ended"), "{said} {lead}");
        let page = door.load(Ask::Object { reference: window.clone() }).await;
        let Ok(Data::Object(page)) = page else { panic!("no page") };
        let page = format!("{:?}", page.doc);
        assert!(page.contains("still inside") && !page.contains("it has ended"), "{page}");
        done(&story.boss, "session.end", json!({"ref": session})).await;
        let (said, _) = told().await;
        assert!(said.contains("it has ended, and nobody had acknowledged it"), "{said}");
    });
}

#[test]
fn an_alarm_asks_whoever_may_do_something_about_it_and_once_it_has_ended_whoever_may_say_so() {
    on_both(async |engine, story| {
        let [vera, _] = &story.others;
        let window = story.window("RLF/PLC-7", -60, 2).await;
        story.approve(&window).await;
        done(&story.boss, "role.revoke", json!({"login": vera, "role": "smc_operator"})).await;
        done(&story.boss, "role.grant", json!({"login": vera, "role": "site_security"})).await;
        done(&story.boss, "window.open", json!({"ref": window})).await;
        tokio::time::sleep(Duration::from_millis(2_300)).await;
        let door = door_of(&story.vera).await;
        let told = async || {
            let (rows, _) = shown(&door).await;
            let id = format!("window_overrun:{window}");
            rows.into_iter().find(|(_, _, found, ..)| *found == id).expect("its alarm").4
        };
        let said = told().await;
        let who = "smc_operator, or shift_lead with operations answers it: close the window";
        assert!(said.contains(who), "{}: {said}", engine.name());
        let word = json!({"ref": window, "close_out": "left in order"});
        done(&story.boss, "window.close", word).await;
        let said = told().await;
        let hers = "it has ended, and nobody had acknowledged it: A does";
        assert!(said.contains(hers), "{}: {said}", engine.name());
        let alarm = json!({"ref": format!("window_overrun:{window}")});
        done(&story.vera, "alarm.acknowledge", alarm).await;
    });
}
