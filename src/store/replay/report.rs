//! What a verification found, in words that stay the same from run to run: `store.repaired` repeats them.

use serde::Serialize;

use crate::domain::text::Line;
use crate::domain::words;
use crate::ledger::HeadCode;
use crate::safe_text::SafeText;

/// How many of a sort are named in full.
pub const NAMED: usize = 1_000;

/// The most characters of one finding, which the entry of a repair can hold.
const LENGTH: usize = 396;

/// What a fault was found in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// An entry: its bytes, its place in the chain, its body.
    Ledger,
    /// The row that says where the ledger ends.
    Head,
    /// A head that was written down elsewhere.
    Witness,
    /// A row of a table that follows from the ledger.
    Table,
    /// The schema: a table, trigger, view, function or note that is not ours or is missing.
    Schema,
    /// A reference document.
    Document,
    /// The file itself.
    File,
}

/// Something that is not as the ledger or this program says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Where it was found.
    pub place: Place,
    /// The entry it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seq: Option<i64>,
    /// The table it is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub table: Option<&'static str>,
    /// What was found, safe to show.
    pub message: String,
}

/// An entry that the rules would have refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// The entry.
    pub seq: i64,
    /// Who wrote it.
    pub actor: String,
    /// The refusal's stable code.
    pub code: &'static str,
    /// What was found, safe to show.
    pub message: String,
    /// How many rows of the tables name this entry as their writer.
    pub rows: u64,
    /// What those rows hold otherwise than the ledger makes them, by table, row and column.
    pub differs: Vec<String>,
}

fn words(text: &str) -> String {
    let safe = SafeText::from_untrusted(text.trim());
    let mut short: String = safe.as_str().chars().take(LENGTH).collect();
    if short.len() < safe.as_str().len() {
        short.push('…');
    }
    short
}

impl Fault {
    /// A fault in these words.
    pub fn new(place: Place, message: &str) -> Self {
        Self { place, seq: None, table: None, message: words(message) }
    }

    /// A fault of this entry.
    pub fn at(place: Place, seq: i64, message: &str) -> Self {
        Self { seq: Some(seq), ..Self::new(place, message) }
    }

    /// A fault of this table.
    pub fn of(table: &'static str, message: &str) -> Self {
        Self { table: Some(table), ..Self::new(Place::Table, message) }
    }

    /// Whether a repair cannot mend it but only take note of it.
    pub const fn stays(&self) -> bool {
        matches!(self.place, Place::Ledger | Place::Document)
    }
}

impl Violation {
    /// The entry `seq` by `actor` is one that the rules would have refused.
    pub fn new(seq: i64, actor: &str, code: &'static str, why: &str) -> Self {
        let message =
            words(&format!("entry {seq} by {actor} would have been refused: {code}: {why}"));
        Self { seq, actor: words(actor), code, message, rows: 0, differs: Vec::new() }
    }
}

/// A list that names the first [`NAMED`] in full and counts the others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Named<T> {
    named: Vec<T>,
    #[serde(skip)]
    more: u64,
}

impl<T> Default for Named<T> {
    fn default() -> Self {
        Self { named: Vec::new(), more: 0 }
    }
}

impl<T> Named<T> {
    /// Takes one more.
    pub fn push(&mut self, one: T) {
        if self.named.len() < NAMED {
            self.named.push(one);
        } else {
            self.more = self.more.saturating_add(1);
        }
    }

    /// Those that are named in full.
    pub fn named(&self) -> &[T] {
        &self.named
    }

    /// How many there are beside the named.
    pub const fn more(&self) -> u64 {
        self.more
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.named.is_empty()
    }

    pub(super) fn named_mut(&mut self) -> &mut [T] {
        &mut self.named
    }

    /// Takes out those that fit, in their order.
    pub(super) fn split(&mut self, fits: impl Fn(&T) -> bool) -> Vec<T> {
        let (out, kept) = std::mem::take(&mut self.named).into_iter().partition(|one| fits(one));
        self.named = kept;
        out
    }
}

