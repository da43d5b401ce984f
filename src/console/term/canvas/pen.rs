//! How a cell looks, and the shortest way from one look to another. It knows nothing of places on the screen.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// The attributes that a cell asks for and their SGR numbers (ECMA-48, 8.3.117).
const ATTRIBUTES: &[(Modifier, u8)] = &[
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::REVERSED, 7),
];

/// The codes that end attributes (the same clause); one ends both bold and dim.
const ENDS: &[(Modifier, u8)] = &[
    (Modifier::BOLD.union(Modifier::DIM), 22),
    (Modifier::UNDERLINED, 24),
    (Modifier::SLOW_BLINK, 25),
    (Modifier::REVERSED, 27),
];

/// Colours and attributes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pen {
    /// The colour of what is written.
    pub fg: Color,
    /// The colour behind it.
    pub bg: Color,
    /// Bold, dim and so on.
    pub modifier: Modifier,
}

/// What a reset leaves.
pub const PLAIN: Pen = Pen { fg: Color::Reset, bg: Color::Reset, modifier: Modifier::empty() };

/// What of a pen is seen where nothing is written.
const SEEN: Modifier = Modifier::UNDERLINED.union(Modifier::REVERSED);

impl Pen {
    /// The pen of a cell.
    pub const fn of(cell: &Cell) -> Self {
        Self { fg: cell.fg, bg: cell.bg, modifier: cell.modifier }
    }

    /// What of this pen is seen in a cell that holds nothing: its ground alone, unless a line or a reversal shows more.
    const fn behind(self) -> Self {
        if self.modifier.intersects(SEEN) {
            return self;
        }
        Self { fg: Color::Reset, bg: self.bg, modifier: Modifier::empty() }
    }

    /// Whether a cell written with this pen looks as it should.
    pub fn suits(self, cell: &Cell) -> bool {
        let wanted = Self::of(cell);
        self == wanted || (cell.symbol() == " " && self.behind() == wanted.behind())
    }

    /// The codes that lead from this pen to another: all anew, or only what changes, whichever is shorter.
    pub fn to(self, to: Self) -> String {
        let mut anew = String::new();
        push_attributes(&mut anew, to.modifier);
        push_colour(&mut anew, to.fg, 30);
        push_colour(&mut anew, to.bg, 40);
        // The reset alone is shorter without its number.
        let anew = if anew.is_empty() { anew } else { format!("0{anew}") };
        let changes = self.changes(to);
        let codes = changes.trim_start_matches(';');
        let codes = if codes.len() <= anew.len() { codes } else { anew.as_str() };
        format!("\x1b[{codes}m")
    }

    /// What is taken off, put on and coloured otherwise.
    fn changes(self, to: Self) -> String {
        let mut codes = String::new();
        let mut kept = self.modifier;
        for (these, code) in ENDS {
            if kept.difference(to.modifier).intersects(*these) {
                codes.push_str(&format!(";{code}"));
                kept.remove(*these);
            }
        }
        push_attributes(&mut codes, to.modifier.difference(kept));
        for (old, new, base) in [(self.fg, to.fg, 30), (self.bg, to.bg, 40)] {
            if old != new && new == Color::Reset {
                codes.push_str(&format!(";{}", base + 9));
            } else if old != new {
                push_colour(&mut codes, new, base);
            }
        }
        codes
    }
}

fn push_attributes(codes: &mut String, modifier: Modifier) {
    for (known, code) in ATTRIBUTES {
        if modifier.contains(*known) {
            codes.push_str(&format!(";{code}"));
        }
    }
}

fn push_colour(codes: &mut String, colour: Color, base: u8) {
    let index = match colour {
        Color::Reset => return,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 60,
        Color::LightRed => 61,
        Color::LightGreen => 62,
        Color::LightYellow => 63,
        Color::LightBlue => 64,
        Color::LightMagenta => 65,
        Color::LightCyan => 66,
        Color::White => 67,
        Color::Indexed(n) => {
            codes.push_str(&format!(";{};5;{n}", base + 8));
            return;
        }
        Color::Rgb(r, g, b) => {
            codes.push_str(&format!(";{};2;{r};{g};{b}", base + 8));
            return;
        }
    };
    codes.push_str(&format!(";{}", base + index));
}
