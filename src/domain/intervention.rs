//! The intervention matrix: what may be done to each class of asset, and when. Operations set it; what a change does to an
//! asset is held against it. Where nothing is set, nothing is asked.

use super::asset::Class;
use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::raci::Activity;
use super::refusal::{Code, Refusal};
use crate::{subject, words};

words! {
    /// What is done to an asset.
    pub enum Intervention {
        /// Listening to its traffic.
        PassiveScan = "passive_scan",
        /// Asking it over the network.
        ActiveScan = "active_scan",
        /// Patching its software.
        Patch = "patch",
        /// Replacing its firmware.
        Firmware = "firmware",
        /// Changing its configuration or logic.
        Config = "config",
        /// Restarting it.
        Reboot = "reboot",
    }
}

words! {
    /// When an intervention is allowed.
    pub enum Allowance {
        /// Never.
        Never = "never",
        /// Within an outage.
        Outage = "outage",
        /// At any time.
        Anytime = "anytime",
        /// When operations are asked and say so.
        Ask = "ask",
    }
}

impl Typed for Intervention {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Typed for Allowance {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Intervention {
    /// What an activity does to the assets that it touches, if it says so by itself: since rule version 6 firewalls,
    /// accounts, agents, backups and migrations say so too.
    pub const fn of(activity: Activity, version: u32) -> Option<Self> {
        match activity {
            Activity::ControlChange | Activity::SisChange => Some(Self::Config),
            Activity::PatchDeploy => Some(Self::Patch),
            Activity::ScanActive => Some(Self::ActiveScan),
            Activity::MonitorPassive => Some(Self::PassiveScan),
            Activity::FirewallRule
            | Activity::ZoningDesign
            | Activity::RemoteDesign
            | Activity::LifecycleMigrate
            | Activity::AccountAccess
            | Activity::EndpointAgent
            | Activity::BackupRestore
            | Activity::VendorConnect
                if version >= 6 =>
            {
                Some(Self::Config)
            }
            Activity::FirewallRule
            | Activity::ZoningDesign
            | Activity::RemoteDesign
            | Activity::LifecycleMigrate
            | Activity::AccountAccess
            | Activity::EndpointAgent
            | Activity::BackupRestore
            | Activity::VendorConnect
            | Activity::AssetInventory
            | Activity::AssetCriticality
            | Activity::OutageCalendar
            | Activity::VendorWindow
            | Activity::PhysicalAccess
            | Activity::RiskAssess
            | Activity::RiskAccept
            | Activity::DeviationGrant
            | Activity::PolicyPublish
            | Activity::PlaybookRelease
            | Activity::IncidentCyber
            | Activity::IncidentPlant
            | Activity::ExerciseRun => None,
        }
    }

    /// What a change with this activity does, whether it says so or not (rule version 6).
    ///
    /// # Errors
    /// `missing` where neither the change nor its activity says so, `invalid` for a scan where the activity does more than
    /// look: the matrix would be asked for the wrong thing.
    pub fn told(activity: Activity, named: Option<Self>) -> Result<Self, Refusal> {
        let implied = Self::of(activity, 6);
        let Some(done) = named.or(implied) else {
            return Err(Refusal::new(
                Code::Missing,
                format!("{activity} does not say what is done to the assets"),
                "say it in `intervention`",
            ));
        };
        if done.looks() && implied.is_some_and(|implied| !implied.looks()) {
            return Err(Refusal::new(
                Code::Invalid,
                format!("{activity} does more to the assets than {}", done.said()),
                "leave `intervention` out, say what is done, or ask with the activity scan.active or monitor.passive",
            ));
        }
        Ok(done)
    }

    /// What a change means to do to its assets, by the words that are stored of it. A row that does not say it is of
    /// before rule version 6.
    pub fn meant(activity: &str, said: Option<&str>) -> Option<Self> {
        let said = said.and_then(Self::parse);
        said.or_else(|| Self::of(Activity::parse(activity)?, 5))
    }

    const fn looks(self) -> bool {
        match self {
            Self::PassiveScan | Self::ActiveScan => true,
            Self::Patch | Self::Firmware | Self::Config | Self::Reboot => false,
        }
    }

    /// As people say it.
    pub const fn said(self) -> &'static str {
        match self {
            Self::PassiveScan => "a passive scan",
            Self::ActiveScan => "an active scan",
            Self::Patch => "a patch",
            Self::Firmware => "new firmware",
            Self::Config => "a new configuration",
            Self::Reboot => "a restart",
        }
    }
}

subject! {
    "intervention";
    /// Says when something may be done to a class of asset: never, in an outage, at any time, or when operations say so.
    Set => Was("intervention.set" => "intervention.set") Calendar writes ["intervention"]
    { class: Class = "The class of asset."; intervention: Intervention = "What is done to it.";
      allowed: Allowance = "When it is allowed."; ;
      site: SiteCode = "The site; every site that sets nothing of its own unless given."; }
}

impl Kind {
    /// A cell is called by what is done and to what, with the site behind `@`.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Was(set) => {
                Subject::Is(reference(set.class, set.intervention, set.site.as_ref()))
            }
        }
    }
}

/// The reference of a cell: `firmware.plc`, at a site `firmware.plc@RLF`.
pub fn reference(class: Class, intervention: Intervention, site: Option<&SiteCode>) -> Ref {
    Ref::raci(&format!("{intervention}.{class}"), site)
}

/// A cell that was set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The site; none is every site that sets nothing of its own.
    pub site: Option<String>,
    /// The class of asset.
    pub class: Class,
    /// What is done to it.
    pub intervention: Intervention,
    /// When it is allowed.
    pub allowed: Allowance,
}

/// What is set at a site, else for every site; none where nothing is set.
pub fn allowed(
    cells: &[Cell],
    site: &str,
    class: Class,
    intervention: Intervention,
) -> Option<Allowance> {
    let of = |at: Option<&str>| {
        cells
            .iter()
            .find(|cell| {
                (cell.site.as_deref(), cell.class, cell.intervention) == (at, class, intervention)
            })
            .map(|cell| cell.allowed)
    };
    of(Some(site)).or_else(|| of(None))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_site_says_it_before_everybody() {
        let cell = |site: Option<&str>, allowed| Cell {
            site: site.map(str::to_owned),
            class: Class::Plc,
            intervention: Intervention::Firmware,
            allowed,
        };
        let cells = [cell(None, Allowance::Outage), cell(Some("RLF"), Allowance::Never)];
        let firmware = |site| allowed(&cells, site, Class::Plc, Intervention::Firmware);
        assert_eq!(firmware("RLF"), Some(Allowance::Never));
        assert_eq!(firmware("ANR"), Some(Allowance::Outage));
        assert_eq!(allowed(&cells, "RLF", Class::Hmi, Intervention::Firmware), None);
        let site = SiteCode::new("RLF").unwrap();
        let named = reference(Class::Plc, Intervention::Firmware, Some(&site));
        assert_eq!(named.as_str(), "firmware.plc@RLF");
    }
}
