//! The items behind a count: which object, how it stands, why not ok, what it weighs.

use serde::Serialize;
use sqlx::FromRow;

use super::rights::{Right, rights};
use crate::domain::filter::{Filter, Of as Kind, Test, Word};
use crate::domain::posture::{EVERYWHERE, Measure, State};
use crate::domain::time::Time;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::query::derived::{self, Derived, Fact};
use crate::store::query::engine::{self, By, List, Listed, Of, Page, Paged};
use crate::store::reader::ReadError;

/// An item of a measure as it stands at the instant of reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, FromRow)]
pub struct Item {
    /// The object that it is of.
    pub r#ref: String,
    /// Its site; `*` is all sites.
    pub site: String,
    /// How it stands.
    pub state: String,
    /// The object's name.
    pub title: String,
    /// The measure.
    pub measure: String,
    /// Which of the object's items: a role, a vendor's person; empty if it has one.
    pub part: String,
    /// What it lacks.
    pub why: Option<String>,
    /// What it weighs.
    pub weight: i64,
    /// When time turns it, unless an entry does before.
    pub turns_at: Option<Time>,
    /// Into which state.
    pub turned: Option<String>,
    /// The entry that last moved it.
    pub moved: i64,
    /// The entry that last wrote it.
    pub seq: i64,
}

/// The list of items that entries decide, by measure, site and object.
pub static ITEMS: List = List {
    name: "items",
    from: "posture_item t",
    base: "CASE WHEN t.leaves_at <= :now THEN 'out' WHEN t.turns_at <= :now THEN t.turned ELSE t.state END <> 'out'",
    filters: &[
        By { word: Word { name: "site", of: Kind::Word }, sql: &[("t.site", "")] },
        By {
            word: Word { name: "measure", of: Kind::Choice(Measure::WORDS) },
            sql: &[("t.measure", "")],
        },
        By {
            word: Word { name: "state", of: Kind::Choice(State::WORDS) },
            sql: &[(
                "CASE WHEN t.leaves_at <= :now THEN 'out' WHEN t.turns_at <= :now THEN t.turned ELSE t.state END",
                "",
            )],
        },
    ],
    text: "LOWER(t.subject_ref || ' ' || t.part || ' ' || COALESCE(t.why, ''))",
    order: &[
        ("t.measure", Of::Text),
        ("t.site", Of::Text),
        ("t.subject_ref", Of::Text),
        ("t.part", Of::Text),
    ],
    descending: false,
    same: "t.subject_ref = p.k2 AND t.measure = p.k0 AND t.part = p.k3",
    columns: "t.subject_ref AS ref, t.site,
        CASE WHEN t.leaves_at <= :now THEN 'out' WHEN t.turns_at <= :now THEN t.turned ELSE t.state END AS state,
        COALESCE(a.name, r.title, c.title, w.purpose, z.name, q.reason, h.name, v.name, y.what, o.what, t.subject_ref) AS title, t.measure,
        t.part, t.why, t.weight, t.turns_at, t.turned, t.moved, t.seq",
    with: "LEFT JOIN asset a ON a.ref = t.subject_ref LEFT JOIN risk r ON r.ref = t.subject_ref
        LEFT JOIN change c ON c.ref = t.subject_ref LEFT JOIN vendor_window w ON w.ref = t.subject_ref
        LEFT JOIN zone z ON z.ref = t.subject_ref LEFT JOIN acceptance q ON q.ref = t.subject_ref
        LEFT JOIN person h ON h.ref = t.subject_ref LEFT JOIN vendor v ON v.ref = t.subject_ref
        LEFT JOIN bypass y ON y.ref = t.subject_ref LEFT JOIN report o ON o.ref = t.subject_ref",
};

impl Listed for Item {
    const LIST: &'static List = &ITEMS;

    fn settle(&mut self, now: Time) {
        if self.turns_at.is_some_and(|at| at <= now) {
            let turned = Measure::parse(&self.measure).map(|measure| measure.turned().to_owned());
            self.why = turned.filter(|_| self.state != State::Ok.word());
            self.turns_at = None;
            self.turned = None;
        }
    }
}