/// How the entries are signed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Signatures {
    /// Entries with a signature that a known key made.
    pub signed: i64,
    /// Entries without a signature.
    pub unsigned: i64,
    /// Entries with a signature that no known key made.
    pub bad: i64,
}

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The store's id.
    pub store: String,
    /// How many entries were read.
    pub entries: i64,
    /// Where the ledger ends.
    pub head: HeadCode,
    /// What is not as the ledger or this program says.
    pub faults: Named<Fault>,
    /// How many faults there are beside those named.
    pub more_faults: u64,
    /// Entries that the rules would have refused.
    pub violations: Named<Violation>,
    /// How many violations there are beside those named.
    pub more_violations: u64,
    /// Faults and violations that the owner has taken note of in a repair.
    pub acknowledged: Vec<String>,
    /// How the entries are signed.
    pub signatures: Signatures,
}

impl Report {
    /// Whether nothing was found that nobody has taken note of.
    pub fn holds(&self) -> bool {
        self.faults.is_empty() && self.violations.is_empty()
    }

    /// What was found, in lines of words; the last says what that comes to.
    pub fn words(&self) -> Vec<String> {
        let faults = self.faults.named().iter().map(|fault| format!("fault: {}", fault.message));
        let violations = self.violations.named().iter().map(|found| {
            let rows = match found.rows {
                0 => String::new(),
                1 => " (1 row stands by it)".to_owned(),
                rows => format!(" ({rows} rows stand by it)"),
            };
            let differs = match found.differs.as_slice() {
                [] => String::new(),
                named => format!("; {}", named.join("; ")),
            };
            format!("violation: {}{rows}{differs}", found.message)
        });
        let mut lines: Vec<String> = faults.chain(violations).collect();
        if self.more_faults > 0 || self.more_violations > 0 {
            lines.push(format!(
                "and {}, {} more",
                words::count(self.more_faults, "fault"),
                words::count(self.more_violations, "violation")
            ));
        }
        lines.extend(self.acknowledged.iter().map(|known| format!("acknowledged: {known}")));
        let Signatures { signed, unsigned, bad } = self.signatures;
        lines.push(format!(
            "{} of store {}, head {}; signed {signed}, unsigned {unsigned}, bad {bad}",
            words::count(self.entries, "entry"),
            self.store,
            self.head
        ));
        if self.holds() && self.acknowledged.is_empty() {
            let held = "the chain holds, every entry is one that the rules allow, the tables follow from it";
            lines.push(held.to_owned());
        } else if self.holds() {
            let held = "nothing but what a repair has acknowledged; what was changed stays changed in the ledger";
            lines.push(held.to_owned());
        }
        lines
    }

    /// That the store does not hold, and what to do.
    pub fn verdict(&self) -> String {
        let count =
            |named: usize, more: u64| u64::try_from(named).unwrap_or(u64::MAX).saturating_add(more);
        format!(
            "the store does not hold: {}, {}; keep a copy, find out who and when (`smc log`), and let its owner run `smc repair`",
            words::count(count(self.faults.named().len(), self.more_faults), "fault"),
            words::count(count(self.violations.named().len(), self.more_violations), "violation"),
        )
    }

    /// What a repair would take note of, in the words of this report.
    pub fn findings(&self) -> Vec<Line> {
        let faults = self.faults.named().iter().map(|fault| fault.message.as_str());
        let violations = self.violations.named().iter().map(|found| found.message.as_str());
        faults.chain(violations).filter_map(|message| Line::new(message).ok()).collect()
    }

    /// Moves what a repair at `seq` has named to what is acknowledged.
    ///
    /// Tables and schema were mended then: a difference that stands in them now is a new one.
    pub(super) fn acknowledge(&mut self, seq: i64, named: &[Line]) {
        let known = |about: Option<i64>, message: &str| {
            about.is_none_or(|about| about < seq)
                && named.iter().any(|line| line.as_str() == message)
        };
        let faults =
            self.faults.split(|fault| fault.stays() && known(fault.seq, fault.message.as_str()));
        let violations = self.violations.split(|found| known(Some(found.seq), &found.message));
        self.acknowledged.extend(faults.into_iter().map(|fault| fault.message));
        self.acknowledged.extend(violations.into_iter().map(|found| found.message));
    }
}
