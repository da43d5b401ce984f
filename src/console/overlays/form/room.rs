//! What of a form has room: the rows that each part takes, and which fields are in view. Nothing is drawn here.

use chrono_tz::Tz;
use ratatui::layout::Rect;

use super::suggest::SHOWN;
use super::{FREE, Form, UNKNOWN};
use crate::console::ctx::Ctx;
use crate::console::overlays::field::{Clock, Content, Field, FieldKind};
use crate::console::theme::Role;
use crate::domain::time_input::offset;
use crate::safe_text::SafeText;

/// Columns that labels take.
pub const LABEL: u16 = 18;

/// Rows of a long text.
const LONG_ROWS: u16 = 3;

/// Most lines of what submitting brings about.
const CONSEQUENCE: usize = 2;

/// Most lines of what the whole form has to say.
const BANNER: usize = 4;

/// Most lines of what is said below the field that one stands in.
const NOTE: usize = 3;

/// Most values of a choice that stand side by side wherever one stands.
const FEW: usize = 4;

/// Columns of a mark and of what stands between two values.
const MARK: usize = 4;
const BETWEEN: usize = 1;

/// The fields that are in view: the first, and how many there are above it and below the last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InView {
    /// The first field that is in view.
    pub first: usize,
    /// Fields above it, if a row says so.
    pub above: usize,
    /// Fields below the last, if a row says so.
    pub below: usize,
}

impl Form {
    /// What submitting brings about, line by line.
    pub fn consequences(&self, width: u16) -> Vec<SafeText> {
        // What is over brings about nothing.
        if self.over.is_some() {
            return Vec::new();
        }
        limited(&self.consequence, CONSEQUENCE, usize::from(width))
    }

    /// What the whole form has to say, line by line.
    pub fn banners(&self, width: u16) -> Vec<SafeText> {
        let banner = self.banner.as_ref();
        banner.map_or_else(Vec::new, |banner| limited(banner, BANNER, usize::from(width)))
    }

    /// Rows of what stands above and below the fields in any case: title, consequence, what the form has to say, ready
    /// reasons, the submit line.
    pub(super) fn framed(&self, width: u16) -> usize {
        2 + self.consequences(width).len() + self.banners(width).len() + self.ready().len()
    }

    /// The rows in which the fields stand.
    pub fn field_rows(&self, area: Rect, ctx: &Ctx<'_>) -> u16 {
        let above = self.framed(area.width) + self.page(area, ctx).len();
        area.height.saturating_sub(u16::try_from(above).unwrap_or(u16::MAX))
    }

    /// The rows of each field, with what stands above and below it.
    pub fn heights(&self, width: u16, ctx: &Ctx<'_>) -> Vec<u16> {
        let fields = self.fields.iter().enumerate();
        let height = |(at, field)| self.height(field, (at, at == self.focus), width, ctx);
        fields.map(height).collect()
    }

    pub(super) fn height(
        &self,
        field: &Field,
        (at, focused): (usize, bool),
        width: u16,
        ctx: &Ctx<'_>,
    ) -> u16 {
        if !self.asks(at) {
            return 0;
        }
        let under = if focused { self.completing.list.len().min(SHOWN) } else { 0 };
        rows(field, focused, width)
            + u16::from(self.heading(at).is_some())
            + self.noted(field, focused, width, ctx)
            + u16::try_from(under).unwrap_or(0)
    }

