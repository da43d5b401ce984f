//! Every list and every object, read as panes and scripts read them.

use smc::ledger::{Hash, Tip};
use smc::store::query::{Change, Page, Subject, Touched};

use super::scene::Scene;
use crate::it::{lists, show};
use crate::support::story::full;

pub async fn every_list_is_filtered_paged_and_counted(scene: &Scene) {
    full(&scene.story).await;
    lists::every_word_is_taken(&scene.engine, &scene.story).await;
    lists::every_row_comes_once(&scene.engine, &scene.story).await;
    lists::the_trail_is_filtered(&scene.engine, &scene.story).await;
    let mut reader = scene.story.bob.store().reader().await.unwrap();
    let all = reader.list::<Change>("", &Page::ALL).await.unwrap().rows;
    let count = reader.count::<Change>("").await.unwrap();
    assert_eq!(usize::try_from(count).unwrap(), all.len());
    let tip = reader.snapshot().head.tip;
    assert!(reader.touched_since(&tip).await.unwrap().is_none());
    // What is no entry of this ledger is no place to count from, whatever came after it.
    let forked = Tip { hash: Hash::ZERO, ..tip };
    assert_eq!(reader.touched_since(&forked).await.unwrap(), Touched::Everything);
    reader.done().await;
}

pub async fn every_object_is_shown_with_what_it_is_tied_to(scene: &Scene) {
    full(&scene.story).await;
    show::every_reference(&scene.engine, &scene.story).await;
    show::advisory(&scene.story.boss).await;
    let mut reader = scene.story.bob.store().reader().await.unwrap();
    for reference in ["SSA-100", "RLF/PLC-7", "RLF:CTRL"] {
        assert!(!reader.show(reference).await.unwrap().links.is_empty(), "{reference}");
    }
    let found = reader.show("SSA-100/CVE-2026-1/RLF/PLC-7").await.unwrap();
    assert_eq!(found.subject, Subject::Vulnerability);
    assert!(!reader.status().await.unwrap().sites.is_empty());
    assert!(!reader.moves(None, None, 9).await.unwrap().is_empty());
    reader.done().await;
}
