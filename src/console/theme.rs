//! How things look: code names a role, a theme file gives the role its style. Colour never stands alone.

pub mod depth;
pub mod glyphs;
pub mod legend;
#[cfg(test)]
mod legible;

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};
use serde::Deserialize;

use self::depth::Depth;
use crate::console::toml_fault::told;

/// What a piece of text is; the theme decides how that looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Ordinary text: grey, no colour.
    #[default]
    Normal,
    /// Text of less weight.
    Dim,
    /// Headings and column titles.
    Title,
    /// The selected row.
    Selected,
    /// Priority 1, critical.
    P1,
    /// Priority 2, high.
    P2,
    /// Priority 3, medium.
    P3,
    /// Priority 4, low.
    P4,
    /// Data that may no longer be true.
    Stale,
    /// The mode word of the status row.
    Mode,
    /// What was refused or failed.
    Error,
    /// A key in the footer or the help.
    Key,
    /// An input field.
    Field,
}

impl Role {
    /// The role of a priority; anything beyond 1 to 4 is ordinary text.
    pub const fn of_priority(priority: u8) -> Self {
        match priority {
            1 => Self::P1,
            2 => Self::P2,
            3 => Self::P3,
            4 => Self::P4,
            _ => Self::Normal,
        }
    }
}

/// The themes that come with the program, by name.
pub const BUILT_IN: &[(&str, &str)] = &[
    ("dark", include_str!("../../themes/dark.toml")),
    ("light-grey", include_str!("../../themes/light-grey.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("mono", include_str!("../../themes/mono.toml")),
    ("deuteranopia", include_str!("../../themes/deuteranopia.toml")),
    ("tritanopia", include_str!("../../themes/tritanopia.toml")),
];

/// A theme that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadTheme {
    /// No built-in theme has the name.
    #[error(
        "there is no theme {0:?}: take one of dark, light-grey, high-contrast, mono, deuteranopia, tritanopia"
    )]
    Unknown(String),
    /// The file does not read as a theme.
    #[error("the theme file does not read: {0}")]
    Unreadable(String),
}

/// A style for every role.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Theme(BTreeMap<Role, Style>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    fg: Option<String>,
    bg: Option<String>,
    #[serde(default)]
    mods: Vec<Mod>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Mod {
    Bold,
    Dim,
    Underline,
    Reverse,
    Blink,
}

impl Mod {
    const fn modifier(self) -> Modifier {
        match self {
            Self::Bold => Modifier::BOLD,
            Self::Dim => Modifier::DIM,
            Self::Underline => Modifier::UNDERLINED,
            Self::Reverse => Modifier::REVERSED,
            Self::Blink => Modifier::SLOW_BLINK,
        }
    }
}

impl Theme {
    /// The built-in theme of this name.
    pub fn named(name: &str) -> Result<Self, BadTheme> {
        let found = BUILT_IN.iter().find(|(known, _)| *known == name);
        Self::parse(found.ok_or_else(|| BadTheme::Unknown(name.to_owned()))?.1)
    }

    /// Reads a theme file; roles that it leaves out look like ordinary text.
    pub fn parse(text: &str) -> Result<Self, BadTheme> {
        let entries: BTreeMap<Role, Entry> =
            toml::from_str(text).map_err(|e| BadTheme::Unreadable(told(text, &e)))?;
        let mut styles = BTreeMap::new();
        for (role, entry) in entries {
            let mut style = Style::new();
            style.fg = entry.fg.as_deref().map(colour).transpose()?;
            style.bg = entry.bg.as_deref().map(colour).transpose()?;
            for modifier in entry.mods {
                style = style.add_modifier(modifier.modifier());
            }
            styles.insert(role, style);
        }
        Ok(Self(styles))
    }

    /// The theme as a kind of terminal can show it.
    #[must_use]
    pub fn on(self, depth: Depth) -> Self {
        Self(self.0.into_iter().map(|(role, style)| (role, depth.shown(style))).collect())
    }

