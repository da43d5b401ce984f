//! What row 2 counts is what its digit leads to: as many rows, in the scope that the last row names.

use serde_json::json;
use smc::commands::Desk;
use smc::console::data::{Ask, Data};
use smc::console::runtime::Back;
use smc::console::screens::items::Item;
use smc::console::screens::tabs::SCREENS;
use smc::console::widgets::list::{Fetch, Page};
use smc::store::query::{Change, Risk, Window};

use crate::it::watch_kept;
use crate::support::story::{done, full, on_both};

/// The sites that the last row names, and for each tab with a count that count and the rows that its digit leads to.
async fn counted(desk: &Desk) -> (String, Vec<(String, u32, usize)>) {
    let door = watch_kept::door_of(desk).await;
    let (_, bars) = watch_kept::shown(&door).await;
    let frame = bars.frame.expect("a store that answers");
    let mut found = Vec::new();
    for (tab, subject) in frame.tabs.iter().zip(SCREENS).skip(2).take(4) {
        let screen = (subject.make)();
        let Some(Ask::List { subject, filter, .. }) = screen.ask(Fetch::Anew) else {
            panic!("{} is a list", subject.name)
        };
        let ask = Ask::List { subject, filter, after: None, limit: 1_000 };
        let Ok(Data::List(rows)) = Box::pin(door.load(ask)).await else { panic!("no {subject}") };
        let rows = match subject {
            "risks" => rows.downcast::<Page<Risk>>().expect("risks").rows.len(),
            "changes" => rows.downcast::<Page<Change>>().expect("changes").rows.len(),
            "windows" => rows.downcast::<Page<Window>>().expect("windows").rows.len(),
            _ => rows.downcast::<Page<Item>>().expect("rows").rows.len(),
        };
        found.push((subject.to_owned(), tab.count.unwrap_or_default(), rows));
    }
    (frame.status.scope.to_string(), found)
}

#[test]
fn a_count_in_a_tab_is_the_number_of_rows_that_its_digit_leads_to_in_the_persons_own_scope() {
    on_both(async |engine, story| {
        Box::pin(full(story)).await;
        // Nothing is known of the pump: whoever decides for quality is asked too.
        story.joined(engine, "quinn", &["quality"], "smc_operator").await;
        let anr = story.change("ANR/PLC-1", 3_600, 7_200).await;
        let over = story.change("RLF/PLC-8", 3_600, 7_200).await;
        done(&story.boss, "change.withdraw", json!({"ref": over, "note": "not needed"})).await;
        let erik = story.others[1].as_str();
        let role = json!({"login": erik, "role": "smc_operator"});
        done(&story.boss, "role.revoke", role).await;
        let role = json!({"login": erik, "role": "smc_operator", "site": "ANR"});
        done(&story.boss, "role.grant", role).await;

        let mut counts = Vec::new();
        for desk in [&story.boss, &story.erik] {
            let (scope, found) = counted(desk).await;
            for (list, count, rows) in &found {
                let told = format!("{} {scope} {list}", engine.name());
                assert_eq!(usize::try_from(*count), Ok(*rows), "{told}");
            }
            counts.push((scope, found));
        }
        let [(everywhere, all), (anr_alone, own)] = counts.as_slice() else { panic!("two") };
        assert_eq!((everywhere.as_str(), anr_alone.as_str()), ("all sites", "ANR"));
        let of = |found: &[(String, u32, usize)], list: &str| {
            found.iter().find(|(name, ..)| name == list).map(|(.., rows)| *rows)
        };
        assert_eq!(of(own, "changes"), Some(1), "{anr} alone: {own:?}");
        assert_eq!(of(own, "windows"), Some(0), "{own:?}");
        assert_eq!(of(own, "incidents"), Some(1), "the incident touches both plants: {own:?}");
        assert!(of(all, "changes") > of(own, "changes"), "{all:?}");
        assert!(of(all, "risks") > of(own, "risks"), "{all:?}");

        let mut reader = story.boss.store().reader().await.unwrap();
        let whole = reader.count::<Change>("").await.unwrap();
        let live = reader.count::<Change>("live:yes").await.unwrap();
        let ended = reader.count::<Change>("live:no").await.unwrap();
        assert_eq!((live + ended, ended), (whole, 1), "what was withdrawn is not live");
        reader.done().await;
    });
}

#[test]
fn the_sites_of_ones_own_roles_are_a_word_of_every_filter_that_knows_sites() {
    on_both(async |engine, story| {
        Box::pin(full(story)).await;
        let erik = story.others[1].as_str();
        let role = json!({"login": erik, "role": "smc_operator"});
        done(&story.boss, "role.revoke", role).await;
        let role = json!({"login": erik, "role": "smc_operator", "site": "ANR"});
        done(&story.boss, "role.grant", role).await;
        let page = smc::store::query::Page::ALL;
        for (desk, same) in [(&story.erik, "site:ANR"), (&story.boss, "")] {
            let mut reader = desk.store().reader().await.unwrap();
            for list in ["assets", "changes", "risks", "incidents", "reports"] {
                let mine = reader.listing(list, "site:mine", &page).await.unwrap().rows;
                let told = reader.listing(list, same, &page).await.unwrap().rows;
                assert_eq!(mine, told, "{} {list} {same:?}", engine.name());
            }
            reader.done().await;
        }
    });
}
