//! The five impact answers of a change: how much, and in words. What follows from them is not here.

use crate::domain::field::{Field, Type, Typed};
use crate::domain::text::Line;
use crate::words;

words! {
    /// How much a change touches one concern.
    pub enum Impact {
        /// Not at all.
        None = "none",
        /// A little.
        Low = "low",
        /// Noticeably.
        Medium = "medium",
        /// Gravely.
        High = "high",
    }
}

/// An impact answer: a level, and words for it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answered {
    /// How much.
    pub level: Impact,
    /// In words; compulsory above none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Line>,
}

/// The five impact answers, all compulsory.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Impacts {
    /// Impact on security.
    pub security: Answered,
    /// Impact on safety.
    pub safety: Answered,
    /// Impact on quality.
    pub quality: Answered,
    /// Impact on the validated state.
    pub validation: Answered,
    /// Impact on uptime.
    pub uptime: Answered,
}

impl Impacts {
    /// The answers by name.
    pub fn named(&self) -> [(&'static str, &Answered); 5] {
        [
            ("security", &self.security),
            ("safety", &self.safety),
            ("quality", &self.quality),
            ("validation", &self.validation),
            ("uptime", &self.uptime),
        ]
    }
}

const ANSWERED: Type = Type::Group {
    fields: &[
        Field {
            name: "level",
            of: Type::Choice { words: Impact::WORDS },
            required: true,
            help: "How much.",
        },
        Field {
            name: "text",
            of: Type::Line,
            required: false,
            help: "In words; compulsory above none.",
        },
    ],
};

const fn impact(name: &'static str, help: &'static str) -> Field {
    Field { name, of: ANSWERED, required: true, help }
}

impl Typed for Impacts {
    const TYPE: Type = Type::Group {
        fields: &[
            impact("security", "Impact on security."),
            impact("safety", "Impact on safety."),
            impact("quality", "Impact on quality."),
            impact("validation", "Impact on the validated state."),
            impact("uptime", "Impact on uptime."),
        ],
    };
}
