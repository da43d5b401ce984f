//! The focus strip: the title of the selected row, and why it stands there with what to do, which is never cut while there
//! is room for it.

use super::cell::Cell;
use crate::console::theme::Role;
use crate::safe_text::SafeText;

/// Least columns of a title that gives way to what stands below it.
const TITLE: usize = 12;

/// What stands between a title and what follows it on the same row.
const BETWEEN: &str = " · ";

/// The rows of a strip at a width. A second row that is too long begins behind the title, which gives way to it.
pub fn laid(rows: Vec<Cell>, width: usize) -> Vec<Cell> {
    let [title, because, rest @ ..] = rows.as_slice() else { return rows };
    if because.width() <= width {
        return over(title, because, width).map_or_else(
            || rows.clone(),
            |both| both.into_iter().chain(rest.iter().cloned()).collect(),
        );
    }
    let because = because.plain();
    // Words that do not fit at the end of the first row go to the second: the room is found by trying.
    let most = width.saturating_sub(BETWEEN.len() + 8);
    let kept = (TITLE..=most.min(title.width()))
        .rev()
        .find_map(|kept| behind(title, kept, &because, width));
    let laid = kept.unwrap_or_else(|| {
        let lines = because.wrap(width);
        let (first, last) =
            (lines.first().cloned(), lines.get(1..).map(|more| SafeText::join(more, " ")));
        [first, last].into_iter().flatten().map(Cell::text).collect()
    });
    laid.into_iter().chain(rest.iter().cloned()).collect()
}

/// A title that is too long goes on in the second row, if what stands there leaves room for the rest of it.
fn over(title: &Cell, because: &Cell, width: usize) -> Option<Vec<Cell>> {
    if title.width() <= width {
        return None;
    }
    let lines = title.plain().wrap(width);
    let [first, second] = lines.as_slice() else { return None };
    let both = Cell::text(second.clone()).and(BETWEEN, Role::Normal).and_all(because.clone());
    (both.width() <= width).then(|| vec![Cell::text(first.clone()), both])
}

/// Both rows with so many columns of the title, if the rest of it all fits.
fn behind(title: &Cell, kept: usize, because: &SafeText, width: usize) -> Option<Vec<Cell>> {
    let title = title.plain().truncate(kept);
    let room = width.checked_sub(title.width() + BETWEEN.chars().count())?;
    let words: Vec<&str> = because.as_str().split(' ').collect();
    let mut first = String::new();
    let mut taken = 0;
    for word in &words {
        let longer = if first.is_empty() { (*word).to_owned() } else { format!("{first} {word}") };
        if SafeText::from_untrusted(&longer).width() > room {
            break;
        }
        first = longer;
        taken += 1;
    }
    let second = words.get(taken..)?.join(" ");
    let fits = taken > 0 && SafeText::from_untrusted(&second).width() <= width;
    fits.then(|| {
        let first =
            Cell::of(title, Role::Normal).and(BETWEEN, Role::Normal).and(first, Role::Normal);
        vec![first, Cell::text(second)]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(title: &str, because: &str) -> Vec<String> {
        let rows = vec![Cell::text(title), Cell::text(because)];
        laid(rows, 80).iter().map(|cell| cell.plain().to_string()).collect()
    }

    #[test]
    fn a_title_that_is_too_long_goes_on_where_there_is_room() {
        let title = "triage A visitor's laptop was plugged into the maintenance port of the panel of freezer 4";
        assert_eq!(
            lines(title, "nobody has judged it: d does"),
            [
                "triage A visitor's laptop was plugged into the maintenance port of the panel of",
                "freezer 4 · nobody has judged it: d does"
            ]
        );
    }

    #[test]
    fn a_because_that_fits_stands_below_its_title() {
        assert_eq!(lines("a title", "waits for you"), ["a title", "waits for you"]);
    }

    #[test]
    fn a_because_that_is_too_long_is_shown_whole_and_the_title_gives_way() {
        let title = "Replace the turbine speed card of the second machine, with a test run";
        let because = "work may be left half done, or access overrun; tell the vendor's person; close the \
                       window, or ask for an extension while there is time";
        let shown = lines(title, because);
        assert!(shown.iter().all(|line| line.chars().count() <= 80), "{shown:?}");
        assert!(shown[0].starts_with("Replace the"), "{shown:?}");
        assert!(shown.join(" ").ends_with(because), "{shown:?}");
    }

    #[test]
    fn a_because_as_long_as_both_rows_takes_them() {
        let because = ["word"; 31].join(" ");
        let shown = lines("a title of some length", &because);
        assert_eq!(shown.join(" "), because);
    }
}
