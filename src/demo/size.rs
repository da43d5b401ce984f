//! How much there is to see: one plant or five.

use crate::words;

words! {
    /// How large the organisation is.
    pub enum Size {
        /// One site, 60 assets.
        Small = "small",
        /// Five sites, 300 assets.
        Plant = "plant",
    }
}

/// The plants, in the order in which they are told; the first is the only one of the small size.
pub const PLANTS: [&str; 5] = ["ANR", "JUB", "OHP", "RTM", "GOT"];

impl Size {
    /// The codes of its plants.
    pub fn plants(self) -> &'static [&'static str] {
        match self {
            Self::Small => PLANTS.first_chunk::<1>().map_or(&[], |first| first.as_slice()),
            Self::Plant => &PLANTS,
        }
    }

    /// Whether a plant is part of it.
    pub fn has(self, site: &str) -> bool {
        self.plants().contains(&site)
    }
}
