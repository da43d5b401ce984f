//! The organisation that budgets are measured on, in small: built by commands, gone on with where it was broken off.

use std::collections::BTreeSet;

use smc::commands::Desk;
use smc::demo::fleet::{Extent, fill};
use smc::domain::text::Line;
use smc::store::query::Page;
use smc::store::replay::{Progress, verify};
use smc::store::{Opening, Place, found};

use crate::support::engine::Engine;
use crate::support::engines;

const SMALL: Extent = Extent { sites: 4, assets: 400, advisories: 24, risks: 30, entries: 1_500 };

async fn desk(engine: &Engine) -> Desk {
    let place: Place = engine.url().parse().unwrap();
    Desk::open(place, Opening::default(), "test").await.unwrap()
}

async fn counts(desk: &Desk) -> (i64, i64, i64, i64, i64) {
    use smc::store::query::{Advisory, Asset, Risk, Site};
    let mut reader = desk.store().reader().await.unwrap();
    let counts = (
        reader.count::<Site>("").await.unwrap(),
        reader.count::<Asset>("").await.unwrap(),
        reader.count::<Advisory>("").await.unwrap(),
        reader.count::<Risk>("state:open").await.unwrap(),
        reader.snapshot().head.tip.seq,
    );
    reader.done().await;
    counts
}

/// Titles that stand twice at a site.
async fn twice(desk: &Desk) -> Vec<(String, String)> {
    let mut reader = desk.store().reader().await.unwrap();
    let mut seen = BTreeSet::new();
    let mut twice = Vec::new();
    for list in ["assets", "zones", "risks", "advisories"] {
        for row in reader.listing(list, "", &Page::ALL).await.unwrap().rows {
            let of = (row["site"].to_string(), row["title"].to_string());
            if !seen.insert(of.clone()) {
                twice.push(of);
            }
        }
    }
    reader.done().await;
    twice
}

#[test]
fn the_fleet_is_as_large_as_was_asked_for_and_what_was_broken_off_is_gone_on_with() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    for engine in engines() {
        let work = tempfile::tempdir().unwrap();
        runtime.block_on(async {
            let place: Place = engine.url().parse().unwrap();
            let name = Line::new("Aldermere").unwrap();
            found(&place, &name, true, &smc::commands::origin("test")).await.unwrap();
            let desk = desk(&engine).await;
            // Broken off after the assets: what stands is passed by.
            let begun = Extent { advisories: 0, risks: 0, entries: 0, ..SMALL };
            fill(&desk, work.path(), begun, 5, |_| {}).await.unwrap();
            let halfway = counts(&desk).await;
            assert_eq!((halfway.0, halfway.1), (4, 400), "{}", engine.name());
            fill(&desk, work.path(), SMALL, 5, |_| {}).await.unwrap();
            let made = counts(&desk).await;
            assert_eq!(made, (4, 400, 24, 30, 1_500), "{}", engine.name());
            fill(&desk, work.path(), SMALL, 5, |_| {}).await.unwrap();
            assert_eq!(counts(&desk).await, made, "{}", engine.name());
            assert_eq!(
                twice(&desk).await,
                [],
                "{}: no two titles of a site are equal",
                engine.name()
            );
            let report = verify(desk.store(), &[], Progress::silent()).await.unwrap();
            assert!(report.holds(), "{}: {report:?}", engine.name());
            desk.close().await;
        });
    }
}
