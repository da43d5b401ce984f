//! Taking advisories in: each document in a transaction of its own, so that a folder can be resumed.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::csaf::{Folder, Item, READER_VERSION, sha256};
use super::line;
use crate::commands::{Desk, Document, EntryId, Receipt, Submission};
use crate::domain::advisories;
use crate::domain::advisory::Advisory;
use crate::domain::command::Command;
use crate::domain::import::{self, Count, Format};
use crate::domain::matching::advisory_keys;
use crate::domain::names::Ref;
use crate::domain::refusal::{Code, Refusal};
use crate::domain::text::Line;

use crate::store::{KnownAdvisory, StoreError};

/// A file that was not taken, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Refused {
    /// The file, below the folder that was named.
    pub file: String,
    /// What is wrong with it, and what to do.
    pub reason: String,
}

/// Something odd about a file that was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// The file.
    pub file: String,
    /// What was found.
    pub finding: String,
}

/// What came of an import of advisories.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The import's reference; none if nothing was written.
    #[serde(rename = "ref")]
    pub import: Option<String>,
    /// Files read.
    pub read: u32,
    /// Revisions taken in.
    pub accepted: u32,
    /// Revisions that stood already.
    pub unchanged: u32,
    /// Files that were not taken.
    pub refused: Vec<Refused>,
    /// What was odd.
    pub findings: Vec<Finding>,
    /// Pairs of advisory and asset that this import recorded, by tier.
    pub matches: BTreeMap<String, i64>,
}

/// How advisories are taken in.
#[derive(Clone, Copy, Debug, Default)]
pub struct Taking {
    /// Read and check everything, write nothing.
    pub dry_run: bool,
    /// Take a revision even if its version is lower than the one that stands.
    pub older: bool,
}

/// An import that has begun: its reference, the id and place of its first entry.
struct Begun {
    import: Ref,
    cause: EntryId,
    seq: i64,
}

/// Whether a version went down, where both are numbers between dots.
fn lower(new: &str, old: &str) -> bool {
    let parts = |text: &str| -> Option<Vec<u64>> {
        text.trim().split('.').map(|part| part.parse().ok()).collect()
    };
    match (parts(new), parts(old)) {
        (Some(new), Some(old)) => new < old,
        (Some(_), None) | (None, Some(_)) | (None, None) => false,
    }
}

fn lines<'a>(texts: impl Iterator<Item = &'a str>) -> Result<Vec<Line>, Refusal> {
    let mut out: Vec<Line> = Vec::new();
    for text in texts {
        let text = line(text)?;
        if !out.contains(&text) {
            out.push(text);
        }
    }
    Ok(out)
}

/// The command that takes a document in, with the document and what the reader made of it.
fn submission(item: Item, advisory: &Advisory, begun: &Begun) -> Result<Submission, Refusal> {
    let invalid = |why: String| Refusal::new(Code::Invalid, why, "mend the document");
    let reading = serde_json::to_vec(advisory).map_err(|fault| invalid(fault.to_string()))?;
    let reading_digest = sha256(&reading);
    let command = Command::Advisory(advisories::Command::Import(advisories::Import {
        advisory: Ref::new(&advisory.id).map_err(|fault| invalid(fault.to_string()))?,
        publisher: line(&advisory.publisher.namespace)?,
        title: line(&advisory.title)?,
        version: line(&advisory.version)?,
        digest: line(&item.digest)?,
        reading: line(&reading_digest)?,
        parser: Count(READER_VERSION),
        cves: lines(advisory.vulnerabilities.iter().map(|v| v.cve.as_str()))?,
        keys: lines(advisory_keys(advisory).iter().map(String::as_str))?,
        findings: lines(advisory.findings.iter().map(String::as_str))?,
        score: advisory.highest_score().map(|score| Count(u32::from(score))),
        released: advisory.updated.or(advisory.released),
        import: Some(begun.import.clone()),
    }));
    let csaf = Document { digest: item.digest, media: "application/csaf+json", bytes: item.bytes };
    let read = Document { digest: reading_digest, media: "application/json", bytes: reading };
    Ok(Submission {
        cause: Some(begun.cause),
        documents: vec![csaf, read],
        ..Submission::from(command)
    })
}

/// Takes in the advisories of these files and folders.
///
/// # Errors
/// `Refused` if nothing could be begun; a store that does not answer. What is wrong with one file stands in
/// the summary and stops nothing.
pub async fn take(
    desk: &Desk,
    paths: &[PathBuf],
    taking: Taking,
    mut progress: impl FnMut(u32, usize),
) -> Result<Summary, StoreError> {
    let mut summary = Summary::default();
    let mut begun: Option<Begun> = None;
    for path in paths {
        let mut folder =
            Folder::open(path).map_err(StoreError::io(format!("read {}", path.display())))?;
        while let Some(item) = folder.next() {
            summary.read = summary.read.saturating_add(1);
            progress(summary.read, folder.remaining());
            one(desk, path, item, taking, &mut begun, &mut summary).await?;
        }
    }
    if let Some(begun) = begun {
        finish(desk, &begun, &summary).await?;
        summary.matches = desk.store().matched_since(begun.seq).await?;
        summary.import = Some(begun.import.to_string());
    }
    Ok(summary)
}

