//! What stands now: everything in motion, its alarms, and from both the watch of one person.

use std::collections::BTreeMap;

use crate::console::ctx::Me;
use crate::console::keys::Scope;
use crate::console::screens::watch::{About, Watched};
use crate::console::screens::{board, cells, changes, gate};
use crate::domain::alarm::{Alarm, AlarmKind};
use crate::domain::attention::{Consequence, priority};
use crate::domain::filter::{Filter, Term, Test};
use crate::domain::names::SiteCode;
use crate::domain::role::{Holder, Right};
use crate::domain::time::Time;
use crate::safe_text::SafeText;
use crate::store::query::{Acceptance, Asset, Change, Page, Risk, Window};
use crate::store::{ReadError, Reader};

/// Most objects in motion that the watch looks at.
const MOST: Page = Page { limit: 1_000, after: None };

/// Seconds before its start from which an approved window waits to be opened.
const OPENING: i64 = 900;

/// Seconds that a change may stay unverified after its end: 30 days.
const VERIFYING: i64 = 30 * 86_400;

/// What stands at one moment.
#[derive(Debug)]
pub struct Scene {
    seq: i64,
    minute: i64,
    /// When it was read.
    pub now: Time,
    /// The person that it was made for.
    pub holder: Option<Holder>,
    /// Changes that have not ended.
    pub changes: Vec<Change>,
    /// Windows that have not ended.
    pub windows: Vec<Window>,
    /// Risks of priority 1 and 2 that nobody treats or accepted.
    pub risks: i64,
    /// Incidents that are declared.
    pub incidents: i64,
    /// Alarms and tasks, the most urgent first.
    pub watch: Vec<Watched>,
}

const fn minute(now: Time) -> i64 {
    now.micros() / 60_000_000
}

impl Scene {
    /// Whether it still is what stands.
    pub fn holds(&self, reader: &Reader<'_>) -> bool {
        self.seq == reader.snapshot().head.tip.seq && self.minute == minute(reader.now())
    }

    /// Reads it.
    pub async fn read(reader: &mut Reader<'_>, holder: Option<Holder>) -> Result<Self, ReadError> {
        let now = reader.now();
        let live = "state:requested,approved,in_progress,implemented,returned";
        let changes: Vec<Change> = reader.list(live, &MOST).await?.rows;
        let windows: Vec<Window> = reader.list("state:requested,approved,open", &MOST).await?.rows;
        let acceptances: Vec<Acceptance> = reader.list("state:requested", &MOST).await?.rows;
        let alarms = reader.alarms("", &Page::ALL).await?.rows;
        let risks = reader.count::<Risk>("state:candidate,open priority:<=2").await?;
        let incidents = 0;
        let ratings = ratings(reader, &windows).await?;
        let mut scene = Self {
            seq: reader.snapshot().head.tip.seq,
            minute: minute(now),
            now,
            holder,
            changes,
            windows,
            risks,
            incidents,
            watch: Vec::new(),
        };
        scene.watch = scene.watched(&alarms, &acceptances, &ratings);
        Ok(scene)
    }