    /// The heading above a field, where its part of the form begins.
    pub fn heading(&self, at: usize) -> Option<&'static str> {
        let group = self.fields.get(at)?.spec.group?;
        let before = at.checked_sub(1).and_then(|before| self.fields.get(before)?.spec.group);
        (before != Some(group)).then_some(group)
    }

    /// Which of fields of these heights are in view in so many rows: scrolled just so far that the one that one stands in is
    /// whole. Where not all are, a row says how many stand above, and another how many follow.
    pub fn in_view(&self, heights: &[u16], rows: u16) -> InView {
        let upto = (self.focus + 1).min(heights.len());
        let span = |from: usize, upto: usize| heights.iter().take(upto).skip(from).sum::<u16>();
        let asked = |from: usize, upto: usize| {
            heights.iter().take(upto).skip(from).filter(|height| **height > 0).count()
        };
        let place = |above: u16, below: u16| {
            let room = rows.saturating_sub(above + below);
            let first = (0..upto).find(|at| at + 1 == upto || span(*at, upto) <= room);
            let first = first.unwrap_or(0);
            let whole = (first..heights.len()).take_while(|at| span(first, at + 1) <= room);
            let ends = whole.last().map_or(first, |at| at + 1);
            InView { first, above: asked(0, first), below: asked(ends, heights.len()) }
        };
        // In a few rows the field itself counts for more than what stands above it, then for more than what follows.
        let (tells_above, tells_below) = (rows > 3, rows > 1);
        let ways = [(0, 0), (0, 1), (1, 0), (1, 1)];
        let told = |(above, below): (u16, u16)| {
            let found = place(above, below);
            let above = if tells_above { found.above } else { 0 };
            InView { above, below: if tells_below { found.below } else { 0 }, ..found }
        };
        let fits = |way: &(u16, u16)| {
            let found = told(*way);
            (found.above > 0) == (way.0 > 0) && (found.below > 0) == (way.1 > 0)
        };
        told(
            ways.into_iter().find(fits).unwrap_or((u16::from(tells_above), u16::from(tells_below))),
        )
    }

    /// The field a page further on or back.
    pub(super) fn a_page_on(&self, by: isize, area: Rect, ctx: &Ctx<'_>) -> usize {
        let heights = self.heights(area.width, ctx);
        let mut left = self.field_rows(area, ctx).saturating_sub(3).max(1);
        let mut at = self.focus;
        loop {
            let next = at.saturating_add_signed(by).min(heights.len());
            if next == at {
                return at;
            }
            at = next;
            left = left.saturating_sub(heights.get(at).copied().unwrap_or(1));
            if left == 0 && self.asks(at) {
                return at;
            }
        }
    }

    /// What stands below the value, line by line, told whole where one stands, in one line elsewhere.
    pub fn notes(
        &self,
        field: &Field,
        focused: bool,
        width: u16,
        ctx: &Ctx<'_>,
    ) -> (Vec<SafeText>, Role) {
        let Some((text, role)) = self.note(field, focused, ctx) else {
            return (Vec::new(), Role::Normal);
        };
        let lines = if focused {
            limited(&text, NOTE, usize::from(width.saturating_sub(LABEL + 1)))
        } else {
            vec![text]
        };
        (lines, role)
    }

    /// Rows of what stands below the value.
    pub fn noted(&self, field: &Field, focused: bool, width: u16, ctx: &Ctx<'_>) -> u16 {
        u16::try_from(self.notes(field, focused, width, ctx).0.len()).unwrap_or(0)
    }

    /// In whose time a bare time is read, said before anything is typed.
    fn read_in(&self, field: &Field, ctx: &Ctx<'_>) -> SafeText {
        let Clock { now, zone, .. } = self.clock(field, ctx);
        // Where a list was stood on is no site of what is made anew.
        let at_site = self.about.is_some() || self.from.is_some() || self.site().is_some();
        if zone == Tz::UTC {
            return SafeText::fixed(if at_site {
                "Site time is UTC."
            } else {
                "No site is named: read as UTC."
            });
        }
        let (of, name) = (offset(now, zone), zone.name());
        SafeText::from(if at_site {
            format!("Site time {of} ({name}); with Z it is UTC.")
        } else {
            format!("No site is named: read as {of} ({name}), with Z as UTC.")
        })
    }

    fn note(&self, field: &Field, focused: bool, ctx: &Ctx<'_>) -> Option<(SafeText, Role)> {
        if let Some(why) = self.untaken.as_ref().filter(|_| focused) {
            return Some((why.clone(), Role::Title));
        }
        if in_place(field, focused) {
            return None;
        }
        if focused && self.unknown(field) {
            return Some(match self.free(field) {
                true => (SafeText::fixed(FREE), Role::Dim),
                false => (SafeText::fixed(UNKNOWN), Role::Error),
            });
        }
        if let Some(error) = &field.error {
            return Some((error.clone(), Role::Error));
        }
        if let Some(tells) = self.tells(field) {
            return Some((tells, Role::Title));
        }
        if let Some(echo) = field.echo(self.clock(field, ctx)) {
            return Some((echo, Role::Dim));
        }
        let how = match self.completing.list.is_empty() {
            false if self.completing.at.is_none() => "Down goes to those below, Enter takes.",
            true if field.is_empty() => field.how(),
            true | false => "",
        };
        let mut said = vec![field.spec.help.clone(), SafeText::fixed(how)];
        if let FieldKind::Time(_) = field.spec.kind {
            said.push(self.read_in(field, ctx));
        }
        said.retain(|part| !part.is_empty());
        let said = SafeText::join(&said, " ");
        (focused && !said.is_empty()).then_some((said, Role::Dim))
    }
}

