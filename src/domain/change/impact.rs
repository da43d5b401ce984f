//! The five impact answers of a change: how much, and in words. What follows from them is not here.

use std::collections::BTreeMap;

use crate::domain::field::{Field, Type, Typed};
use crate::domain::refusal::{Code, Refusal};
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

words! {
    /// What a change is asked about.
    pub enum Concern {
        /// Security.
        Security = "security",
        /// Safety of people.
        Safety = "safety",
        /// Quality of the product.
        Quality = "quality",
        /// The validated state.
        Validation = "validation",
        /// Uptime of the plant.
        Uptime = "uptime",
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

    /// The answer about a concern.
    pub const fn of(&self, concern: Concern) -> &Answered {
        match concern {
            Concern::Security => &self.security,
            Concern::Safety => &self.safety,
            Concern::Quality => &self.quality,
            Concern::Validation => &self.validation,
            Concern::Uptime => &self.uptime,
        }
    }

    /// The level of each answer.
    pub fn levels(&self) -> BTreeMap<Concern, Impact> {
        Concern::ALL.iter().map(|concern| (*concern, self.of(*concern).level)).collect()
    }

    /// These answers with those in the place of their own that are given.
    pub fn with(&self, raised: &Raised) -> Self {
        let put = |concern: Concern| {
            raised.of(concern).cloned().unwrap_or_else(|| self.of(concern).clone())
        };
        Self {
            security: put(Concern::Security),
            safety: put(Concern::Safety),
            quality: put(Concern::Quality),
            validation: put(Concern::Validation),
            uptime: put(Concern::Uptime),
        }
    }
}

/// Answers that an approver raises: those that are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raised {
    /// Impact on security.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub security: Option<Answered>,
    /// Impact on safety.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub safety: Option<Answered>,
    /// Impact on quality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub quality: Option<Answered>,
    /// Impact on the validated state.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub validation: Option<Answered>,
    /// Impact on uptime.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uptime: Option<Answered>,
}

impl Raised {
    /// The impacts as they stand once these are raised; `more` if something beside them is, so that none need be.
    ///
    /// # Errors
    /// `invalid` if one would be lowered, or none would be raised; `missing` for a level without words.
    pub fn over(&self, stand: &Impacts, more: bool) -> Result<Impacts, Refusal> {
        let mut higher = more;
        for concern in Concern::ALL {
            let Some(raised) = self.of(*concern) else { continue };
            let (now, then) = (stand.of(*concern).level, raised.level);
            if then < now {
                return Err(Refusal::new(
                    Code::Invalid,
                    format!("the impact on {concern} is {now} and would be lowered to {then}"),
                    "whoever asked for the change lowers it with `smc do change.revise`",
                ));
            }
            if then != Impact::None && raised.text.is_none() {
                return Err(Refusal::new(
                    Code::Missing,
                    format!("the impact on {concern} is {then} without words"),
                    format!("say in impacts.{concern}.text what it is"),
                ));
            }
            higher |= then > now;
        }
        if higher {
            return Ok(stand.with(self));
        }
        Err(Refusal::new(
            Code::Invalid,
            "no impact is raised",
            "give in `impacts` a level above the one that stands, or say that logic or a validated parameter changes",
        ))
    }

    /// The answer that is given about a concern.
    pub const fn of(&self, concern: Concern) -> Option<&Answered> {
        match concern {
            Concern::Security => self.security.as_ref(),
            Concern::Safety => self.safety.as_ref(),
            Concern::Quality => self.quality.as_ref(),
            Concern::Validation => self.validation.as_ref(),
            Concern::Uptime => self.uptime.as_ref(),
        }
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

const fn raised(name: &'static str, help: &'static str) -> Field {
    Field { name, of: ANSWERED, required: false, help }
}

impl Typed for Raised {
    const TYPE: Type = Type::Group {
        fields: &[
            raised("security", "Impact on security."),
            raised("safety", "Impact on safety."),
            raised("quality", "Impact on quality."),
            raised("validation", "Impact on the validated state."),
            raised("uptime", "Impact on uptime."),
        ],
    };
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