    fn me(&self) -> Me<'_> {
        Me { holder: self.holder.as_ref(), now: self.now }
    }

    fn may(&self, right: Right, site: &str) -> bool {
        let site = SiteCode::new(site).ok();
        self.holder.as_ref().is_some_and(|h| h.may(right, site.as_ref(), self.now).is_ok())
    }

    fn watched(
        &self,
        alarms: &[Alarm],
        acceptances: &[Acceptance],
        ratings: &BTreeMap<String, Consequence>,
    ) -> Vec<Watched> {
        let mut watch: Vec<Watched> = alarms.iter().map(|alarm| self.alarm(alarm)).collect();
        watch.extend(self.changes.iter().filter_map(|change| self.change(change)));
        watch.extend(self.windows.iter().filter_map(|window| {
            let worst = ratings.get(&window.r#ref).copied().unwrap_or(Consequence::Grave);
            self.window(window, worst)
        }));
        watch.extend(acceptances.iter().filter_map(|acceptance| self.acceptance(acceptance)));
        watch.sort_by(|a, b| {
            let key = |w: &Watched| (w.priority, !w.unacknowledged, !w.mine, w.due);
            key(a).cmp(&key(b)).then_with(|| a.reference.cmp(&b.reference))
        });
        watch
    }

    fn alarm(&self, alarm: &Alarm) -> Watched {
        let reference = alarm.r#ref.to_string();
        let change = self.changes.iter().find(|change| change.r#ref == reference);
        let window = self.windows.iter().find(|window| window.r#ref == reference);
        let zone = change
            .map(|change| change.timezone.as_str())
            .or(window.map(|window| window.timezone.as_str()))
            .map_or(chrono_tz::Tz::UTC, cells::zone);
        let about = match (change, window) {
            (Some(change), _) => About::Change(Box::new(change.clone())),
            (_, Some(window)) => About::Window(Box::new(window.clone())),
            (None, None) => About::Other(match alarm.kind {
                AlarmKind::WindowOverrun | AlarmKind::WindowEnding => Scope::Window,
                AlarmKind::ChangeOverdue | AlarmKind::RevertOverdue => Scope::Change,
                AlarmKind::AcceptanceEnded => Scope::Acceptance,
            }),
        };
        let known = crate::domain::alarm::rationale(alarm.kind);
        Watched {
            id: format!("{} {reference}", alarm.kind),
            priority: u8::try_from(alarm.priority).unwrap_or(1),
            kind: "alarm",
            unacknowledged: true,
            mine: true,
            due: Some(alarm.due),
            site: alarm.site.to_string(),
            zone,
            what: SafeText::from(alarm.title.as_str()),
            because: SafeText::from(format!("{}; {}", known.consequence, alarm.response)),
            about,
            reference,
        }
    }

    /// A task about a change, if it is urgent enough to stand here.
    fn change(&self, row: &Change) -> Option<Watched> {
        let operate = self.may(Right::Operate, &row.site);
        let own = self.holder.as_ref().is_some_and(|h| h.login.as_str() == row.requester);
        let waiting = board::waiting(&row.approvals);
        let (kind, mine, due, because) = match row.effective_state.as_str() {
            "requested" => {
                let mine =
                    gate::waits_for_me(&row.requester, &row.site, &row.approvals, &self.me());
                let because = if mine {
                    format!("waits for {waiting}: a approves, x rejects")
                } else {
                    format!("waits for {waiting}; D shows who can decide")
                };
                ("decide", mine, changes::due(row)?, because)
            }
            "returned" => {
                let because = "a discipline sent it back: e revises it, w withdraws it".to_owned();
                ("revise", own, changes::due(row)?, because)
            }
            "ready" => {
                ("start", operate, row.end, "approved and within its time: s starts it".to_owned())
            }
            "implemented" => {
                let because = "done and not yet verified: v verifies it".to_owned();
                ("verify", operate, row.end.plus_seconds(VERIFYING), because)
            }
            _ => return None,
        };
        let worst = Consequence::of_impacts(&row.impacts.0);
        let what = format!("{} {} on {}", verb(kind), row.title, cells::tags(&row.assets.0));
        self.task(kind, mine, worst, due, what, because, About::Change(Box::new(row.clone())))
    }

    fn window(&self, row: &Window, worst: Consequence) -> Option<Watched> {
        let opening = row.start.plus_seconds(-OPENING) <= self.now;
        let (kind, mine, due, because) = match row.state.as_str() {
            "requested" => {
                let mine =
                    gate::waits_for_me(&row.requester, &row.site, &row.approvals, &self.me());
                let waiting = board::waiting(&row.approvals);
                let because = format!("waits for {waiting}; {}", row.title);
                ("decide", mine, row.start, because)
            }
            "approved" if opening => {
                let because = format!("approved; s opens it. {}", row.title);
                ("open", self.may(Right::Open, &row.site), row.end, because)
            }
            _ => return None,
        };
        let what = format!("{} {} for {}", verb(kind), cells::tags(&row.assets.0), row.person);
        self.task(kind, mine, worst, due, what, because, About::Window(Box::new(row.clone())))
    }

    fn acceptance(&self, row: &Acceptance) -> Option<Watched> {
        let mine = gate::waits_for_me(&row.requester, &row.site, &row.approvals, &self.me());
        let worst = match row.priority {
            ..=1 => Consequence::Grave,
            2 => Consequence::Great,
            3 => Consequence::Medium,
            4.. => Consequence::Small,
        };
        let what = format!("accept {} {}", row.risk, row.title);
        let because = format!("waits for {}; {}", board::waiting(&row.approvals), row.reason);
        let about = About::Acceptance(Box::new(row.clone()));
        self.task("decide", mine, worst, row.approve_by.min(row.until), what, because, about)
    }

    #[allow(clippy::too_many_arguments, reason = "one row of the watch from its seven parts")]
    fn task(
        &self,
        kind: &'static str,
        mine: bool,
        worst: Consequence,
        due: Time,
        what: String,
        because: String,
        about: About,
    ) -> Option<Watched> {
        let priority = priority(worst, due.seconds_since(self.now))?;
        // What another must do is shown only while it is critical or high.
        if !mine && priority > 2 {
            return None;
        }
        let (reference, site, zone) = match &about {
            About::Change(row) => (&row.r#ref, &row.site, &row.timezone),
            About::Window(row) => (&row.r#ref, &row.site, &row.timezone),
            About::Acceptance(row) => (&row.r#ref, &row.site, &row.timezone),
            About::Other(_) => return None,
        };
        Some(Watched {
            id: format!("{kind} {reference}"),
            priority,
            kind,
            unacknowledged: false,
            mine,
            due: Some(due),
            reference: reference.clone(),
            site: site.clone(),
            zone: cells::zone(zone),
            what: SafeText::from(what),
            because: SafeText::from(because),
            about,
        })
    }
}

/// What is to be done, as the first word of a line.
fn verb(kind: &'static str) -> &'static str {
    if kind == "decide" { "approve" } else { kind }
}

/// The worst that access to a window's assets can bring about.
async fn ratings(
    reader: &mut Reader<'_>,
    windows: &[Window],
) -> Result<BTreeMap<String, Consequence>, ReadError> {
    let refs: Vec<String> = windows.iter().flat_map(|w| w.assets.0.iter().cloned()).collect();
    if refs.is_empty() {
        return Ok(BTreeMap::new());
    }
    let terms = vec![Term { word: "ref", test: Test::Any(refs) }];
    let filter = Filter { terms, text: Vec::new() };
    let assets: Vec<Asset> = reader.page(&filter, &Page::ALL).await?.rows;
    let of =
        |asset: &Asset| Consequence::of_ratings(asset.safety, asset.regulatory, asset.production);
    let worst: BTreeMap<&str, Consequence> =
        assets.iter().map(|asset| (asset.r#ref.as_str(), of(asset))).collect();
    let one = |window: &Window| {
        let rated = window.assets.0.iter().filter_map(|asset| worst.get(asset.as_str()).copied());
        Some((window.r#ref.clone(), rated.max()?))
    };
    Ok(windows.iter().filter_map(one).collect())
}
