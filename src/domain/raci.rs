//! The RACI table: activity by discipline, corporate rows with site overrides. The default rows are data of
//! the rule version; entries override them.

use super::command::Subject;
use super::discipline::Discipline;
use super::field::{Type, Typed};
use super::names::{Ref, SiteCode};
use crate::{subject, words};

words! {
    /// A cell of the table.
    pub enum Value {
        /// Responsible: does it.
        Responsible = "R",
        /// Accountable: answers for it, one a row and level.
        Accountable = "A",
        /// Consulted: is heard before.
        Consulted = "C",
        /// Informed: is told after.
        Informed = "I",
        /// Has no part in it.
        None = "-",
    }
}

impl Typed for Value {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

words! {
    /// An activity that someone answers for.
    pub enum Activity {
        /// Keeping the asset list.
        AssetInventory = "asset.inventory",
        /// Rating criticality.
        AssetCriticality = "asset.criticality",
        /// Setting outages and blackouts.
        OutageCalendar = "outage.calendar",
        /// Changing control systems.
        ControlChange = "control.change",
        /// Deploying patches.
        PatchDeploy = "patch.deploy",
        /// Changing a safety instrumented system.
        SisChange = "sis.change",
        /// Changing firewall rules.
        FirewallRule = "firewall.rule",
        /// Designing zones and conduits.
        ZoningDesign = "zoning.design",
        /// Designing remote access.
        RemoteDesign = "remote.design",
        /// Connecting a new vendor.
        VendorConnect = "vendor.connect",
        /// Granting a vendor's access window.
        VendorWindow = "vendor.window",
        /// Granting physical access.
        PhysicalAccess = "physical.access",
        /// Migrating obsolete systems.
        LifecycleMigrate = "lifecycle.migrate",
        /// Granting accounts.
        AccountAccess = "account.access",
        /// Monitoring passively.
        MonitorPassive = "monitor.passive",
        /// Scanning actively.
        ScanActive = "scan.active",
        /// Deploying endpoint agents.
        EndpointAgent = "endpoint.agent",
        /// Backing up and restoring.
        BackupRestore = "backup.restore",
        /// Assessing risks.
        RiskAssess = "risk.assess",
        /// Accepting risks.
        RiskAccept = "risk.accept",
        /// Granting deviations.
        DeviationGrant = "deviation.grant",
        /// Publishing policies.
        PolicyPublish = "policy.publish",
        /// Releasing playbooks.
        PlaybookRelease = "playbook.release",
        /// Leading an incident's cyber side.
        IncidentCyber = "incident.cyber",
        /// Leading an incident's plant side.
        IncidentPlant = "incident.plant",
        /// Running exercises.
        ExerciseRun = "exercise.run",
    }
}

impl Typed for Activity {
    const TYPE: Type = Type::Choice { words: Self::WORDS };
}

impl Activity {
    /// The default row: one letter for each of IT OP EN QU SA VM MG.
    const fn row(self) -> &'static str {
        match self {
            Self::AssetInventory => "CARIC-I",
            Self::AssetCriticality => "CARCC-I",
            Self::OutageCalendar => "IARCIII",
            Self::ControlChange => "CARCCCI",
            Self::PatchDeploy => "RARCICI",
            Self::SisChange => "CRRIACI",
            Self::FirewallRule => "ACC-I-I",
            Self::ZoningDesign => "RRCCC-A",
            Self::RemoteDesign => "ACCIICI",
            Self::VendorConnect => "ARCIIRI",
            Self::VendorWindow => "RACIIC-",
            Self::PhysicalAccess => "IAI-CC-",
            Self::LifecycleMigrate => "RRRCCCA",
            Self::AccountAccess => "ARC--CI",
            Self::MonitorPassive => "ACC---I",
            Self::ScanActive => "RACII-I",
            Self::EndpointAgent => "ACCC-C-",
            Self::BackupRestore => "RARC--I",
            Self::RiskAssess => "RRCCCIA",
            Self::RiskAccept => "RRCCC-A",
            Self::DeviationGrant => "RRCCCCA",
            Self::PolicyPublish => "RRCCCIA",
            Self::PlaybookRelease => "ARCCC-I",
            Self::IncidentCyber => "ACCIIII",
            Self::IncidentPlant => "CARCC-I",
            Self::ExerciseRun => "ARCCCII",
        }
    }

    /// The default cell of a discipline.
    pub fn default_cell(self, discipline: Discipline) -> Value {
        let at = Discipline::ALL.iter().position(|d| *d == discipline).unwrap_or_default();
        self.row().get(at..=at).and_then(Value::parse).unwrap_or(Value::None)
    }
}

