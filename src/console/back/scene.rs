//! What stands now: everything in motion, its alarms, and from both the watch of one person.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::console::keys::Scope;
use crate::console::screens::watch::{ALARM, About, Aside, ENDED, Watched};
use crate::console::screens::{cells, windows};
use crate::domain::alarm::{self, Alarm, AlarmKind, Urgent};
use crate::domain::names::in_order;
use crate::domain::role::{Holder, Right};
use crate::domain::task::{self, Task, TaskKind};
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{
    Acceptance, Change, Clash, Incident, Motion, Present, Rate, Session, Window,
};

/// What stands at one moment.
#[derive(Debug)]
pub struct Scene {
    minute: i64,
    /// The next instant at which time alone makes something else of it.
    pub next: Option<Time>,
    /// When it was read.
    pub now: Time,
    /// The person that it was made for.
    pub holder: Option<Holder>,
    /// The code of every site, with its time zone.
    pub sites: Vec<(String, String)>,
    /// The sites that are frozen.
    pub frozen: Vec<String>,
    /// How much waits at the sites in scope.
    pub waits: Waiting,
    /// Incidents that are declared at any site, the most severe first.
    pub incidents: Vec<Incident>,
    /// Alarms and tasks, the most urgent first.
    pub watch: Vec<Watched>,
    /// Shelved alarms and tasks that sleep, in the same order.
    pub shelf: Vec<Watched>,
    /// How many alarms began lately.
    pub rate: Rate,
    motion: Arc<Motion>,
    /// Acceptances in force or over, if an alarm is about one.
    granted: Vec<Acceptance>,
    /// The most urgent alarm of each subject that has one.
    urgent: BTreeMap<String, Urgent>,
    /// Sessions that go on, each with the window that was open when it began.
    live: Vec<(String, String)>,
}

/// How much waits at the sites that a person's roles reach: the rows of each numbered list as its digit opens it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Risks of priority 1 and 2 that nobody treats or accepted.
    pub risks: u32,
    /// Changes that have not ended.
    pub changes: u32,
    /// Windows that have not ended.
    pub windows: u32,
    /// Incidents that are declared.
    pub incidents: u32,
    /// The most severe of them.
    pub gravest: Option<String>,
}

