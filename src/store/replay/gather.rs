//! What a verification gathers on its way through a store, and the report that it becomes.

use std::collections::BTreeMap;

use super::chain::{End, Page};
use super::compare::Rows;
use super::play::Played;
use super::report::{Fault, Named, Place, Report, Signatures, Violation};
use crate::domain::restore::Loss;
use crate::domain::text::Line;
use crate::ledger::{HeadCode, Id, head_code};
use crate::store::append::Head;

/// A head that was written down elsewhere, and what the ledger holds at its place.
#[derive(Clone, Debug)]
struct Witness {
    head: HeadCode,
    found: Option<HeadCode>,
}

/// What a verification gathers on its way.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is not as the ledger or this program says.
    pub faults: Named<Fault>,
    violations: Named<Violation>,
    repairs: Vec<(i64, Vec<Line>)>,
    /// Rows that name a refused entry as their writer, by that entry.
    pub refused: BTreeMap<i64, Rows>,
    signatures: Signatures,
    /// How many entries were read.
    pub entries: i64,
    witnesses: Vec<Witness>,
    lost: Vec<String>,
}

impl Gathered {
    /// Nothing yet; the ledger must pass through these heads.
    pub fn new(witnesses: &[HeadCode]) -> Self {
        Self {
            faults: Named::default(),
            violations: Named::default(),
            repairs: Vec::new(),
            refused: BTreeMap::new(),
            signatures: Signatures::default(),
            entries: 0,
            witnesses: witnesses.iter().map(|head| Witness { head: *head, found: None }).collect(),
            lost: Vec::new(),
        }
    }

    /// Takes what a page holds.
    pub fn take(&mut self, page: &mut Page) {
        for fault in page.faults.drain(..) {
            self.faults.push(fault);
        }
        self.signatures.unsigned += page.signatures.unsigned;
        self.signatures.bad += page.signatures.bad;
        for item in &page.items {
            self.entries = self.entries.saturating_add(1);
            self.witness_at(&item.end);
        }
    }

    fn witness_at(&mut self, end: &End) {
        let tip = end.tip();
        for witness in &mut self.witnesses {
            if witness.head.seq == tip.seq {
                witness.found = Some(head_code(tip.seq, &tip.hash));
            }
        }
    }

    /// Holds heads that were written down elsewhere against the ledger; what a restore says of one that is lost is
    /// taken note of.
    pub fn witnesses(&mut self, end: &End, losses: &[Loss]) {
        for Witness { head, found } in &self.witnesses {
            if head.seq == 0 || *found == Some(*head) {
                continue;
            }
            if let Some(loss) = losses.iter().find(|loss| loss.explains_undated(head)) {
                self.lost.push(format!("the head {head} is lost: {loss}"));
                continue;
            }
            let fault = match found {
                Some(found) => Fault::at(
                    Place::Witness,
                    head.seq,
                    &format!(
                        "entry {} is {found}, the head that was written down is {head}: the ledger was written anew",
                        head.seq
                    ),
                ),
                None => Fault::new(
                    Place::Witness,
                    &format!(
                        "the ledger ends at entry {}, the head that was written down is {head}: entries were cut off",
                        end.tip().seq
                    ),
                ),
            };
            self.faults.push(fault);
        }
    }

    /// Takes what came of playing a page.
    pub fn played(&mut self, played: Played, faults: Vec<Fault>) {
        for fault in faults {
            self.faults.push(fault);
        }
        for violation in played.violations {
            self.refused.insert(violation.seq, Rows::default());
            self.violations.push(violation);
        }
        self.repairs.extend(played.repairs);
    }

    /// Holds the row of the head against the end of the ledger.
    pub fn head(&mut self, head: &Head, end: &End) {
        let (said, is) = (&head.tip, end.tip());
        if head.store_id.parse::<Id>().is_err() {
            let told = format!("the head names the store {:?}, which is no id", head.store_id);
            self.faults.push(Fault::new(Place::Head, &told));
        }
        let is_at = if is.seq == 0 { said.at } else { is.at };
        if said.seq != is.seq {
            let told = format!(
                "the head says that the ledger ends at entry {}, it ends at {}",
                said.seq, is.seq
            );
            self.faults.push(Fault::new(Place::Head, &told));
        } else if said.hash != is.hash {
            let told = format!("the head says {}, the last entry has {}", said.hash, is.hash);
            self.faults.push(Fault::new(Place::Head, &told));
        } else if said.at != is_at {
            let told = format!("the head is dated {}, the last entry {}", said.at, is.at);
            self.faults.push(Fault::new(Place::Head, &told));
        }
    }

    /// What was found, with what repairs have taken note of set apart.
    pub fn report(mut self, store: String, end: &End) -> Report {
        for violation in self.violations.named_mut() {
            if let Some(rows) = self.refused.get(&violation.seq) {
                violation.rows = rows.count;
                violation.differs.clone_from(&rows.differs);
            }
        }
        let mut report = Report {
            store,
            entries: self.entries,
            head: head_code(end.tip().seq, &end.tip().hash),
            more_faults: 0,
            faults: self.faults,
            more_violations: 0,
            violations: self.violations,
            acknowledged: self.lost,
            signatures: self.signatures,
        };
        for (seq, named) in &self.repairs {
            report.acknowledge(*seq, named);
        }
        report.more_faults = report.faults.more();
        report.more_violations = report.violations.more();
        report
    }
}
