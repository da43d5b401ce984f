//! The entries that a page names can be opened, each whole, and from there what it followed from.

use smc::console::data::{Ask, Data, Object};
use smc::console::runtime::Back;
use smc::console::widgets::doc::Line;
use smc::store::query::{LogQuery, Since};

use crate::it::watch_kept;
use crate::support::story::{full, on_both};

/// The entries among these lines, folded away or not.
fn entries(lines: &[Line]) -> Vec<i64> {
    let of = |line: &Line| match line {
        Line::Entry(seq, _) => vec![*seq],
        Line::Folded(_, within) => entries(within),
        Line::Heading(_)
        | Line::Field(..)
        | Line::When(..)
        | Line::Span(..)
        | Line::Text(_)
        | Line::Gap => Vec::new(),
    };
    lines.iter().flat_map(of).collect()
}

/// The value behind a label of a page.
fn field(page: &Object, name: &str) -> Option<String> {
    page.doc.0.iter().find_map(|line| match line {
        Line::Field(label, value) if label.as_str() == name => Some(value.plain().to_string()),
        Line::Field(..)
        | Line::Heading(_)
        | Line::When(..)
        | Line::Span(..)
        | Line::Text(_)
        | Line::Entry(..)
        | Line::Folded(..)
        | Line::Gap => None,
    })
}

#[test]
fn every_entry_of_a_page_opens_whole_and_leads_to_what_it_followed_from() {
    on_both(async |engine, story| {
        Box::pin(full(story)).await;
        let door = watch_kept::door(story).await;
        let load = async |ask: Ask| match Box::pin(door.load(ask)).await {
            Ok(Data::Object(page)) => page,
            other => panic!("{}: {other:?}", engine.name()),
        };
        let mut reader = story.boss.store().reader().await.unwrap();
        let query = LogQuery { since: Since::START, subject: None, limit: i64::MAX };
        let ledger = reader.log(&query).await.unwrap();
        reader.done().await;
        let of = |name: &str| name.to_owned();
        for ask in [
            Ask::Object { reference: of("VW-1") },
            Ask::History { reference: of("VW-1") },
            Ask::Why { reference: of("VW-1") },
        ] {
            let told = format!("{} {ask:?}", engine.name());
            let found = entries(&load(ask.clone()).await.doc.0);
            assert!(!found.is_empty(), "{told}");
            if !matches!(ask, Ask::Object { .. }) {
                assert!(found.is_sorted_by(|a, b| a > b), "the newest first: {told} {found:?}");
            }
            for seq in found {
                let entry = ledger.iter().find(|entry| entry.seq == seq).expect("it stands");
                let page = load(Ask::Object { reference: format!("#{seq}") }).await;
                assert_eq!(field(&page, "what").as_deref(), Some(entry.kind.as_str()), "{told}");
                assert_eq!(field(&page, "who").as_deref(), Some(entry.actor.as_str()), "{told}");
                assert_eq!(field(&page, "of what").as_deref(), Some(entry.subject.as_str()));
                assert!(field(&page, "when").is_some(), "{told}");
                assert!(field(&page, "from where").is_some_and(|from| from.contains("test")));
                let code = field(&page, "code").unwrap_or_default();
                assert!(code.starts_with(&format!("{seq}:")) && code.len() > 12, "{code}");
                assert_eq!(entries(&page.doc.0), Vec::from_iter(entry.cause), "{told} #{seq}");
            }
        }
        let followed =
            ledger.iter().find(|entry| entry.cause.is_some()).expect("something follows");
        let page = load(Ask::Object { reference: format!("#{}", followed.seq) }).await;
        assert_eq!(entries(&page.doc.0), Vec::from_iter(followed.cause), "{}", engine.name());
    });
}
