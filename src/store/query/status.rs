//! Posture of every site at the instant of reading, from the counts that the tables keep.
//!
//! How counts become numbers is `domain::posture`'s; here they are only gathered.

use std::collections::BTreeMap;

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};
use sqlx::FromRow;

use super::{posture, yardstick};
use crate::domain::posture::{
    Because, Count, Fall, Function, Measure, Score, Tally, because, falls, foremost, percent, score,
};
use crate::domain::time::Time;
use crate::domain::words::count;
use crate::ledger::{HeadCode, head_code};
use crate::rows;
use crate::store::fault::StoreError;
use crate::store::link::Link;
use crate::store::reader::Snapshot;

/// How long a move is looked back for, in seconds.
const DAY: i64 = 86_400;

/// The numbers of the six functions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scores(pub Vec<(Function, Score)>);

impl Scores {
    /// The number of one function.
    pub fn of(&self, function: Function) -> Score {
        let found = self.0.iter().find(|(known, _)| *known == function);
        found.map(|(_, score)| *score).unwrap_or_default()
    }
}

fn by_function<S: Serializer, T: Serialize>(
    serializer: S,
    values: impl ExactSizeIterator<Item = (Function, T)>,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(values.len()))?;
    for (function, value) in values {
        map.serialize_entry(function.word(), &value)?;
    }
    map.end()
}

/// As the numbers alone, 0 to 100 or null.
impl Serialize for Scores {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        by_function(serializer, self.0.iter().map(|(function, score)| (*function, score.number)))
    }
}

/// The functions of which more than a tenth rests on stale and unknown items.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Doubtful(pub Scores);

impl Serialize for Doubtful {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        by_function(
            serializer,
            self.0.0.iter().map(|(function, score)| (*function, score.doubtful)),
        )
    }
}

/// The site with the lowest number in each function; none where no site has one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Worst(pub Vec<(Function, Option<String>)>);

impl Serialize for Worst {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        by_function(serializer, self.0.iter().map(|(function, site)| (*function, site.as_deref())))
    }
}

/// Risks that are not closed, by priority.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Ranks {
    /// Priority 1.
    pub p1: i64,
    /// Priority 2.
    pub p2: i64,
    /// Priority 3.
    pub p3: i64,
    /// Priority 4.
    pub p4: i64,
}

/// One site's posture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SitePosture {
    /// The site's code.
    pub site: String,
    /// Its name.
    pub name: String,
    /// Its time zone.
    pub timezone: String,
    /// The numbers.
    pub functions: Scores,
    /// What they were 24 hours ago; none where too much moved since to say.
    #[serde(skip)]
    pub was: Option<Scores>,
    /// Where their items are in doubt.
    pub doubtful: Doubtful,
    /// What they are to reach.
    pub target: i64,
    /// Risks that are not closed.
    pub risks: Ranks,
    /// What fell in 24 hours, else what moved most, else what costs most, in words; none if nothing is amiss.
    pub because: Option<String>,
    /// The numbers that fell in 24 hours, with the measures that fell.
    pub fell: Vec<Fall>,
    /// The measure to look at first.
    #[serde(skip)]
    pub foremost: Option<Measure>,
    /// The counts behind the numbers.
    pub measures: Vec<Tally>,
}

/// The posture of the whole store at one instant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// The organisation.
    pub org: String,
    /// The store's id.
    pub store: String,
    /// Whether it is a demo.
    pub demo: bool,
    /// How many entries the ledger has.
    pub entries: i64,
    /// Where the ledger ends, `SEQ:CODE`.
    pub head: HeadCode,
    /// The instant of reading.
    pub as_of: Time,
    /// All sites pooled.
    pub functions: Scores,
    /// What they were 24 hours ago; none where too much moved since to say.
    #[serde(skip)]
    pub was: Option<Scores>,
    /// What they are to reach.
    pub target: i64,
    /// Where their items are in doubt.
    pub doubtful: Doubtful,
    /// The worst site of each function.
    pub worst: Worst,
    /// What fell, moved or costs most of all sites.
    pub because: Option<String>,
    /// The numbers of all sites pooled that fell in 24 hours, with the measures that fell.
    pub fell: Vec<Fall>,
    /// The measure of all sites pooled to look at first.
    #[serde(skip)]
    pub foremost: Option<Measure>,
    /// The counts of all sites pooled.
    pub measures: Vec<Tally>,
    /// Risks of all sites that are not closed.
    pub risks: Ranks,
    /// Every site, by its code.
    pub sites: Vec<SitePosture>,
}

#[derive(FromRow)]
struct SiteRow {
    r#ref: String,
    name: String,
    timezone: String,
}

#[derive(FromRow)]
struct RisksRow {
    site: String,
    p1: i64,
    p2: i64,
    p3: i64,
    p4: i64,
}

