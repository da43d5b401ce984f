//! What a verification gathers on its way through a store, and the report that it becomes.

use std::collections::BTreeMap;

use super::chain::{End, Page};
use super::play::Played;
use super::report::{Fault, Named, Place, Report, Signatures, Violation};
use crate::domain::text::Line;
use crate::ledger::{HeadCode, Id, head_code};
use crate::store::append::Head;

/// What a verification gathers on its way.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// What is not as the ledger or this program says.
    pub faults: Named<Fault>,
    violations: Named<Violation>,
    repairs: Vec<(i64, Vec<Line>)>,
    /// Rows that name a refused entry as their writer, by that entry.
    pub refused: BTreeMap<i64, u64>,
    signatures: Signatures,
    /// How many entries were read.
    pub entries: i64,
    witnesses: Vec<(HeadCode, bool)>,
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
            witnesses: witnesses.iter().map(|head| (*head, false)).collect(),
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
        for (witness, passed) in &mut self.witnesses {
            if witness.seq != tip.seq {
                continue;
            }
            *passed = true;
            let found = head_code(tip.seq, &tip.hash);
            if found != *witness {
                let told = format!(
                    "entry {} is {found}, the head that was written down is {witness}: the ledger was written anew",
                    tip.seq
                );
                self.faults.push(Fault::at(Place::Witness, tip.seq, &told));
            }
        }
    }

    /// Takes what came of playing a page.
    pub fn played(&mut self, played: Played, faults: Vec<Fault>) {
        for fault in faults {
            self.faults.push(fault);
        }
        for violation in played.violations {
            self.refused.insert(violation.seq, 0);
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
        for (witness, _) in self.witnesses.iter().filter(|(head, passed)| !passed && head.seq != 0)
        {
            let told = format!(
                "the ledger ends at entry {}, the head that was written down is {witness}: entries were cut off",
                is.seq
            );
            self.faults.push(Fault::new(Place::Witness, &told));
        }
    }

    /// What was found, with what repairs have taken note of set apart.
    pub fn report(mut self, store: String, end: &End) -> Report {
        for violation in self.violations.named_mut() {
            violation.rows = self.refused.get(&violation.seq).copied().unwrap_or(0);
        }
        let mut report = Report {
            store,
            entries: self.entries,
            head: head_code(end.tip().seq, &end.tip().hash),
            more_faults: 0,
            faults: self.faults,
            more_violations: 0,
            violations: self.violations,
            acknowledged: Vec::new(),
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