/// What a revision is against the one that stands: odd, or not to be taken at all.
fn against(
    advisory: &Advisory,
    stands: &KnownAdvisory,
    taking: Taking,
) -> Result<Option<String>, String> {
    let (new, old) = (&advisory.version, &stands.version);
    if lower(new, old) {
        return if taking.older {
            Ok(Some(format!("the version went down from {old} to {new}")))
        } else {
            Err(format!(
                "its version {new} is lower than the {old} that stands: take it with --older if it is right"
            ))
        };
    }
    Ok((new == old).then(|| format!("silently changed: the version {new} stayed the same")))
}

async fn one(
    desk: &Desk,
    path: &Path,
    mut item: Item,
    taking: Taking,
    begun: &mut Option<Begun>,
    summary: &mut Summary,
) -> Result<(), StoreError> {
    let file = item.file.clone();
    let refused = |reason: String| Refused { file: file.clone(), reason };
    let advisory = match std::mem::replace(&mut item.advisory, Ok(Advisory::default())) {
        Ok(advisory) => advisory,
        Err(fault) => {
            summary.refused.push(refused(fault.to_string()));
            return Ok(());
        }
    };
    let (current, before) = desk.store().known_advisory(&advisory.id, &item.digest).await?;
    if before {
        summary.unchanged = summary.unchanged.saturating_add(1);
        return Ok(());
    }
    let odd = match current.map(|stands| against(&advisory, &stands, taking)) {
        None => None,
        Some(Ok(odd)) => odd,
        Some(Err(reason)) => {
            summary.refused.push(refused(reason));
            return Ok(());
        }
    };
    for finding in odd.iter().chain(&advisory.findings) {
        summary.findings.push(Finding { file: file.clone(), finding: finding.clone() });
    }
    if taking.dry_run {
        summary.accepted = summary.accepted.saturating_add(1);
        return Ok(());
    }
    let begun = match begun {
        Some(begun) => begun,
        None => begun.insert(start(desk, path).await?),
    };
    let handed_in = match submission(item, &advisory, begun) {
        Ok(submission) => desk.submit(submission).await,
        Err(refusal) => Err(StoreError::Refused(refusal)),
    };
    match handed_in {
        Ok(_) => summary.accepted = summary.accepted.saturating_add(1),
        // A right that is lacking is lacking for every file.
        Err(StoreError::Refused(refusal)) if refusal.code != Code::NotAllowed => {
            summary.refused.push(refused(refusal.to_string()));
        }
        Err(fault) => return Err(fault),
    }
    Ok(())
}

async fn start(desk: &Desk, path: &Path) -> Result<Begun, StoreError> {
    let source = path.file_name().unwrap_or(path.as_os_str());
    let start = import::Start {
        format: Format::Csaf,
        source: line(&source.to_string_lossy())?,
        site: None,
        digest: None,
    };
    let command = Command::Import(import::Command::Start(start));
    let Receipt { reference: import, id: cause, entries, .. } =
        desk.submit(Submission::from(command)).await?;
    Ok(Begun { import, cause, seq: entries.first().copied().unwrap_or_default() })
}

async fn finish(desk: &Desk, begun: &Begun, summary: &Summary) -> Result<(), StoreError> {
    let finish = import::Finish {
        r#ref: begun.import.clone(),
        read: Count(summary.read),
        accepted: Count(summary.accepted),
        refused: Count(u32::try_from(summary.refused.len()).unwrap_or(u32::MAX)),
    };
    let command = Command::Import(import::Command::Finish(finish));
    desk.submit(Submission { cause: Some(begun.cause), ..Submission::from(command) }).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_that_went_down_is_told_only_where_versions_can_be_compared() {
        assert!(lower("1", "2") && lower("1.2.0", "1.10.0"));
        assert!(!lower("2", "1") && !lower("2", "2") && !lower("x", "2"));
    }

    #[test]
    fn a_lower_version_is_taken_only_if_somebody_says_so() {
        let stands = KnownAdvisory { digest: String::new(), version: "3".to_owned(), revisions: 1 };
        let advisory = Advisory { version: "2".to_owned(), ..Advisory::default() };
        assert!(against(&advisory, &stands, Taking::default()).is_err());
        let older = Taking { older: true, ..Taking::default() };
        assert!(against(&advisory, &stands, older).unwrap().unwrap().contains("went down"));
    }
}