async fn risks(c: &mut Link<'_>) -> Result<BTreeMap<String, Ranks>, StoreError> {
    let found = rows!(
        c,
        RisksRow,
        "SELECT site,
                SUM(CASE WHEN priority = 1 THEN 1 ELSE 0 END) AS p1,
                SUM(CASE WHEN priority = 2 THEN 1 ELSE 0 END) AS p2,
                SUM(CASE WHEN priority = 3 THEN 1 ELSE 0 END) AS p3,
                SUM(CASE WHEN priority = 4 THEN 1 ELSE 0 END) AS p4
         FROM risk WHERE state <> 'closed' GROUP BY site"
    )?;
    let rank = |row: &RisksRow| Ranks { p1: row.p1, p2: row.p2, p3: row.p3, p4: row.p4 };
    Ok(found.iter().map(|row| (row.site.clone(), rank(row))).collect())
}

fn scores(tallies: &[Tally]) -> Scores {
    Scores(Function::ALL.iter().map(|function| (*function, score(*function, tallies))).collect())
}

/// What is said beside the numbers.
fn why(fell: &[Fall], before: &[Tally], now: &[Tally]) -> Option<String> {
    if !fell.is_empty() {
        let said: Vec<String> = fell.iter().map(Fall::words).collect();
        return Some(format!("in 24 h {}", said.join("; ")));
    }
    Some(match because(before, now)? {
        Because::Moved(was, tally) => {
            let share = |tally: &Tally| percent(tally).unwrap_or_default();
            let (from, to) = (share(&was), share(&tally));
            let Count { items, weight } = tally.counts.short();
            let short = match items {
                0 => "every item is ok now".to_owned(),
                _ => format!("{} (weight {weight}) not ok", count(items, "item")),
            };
            format!("{} from {from} to {to} % in 24 h; {short}", tally.measure.name())
        }
        Because::Costs(tally) => {
            let (short, asked) = (tally.counts.short(), tally.counts.asked());
            format!(
                "{}: {} of {} (weight {} of {}) short of \"{}\"",
                tally.measure.name(),
                short.items,
                count(asked.items, "item"),
                short.weight,
                asked.weight,
                tally.measure.asks()
            )
        }
    })
}

/// For each function the site with the lowest number, the first by code among equals.
fn worst(sites: &[SitePosture]) -> Worst {
    let of = |function: &Function| {
        let numbers = sites.iter().filter_map(|site| {
            let score = site.functions.0.iter().find(|(known, _)| known == function)?.1;
            Some((score.number?, site.site.clone()))
        });
        numbers.min().map(|(_, site)| site)
    };
    Worst(Function::ALL.iter().map(|function| (*function, of(function))).collect())
}

/// Reads the posture of every site.
pub async fn status(c: &mut Link<'_>, at: &Snapshot) -> Result<Status, StoreError> {
    let (org, demo) = crate::opt!(c, (String, bool), "SELECT org, demo FROM store")?
        .unwrap_or_else(|| ("?".to_owned(), false));
    let found = rows!(c, SiteRow, "SELECT ref, name, timezone FROM site ORDER BY ref")?;
    let mut table = posture::counts(c, at.now).await?;
    let then = at.now.plus_seconds(-DAY);
    let past = posture::before(c, &table, then, at.now).await?;
    let known = past.is_some();
    let mut past = past.unwrap_or_default();
    let holds = yardstick::yardstick(c).await?;
    let rights = posture::rights(c, at.now).await?;
    for table in [&mut table, &mut past] {
        posture::count(&rights, table);
    }
    let ranks = risks(c).await?;
    let sum = |of: fn(&Ranks) -> i64| ranks.values().map(of).sum();
    let risks =
        Ranks { p1: sum(|r| r.p1), p2: sum(|r| r.p2), p3: sum(|r| r.p3), p4: sum(|r| r.p4) };
    let codes: Vec<String> = found.iter().map(|site| site.r#ref.clone()).collect();
    let sites: Vec<SitePosture> = found
        .into_iter()
        .map(|site| {
            let measures = posture::tallies(&table, &site.r#ref, &holds);
            let functions = scores(&measures);
            let before = posture::tallies(&past, &site.r#ref, &holds);
            let fell = falls(&before, &measures);
            SitePosture {
                doubtful: Doubtful(functions.clone()),
                was: known.then(|| scores(&before)),
                functions,
                target: holds.target(Some(&site.r#ref)),
                risks: ranks.get(&site.r#ref).copied().unwrap_or_default(),
                because: why(&fell, &before, &measures),
                foremost: foremost(&fell, &before, &measures),
                fell,
                measures,
                name: site.name,
                timezone: site.timezone,
                site: site.r#ref,
            }
        })
        .collect();
    let measures = posture::pooled(&table, &codes, &holds);
    let functions = scores(&measures);
    let before = posture::pooled(&past, &codes, &holds);
    let fell = falls(&before, &measures);
    Ok(Status {
        org,
        store: at.head.store_id.clone(),
        demo,
        entries: at.head.tip.seq,
        head: head_code(at.head.tip.seq, &at.head.tip.hash),
        as_of: at.now,
        doubtful: Doubtful(functions.clone()),
        was: known.then(|| scores(&before)),
        because: why(&fell, &before, &measures),
        foremost: foremost(&fell, &before, &measures),
        fell,
        worst: worst(&sites),
        functions,
        target: holds.target(None),
        risks,
        measures,
        sites,
    })
}
