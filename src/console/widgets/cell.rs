//! A piece of text with its role, and the columns that lists are made of.

mod stamps;

use chrono_tz::Tz;

use crate::console::ctx::Ctx;
use crate::console::theme::{Role, glyphs};
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use stamps::Piece;

/// A time within words, which is written out where it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instant {
    /// The time.
    pub at: Time,
    /// The zone of its site, if it has one.
    pub zone: Option<Tz>,
    /// How it is written.
    pub form: Form,
}

/// How a time within words is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// With its year: `2026-11-22 14:32Z`.
    Full,
    /// With its year, and in UTC with the time of the site beside it: `2026-11-22 14:32Z (17:32 +03)`.
    Both,
    /// To the second: `2026-11-22 14:32:07Z`.
    Second,
    /// Without its year: `11-22 14:32Z`.
    Day,
    /// Of today, where there is little room: `14:32Z`, `17:32+03`.
    Clock,
    /// The day alone, where there is little room: `11-22`.
    Date,
}

impl Form {
    /// The same without the zone, as a pattern.
    pub const fn pattern(self) -> &'static str {
        match self {
            Self::Full | Self::Both => "%Y-%m-%d %H:%M",
            Self::Second => "%Y-%m-%d %H:%M:%S",
            Self::Day => "%m-%d %H:%M",
            Self::Clock => "%H:%M",
            Self::Date => "%m-%d",
        }
    }
}

/// A run of text in one role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// The text.
    pub text: SafeText,
    /// What it is.
    pub role: Role,
    /// Whether it blinks: the sign of something unacknowledged, never its text.
    pub blinks: bool,
    /// The time that stands there instead of the text.
    pub at: Option<Instant>,
}

/// The content of one cell or line: one or more runs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cell(pub Vec<Part>);

impl Cell {
    /// Ordinary text.
    pub fn text(text: impl Into<SafeText>) -> Self {
        Self::of(text, Role::Normal)
    }

    /// Text in a role.
    pub fn of(text: impl Into<SafeText>, role: Role) -> Self {
        Self(vec![Part { text: text.into(), role, ..Part::default() }])
    }

    /// A sentence of the program's own, whose times are written out where it is shown, in the zone of a site if it is of
    /// one. People's words stand as they were written: they are no sentence.
    pub fn sentence(text: impl Into<SafeText>, zone: Option<Tz>) -> Self {
        Self::text(text).dated(zone)
    }

    /// The same cell with the times in its words written out where it is shown.
    #[must_use]
    pub fn dated(self, zone: Option<Tz>) -> Self {
        let mut dated = Self::empty();
        for part in self.0 {
            let pieces = stamps::pieces(part.text.as_str());
            if part.at.is_some() || !pieces.iter().any(|one| matches!(one, Piece::At(..))) {
                dated.0.push(part);
                continue;
            }
            for piece in pieces {
                dated = match piece {
                    Piece::Words(words) => dated.and(SafeText::from_untrusted(words), part.role),
                    Piece::At(at, form) => dated.and_at(at, zone, form, part.role),
                };
            }
        }
        dated
    }

    /// Nothing.
    pub const fn empty() -> Self {
        Self(Vec::new())
    }

    /// This cell with another run behind it.
    #[must_use]
    pub fn and(mut self, text: impl Into<SafeText>, role: Role) -> Self {
        self.0.push(Part { text: text.into(), role, ..Part::default() });
        self
    }

    /// The cell with a time behind it, of a site or of none.
    #[must_use]
    pub fn and_at(mut self, at: Time, zone: Option<Tz>, form: Form, role: Role) -> Self {
        let at = Instant { at, zone, form };
        let z = if form == Form::Date { "" } else { "Z" };
        let text = SafeText::from(format!("{}{z}", at.at.utc().format(form.pattern())));
        self.0.push(Part { text, role, at: Some(at), blinks: false });
        self
    }