/// A cell that an entry set, at one level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// The discipline.
    pub discipline: Discipline,
    /// What it has.
    pub value: Value,
}

/// Who answers for the activity, and which level says so: the site's row if it names one, else the corporate
/// row, else the default.
pub fn accountable(
    activity: Activity,
    site: &[Cell],
    corporate: &[Cell],
) -> (Discipline, &'static str) {
    let named =
        |cells: &[Cell]| cells.iter().find(|c| c.value == Value::Accountable).map(|c| c.discipline);
    if let Some(discipline) = named(site) {
        return (discipline, "site");
    }
    if let Some(discipline) = named(corporate) {
        return (discipline, "corporate");
    }
    let default = Discipline::ALL
        .iter()
        .copied()
        .find(|d| activity.default_cell(*d) == Value::Accountable)
        .unwrap_or(Discipline::Management);
    (default, "default")
}

/// A row as it holds at a site or, without one, for the corporation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// The activity.
    pub activity: Activity,
    /// What each discipline has, with one A: whoever answers by the rules.
    pub cells: Vec<Cell>,
    /// Who answers for it.
    pub accountable: Discipline,
    /// The level that says so: `site`, `corporate` or `default`.
    pub origin: &'static str,
    /// What the site set itself.
    pub own: Vec<Cell>,
}

impl Row {
    /// Who holds quality where the site has none: the site took quality out of the row (`-`) and set another to R or A that is
    /// not asked anyway, or one yes would count for two. None where quality has its part, or nobody is named in its place.
    pub fn holder(&self) -> Option<Discipline> {
        let quality = |cell: &&Cell| cell.discipline == Discipline::Quality;
        let none = self.own.iter().find(quality).is_some_and(|cell| cell.value == Value::None);
        let asked = [Discipline::ItSecurity, Discipline::Operations, Discipline::Engineering];
        let answers = |cell: &&Cell| {
            matches!(cell.value, Value::Responsible | Value::Accountable)
                && !asked.contains(&cell.discipline)
        };
        let mut named: Vec<Discipline> =
            self.own.iter().filter(answers).map(|cell| cell.discipline).collect();
        named.sort_unstable();
        named.first().copied().filter(|_| none)
    }

    /// The row from what is set at the site over what is set for the corporation over the default.
    pub fn held(activity: Activity, site: &[Cell], corporate: &[Cell]) -> Self {
        let (answers, origin) = accountable(activity, site, corporate);
        let set = |cells: &[Cell], discipline: Discipline| {
            cells.iter().find(|cell| cell.discipline == discipline).map(|cell| cell.value)
        };
        let cell = |discipline: &Discipline| {
            let value = set(site, *discipline)
                .or_else(|| set(corporate, *discipline))
                .unwrap_or_else(|| activity.default_cell(*discipline));
            let value = match (*discipline == answers, value) {
                (true, _) => Value::Accountable,
                (false, Value::Accountable) => Value::Responsible,
                (false, Value::Responsible | Value::Consulted | Value::Informed | Value::None) => {
                    value
                }
            };
            Cell { discipline: *discipline, value }
        };
        let cells = Discipline::ALL.iter().map(cell).collect();
        Self { activity, cells, accountable: answers, origin, own: site.to_vec() }
    }
}

/// A cell that two versions of a row have otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Difference {
    /// The discipline.
    pub discipline: Discipline,
    /// What it had.
    pub before: Value,
    /// What it has.
    pub after: Value,
}

impl Difference {
    /// The difference in words, as `quality R to A`.
    pub fn words(&self) -> String {
        let spoken = self.discipline.word().replace('_', " ");
        format!("{spoken} {} to {}", self.before, self.after)
    }
}

impl Row {
    /// What a later version of the row has otherwise.
    pub fn differences(&self, later: &Self) -> Vec<Difference> {
        let pairs = self.cells.iter().zip(&later.cells);
        pairs
            .filter(|(before, after)| before.value != after.value)
            .map(|(before, after)| Difference {
                discipline: after.discipline,
                before: before.value,
                after: after.value,
            })
            .collect()
    }
}

/// The cells of one level after another was set: a new A takes the A from whoever had it there.
fn with(mut cells: Vec<Cell>, set: Cell) -> Vec<Cell> {
    if set.value == Value::Accountable {
        for cell in cells.iter_mut().filter(|cell| cell.value == Value::Accountable) {
            cell.value = Value::Responsible;
        }
    }
    cells.retain(|cell| cell.discipline != set.discipline);
    cells.push(set);
    cells
}

