//! The measures of every site as a list: what is between a function's number and its items.

use serde::Serialize;

use crate::domain::filter::{Of, Word};
use crate::domain::posture::{Counts, EVERYWHERE, Function, Measure, State, Tally, percent};
use crate::store::query::Status;
use crate::store::query::derived::{Derived, Fact};

/// A measure at a site, or of all sites.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MeasureRow {
    /// `SITE#measure`.
    pub r#ref: String,
    /// The site; `*` is all of them.
    pub site: String,
    /// `ok` if every item is, else the worst state that an item has.
    pub state: State,
    /// The measure in words, and when an item is ok.
    pub title: String,
    /// The function it counts for.
    pub function: Function,
    /// The measure.
    pub measure: Measure,
    /// Its weight among the hundred of its function.
    pub counts_for: i64,
    /// The share that is ok in percent, as `91.4`.
    pub percent: Option<String>,
    /// Its items by state, with what they weigh.
    #[serde(flatten)]
    pub counts: Counts,
    /// The entry up to which it was read.
    pub seq: i64,
}

impl Derived for MeasureRow {
    const NAME: &'static str = "measures";
    const WORDS: &'static [Word] = &[
        Word { name: "site", of: Of::Word },
        Word { name: "function", of: Of::Choice(Function::WORDS) },
        Word { name: "measure", of: Of::Choice(Measure::WORDS) },
        Word { name: "state", of: Of::Choice(State::WORDS) },
    ];

    fn fact(&self, word: &str) -> Fact<'_> {
        match word {
            "site" => Fact::Word(&self.site),
            "function" => Fact::Word(self.function.word()),
            "measure" => Fact::Word(self.measure.word()),
            "state" => Fact::Word(self.state.word()),
            _ => Fact::None,
        }
    }

    fn text(&self) -> String {
        format!("{} {}", self.r#ref, self.title)
    }

    fn key(&self) -> String {
        self.r#ref.clone()
    }
}

impl MeasureRow {
    /// What a measure at a site is called.
    pub fn called(site: &str, measure: Measure) -> String {
        format!("{site}#{measure}")
    }
}

fn row(site: &str, tally: &Tally, seq: i64) -> MeasureRow {
    let has = |state: State| tally.counts.of(state).items > 0;
    let worst = [State::Bad, State::Unknown, State::Stale].into_iter().find(|state| has(*state));
    let Tally { measure, counts_for, counts } = *tally;
    MeasureRow {
        r#ref: MeasureRow::called(site, measure),
        site: site.to_owned(),
        state: worst.unwrap_or(State::Ok),
        title: format!("{}: {}", measure.name(), measure.asks()),
        function: measure.function(),
        measure,
        counts_for,
        percent: percent(tally),
        counts,
        seq,
    }
}

/// The measures that have items: of every site, and of all under `*`.
pub fn measures(status: &Status) -> Vec<MeasureRow> {
    let populated =
        |tally: &&Tally| tally.counts.asked().items > 0 || tally.counts.excepted.items > 0;
    let seq = status.entries;
    let all = status.measures.iter().filter(populated).map(|tally| row(EVERYWHERE, tally, seq));
    let own = status.sites.iter().flat_map(|site| {
        site.measures.iter().filter(populated).map(|tally| row(&site.site, tally, seq))
    });
    all.chain(own).collect()
}
