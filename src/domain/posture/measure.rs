//! The measures: which function each counts for, how much, and what it asks of an item. Data, from which code, screens
//! and docs/posture.md are made.

use super::ABSENT;
use crate::words;

words! {
    /// The functions of NIST CSF 2.0.
    pub enum Function {
        /// Govern.
        Govern = "GV",
        /// Identify.
        Identify = "ID",
        /// Protect.
        Protect = "PR",
        /// Detect.
        Detect = "DE",
        /// Respond.
        Respond = "RS",
        /// Recover.
        Recover = "RC",
    }
}

impl Function {
    /// Its name in words.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Govern => "govern",
            Self::Identify => "identify",
            Self::Protect => "protect",
            Self::Detect => "detect",
            Self::Respond => "respond",
            Self::Recover => "recover",
        }
    }

    /// The weight of its measures that this program does not keep yet.
    pub fn absent(self) -> i64 {
        ABSENT.iter().filter(|absent| absent.function == self).map(|absent| absent.weight).sum()
    }
}

words! {
    /// A measure: one question asked of every item of its population.
    pub enum Measure {
        /// A RACI row at a site has one A, held there.
        DecisionRights = "decision-rights",
        /// A decision was taken by its time.
        DecisionsOnTime = "decisions-on-time",
        /// An acceptance or a temporary change is not past its end.
        Exceptions = "exceptions-in-date",
        /// An asset has class, zone, owner, vendor, product and firmware.
        Described = "described",
        /// An asset has its three ratings, by operations.
        Criticality = "criticality",
        /// An asset was said to be there not long ago.
        Confirmed = "confirmed",
        /// A risk has an owner and a due time, and was assessed.
        Risks = "risks",
        /// A zone achieves its target level (IEC 62443-3-2).
        Zones = "zones",
        /// A vendor's window ended in time.
        VendorWindows = "vendor-windows",
        /// A change was verified.
        Changes = "changes",
        /// A role was looked at, a vendor's person is screened and trained.
        Access = "access",
        /// A report was triaged in time.
        Reports = "reports",
    }
}

impl Measure {
    /// Its name as people read it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::DecisionRights => "decision rights",
            Self::DecisionsOnTime => "decisions on time",
            Self::Exceptions => "exceptions in date",
            Self::VendorWindows => "vendor windows",
            Self::Described
            | Self::Criticality
            | Self::Confirmed
            | Self::Risks
            | Self::Zones
            | Self::Changes
            | Self::Access
            | Self::Reports => self.word(),
        }
    }

    /// The function it counts for.
    pub const fn function(self) -> Function {
        match self {
            Self::DecisionRights | Self::DecisionsOnTime | Self::Exceptions => Function::Govern,
            Self::Described | Self::Criticality | Self::Confirmed | Self::Risks => {
                Function::Identify
            }
            Self::Zones | Self::VendorWindows | Self::Changes | Self::Access => Function::Protect,
            Self::Reports => Function::Detect,
        }
    }

    /// Its weight among the hundred of its function.
    pub const fn weight(self) -> i64 {
        match self {
            Self::DecisionRights | Self::Described => 30,
            Self::DecisionsOnTime | Self::Exceptions | Self::Zones | Self::Reports => 25,
            Self::Criticality | Self::Confirmed | Self::VendorWindows => 20,
            Self::Changes | Self::Access => 15,
            Self::Risks => 10,
        }
    }

    /// Whether a site without any item counts as one unknown: what is asked about must exist.
    pub const fn must_exist(self) -> bool {
        matches!(self, Self::DecisionRights)
    }

    /// Which items are asked.
    pub const fn population(self) -> &'static str {
        match self {
            Self::DecisionRights => "RACI rows that were set, for the site or for all",
            Self::DecisionsOnTime => "decisions that fell due in the last 90 days",
            Self::Exceptions => "accepted risks, temporary changes and bypasses in the plant",
            Self::Described | Self::Criticality | Self::Confirmed => "assets in the plant",
            Self::Risks => "risks that are not closed",
            Self::Zones => "zones",
            Self::VendorWindows => {
                "windows that were closed or cut off in the last 90 days, or stand open past their end"
            }
            Self::Changes => {
                "changes done in the last 90 days that are verified or 30 days without it"
            }
            Self::Access => "roles held, and persons of vendors; of all sites count at each",
            Self::Reports => {
                "reports of the last 90 days that are triaged, or that waited longer than their time"
            }
        }
    }

    /// When an item is ok, in words.
    pub const fn asks(self) -> &'static str {
        match self {
            Self::DecisionRights => {
                "the A is held by an active person with a role there that decides"
            }
            Self::DecisionsOnTime => "was decided by its time",
            Self::Exceptions => {
                "is not past its end (of an acceptance: until its risk is treated or accepted anew); an accepted risk and a bypass name what protects instead"
            }
            Self::Described => "class, zone, owner, vendor, product and firmware are known",
            Self::Criticality => {
                "safety, regulatory and production were each rated by somebody of operations, at most 365 days ago"
            }
            Self::Confirmed => {
                "was registered, updated or named by an import at most 90 days ago; at levels 0 and 1, 365 days"
            }
            Self::Risks => {
                "has an owner and a due time, and a person assessed it at most 365 days ago"
            }
            Self::Zones => "SL-A reaches SL-T",
            Self::VendorWindows => {
                "ended by its end, with a close-out or the reason of the cut-off"
            }
            Self::Changes => "was verified at most 30 days after it was done",
            Self::Access => {
                "the role was granted or granted anew at most 456 days ago; screening and training are valid"
            }
            Self::Reports => "was triaged at most 4 hours after it came in",
        }
    }

    /// What is wrong with an item that time has made stale or bad.
    pub const fn turned(self) -> &'static str {
        match self {
            Self::DecisionRights => "nobody holds the A there",
            Self::DecisionsOnTime => "not decided by its time",
            Self::Exceptions => "past its end",
            Self::Described => "not described",
            Self::Criticality => "rated more than 365 days ago",
            Self::Confirmed => "not confirmed in time",
            Self::Risks => "assessed more than 365 days ago",
            Self::Zones => "SL-A below SL-T",
            Self::VendorWindows => "open past its end",
            Self::Changes => "not verified within 30 days",
            Self::Access => "granted, screened or trained too long ago",
            Self::Reports => "not triaged in time",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_weights_of_a_function_are_a_hundred_with_what_is_not_built_yet() {
        for function in Function::ALL {
            let built: i64 =
                Measure::ALL.iter().filter(|m| m.function() == *function).map(|m| m.weight()).sum();
            let absent: i64 = function.absent();
            assert_eq!(built + absent, 100, "{function}");
        }
    }
}
