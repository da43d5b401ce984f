//! What is answered or put aside: the alarm or the task, and the object that it is about by its name and title.

use super::super::Door;
use crate::console::screens::watch::{About, SPEC, Watched};
use crate::console::widgets::cell::Cell;
use crate::console::widgets::doc::Doc;
use crate::store::{ReadError, Reader};

/// How much an alarm or a task of this object calls, and what the object is; nothing where none stands.
pub async fn aside(
    door: &Door,
    reader: &mut Reader<'_>,
    alarm: bool,
    reference: &str,
) -> Result<Doc, ReadError> {
    let scene = door.scene(reader).await?;
    let rows = scene.watch.iter().chain(&scene.shelf).filter(|row| row.reference == reference);
    let mut meant =
        rows.filter(|row| if alarm { row.alarm.is_some() } else { row.task().is_some() });
    Ok(meant.next().map(told).unwrap_or_default())
}

fn told(row: &Watched) -> Doc {
    let mut doc = Doc::default();
    if let Some(object) = object(&row.about) {
        doc = doc.field("object", Cell::text(format!("{}: {object}", row.reference)));
    }
    // What is missed comes first: of what it is about no more is needed than its name.
    doc.0.extend((SPEC.focus)(row).calls.0);
    doc
}

/// What an object is, in words.
fn object(about: &About) -> Option<String> {
    Some(match about {
        About::Change(row) => format!("{} on {}", row.title, row.assets.0.join(", ")),
        About::Window(row) => {
            format!(
                "{} of {} on {}: {}",
                row.person,
                row.vendor,
                row.assets.0.join(", "),
                row.title
            )
        }
        About::Acceptance(row) => format!("{} {}", row.risk, row.title),
        About::Extension(row) => format!("{} of {}: {}", row.person, row.vendor, row.title),
        About::Report(row) => row.title.clone(),
        About::Other(_) => return None,
    })
}