impl Waiting {
    fn of(present: &Present, now: Time) -> Self {
        let scope = present.holder.as_ref().and_then(|holder| holder.sites(now));
        let inside = |site: &str| {
            scope.as_ref().is_none_or(|sites| sites.iter().any(|one| one.as_str() == site))
        };
        let sum = |counts: &BTreeMap<String, i64>| {
            let counts = counts.iter().filter(|(site, _)| inside(site));
            u32::try_from(counts.map(|(_, count)| count).sum::<i64>()).unwrap_or(u32::MAX)
        };
        let touches = |one: &&Incident| one.sites.0.iter().any(|site| inside(site));
        let incidents: Vec<&Incident> = present.incidents.iter().filter(touches).collect();
        Self {
            risks: sum(&present.waits.risks),
            changes: sum(&present.waits.changes),
            windows: sum(&present.waits.windows),
            incidents: u32::try_from(incidents.len()).unwrap_or(u32::MAX),
            gravest: incidents.first().map(|one| one.r#ref.clone()),
        }
    }
}

const fn minute(now: Time) -> i64 {
    now.micros() / 60_000_000
}

/// A session with the window that was open when it began.
fn within(session: &Session) -> Option<(String, String)> {
    Some((session.r#ref.clone(), session.window.clone()?))
}

/// What stands against its beginning and nobody let pass.
fn stands(about: &About) -> Option<&Clash> {
    let clashes = match about {
        About::Change(row) => &row.clashes,
        About::Window(row) => &row.clashes,
        About::Acceptance(_) | About::Extension(_) | About::Report(_) | About::Other(_) => {
            return None;
        }
    };
    clashes.iter().find(|one| one.conflict.blocks && one.waived.is_none())
}

/// What an alarm is called where columns are few: what is wrong, then with what.
fn called(alarm: &Alarm) -> String {
    let cause = alarm::rationale(alarm.kind).cause;
    let with = alarm.title.strip_suffix(cause).map(|with| with.trim_end_matches(": "));
    match with {
        Some(with) => format!("{}: {with}", alarm.kind.word().replace('_', " ")),
        None => alarm.title.clone(),
    }
}

/// What an approved change within its time waits for.
fn starts(about: &About) -> String {
    let Some(clash) = stands(about) else {
        return "approved and within its time: s starts it".to_owned();
    };
    let then = match &clash.answers {
        Some(answers) => format!("{} may waive it: W", answers.replace('_', " ")),
        None => clash.conflict.against.remedy().to_owned(),
    };
    format!("{} stands against it: {}; {then}", clash.conflict.with, clash.conflict.because)
}

/// Who refused what was asked for, and what can be done of it.
fn renews(about: &About) -> String {
    let approvals = match about {
        About::Change(row) if row.effective_state == "expired" => {
            return "its time passed before work began: n asks anew, in its place, z puts this aside"
                .to_owned();
        }
        About::Change(row) => &row.approvals,
        About::Window(row) => &row.approvals,
        About::Acceptance(_) | About::Extension(_) | About::Report(_) | About::Other(_) => {
            return "refused: Enter shows why".to_owned();
        }
    };
    let no = approvals.0.iter().find(|one| one.decision.as_deref() == Some("no"));
    let by = no.map(|no| {
        format!(" by {} ({})", no.discipline.replace('_', " "), no.person.as_deref().unwrap_or("?"))
    });
    let anew = match about {
        About::Change(_) => "n asks anew, in its place",
        About::Window(_)
        | About::Acceptance(_)
        | About::Extension(_)
        | About::Report(_)
        | About::Other(_) => "n asks for another",
    };
    let more = cells::MORE;
    format!("refused{}: {more}{anew}, z puts this aside", by.unwrap_or_default())
}

/// The most urgent of the alarms whose condition stands, by their subject.
fn urgent(alarms: &[Alarm]) -> BTreeMap<String, Urgent> {
    let mut found: BTreeMap<String, Urgent> = BTreeMap::new();
    for alarm in alarms.iter().filter(|alarm| !alarm.cleared) {
        let Ok(priority) = u8::try_from(alarm.priority) else { continue };
        let one = Urgent { kind: alarm.kind, priority, due: alarm.due };
        let known = found.entry(alarm.subject.to_string()).or_insert(one);
        if (one.priority, one.due) < (known.priority, known.due) {
            *known = one;
        }
    }
    found
}

/// What it takes to do what an alarm of a kind asks for.
const fn answers(kind: AlarmKind) -> Right {
    match kind {
        AlarmKind::WindowOverrun | AlarmKind::WindowEnding | AlarmKind::WindowUngrounded => {
            TaskKind::Close.right()
        }
        AlarmKind::ChangeOverdue => TaskKind::Complete.right(),
        AlarmKind::RevertOverdue | AlarmKind::RevertEnding => TaskKind::BackOut.right(),
        AlarmKind::ReportUntriaged => TaskKind::Triage.right(),
        AlarmKind::SessionOutside
        | AlarmKind::AccessOutside
        | AlarmKind::BypassEnded
        | AlarmKind::BypassEnding
        | AlarmKind::AcceptanceEnded
        | AlarmKind::AcceptanceEnding
        | AlarmKind::StoreStale
        | AlarmKind::ClockSkew
        | AlarmKind::VerificationFault
        | AlarmKind::StoreBackwards => Right::Attend,
    }
}

impl Scene {
    /// Whether time alone has made nothing else of it.
    pub fn lasts(&self, now: Time) -> bool {
        self.minute == minute(now) && self.next.is_none_or(|next| now < next)
    }

    /// The row of an object or an alarm on the watch or on the shelf, if it has one.
    pub fn row_of(&self, reference: &str) -> Option<&Watched> {
        let of = |row: &&Watched| row.id == reference || row.reference == reference;
        self.watch.iter().chain(&self.shelf).find(of)
    }

    /// The most urgent alarm that a subject raises, whoever is to see it; none if it raises none.
    pub fn urgent(&self, reference: &str) -> Option<Urgent> {
        self.urgent.get(reference).copied()
    }

    /// Changes that have not ended.
    pub fn changes(&self) -> &[Change] {
        &self.motion.changes
    }

    /// Windows that have not ended.
    pub fn windows(&self) -> &[Window] {
        &self.motion.windows
    }

    /// What a person sees of what stands.
    pub fn of(present: &Present, now: Time) -> Self {
        let mut scene = Self {
            frozen: present.frozen.clone(),
            minute: minute(now),
            next: None,
            now,
            holder: present.holder.clone(),
            sites: present.sites.clone(),
            waits: Waiting::of(present, now),
            incidents: present.incidents.clone(),
            watch: Vec::new(),
            shelf: Vec::new(),
            rate: present.rate,
            motion: Arc::clone(&present.motion),
            granted: present.granted.clone(),
            urgent: urgent(&present.alarms),
            live: present.live.iter().filter_map(within).collect(),
        };
        scene.next = scene.turns().into_iter().filter(|at| *at > now).min();
        let alarms = present.alarms.iter().filter_map(|alarm| scene.alarm(alarm));
        let mut all: Vec<Watched> = alarms.collect();
        all.extend(present.tasks.iter().map(|task| scene.task(task)));
        all.sort_by(|a, b| {
            let key = |w: &Watched| (w.priority, !w.unacknowledged, w.due);
            key(a).cmp(&key(b)).then_with(|| in_order(&a.reference, &b.reference))
        });
        (scene.shelf, scene.watch) = all.into_iter().partition(|row| row.aside.is_some());
        scene
    }

    /// The instants at which time alone turns something: a window can be opened, ends soon, ends; a change begins, ends,
    /// waits too long; a report has waited too long.
    fn turns(&self) -> Vec<Time> {
        let windows = self.motion.windows.iter().flat_map(|row| {
            let soon = row.end.plus_seconds(-alarm::ENDING);
            [row.start.plus_seconds(-task::OPENING), row.start, soon, row.end]
        });
        let changes =
            self.motion.changes.iter().flat_map(|row| {
                [Some(row.approve_by), Some(row.start), Some(row.end), row.revert_by]
            });
        let reports = self.motion.reports.iter().map(|row| row.triage_by);
        let over = |row: &Change| [row.start, row.end.plus_seconds(task::LAPSED)];
        let refused = self.motion.refused_changes.iter().flat_map(over);
        let refused = refused.chain(self.motion.refused_windows.iter().map(|row| row.start));
        windows.chain(changes.flatten()).chain(reports).chain(refused).collect()
    }

    /// What an alarm or a task is about; its scope by kind where the object is not at hand.
    fn about(&self, subject: &str, scope: Scope) -> About {
        let Motion { changes, windows, acceptances, extensions, reports, .. } = &*self.motion;
        let mut changes = changes.iter().chain(&self.motion.refused_changes);
        let mut windows = windows.iter().chain(&self.motion.refused_windows);
        let change = changes.find(|row| row.r#ref == subject);
        let window = windows.find(|row| row.r#ref == subject);
        let mut acceptances = acceptances.iter().chain(&self.granted);
        let acceptance = acceptances.find(|row| row.r#ref == subject);
        let report = reports.iter().find(|row| row.r#ref == subject);
        let extension = extensions.iter().find(|row| row.r#ref == subject);
        if let Some(row) = extension {
            return About::Extension(Box::new(row.clone()));
        }
        match (change, window, acceptance, report) {
            (Some(row), _, _, _) => About::Change(Box::new(row.clone())),
            (_, Some(row), _, _) => About::Window(Box::new(row.clone())),
            (_, _, Some(row), _) => About::Acceptance(Box::new(row.clone())),
            (_, _, _, Some(row)) => About::Report(Box::new(row.clone())),
            (None, None, None, None) => About::Other(scope),
        }
    }

    /// An alarm, if this person is to see it: one of priority 1 or 2 at any site that a role of theirs reaches, others
    /// only where they can act.
    fn alarm(&self, alarm: &Alarm) -> Option<Watched> {
        let may = |holder: &Holder| holder.may(Right::Attend, Some(&alarm.site), self.now).is_ok();
        // Whoever may say that they saw it may not always do what it asks for; once it has ended it asks for no more.
        let right = if alarm.cleared { Right::Attend } else { answers(alarm.kind) };
        let can = |holder: &Holder| holder.may(right, Some(&alarm.site), self.now).is_ok();
        let (answers, who) = (self.holder.as_ref().is_some_and(can), right.who());
        let mine = answers && self.holder.as_ref().is_some_and(may);
        let reaches = self.holder.as_ref().is_none_or(|h| h.reaches(&alarm.site, self.now));
        if !mine && (alarm.priority > 2 || !reaches) {
            return None;
        }
        let reference = alarm.subject.to_string();
        let scope = match alarm.kind {
            AlarmKind::WindowOverrun | AlarmKind::WindowEnding | AlarmKind::WindowUngrounded => {
                Scope::Window
            }
            AlarmKind::SessionOutside => Scope::Session,
            AlarmKind::AccessOutside => Scope::AccessEvent,
            AlarmKind::ChangeOverdue | AlarmKind::RevertOverdue | AlarmKind::RevertEnding => {
                Scope::Change
            }
            AlarmKind::BypassEnded | AlarmKind::BypassEnding => Scope::Bypass,
            AlarmKind::AcceptanceEnded | AlarmKind::AcceptanceEnding => Scope::Acceptance,
            AlarmKind::ReportUntriaged => Scope::Report,
            AlarmKind::StoreStale
            | AlarmKind::ClockSkew
            | AlarmKind::VerificationFault
            | AlarmKind::StoreBackwards => Scope::Everywhere,
        };
        let inside: Vec<String> = self.inside(alarm);
        let because = match alarm.state {
            alarm::State::Returned if !inside.is_empty() => {
                let whose = if mine { "A acknowledges it" } else { who };
                format!("ended on record; {}; {whose}", windows::inside(&inside))
            }
            alarm::State::Returned if mine => {
                "it has ended, and nobody had acknowledged it: A does".to_owned()
            }
            alarm::State::Returned => format!("it has ended; {who} acknowledges it"),
            alarm::State::Unacknowledged
            | alarm::State::Acknowledged
            | alarm::State::Shelved
            | alarm::State::Normal
                if mine =>
            {
                alarm.response.to_owned()
            }
            alarm::State::Unacknowledged
            | alarm::State::Acknowledged
            | alarm::State::Shelved
            | alarm::State::Normal => format!("{who} answers it: {}", alarm.response),
        };
        Some(Watched {
            id: alarm.r#ref.to_string(),
            priority: u8::try_from(alarm.priority).unwrap_or(1),
            kind: if alarm.cleared && inside.is_empty() { ENDED } else { ALARM },
            alarm: Some(Box::new(alarm.clone())),
            unacknowledged: alarm.state.calls(),
            aside: alarm.shelved_until.map(|until| Aside {
                until,
                who: alarm.shelved_by.clone().unwrap_or_default(),
                reason: alarm.shelved_reason.clone(),
            }),
            mine,
            who: who.to_owned(),
            due: Some(alarm.due),
            site: alarm.site.to_string(),
            zone: cells::zone(&alarm.timezone),
            what: match inside.as_slice() {
                [] => SafeText::from(called(alarm)),
                live => {
                    SafeText::from(format!("{} still inside: {}", live.join(", "), called(alarm)))
                }
            },
            because: SafeText::from(because),
            about: self.about(&reference, scope),
            reference,
        })
    }

    /// The sessions that go on although the window of this alarm was ended.
    fn inside(&self, alarm: &Alarm) -> Vec<String> {
        let of = |(_, window): &&(String, String)| *window == alarm.subject.as_str();
        let live = self.live.iter().filter(|_| alarm.cleared).filter(of);
        live.map(|(session, _)| session.clone()).collect()
    }

    /// What an approved window waits for.
    fn opens(&self, about: &About) -> String {
        let start = match about {
            About::Window(row) => Some(row.start),
            About::Change(_)
            | About::Acceptance(_)
            | About::Extension(_)
            | About::Report(_)
            | About::Other(_) => None,
        };
        match start.filter(|start| self.now < *start) {
            Some(start) => {
                format!("approved; from {start:#} on s opens it")
            }
            None => match stands(about) {
                None => "approved, and its time has come: s opens it".to_owned(),
                Some(clash) => format!(
                    "{} stands against it: {}; s opens it if that is named there",
                    clash.conflict.with, clash.conflict.because
                ),
            },
        }
    }

    fn task(&self, task: &Task) -> Watched {
        let reference = task.subject.to_string();
        let about = self.about(&reference, Scope::Report);
        let because = if task.mine {
            match task.kind {
                TaskKind::Decide => format!("waits for {}: a approves, x rejects", task.who),
                TaskKind::Open => self.opens(&about),
                TaskKind::Close => "open: d closes it with its close-out".to_owned(),
                TaskKind::Start | TaskKind::Waive => starts(&about),
                TaskKind::Complete => "work goes on: d when done, b backs out".to_owned(),
                TaskKind::Verify => "done and not yet verified: v verifies it".to_owned(),
                TaskKind::Review => {
                    format!("an emergency that {} must still review: R", task.who)
                }
                TaskKind::BackOut => {
                    "found wrong: b backs it out, w withdraws what has not begun".to_owned()
                }
                TaskKind::Renew => renews(&about),
                TaskKind::Revise => "was sent back: e revises it, w withdraws it".to_owned(),
                TaskKind::Triage => "nobody has judged it: d does".to_owned(),
            }
        } else {
            match task.kind {
                TaskKind::Decide => format!("waits for {}; D shows who can decide", task.who),
                TaskKind::Open
                | TaskKind::Close
                | TaskKind::Start
                | TaskKind::Waive
                | TaskKind::Complete
                | TaskKind::Verify
                | TaskKind::Review
                | TaskKind::BackOut
                | TaskKind::Revise
                | TaskKind::Renew
                | TaskKind::Triage => format!("waits for {}", task.who),
            }
        };
        Watched {
            id: task.r#ref.to_string(),
            priority: u8::try_from(task.priority).unwrap_or(1),
            kind: task.kind.short(),
            alarm: None,
            unacknowledged: false,
            aside: task.asleep_until.map(|until| Aside {
                until,
                // Whoever puts a task to sleep does so for himself alone.
                who: "you".to_owned(),
                reason: task.asleep_reason.clone(),
            }),
            mine: task.mine,
            who: task.who.clone(),
            due: Some(task.due),
            site: task.site.to_string(),
            zone: cells::zone(&task.timezone),
            what: SafeText::from(task.title.as_str()),
            because: SafeText::from(because),
            about,
            reference,
        }
    }
}