    /// How the role looks.
    pub fn style(&self, role: Role) -> Style {
        let normal = self.0.get(&Role::Normal);
        self.0.get(&role).or(normal).copied().unwrap_or_default()
    }
}

fn colour(name: &str) -> Result<Color, BadTheme> {
    name.parse().map_err(|_| BadTheme::Unreadable(format!("{name:?} is no colour")))
}

/// How the console shall look on this terminal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Look {
    /// The styles.
    pub theme: Theme,
    /// Whether only ASCII may be written.
    pub ascii: bool,
}

impl Look {
    /// Decides from the configured theme, the `--mono` flag and the environment (`NO_COLOR`, `SMC_MONO`,
    /// `SMC_ASCII`, the locale, `TERM`, `COLORTERM`), which `var` reads.
    pub fn choose(
        theme: Option<&str>,
        mono: bool,
        var: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, BadTheme> {
        let set = |name: &str| var(name).is_some_and(|value| !value.is_empty());
        let term = var("TERM").unwrap_or_default();
        let depth = Depth::of(&term, set("COLORTERM"));
        let mono = mono || set("NO_COLOR") || set("SMC_MONO") || depth == Depth::None;
        let name = if mono { "mono" } else { theme.unwrap_or("dark") };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].iter().find(|name| set(name));
        let utf8 = locale.and_then(|name| var(name)).is_some_and(|value| {
            let value = value.to_ascii_lowercase();
            value.contains("utf-8") || value.contains("utf8")
        });
        Ok(Self { theme: Theme::named(name)?.on(depth), ascii: set("SMC_ASCII") || !utf8 })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(theme: Option<&str>, vars: &[(&str, &str)]) -> Look {
        let var = |name: &str| {
            vars.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
        };
        Look::choose(theme, false, var).unwrap()
    }

    #[test]
    fn every_built_in_theme_reads_and_shows_the_selection_without_colour() {
        for (name, _) in BUILT_IN {
            let theme = Theme::named(name).unwrap();
            let selected = theme.style(Role::Selected);
            assert!(selected.add_modifier.contains(Modifier::REVERSED), "{name}");
            assert_ne!(theme.style(Role::P1), theme.style(Role::Normal), "{name}");
        }
    }

    #[test]
    fn no_color_wins_over_any_theme_and_mono_has_no_colour_at_all() {
        let look = choose(Some("tritanopia"), &[("NO_COLOR", "1"), ("LANG", "C.UTF-8")]);
        assert_eq!(look.theme, Theme::named("mono").unwrap());
        assert!(look.theme.0.values().all(|style| style.fg.is_none() && style.bg.is_none()));
    }

    #[test]
    fn a_terminal_gets_what_it_can_show() {
        let look = |term: &str| choose(Some("light-grey"), &[("TERM", term), ("LANG", "C.UTF-8")]);
        let ground = |term: &str| look(term).theme.style(Role::Normal).bg;
        assert_eq!(ground("tmux-256color"), Some(Color::Indexed(252)));
        assert_eq!(ground("linux"), Some(Color::Gray));
        assert_eq!(ground("vt100"), None);
        let dim = |term: &str| choose(None, &[("TERM", term)]).theme.style(Role::Dim);
        assert!(dim("xterm").add_modifier.contains(Modifier::DIM));
        assert_eq!(dim("linux").add_modifier, Modifier::empty());
    }

    #[test]
    fn a_locale_without_utf_8_gets_ascii() {
        assert!(choose(None, &[("LANG", "C")]).ascii);
        assert!(choose(None, &[]).ascii);
        assert!(!choose(None, &[("LANG", "C"), ("LC_ALL", "en_GB.UTF-8")]).ascii);
        assert!(choose(None, &[("LANG", "en_GB.utf8"), ("SMC_ASCII", "1")]).ascii);
    }

    #[test]
    fn an_unknown_theme_or_colour_says_so() {
        assert!(Theme::named("neon").unwrap_err().to_string().contains("high-contrast"));
        assert!(
            Theme::parse("p1 = { fg = \"reddish\" }").unwrap_err().to_string().contains("reddish")
        );
    }
}
