//! What can be seen in it: every state of every subject, every kind of row on the watch, everything that stands against work.
//!
//! What there is to be seen follows from the words that the lists and the enums know: a new one is missing here until the
//! story shows it.

use std::collections::BTreeSet;

use smc::commands::Desk;
use smc::domain::alarm::{AlarmKind, Source, rationale};
use smc::domain::approval::{Answer, Approvable, Need};
use smc::domain::conflict::Against;
use smc::domain::filter::Of;
use smc::domain::incident::Freezing;
use smc::domain::time::Time;
use smc::domain::vendor::Validity;
use smc::store::query::{Change, LISTS, NOT_BUILT, Page, Window, words};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use super::made::{desk, end_of_story, five, one};
use crate::support::process::account;
use crate::support::{postgres, sqlite};

/// A list, a word of its filter, and what a row may bear under that word.
type Word = (&'static str, &'static str, &'static str);

/// Words that say what or whose a thing is, not how it stands or of which kind it is.
const NO_STATE: &[&str] = &[
    "accountable",
    "activity",
    "class",
    "consulted",
    "discipline",
    "function",
    "informed",
    "intervention",
    "measure",
    "nerc",
    "purdue",
    "role",
];

/// What is not seen in it, and why.
const NOT_SEEN: &[(Word, &str)] = &[
    (
        ("alarms", "state", "normal"),
        "an alarm that ended and that somebody knows of is listed no more",
    ),
    (("items", "state", "out"), "what is not asked now is listed no more"),
    (("measures", "state", "out"), "what is not asked now is counted no more"),
    (("outages", "state", "declared"), "blackouts are declared"),
    (("outages", "state", "ended"), "blackouts are ended, outages are cancelled"),
    (("blackouts", "state", "planned"), "outages are planned"),
    (("blackouts", "state", "cancelled"), "outages are cancelled, blackouts are ended"),
    (("access", "because", "no_window"), "as the next: an access event of the past says it"),
    (("access", "because", "left"), "as the next: an access event of the past says it"),
    (("access", "because", "source"), "as the next: an access event of the past says it"),
    (("access", "because", "key"), "four who broke in at one hour are a day that nobody believes"),
];

/// What only five plants show: each needs a plant that is not Antwerp.
const AT_FIVE: &[Word] = &[
    ("alarms", "kind", "bypass_ended"),
    ("alarms", "kind", "bypass_ending"),
    ("alarms", "kind", "change_overdue"),
    ("alarms", "kind", "report_untriaged"),
    ("alarms", "kind", "revert_ending"),
    ("alarms", "kind", "revert_overdue"),
    ("alarms", "state", "acknowledged"),
    ("bypasses", "state", "ended"),
    ("changes", "state", "overdue"),
    ("risks", "treatment", "avoid"),
    ("risks", "treatment", "transfer"),
    ("tasks", "kind", "review"),
    ("tasks", "kind", "start"),
    ("tasks", "kind", "verify"),
    ("tasks", "kind", "waive"),
];

/// People whose tasks are looked at, with those of the other plants last.
const WHOSE: [&str; 6] = ["mvermeer", "ylambert", "wdewit", "kpeeters", "ngoossens", "tgreene"];

/// What the words of a list can be, each by its word.
fn choices(list: &'static str) -> Vec<Word> {
    let mut all = Vec::new();
    for word in words(list).unwrap() {
        if let Of::Choice(options) = word.of
            && !NO_STATE.contains(&word.name)
        {
            all.extend(options.iter().map(|option| (list, word.name, *option)));
        }
    }
    all
}

/// What no row of these lists bears, as this desk sees them.
async fn unseen(desk: &Desk, lists: &[&'static str]) -> BTreeSet<Word> {
    let mut reader = desk.store().reader().await.unwrap();
    let mut missing = BTreeSet::new();
    let one_row = Page { limit: 1, after: None };
    for word in lists.iter().flat_map(|list| choices(list)) {
        let (list, name, option) = word;
        let found = reader.listing(list, &format!("{name}:{option}"), &one_row).await.unwrap();
        if found.rows.is_empty() {
            missing.insert(word);
        }
    }
    reader.done().await;
    missing
}

fn expected() -> BTreeSet<Word> {
    let consoles = AlarmKind::ALL.iter().filter(|kind| rationale(**kind).source == Source::Console);
    let consoles = consoles.map(|kind| ("alarms", "kind", kind.word()));
    // Nothing is excepted until deviations are built.
    assert!(NOT_BUILT.contains(&"deviations"), "show a deviation in force");
    let excepted = ["items", "measures"].map(|list| (list, "state", "excepted"));
    NOT_SEEN.iter().map(|(word, _)| *word).chain(consoles).chain(excepted).collect()
}

/// The lists that are the same for everybody.
fn shared() -> Vec<&'static str> {
    LISTS.iter().copied().filter(|list| *list != "tasks").collect()
}

async fn unseen_by_anybody(url: &str, whose: &[&str]) -> BTreeSet<Word> {
    let mut missing: BTreeSet<Word> = choices("tasks").into_iter().collect();
    for login in whose {
        let desk = desk(url, Some(login)).await;
        let by_them = unseen(&desk, &["tasks"]).await;
        missing.retain(|word| by_them.contains(word));
        desk.close().await;
    }
    let desk = desk(url, Some("mvermeer")).await;
    missing.extend(unseen(&desk, &shared()).await);
    desk.close().await;
    missing
}

#[tokio::test]
async fn five_plants_show_every_state_and_every_kind_of_row() {
    let (place, _) = five();
    assert_eq!(unseen_by_anybody(&place.url(), &WHOSE).await, expected());
}

#[tokio::test]
async fn one_plant_shows_what_does_not_need_another() {
    let (place, _) = one();
    let expected: BTreeSet<Word> = expected().into_iter().chain(AT_FIVE.iter().copied()).collect();
    assert_eq!(unseen_by_anybody(&place.url(), &WHOSE[..5]).await, expected);
}

#[tokio::test]
async fn five_plants_stand_on_a_server_too_show_the_same_and_hold() {
    let Some(server) = postgres() else { return };
    let database = server.database();
    let url = database.url();
    let account = account(url);
    account.smc(&["--store", url, "demo", "--no-console"]).exits(0);
    account.smc(&["verify"]).exits(0);
    let again = account.smc(&["--store", url, "demo", "--no-console", "--json"]).exits(0).json();
    assert_eq!(again["made"], serde_json::Value::Bool(false));
    let desk = desk(url, None).await;
    let missing = unseen(&desk, &shared()).await;
    desk.close().await;
    assert_eq!(missing, expected());
}

/// What stands against changes and windows.
async fn against(url: &str) -> BTreeSet<Against> {
    let desk = desk(url, None).await;
    let mut reader = desk.store().reader().await.unwrap();
    let changes = reader.list::<Change>("", &Page::ALL).await.unwrap().rows;
    let windows = reader.list::<Window>("", &Page::ALL).await.unwrap().rows;
    reader.done().await;
    desk.close().await;
    let changes = changes.into_iter().flat_map(|row| row.clashes);
    let clashes = changes.chain(windows.into_iter().flat_map(|row| row.clashes));
    clashes.map(|clash| clash.conflict.against).collect()
}

#[tokio::test]
async fn everything_that_can_stand_against_work_does_once() {
    let all: BTreeSet<Against> = Against::ALL.iter().copied().collect();
    assert_eq!(against(&five().0.url()).await, all);
    // One plant alone would stand still if it were frozen.
    let one_plant = all.into_iter().filter(|one| *one != Against::Freeze).collect();
    assert_eq!(against(&one().0.url()).await, one_plant);
}

async fn raw(place: &sqlite::Place) -> SqliteConnection {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(place.file());
    options.read_only(true).connect().await.unwrap()
}

fn sorted(words: &[&str]) -> Vec<String> {
    let mut words: Vec<_> = words.iter().map(|word| (*word).to_owned()).collect();
    words.sort_unstable();
    words
}

#[tokio::test]
async fn decisions_are_seen_in_every_state_and_nobody_takes_their_own() {
    let of_five = [
        ("SELECT DISTINCT state FROM site_freeze ORDER BY 1", Freezing::WORDS),
        ("SELECT DISTINCT state FROM role_grant ORDER BY 1", &["held", "revoked"]),
    ];
    let of_both: [(&'static str, &[&str]); 5] = [
        (
            "SELECT DISTINCT state FROM approval ORDER BY 1",
            &["approved", "pending", "returned", "vetoed"],
        ),
        ("SELECT DISTINCT need FROM requirement ORDER BY 1", Need::WORDS),
        ("SELECT DISTINCT part FROM concern ORDER BY 1", &["consulted", "informed"]),
        ("SELECT DISTINCT decision FROM decision ORDER BY 1", Answer::WORDS),
        ("SELECT DISTINCT state FROM vendor_person ORDER BY 1", &["active", "suspended"]),
    ];
    assert!(Approvable::ALL.len() == 4, "another subject is decided on: show it");
    for (place, queries) in
        [(&one().0, of_both.to_vec()), (&five().0, of_both.into_iter().chain(of_five).collect())]
    {
        let mut c = raw(place).await;
        for (query, words) in queries {
            let held: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut c).await.unwrap();
            assert_eq!(held, sorted(words), "{query}");
        }
        let own: i64 = sqlx::query_scalar(
            "SELECT COUNT(*) FROM decision d JOIN approval a ON a.ref = d.approval_ref AND a.requester = d.person",
        )
        .fetch_one(&mut c)
        .await
        .unwrap();
        assert_eq!(own, 0, "nobody decides on their own request");
        let despite: i64 = sqlx::query_scalar("SELECT COUNT(DISTINCT window_ref) FROM despite")
            .fetch_one(&mut c)
            .await
            .unwrap();
        assert_eq!(despite, 1, "one window was opened in spite of another");
        c.close().await.unwrap();
    }
}

#[tokio::test]
async fn papers_of_vendors_people_are_seen_in_every_state() {
    for (place, account) in [one(), five()] {
        let present = end_of_story(account);
        let mut c = raw(place).await;
        let papers: Vec<(Option<i64>, Option<i64>)> =
            sqlx::query_as("SELECT screening_until, training_until FROM vendor_person")
                .fetch_all(&mut c)
                .await
                .unwrap();
        c.close().await.unwrap();
        let until = papers.into_iter().flat_map(|(screening, training)| [screening, training]);
        let seen: BTreeSet<&str> =
            until.map(|at| Validity::of(at.map(Time::from_micros), present).word()).collect();
        assert_eq!(seen, Validity::WORDS.iter().copied().collect());
    }
}