/// The decision rights, which no table holds.
impl Derived for Item {
    const NAME: &'static str = "decision-rights";
    const WORDS: &'static [Word] = &[
        Word { name: "site", of: Kind::Word },
        Word { name: "measure", of: Kind::Choice(Measure::WORDS) },
        Word { name: "state", of: Kind::Choice(State::WORDS) },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "site" => Fact::Word(&self.site),
            "measure" => Fact::Word(&self.measure),
            "state" => Fact::Word(&self.state),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {} {}", self.r#ref, self.part, self.why.as_deref().unwrap_or_default())
    }

    fn key(&self) -> String {
        format!("{}@{}", self.r#ref, self.site)
    }
}

impl From<Right> for Item {
    fn from(right: Right) -> Self {
        let state = right.state();
        let why = match &right.accountable {
            Some(accountable) => format!("nobody at {} holds the A: {accountable}", right.site),
            None => format!("no row of the RACI was set for {}", right.site),
        };
        Self {
            title: right.row.clone(),
            r#ref: right.row,
            // One corporate row holds at many sites: the site tells them apart.
            part: right.site.clone(),
            site: right.site,
            state: state.word().to_owned(),
            measure: Measure::DecisionRights.word().to_owned(),
            why: (state != State::Ok).then_some(why),
            weight: 1,
            turns_at: None,
            turned: None,
            moved: right.seq,
            seq: right.seq,
        }
    }
}

/// A filter of this list. What belongs to every site is in each one's list.
pub fn filter(mut filter: Filter) -> Filter {
    for term in filter.terms.iter_mut().filter(|term| term.word == "site") {
        if let Test::Any(sites) = &mut term.test {
            sites.push(EVERYWHERE.to_owned());
        }
    }
    filter
}

/// Where the items of tables begin.
pub const START: [&str; 4] = ["", "", "", ""];

fn asks(filter: &Filter, of: impl Fn(Measure) -> bool) -> bool {
    let words = filter.terms.iter().filter(|term| term.word == "measure");
    words.into_iter().all(|term| match &term.test {
        Test::Any(words) => words.iter().any(|word| Measure::parse(word).is_some_and(&of)),
        Test::Number(..) | Test::Time(..) | Test::Flag(_) => false,
    })
}

/// A page of the items: the decision rights first, then those of tables.
pub async fn items(
    c: &mut Link<'_>,
    filter: &Filter,
    page: &Page,
    now: Time,
) -> Result<Result<Paged<Item>, ReadError>, StoreError> {
    let of_tables = asks(filter, |measure| measure != Measure::DecisionRights);
    let begun = page.after.as_deref().is_some_and(|after| {
        engine::keys::<serde_json::Value>(<Item as Derived>::NAME, after).is_err()
    });
    let mut rows = Vec::new();
    if !begun && asks(filter, |measure| measure == Measure::DecisionRights) {
        let found: Vec<Item> = rights(c, now).await?.into_iter().map(Item::from).collect();
        let mut paged = match derived::page(found, filter, page, now) {
            Ok(paged) => paged,
            Err(error) => return Ok(Err(error)),
        };
        let full = paged.rows.len() >= page.limit.max(1);
        if of_tables && full && paged.next.is_none() {
            paged.next = Some(engine::cursor(ITEMS.name, &START));
        }
        if !of_tables || full {
            return Ok(Ok(paged));
        }
        rows = paged.rows;
    }
    let after = page.after.clone().filter(|_| begun);
    let page = Page { after, limit: page.limit.saturating_sub(rows.len()) };
    match engine::Question::new(&ITEMS, filter, &page, now) {
        Ok(question) => {
            let paged = engine::page::<Item>(c, &question).await?;
            rows.extend(paged.rows);
            Ok(Ok(Paged { rows, next: paged.next }))
        }
        Err(error) => Ok(Err(error)),
    }
}