    /// The cell with its times written out as whoever looks wants them.
    pub fn told(&self, ctx: &Ctx<'_>) -> Self {
        let told = |part: &Part| match &part.at {
            Some(at) => Part { text: ctx.told(at), at: None, ..part.clone() },
            None => part.clone(),
        };
        Self(self.0.iter().map(told).collect())
    }

    /// The cell with all parts of another behind it.
    pub fn and_all(mut self, other: Self) -> Self {
        self.0.extend(other.0);
        self
    }

    /// The sign and digit of a priority, `▲2`; the sign blinks while unacknowledged, and `!` says so too.
    pub fn priority(priority: u8, unacknowledged: bool) -> Self {
        let role = Role::of_priority(priority);
        let sign = SafeText::from(glyphs::of_priority(priority).to_string());
        let digit = if unacknowledged { format!("{priority}!") } else { priority.to_string() };
        Self(vec![
            Part { text: sign, role, blinks: unacknowledged, at: None },
            Part { text: SafeText::from(digit), role, ..Part::default() },
        ])
    }

    /// Columns that the cell takes.
    pub fn width(&self) -> usize {
        self.0.iter().map(|part| part.text.width()).sum()
    }

    /// The bare words.
    pub fn plain(&self) -> SafeText {
        let texts: Vec<SafeText> = self.0.iter().map(|part| part.text.clone()).collect();
        SafeText::join(&texts, "")
    }
}

impl From<SafeText> for Cell {
    fn from(text: SafeText) -> Self {
        Self::text(text)
    }
}

impl From<&'static str> for Cell {
    fn from(text: &'static str) -> Self {
        Self::text(SafeText::fixed(text))
    }
}

/// Where a text stands in its column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// At the left edge.
    #[default]
    Left,
    /// At the right edge, for numbers.
    Right,
}

/// What a column makes of the room that a list has beyond its columns.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Spare {
    /// Nothing, unless it is the last one and no other takes it.
    #[default]
    Leaves,
    /// It grows: people's own words stand in it, which are cut otherwise.
    Takes,
    /// It is there only where there is so much, and grows with it.
    Needs,
}

/// A column of a list of `T`.
#[derive(Debug)]
pub struct Column<T: 'static> {
    /// The heading.
    pub title: &'static str,
    /// Columns of the terminal that it takes at least.
    pub width: u16,
    /// What it makes of what is left over.
    pub spare: Spare,
    /// Where the text stands.
    pub align: Align,
    /// When it gives way where there is no room for all: 1 goes first, 0 stays. Its content stands in the detail beside.
    pub gives: u8,
    /// What it shows of a row.
    pub cell: fn(&T, &Ctx<'_>) -> Cell,
}

/// The heading of the column by whose words people call an object.
const NAME: &str = "Ref";

impl<T> Column<T> {
    /// Whether it names the row: it stays in view, so that one knows what the other columns are of.
    pub fn is_name(&self) -> bool {
        self.title == NAME
    }

    /// A column whose text stands at the left.
    pub const fn left(title: &'static str, width: u16, cell: fn(&T, &Ctx<'_>) -> Cell) -> Self {
        Self { title, width, spare: Spare::Leaves, align: Align::Left, gives: 0, cell }
    }

    /// A column whose text stands at the right.
    pub const fn right(title: &'static str, width: u16, cell: fn(&T, &Ctx<'_>) -> Cell) -> Self {
        Self { title, width, spare: Spare::Leaves, align: Align::Right, gives: 0, cell }
    }

    /// The same, which grows where a list has room.
    #[must_use]
    pub const fn grows(self) -> Self {
        Self { spare: Spare::Takes, ..self }
    }

    /// The same, which is there only where a list has room for it, and grows with that.
    #[must_use]
    pub const fn beyond(self) -> Self {
        Self { spare: Spare::Needs, ..self }
    }

    /// The same, which gives way where a detail beside the list takes room, as the so manyeth.
    #[must_use]
    pub const fn gives_way(self, gives: u8) -> Self {
        Self { gives, ..self }
    }

    /// Whether it is there on every terminal.
    pub fn is_always(&self) -> bool {
        self.spare != Spare::Needs
    }
}
