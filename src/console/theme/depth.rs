//! What a terminal can show, from its name: colours or none, faint text or none. It asks the terminal nothing.

use ratatui::style::{Color, Modifier, Style};

/// What a kind of terminal can show.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// The colours 16 to 255 beside the sixteen.
    Many,
    /// Sixteen colours.
    #[default]
    Sixteen,
    /// Sixteen colours, and faint text comes out as dark grey on black (the Linux console).
    SixteenNotFaint,
    /// No colour.
    None,
}

/// Families of terminals that have 256 colours without saying so in their name.
const MANY: &[&str] = &["alacritty", "foot", "wezterm", "ghostty", "kitty", "contour", "iterm"];

/// Families without colour (DEC's, and what imitates them).
const NONE: &[&str] = &["vt52", "vt100", "vt102", "vt220", "vt320", "vt420", "xterm-mono"];

impl Depth {
    /// What the terminal of this name (`TERM`) can show; `truecolour` is whether `COLORTERM` says anything.
    pub fn of(term: &str, truecolour: bool) -> Self {
        let term = term.to_ascii_lowercase();
        if NONE.iter().any(|family| term.starts_with(family)) {
            Self::None
        } else if term == "linux" || term.starts_with("linux-") {
            Self::SixteenNotFaint
        } else if truecolour
            || term.contains("256color")
            || term.contains("direct")
            || MANY.iter().any(|family| term.contains(family))
        {
            Self::Many
        } else {
            Self::Sixteen
        }
    }

    /// The style as the terminal can show it.
    pub fn shown(self, mut style: Style) -> Style {
        match self {
            Self::Many | Self::None => {}
            Self::Sixteen | Self::SixteenNotFaint => {
                style.fg = style.fg.map(nearest);
                style.bg = style.bg.map(nearest);
            }
        }
        if self == Self::SixteenNotFaint {
            style = style.remove_modifier(Modifier::DIM);
            style.sub_modifier = Modifier::empty();
        }
        style
    }
}

/// The sixteen in the order of their numbers, with the values that xterm gives them.
pub const SIXTEEN: [(Color, [u8; 3]); 16] = [
    (Color::Black, [0, 0, 0]),
    (Color::Red, [205, 0, 0]),
    (Color::Green, [0, 205, 0]),
    (Color::Yellow, [205, 205, 0]),
    (Color::Blue, [0, 0, 238]),
    (Color::Magenta, [205, 0, 205]),
    (Color::Cyan, [0, 205, 205]),
    (Color::Gray, [229, 229, 229]),
    (Color::DarkGray, [127, 127, 127]),
    (Color::LightRed, [255, 0, 0]),
    (Color::LightGreen, [0, 255, 0]),
    (Color::LightYellow, [255, 255, 0]),
    (Color::LightBlue, [92, 92, 255]),
    (Color::LightMagenta, [255, 0, 255]),
    (Color::LightCyan, [0, 255, 255]),
    (Color::White, [255, 255, 255]),
];

/// Levels of the 6x6x6 cube of the colours 16 to 231.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// Red, green and blue of a numbered colour from 16 on, as every terminal with 256 colours has them.
pub fn rgb(number: u8) -> [u8; 3] {
    let level = |at: u8| CUBE.get(usize::from(at % 6)).copied().unwrap_or_default();
    match number {
        232.. => [(number - 232) * 10 + 8; 3],
        16.. => [level((number - 16) / 36), level((number - 16) / 6), level(number - 16)],
        _ => SIXTEEN.get(usize::from(number)).map(|(_, rgb)| *rgb).unwrap_or_default(),
    }
}

/// The one of the first eight colours, or white, that comes nearest; bright ones besides white are left out,
/// because as backgrounds they blink on a VGA screen and because some palettes keep greys there.
fn nearest(colour: Color) -> Color {
    let wanted = match colour {
        Color::Indexed(number) => rgb(number),
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Reset
        | Color::Black
        | Color::Red
        | Color::Green
        | Color::Yellow
        | Color::Blue
        | Color::Magenta
        | Color::Cyan
        | Color::Gray
        | Color::DarkGray
        | Color::LightRed
        | Color::LightGreen
        | Color::LightYellow
        | Color::LightBlue
        | Color::LightMagenta
        | Color::LightCyan
        | Color::White => return colour,
    };
    let away = |known: &[u8; 3]| -> u32 {
        known.iter().zip(wanted).map(|(a, b)| u32::from(a.abs_diff(b)).pow(2)).sum()
    };
    let few = SIXTEEN.iter().enumerate().filter(|(at, _)| *at < 8 || *at == 15);
    few.map(|(_, one)| one).min_by_key(|(_, known)| away(known)).map_or(colour, |(near, _)| *near)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_is_known_by_its_name() {
        assert_eq!(Depth::of("xterm-256color", false), Depth::Many);
        assert_eq!(Depth::of("screen", false), Depth::Sixteen);
        assert_eq!(Depth::of("xterm", true), Depth::Many);
        assert_eq!(Depth::of("linux", false), Depth::SixteenNotFaint);
        assert_eq!(Depth::of("vt100", false), Depth::None);
    }

    #[test]
    fn what_only_256_colours_can_show_falls_to_the_nearest_of_a_few() {
        assert_eq!(nearest(Color::Indexed(160)), Color::Red);
        assert_eq!(nearest(Color::Indexed(231)), Color::White);
        assert_eq!(nearest(Color::Indexed(16)), Color::Black);
        assert_eq!(nearest(Color::Indexed(252)), Color::Gray);
        let faint = Style::new().add_modifier(Modifier::DIM | Modifier::BOLD);
        let shown = Depth::SixteenNotFaint.shown(faint);
        assert_eq!(shown, Style::new().add_modifier(Modifier::BOLD));
    }
}