/// What each of these settings made of a row as it holds, in their order; `true` for one at the site, `false` for the
/// corporation's, which a site below it feels where it says nothing itself.
pub fn versions(activity: Activity, settings: &[(bool, Cell)]) -> Vec<Vec<Difference>> {
    let (mut own, mut corporate) = (Vec::new(), Vec::new());
    let mut before = Row::held(activity, &own, &corporate);
    let mut all = Vec::with_capacity(settings.len());
    for (at_site, cell) in settings {
        let level = if *at_site { &mut own } else { &mut corporate };
        *level = with(std::mem::take(level), *cell);
        let after = Row::held(activity, &own, &corporate);
        all.push(before.differences(&after));
        before = after;
    }
    all
}

subject! {
    "raci";
    /// Sets a cell of the RACI table, at a site or everywhere; a new A takes the A from whoever had it there.
    Set => Was("raci.set" => "raci.set") Manage writes ["raci"]
    { activity: Activity = "The activity."; discipline: Discipline = "The discipline."; value: Value = "R, A, C, I or -."; ;
      site: SiteCode = "The site; none is corporate."; }
}

impl Kind {
    /// A row is called by its activity, with the site behind `@`.
    pub fn subject(&self) -> Subject {
        match self {
            Self::Was(set) => Subject::Is(Ref::raci(set.activity.word(), set.site.as_ref())),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_default_row_has_one_accountable_and_a_cell_for_each_discipline() {
        for activity in Activity::ALL {
            assert_eq!(activity.row().len(), Discipline::ALL.len(), "{activity}");
            assert_eq!(activity.row().matches('A').count(), 1, "{activity}");
            assert!(activity.row().chars().all(|c| Value::parse(&c.to_string()).is_some()));
        }
    }

    #[test]
    fn a_site_without_quality_names_who_holds_it_and_nobody_else_loses_it() {
        use Discipline::{Engineering, Management, Quality, Safety};
        let cell = |discipline, value| Cell { discipline, value };
        let row = |own: &[Cell]| Row::held(Activity::ControlChange, own, &[]).holder();
        let none = cell(Quality, Value::None);
        assert_eq!(row(&[none, cell(Safety, Value::Responsible)]), Some(Safety));
        assert_eq!(row(&[none]), None, "nobody is named");
        assert_eq!(row(&[cell(Safety, Value::Responsible)]), None, "quality has its part");
        let named = [cell(Engineering, Value::Responsible), none];
        assert_eq!(row(&named), None, "engineering says yes anyway, and one yes is no two");
        let named = [cell(Management, Value::Responsible), none, cell(Safety, Value::Responsible)];
        assert_eq!(row(&named), Some(Safety), "the first in the order of the disciplines");
        let corporate = Row::held(Activity::ControlChange, &[], &[none]);
        assert_eq!(corporate.holder(), None, "only a site is without quality");
    }

    #[test]
    fn a_row_as_it_holds_has_one_accountable() {
        let quality = [Cell { discipline: Discipline::Quality, value: Value::Accountable }];
        for (own, corporate) in [(&[][..], &quality[..]), (&quality[..], &[][..]), (&[], &[])] {
            let row = Row::held(Activity::ControlChange, own, corporate);
            let answer: Vec<_> =
                row.cells.iter().filter(|cell| cell.value == Value::Accountable).collect();
            assert_eq!(answer.len(), 1, "{row:?}");
        }
    }

    #[test]
    fn every_version_of_a_row_says_what_it_made_otherwise() {
        let set = |at_site, discipline, value| (at_site, Cell { discipline, value });
        let (quality, safety) = (Discipline::Quality, Discipline::Safety);
        let words: Vec<String> = versions(
            Activity::ControlChange,
            &[
                set(true, quality, Value::Accountable),
                set(false, quality, Value::Informed),
                set(false, safety, Value::None),
                set(true, safety, Value::Accountable),
            ],
        )
        .iter()
        .map(|version| version.iter().map(Difference::words).collect::<Vec<_>>().join(", "))
        .collect();
        assert_eq!(
            words,
            [
                "operations A to R, quality C to A",
                "",
                "safety C to -",
                "quality A to R, safety - to A"
            ]
        );
    }

    #[test]
    fn the_site_overrides_the_corporation_and_the_corporation_the_default() {
        let a = |discipline| [Cell { discipline, value: Value::Accountable }];
        let change = Activity::ControlChange;
        assert_eq!(accountable(change, &[], &[]), (Discipline::Operations, "default"));
        assert_eq!(
            accountable(change, &[], &a(Discipline::Quality)),
            (Discipline::Quality, "corporate")
        );
        assert_eq!(
            accountable(change, &a(Discipline::Safety), &a(Discipline::Quality)),
            (Discipline::Safety, "site")
        );
        let r = [Cell { discipline: Discipline::Safety, value: Value::Responsible }];
        assert_eq!(accountable(change, &r, &[]), (Discipline::Operations, "default"));
    }
}
