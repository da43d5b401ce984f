//! The intervention matrix: what may be done to each class of asset, and when. Operations set it; what a change does to an
//! asset is held against it. Where nothing is set, nothing is asked.

use super::asset::Class;
use super::command::Subject;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use super::raci::Activity;
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
    /// What an activity does to the assets that it touches, if it says so by itself.
    pub const fn of(activity: Activity) -> Option<Self> {
        match activity {
            Activity::ControlChange | Activity::SisChange => Some(Self::Config),
            Activity::PatchDeploy => Some(Self::Patch),
            Activity::ScanActive => Some(Self::ActiveScan),
            Activity::MonitorPassive => Some(Self::PassiveScan),
            Activity::AssetInventory
            | Activity::AssetCriticality
            | Activity::OutageCalendar
            | Activity::FirewallRule
            | Activity::ZoningDesign
            | Activity::RemoteDesign
            | Activity::VendorConnect
            | Activity::VendorWindow
            | Activity::PhysicalAccess
            | Activity::LifecycleMigrate
            | Activity::AccountAccess
            | Activity::EndpointAgent
            | Activity::BackupRestore
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