/// A text in so many lines at most; what is cut off ends with a mark.
fn limited(text: &SafeText, most: usize, width: usize) -> Vec<SafeText> {
    let mut lines = text.wrap(width);
    let rest = lines.split_off(lines.len().min(most.saturating_sub(1)));
    if !rest.is_empty() {
        lines.push(SafeText::join(&rest, " ").truncate(width));
    }
    lines
}

/// Whether what is wrong stands in the place of the value, because there is none.
pub fn in_place(field: &Field, focused: bool) -> bool {
    !focused && field.is_empty() && matches!(field.content, Content::Typed(_))
}

/// Whether of a choice among many only what is chosen is shown, because one stands in another field.
pub fn folds(field: &Field, focused: bool) -> bool {
    matches!(&field.content, Content::Chosen(Some(_), values) if !focused && values.len() > FEW)
}

/// Rows that the value takes in a form of this width: a long text is folded to its first line until one stands in it;
/// what is chosen from stands whole.
pub fn rows(field: &Field, focused: bool, width: u16) -> u16 {
    match &field.content {
        Content::Chosen(Some(_), _) if folds(field, focused) => 1,
        Content::Chosen(_, values) | Content::Picked(_, _, values) => {
            let lines = options(values, width.saturating_sub(LABEL + 1)).len();
            u16::try_from(lines).unwrap_or(1).max(1)
        }
        Content::Typed(_) if field.is_long() && (focused || field.typed().contains('\n')) => {
            LONG_ROWS
        }
        Content::Typed(_) => 1,
    }
}

/// The places of the values, line by line, as they fall at a width.
pub fn options(values: &[String], width: u16) -> Vec<Vec<usize>> {
    let mut lines: Vec<Vec<usize>> = Vec::new();
    let mut room = 0;
    for (place, value) in values.iter().enumerate() {
        let takes = SafeText::from_untrusted(value).width() + MARK + BETWEEN;
        match lines.last_mut() {
            Some(line) if takes <= room + BETWEEN => {
                line.push(place);
                room = room.saturating_sub(takes);
            }
            Some(_) | None => {
                lines.push(vec![place]);
                room = usize::from(width).saturating_sub(takes);
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_choice_stands_whole_at_80_columns() {
        let values = crate::domain::discipline::Discipline::WORDS;
        let values: Vec<String> = values.iter().map(|word| (*word).to_owned()).collect();
        let lines = options(&values, 80 - LABEL - 1);
        assert_eq!(lines.iter().flatten().count(), values.len());
        for line in &lines {
            let width: usize =
                line.iter().map(|at| values[*at].len() + MARK + BETWEEN).sum::<usize>() - BETWEEN;
            assert!(width <= usize::from(80 - LABEL - 1), "{line:?}");
        }
        assert_eq!(options(&values[..2], 61).len(), 1);
    }
}
