//! The verification of a store: file, schema, chain, rules, tables, from its own bytes alone.

use std::collections::{BTreeMap, HashSet};

use super::chain::{End, Page};
use super::compare::{self, Differences};
use super::fabric;
use super::play::Played;
use super::progress::Progress;
use super::report::{Fault, Named, Place, Report, Signatures};
use super::scratch::Scratch;
use super::walk::{self, Walk};
use crate::domain::text::Line;
use crate::ledger::{HeadCode, Id, head_code};
use crate::store::append::{self, Head};
use crate::store::fault::StoreError;
use crate::store::link::{Link, Owned};
use crate::store::open::Store;
use crate::store::schema;

/// What a verification gathers on its way.
struct Gathered {
    faults: Named<Fault>,
    violations: Named<super::report::Violation>,
    repairs: Vec<(i64, Vec<Line>)>,
    refused: BTreeMap<i64, u64>,
    signatures: Signatures,
    entries: i64,
    witness: Option<HeadCode>,
    witnessed: bool,
}

impl Gathered {
    fn new(witness: Option<HeadCode>) -> Self {
        Self {
            faults: Named::default(),
            violations: Named::default(),
            repairs: Vec::new(),
            refused: BTreeMap::new(),
            signatures: Signatures::default(),
            entries: 0,
            witness,
            witnessed: false,
        }
    }

    fn take(&mut self, page: &mut Page) {
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
        let Some(witness) = self.witness else { return };
        let tip = end.tip();
        if witness.seq != tip.seq {
            return;
        }
        self.witnessed = true;
        let found = head_code(tip.seq, &tip.hash);
        if found != witness {
            let told = format!(
                "entry {} is {found}, the head that was written down is {witness}: the ledger was written anew",
                tip.seq
            );
            self.faults.push(Fault::at(Place::Witness, tip.seq, &told));
        }
    }

    fn played(&mut self, played: Played, faults: Vec<Fault>) {
        for fault in faults {
            self.faults.push(fault);
        }
        for violation in played.violations {
            self.refused.insert(violation.seq, 0);
            self.violations.push(violation);
        }
        self.repairs.extend(played.repairs);
    }

    fn head(&mut self, head: &Head, end: &End) {
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
        if let Some(witness) = self.witness
            && !self.witnessed
            && witness.seq != 0
        {
            let told = format!(
                "the ledger ends at entry {}, the head that was written down is {witness}: entries were cut off",
                is.seq
            );
            self.faults.push(Fault::new(Place::Witness, &told));
        }
    }

    fn report(mut self, store: String, end: &End) -> Report {
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

async fn head(c: &mut Link<'_>) -> Result<Head, StoreError> {
    append::head(c)
        .await?
        .ok_or_else(|| StoreError::Unavailable("the store has no head".to_owned()))
}

/// How far the ledger is read ahead before the snapshot: not along places that somebody only made up.
async fn ahead(c: &mut Link<'_>, head: &Head) -> i64 {
    match walk::extent(c).await {
        Ok((last, count)) => last.min(count.saturating_add(100_000)),
        Err(_) => head.tip.seq.min(1_000_000),
    }
}

async fn snapshot(c: &mut Link<'_>) -> Result<(), StoreError> {
    if c.is_postgres() {
        schema::script(c, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await
    } else {
        schema::script(c, "BEGIN").await
    }
}

/// Checks the chain alone: rows, places, hashes, bodies and head, without rules and tables.
///
/// # Errors
/// `Unavailable` if the store breaks off, `Stopped` if it was stopped.
pub async fn check_chain(store: &Store, progress: Progress<'_>) -> Result<Report, StoreError> {
    let mut gathered = Gathered::new(None);
    let mut connection = store.connect(false).await?;
    let first = head(&mut connection.link()).await?;
    let upto = ahead(&mut connection.link(), &first).await;
    let mut walk = Walk::start(store, &first.store_id, End::START, upto).await?;
    while let Some(mut page) = walk.next().await? {
        gathered.take(&mut page);
        progress.step("entries", gathered.entries, upto)?;
    }
    let mut end = walk.end();
    let mut c = connection.link();
    snapshot(&mut c).await?;
    let last = head(&mut c).await?;
    while let Some(mut page) = walk::onward(&mut c, &first.store_id, &mut end).await? {
        gathered.take(&mut page);
    }
    gathered.head(&last, &end);
    Ok(gathered.report(first.store_id, &end))
}

/// Verifies a store whole; `witness` is a head that was written down elsewhere.
///
/// # Errors
/// `Unavailable` if the store breaks off or there is no room for the scratch store, `Stopped` if it was
/// stopped. What is wrong with the store is in the report, not here.
pub async fn verify(
    store: &Store,
    witness: Option<HeadCode>,
    progress: Progress<'_>,
) -> Result<Report, StoreError> {
    let mut gathered = Gathered::new(witness);
    let mut connection = store.connect(false).await?;
    let first = head(&mut connection.link()).await?;
    let upto = ahead(&mut connection.link(), &first).await;
    let mut scratch = Scratch::fresh(&first.store_id).await?;
    let mut documents = HashSet::new();
    let mut c = connection.link();
    fabric::documents(&mut c, &mut scratch, &mut documents, &mut gathered.faults).await?;
    let mut walk = Walk::start(store, &first.store_id, End::START, upto).await?;
    while let Some(mut page) = walk.next().await? {
        gathered.take(&mut page);
        let (played, faults) = scratch.play(&page.items).await?;
        gathered.played(played, faults);
        progress.step("entries", gathered.entries, upto)?;
    }
    let mut end = walk.end();
    tables(&mut connection, &mut scratch, &mut documents, &mut gathered, &mut end, progress)
        .await?;
    Ok(gathered.report(first.store_id, &end))
}

/// The part under one snapshot: the entries that came meanwhile, then everything that follows from them.
async fn tables(
    connection: &mut Owned,
    scratch: &mut Scratch,
    documents: &mut HashSet<String>,
    gathered: &mut Gathered,
    end: &mut End,
    progress: Progress<'_>,
) -> Result<(), StoreError> {
    let mut c = connection.link();
    snapshot(&mut c).await?;
    let last = head(&mut c).await?;
    fabric::documents(&mut c, scratch, documents, &mut gathered.faults).await?;
    loop {
        let page = match walk::onward(&mut c, &last.store_id, end).await {
            Ok(page) => page,
            Err(fault) if c.is_postgres() => return Err(fault),
            Err(fault) => {
                let told = format!("what follows entry {} cannot be read: {fault}", end.tip().seq);
                gathered.faults.push(Fault::new(Place::Ledger, &told));
                None
            }
        };
        let Some(mut page) = page else { break };
        gathered.take(&mut page);
        let (played, faults) = scratch.play(&page.items).await?;
        gathered.played(played, faults);
    }
    gathered.head(&last, end);
    let names = schema::table_names();
    let count = i64::try_from(names.len()).unwrap_or(0);
    for (done, table) in names.into_iter().enumerate() {
        let mut differences =
            Differences { faults: &mut gathered.faults, refused: &mut gathered.refused };
        compare::table(&mut c, &mut scratch.link(), table, &mut differences).await?;
        progress.step("tables", i64::try_from(done).unwrap_or(0) + 1, count)?;
    }
    fabric::schema(&mut c, &mut gathered.faults).await?;
    progress.step("file", 0, 1)?;
    fabric::file(&mut c, &mut gathered.faults).await;
    schema::script(&mut c, "ROLLBACK").await
}
