//! What an import came to, in lines of words: the command line and the console say the same. Nothing is read or written here.

use std::collections::BTreeMap;

use super::{access, advisories, assets};
use crate::domain::words;

/// Differences that are named; JSON names them all.
const SHOWN: usize = 20;

fn tally(what: &str, counts: &BTreeMap<String, i64>) -> Option<String> {
    let said: Vec<String> = counts.iter().map(|(word, count)| format!("{word} {count}")).collect();
    (!said.is_empty()).then(|| format!("{what}: {}", said.join(", ")))
}

fn named<'a>(
    what: &'static str,
    rows: impl Iterator<Item = (&'a String, &'a String)> + 'a,
) -> impl Iterator<Item = String> + 'a {
    rows.map(move |(file, said)| format!("{what}: {file}: {said}"))
}

const fn verb(dry_run: bool, done: &'static str, would: &'static str) -> &'static str {
    if dry_run { would } else { done }
}

impl advisories::Summary {
    /// What it came to.
    pub fn words(&self, dry_run: bool) -> Vec<String> {
        let mut lines = vec![format!(
            "{} read, {} {}, {} stood already, {} refused",
            self.read,
            self.accepted,
            verb(dry_run, "taken", "would be taken"),
            self.unchanged,
            self.refused.len()
        )];
        lines.extend(tally("assets found", &self.matches));
        lines.extend(named("refused", self.refused.iter().map(|r| (&r.file, &r.reason))));
        lines.extend(named("finding", self.findings.iter().map(|f| (&f.file, &f.finding))));
        lines
    }
}

impl assets::Summary {
    /// What it came to, with the first differences.
    pub fn words(&self, dry_run: bool) -> Vec<String> {
        let mut lines = vec![format!(
            "{} read, {} {}, {} stand as the file says, {} refused",
            self.read,
            self.accepted,
            verb(dry_run, "written", "would be written"),
            self.unchanged,
            self.refused.len()
        )];
        let columns: Vec<_> =
            self.mapping.iter().map(|(header, field)| format!("{header} = {field}")).collect();
        lines.push(format!("columns: {}", columns.join(", ")));
        lines.extend(tally("found in advisories", &self.matches));
        for found in self.differences.iter().take(SHOWN) {
            let changes: Vec<_> = found
                .changes
                .iter()
                .map(|c| format!("{} {:?} -> {:?}", c.field, c.from.as_deref().unwrap_or(""), c.to))
                .collect();
            let what = if found.new { "new".to_owned() } else { changes.join(", ") };
            lines.push(format!("{} (line {}): {what}", found.asset, found.line));
        }
        if let Some(more) = self.differences.len().checked_sub(SHOWN).filter(|more| *more > 0) {
            lines.push(format!("and {more} more; --json shows all"));
        }
        lines.extend(named("refused", self.refused.iter().map(|r| (&r.file, &r.reason))));
        lines.extend(named("finding", self.findings.iter().map(|f| (&f.file, &f.finding))));
        lines
    }
}

impl access::Summary {
    /// What it came to.
    pub fn words(&self, dry_run: bool) -> Vec<String> {
        let mut lines = vec![format!(
            "{} read, {} {}, {} stood already, {} of other things, {} refused",
            self.read,
            self.accepted,
            verb(dry_run, "written", "would be written"),
            self.unchanged,
            words::count(self.ignored, "line"),
            self.refused.len()
        )];
        lines.extend(tally("against windows", &self.states));
        lines.extend(named("refused", self.refused.iter().map(|r| (&r.file, &r.reason))));
        lines
    }
}
