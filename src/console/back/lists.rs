//! The rows of every list, by the subject that its screen names.

use std::any::Any;
use std::collections::BTreeSet;

use super::{Door, posture, trail};
use crate::console::data::Data;
use crate::console::screens::items::Item;
use crate::console::screens::posture::objects::Found;
use crate::console::screens::tree::branches;
use crate::console::screens::watch::{ALARM, ENDED, Watched};
use crate::console::widgets::list::Page;
use crate::domain::filter::{Of, Term, Test, Word};
use crate::domain::task::TaskKind;
use crate::store::query::{
    Acceptance, Asset, Change, Counts, Extension, Listed, Page as Part, SitePosture, Window, Zone,
};
use crate::store::{ReadError, Reader};

/// Most assets of a tree.
const TREE: usize = 5_000;

/// A page of the rows of a subject.
pub async fn list(
    door: &Door,
    reader: &mut Reader<'_>,
    subject: &'static str,
    filter: &str,
    after: Option<String>,
    limit: usize,
) -> Result<Data, ReadError> {
    let part = Part { limit, after };
    match subject {
        "watch" => watch(door, reader, filter).await,
        "posture" => sites(reader, filter).await,
        "measures" => {
            let found = reader.measures(filter, &part).await?;
            Ok(page(found.rows, found.next))
        }
        "zone levels" => typed::<Zone>(reader, filter, &part).await,
        "items" => {
            let found = reader.items(filter, &part).await?;
            Ok(page(found.rows.into_iter().map(Found::from).collect(), found.next))
        }
        "risks" => risks(door, reader, filter, &part).await,
        "changes" => {
            let mut found = reader.list::<Change>(filter, &part).await?;
            let scene = door.scene(reader).await?;
            found.rows.iter_mut().for_each(|row| row.alarm = scene.urgent(&row.r#ref));
            Ok(page(found.rows, found.next))
        }
        "windows" => {
            let mut found = reader.list::<Window>(filter, &part).await?;
            let scene = door.scene(reader).await?;
            found.rows.iter_mut().for_each(|row| row.alarm = scene.urgent(&row.r#ref));
            Ok(page(found.rows, found.next))
        }
        "acceptances" => typed::<Acceptance>(reader, filter, &part).await,
        "extensions" => typed::<Extension>(reader, filter, &part).await,
        "access" => {
            let found = reader.access(filter, &part).await?;
            Ok(page(found.rows, found.next))
        }
        "assets" => typed::<Asset>(reader, filter, &part).await,
        "asset tree" => {
            // A tree is of use whole: of one site it is, of all it ends where nobody would read on.
            let whole = Part { limit: TREE, after: None };
            let assets = reader.list::<Asset>(filter, &whole).await?.rows;
            let sites: BTreeSet<&str> = assets.iter().map(|asset| asset.site.as_str()).collect();
            let sites = sites.into_iter().collect::<Vec<_>>().join(",");
            let mut zones = match sites.is_empty() {
                true => Vec::new(),
                false => reader.list::<Zone>(&format!("site:{sites}"), &Part::ALL).await?.rows,
            };
            // Of a part of the assets a zone without any of them says nothing of what it holds.
            if filter.split_whitespace().any(|word| !word.starts_with("site:")) {
                let holds = |zone: &Zone| {
                    let within = |asset: &Asset| {
                        (asset.site.as_str(), asset.zone.as_deref())
                            == (zone.site.as_str(), Some(zone.zone.as_str()))
                    };
                    assets.iter().any(within)
                };
                zones.retain(holds);
            }
            Ok(page(branches(zones, assets), None))
        }
        "matrix" => Ok(page(reader.risk_matrix().await?, None)),
        "log" => trail::entries(reader, filter, &part).await,
        other => {
            let found = reader.listing(other, filter, &part).await?;
            Ok(page(found.rows.into_iter().map(Item::new).collect(), found.next))
        }
    }
}

/// Rows as the screens take them.
pub fn page<T: Send + 'static>(rows: Vec<T>, next: Option<String>) -> Data {
    let page: Box<dyn Any + Send> = Box::new(Page { rows, next });
    Data::List(page)
}

async fn typed<T: Listed + 'static>(
    reader: &mut Reader<'_>,
    filter: &str,
    part: &Part,
) -> Result<Data, ReadError> {
    let found = reader.list::<T>(filter, part).await?;
    Ok(page(found.rows, found.next))
}

/// Risks; on how many assets each was found is counted once, until a match or an asset is written.
async fn risks(
    door: &Door,
    reader: &mut Reader<'_>,
    filter: &str,
    part: &Part,
) -> Result<Data, ReadError> {
    let tip = reader.snapshot().head.tip;
    let mut shelf = door.shared.counted.lock().await;
    let mut counts = match shelf.take() {
        Some((known, counts)) if known == tip => counts,
        Some((known, mut counts)) => {
            counts.forget(&door.touched(reader, &known).await?);
            counts
        }
        None => Counts::default(),
    };
    let found = reader.risks(filter, part, &mut counts).await?;
    *shelf = Some((tip, counts));
    Ok(page(found.rows, found.next))
}

/// Any kind of task.
const ANY_TASK: &str = "task";

/// What a row of the watch is called: the short words of the kinds of task, beside the alarms.
const KINDS: &[&str] = &[
    ALARM, ENDED, ANY_TASK, "decide", "open", "close", "start", "waive", "finish", "verify",
    "review", "undo", "revise", "renew", "triage",
];

const WATCHED: &[Word] = &[
    Word { name: "kind", of: Of::Choice(KINDS) },
    Word { name: "state", of: Of::Choice(&["waiting", "shelved"]) },
    Word { name: "mine", of: Of::Flag },
    Word { name: "site", of: Of::Word },
    Word { name: "priority", of: Of::Number },
    Word { name: "due", of: Of::Time },
];

async fn watch(door: &Door, reader: &mut Reader<'_>, filter: &str) -> Result<Data, ReadError> {
    let filter = reader.filter(filter, WATCHED).await?;
    let scene = door.scene(reader).await?;
    let now = reader.now();
    let holds = |row: &Watched| {
        let said = [row.reference.as_str(), row.kind, row.site.as_str(), row.what.as_str()];
        let said = said.join("\n").to_lowercase();
        filter.text.iter().all(|word| said.contains(word.as_str()))
            && filter.terms.iter().all(|term| match &term.test {
                Test::Any(words) => words.iter().any(|word| says(row, term.word, word)),
                Test::Number(compare, number) => compare.holds(&i64::from(row.priority), number),
                Test::Time(compare, when) => {
                    row.due.is_some_and(|due| compare.holds(&due, &when.at(now)))
                }
                Test::Flag(own) => row.mine == *own,
            })
    };
    // The shelf is shown only to whoever asks for it.
    let asked = filter.terms.iter().any(|term| term.word == "state");
    let rows = scene.watch.iter().chain(scene.shelf.iter().filter(|_| asked));
    let mut rows: Vec<Watched> = rows.filter(|row| holds(row)).cloned().collect();
    let mine = |term: &Term| term.word == "mine" && term.test == Test::Flag(true);
    if filter.terms.iter().any(mine) {
        decisions_first(&mut rows);
    }
    Ok(page(rows, None))
}

/// Whether a row says this of itself under this word of the filter.
fn says(row: &Watched, name: &str, word: &str) -> bool {
    match (name, word) {
        ("site", _) => row.site == word,
        ("state", _) => row.aside.is_some() == (word == "shelved"),
        ("kind", ANY_TASK) => row.alarm.is_none(),
        _ => row.kind == word,
    }
}

/// Within each priority, behind the alarms, what is to be decided before what is to be done: others wait for it.
fn decisions_first(rows: &mut [Watched]) {
    let decides = TaskKind::Decide.short();
    let alarms = [ALARM, ENDED];
    rows.sort_by_key(|row| (row.priority, !alarms.contains(&row.kind), row.kind != decides));
}

const OF_SITES: &[Word] = &[Word { name: "site", of: Of::Word }];

/// The posture of sites: they are few, and all of them are read at once.
async fn sites(reader: &mut Reader<'_>, filter: &str) -> Result<Data, ReadError> {
    let filter = reader.filter(filter, OF_SITES).await?;
    let holds = |row: &SitePosture| {
        let said = [row.site.as_str(), &row.name, row.because.as_deref().unwrap_or_default()];
        let said = said.join("\n").to_lowercase();
        filter.text.iter().all(|word| said.contains(word.as_str()))
            && filter.terms.iter().all(|term| match &term.test {
                Test::Any(sites) => sites.contains(&row.site),
                Test::Number(..) | Test::Time(..) | Test::Flag(_) => false,
            })
    };
    let rows = posture::rows(reader.status().await?);
    Ok(page(rows.into_iter().filter(holds).collect(), None))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::console::keys::Scope;
    use crate::console::screens::watch::About;
    use crate::safe_text::SafeText;

    #[test]
    fn of_what_is_ones_own_a_decision_stands_before_what_is_done_alone_behind_the_alarms_of_its_priority()
     {
        let row = |id: &str, priority, kind| Watched {
            id: id.to_owned(),
            priority,
            kind,
            alarm: None,
            unacknowledged: false,
            aside: None,
            mine: true,
            who: String::new(),
            due: None,
            reference: String::new(),
            site: "RLF".to_owned(),
            zone: chrono_tz::Tz::UTC,
            what: SafeText::default(),
            because: SafeText::default(),
            about: About::Other(Scope::Report),
        };
        let mut rows = vec![
            row("a", 2, "triage"),
            row("b", 2, "decide"),
            row("e", 2, "alarm"),
            row("c", 3, "close"),
            row("d", 3, "decide"),
        ];
        decisions_first(&mut rows);
        let ids: Vec<&str> = rows.iter().map(|row| row.id.as_str()).collect();
        assert_eq!(ids, ["e", "b", "a", "d", "c"]);
        let one = rows.get(1).unwrap();
        assert!(says(one, "kind", ANY_TASK) && says(one, "state", "waiting"));
    }

    #[test]
    fn the_filter_of_the_watch_knows_every_kind_as_its_column_says_it() {
        for kind in TaskKind::ALL {
            assert!(KINDS.contains(&kind.short()), "{kind}");
        }
    }
}
