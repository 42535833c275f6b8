//! The web service over a real floor, with an agreeable CTI server played by the floor's owner.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part of the service")]
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod books;
mod described;

use accounts::{Account, Accounts, Password, hash};
use aplomb_rest::{
    Beginnings, Catalogue, ConnectedUsers, CountUsers, Diagnostician, FloorClient, ForbiddenCharacters, Job,
    MediaClient, Metrics, Ports, Services, Site, SystemIdentity, limits, router,
};
use axum::Router;
use axum::body::Body;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use floor::*;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use prometheus_client::registry::Registry;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use tokio::sync::mpsc;
use tower::ServiceExt;

pub const PASSWORD: &str = "open:sesame";

pub struct Service {
    router: Router,
    pub floor: FloorClient,
    pub seen: Arc<Mutex<Seen>>,
    registry: Registry,
    announced: Mutex<mpsc::Receiver<aplomb_rest::Notification>>,
    store: store::Store,
    /// Who is said to be connected.
    pub connected: Arc<Mutex<ConnectedUsers>>,
    _folder: tempfile::TempDir,
}

/// What came out of the floor.
#[derive(Default)]
pub struct Seen {
    pub orders: Vec<SetAgentState>,
    pub call_orders: Vec<CallOrder>,
    pub changes: Vec<Change>,
    /// The CTI server takes orders and never answers.
    pub deaf: bool,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// Type, data and message of the one error.
    pub fn error(&self) -> (String, String, String) {
        assert_eq!(self.header("content-type"), Some("application/xml;charset=UTF-8"));
        let document = xml::Document::parse(self.body.as_bytes(), &xml::Limits::CLIENT).unwrap();
        assert_eq!(document.root().tag_name().name(), "ApiErrors");
        let error = xml::child(document.root(), "ApiError").unwrap();
        let text = |name| xml::child_text(error, name).unwrap();
        (text("ErrorType"), text("ErrorData"), text("ErrorMessage"))
    }

    pub fn error_is(&self, status: u16, error_type: &str, data: &str) {
        let (actual_type, actual_data, message) = self.error();
        let actual = (self.status.as_u16(), actual_type.as_str(), actual_data.as_str());
        assert_eq!(actual, (status, error_type, data), "{message}");
        assert!(!message.is_empty());
    }
}

fn account(id: &str, roles: accounts::Roles) -> Account {
    // One hash for all: each costs an argon2 run.
    static HASH: std::sync::OnceLock<accounts::PasswordHash> = std::sync::OnceLock::new();
    let password = HASH.get_or_init(|| hash(&Password::new(PASSWORD), b"a salt for tests").unwrap()).clone();
    Account { id: id.into(), login_name: format!("name{id}"), roles, password, scram: Vec::new() }
}

fn accounts() -> Accounts {
    let agent = accounts::Roles { agent: true, ..Default::default() };
    let supervisor = accounts::Roles { supervisor: true, ..agent };
    let administrator = accounts::Roles { administrator: true, ..Default::default() };
    Accounts::new(
        [
            account("11", agent),
            account("12", agent),
            account("21", agent),
            account("71", supervisor),
            account("boss", administrator),
        ],
        [7; 32],
    )
}

fn profile(id: &str, team: u32, supervises: &[u32]) -> Profile {
    Profile {
        id: id.into(),
        login_name: format!("name{id}"),
        first_name: "Agent".into(),
        last_name: id.into(),
        team: TeamId(team),
        roles: Roles { agent: true, supervisor: !supervises.is_empty() },
        supervises: supervises.iter().copied().map(TeamId).collect(),
        settings: Settings { wrap_up_on_incoming: WrapUp::Optional, wrap_up_on_outgoing: None },
        wrap_up_timer_secs: None,
    }
}

fn roster() -> Roster {
    let reason = |id, category, code| ReasonCode {
        id: ReasonCodeId(id),
        category,
        code,
        label: format!("Reason <{code}>"),
        for_all: true,
        teams: Vec::new(),
        system_code: false,
    };
    let mut reason_codes =
        vec![reason(1, ReasonCategory::NotReady, 11), reason(2, ReasonCategory::Logout, 21)];
    reason_codes.extend(cce_system_reason_codes(ReasonCodeId(100)));
    Roster {
        teams: vec![
            Team { id: TeamId(7), name: "Seven".into() },
            Team { id: TeamId(8), name: "Eight".into() },
        ],
        agents: vec![
            profile("11", 7, &[]),
            profile("12", 7, &[]),
            profile("21", 8, &[]),
            profile("71", 7, &[7]),
        ],
        reason_codes,
    }
}

async fn catalogue(store: &store::Store) -> Catalogue {
    Catalogue::open(Some(store.clone()), configuration::Deployment::Cce, Beginnings::default()).await.unwrap()
}

fn identity() -> SystemIdentity {
    SystemIdentity {
        host: "desk.example".into(),
        xmpp_domain: "desk.example".into(),
        pubsub_domain: "pubsub.desk.example".into(),
        deployment_type: "UCCE".into(),
        auth_mode: "NON_SSO".into(),
        timezone_offset_minutes: |_| 540,
        ports: Ports { https: Some(8445), ..Ports::default() },
        cti_servers: vec!["cti.example:42027".into(), "cti-b.example:42027".into()],
        ..SystemIdentity::default()
    }
}

fn now() -> Now {
    Now { instant: Instant::now(), wall: jiff::Timestamp::now() }
}

/// Does what the floor orders, as a CTI server that agrees to everything would.
fn drain(floor: &mut Floor, seen: &Mutex<Seen>) {
    while let Some(output) = floor.poll_output() {
        match output {
            Output::Change(change) => seen.lock().unwrap().changes.push(change),
            Output::Note(_) => {}
            Output::Cti(CtiCommand::QueryAgentState { token, agent }) => {
                floor.handle_cti(now(), report(agent, State::Logout, None, None, Some(token)));
            }
            Output::Cti(CtiCommand::SetAgentState(order)) => {
                let deaf = {
                    let mut seen = seen.lock().unwrap();
                    seen.orders.push(order.clone());
                    seen.deaf
                };
                if !deaf {
                    obey(floor, order);
                }
            }
            Output::Cti(CtiCommand::Call(order)) => seen.lock().unwrap().call_orders.push(order),
            Output::Cti(
                CtiCommand::SnapshotDevice { token, .. } | CtiCommand::SnapshotCall { token, .. },
            ) => {
                floor.handle_cti(now(), CtiInput::DeviceSnapshot { token, calls: Vec::new() });
            }
        }
    }
}

fn obey(floor: &mut Floor, order: SetAgentState) {
    floor.handle_cti(now(), CtiInput::Confirmed { token: order.token });
    let state = if order.state == State::Login { State::NotReady } else { order.state };
    let reason = Some(order.reason).filter(|reason| *reason != 0);
    floor.handle_cti(now(), report(order.agent, state, Some(order.extension), reason, None));
}

fn report(
    agent: AgentId,
    state: State,
    extension: Option<String>,
    reason: Option<u16>,
    answers: Option<Token>,
) -> CtiInput {
    CtiInput::AgentState(AgentStateReport {
        agent,
        extension,
        place: PlaceReport::default(),
        state,
        reason,
        next: None,
        answers,
    })
}

/// The telephones of extension 905.
fn shared_line() -> Arc<[Terminal]> {
    let terminal =
        |id: &str, kind, kind_name: &str| Terminal { id: id.into(), kind, kind_name: kind_name.into() };
    [terminal("SEP0A", 684, "Desk phone"), terminal("CSF0B", 503, "Soft <phone>")].into()
}

/// Chats for everybody and claims for nobody.
fn task_routing() -> MediaClient {
    let domain = |id, name: &str, teams: &[u32]| media::Domain {
        id: media::DomainId(id),
        name: name.into(),
        description: String::new(),
        interruptible: false,
        teams: teams.iter().copied().map(TeamId).collect(),
        selectors: vec![name.into()],
        start_timeout: Duration::from_secs(60),
        task_life: Duration::from_secs(600),
    };
    let domains = [domain(5001, "Chat", &[]), domain(5004, "Claim", &[4_000_000])];
    let policy = media::Policy { presence_grace: Duration::from_secs(60) };
    let mut routing = media::TaskRouting::new(domains, policy, 1_800);
    let (jobs, mut mailbox) = mpsc::channel::<Job<media::TaskRouting>>(16);
    tokio::spawn(async move {
        while let Some(job) = mailbox.recv().await {
            job(&mut routing, now());
            while routing.poll_output().is_some() {}
        }
    });
    MediaClient::new(jobs)
}

impl Service {
    /// In service, everybody signed out.
    pub async fn open() -> Self {
        let service = Self::without_link().await;
        service.link_up().await;
        service
    }

    /// The same, of the other deployment type.
    pub async fn open_as_ccx() -> Self {
        let service = Self::without_link_as("UCCX").await;
        service.link_up().await;
        service
    }

    pub async fn without_link() -> Self {
        Self::without_link_as("UCCE").await
    }

    async fn without_link_as(deployment_type: &str) -> Self {
        Self::without_link_with(SystemIdentity { deployment_type: deployment_type.into(), ..identity() })
            .await
    }

    /// In service, as the secondary node of a pair.
    pub async fn open_as_secondary(deployment_type: &str) -> Self {
        let service = Self::without_link_with(SystemIdentity {
            primary_host: Some("desk-a.example".into()),
            deployment_type: deployment_type.into(),
            ..identity()
        });
        let service = service.await;
        service.link_up().await;
        service
    }

    async fn without_link_with(system: SystemIdentity) -> Self {
        let (jobs, mut mailbox) = mpsc::channel::<Job>(16);
        let seen = Arc::new(Mutex::new(Seen::default()));
        let shown = seen.clone();
        let is_ccx = system.deployment_type == "UCCX";
        tokio::spawn(async move {
            let deployment = if is_ccx { Deployment::Uccx } else { Deployment::Ucce };
            let policy = Policy {
                deployment,
                conference_parties_max: Some(3),
                mobile_agents: true,
                terminals: [("905".to_owned(), shared_line())].into(),
                ..Policy::default()
            };
            let mut floor = Floor::new(roster(), policy);
            while let Some(job) = mailbox.recv().await {
                job(&mut floor, now());
                drain(&mut floor, &shown);
            }
        });
        let floor = FloorClient::new(jobs);
        let mut registry = Registry::default();
        let forbidden_characters = ForbiddenCharacters::default();
        registry.register(
            "aplomb_forbidden_characters",
            "As the server registers it",
            forbidden_characters.clone(),
        );
        let folder = tempfile::tempdir().unwrap();
        let place =
            store::Place::parse(&format!("sqlite:{}", folder.path().join("store").display())).unwrap();
        let store = store::Store::open(place, store::Role::Server, store::Metrics::default()).await.unwrap();
        let (announcements, announced) = mpsc::channel(64);
        let connected = Arc::new(Mutex::new(ConnectedUsers { on_desktops: 3, elsewhere: 2 }));
        let counted = connected.clone();
        let services = Services {
            floor: floor.clone(),
            media: task_routing(),
            credentials: credentials::Checker::new(accounts()),
            catalogue: catalogue(&store).await,
            system,
            site: Site::default(),
            metrics: Metrics::register(&mut registry, forbidden_characters),
            store: Some(store.clone()),
            announcements,
            diagnostician: Some(Diagnostician::new(Arc::new(books::Books))),
            count_users: CountUsers::new(move || {
                let users = *counted.lock().unwrap();
                Box::pin(async move { users })
            }),
            limits: limits::Limits::default(),
        };
        Self {
            router: router(services),
            floor,
            seen,
            registry,
            announced: Mutex::new(announced),
            store,
            connected,
            _folder: folder,
        }
    }

    /// Node and payload of what was published last.
    pub fn announced(&self) -> (String, String) {
        let published = self.announced.lock().unwrap().try_recv().unwrap();
        (published.node, String::from_utf8(published.payload.to_vec()).unwrap())
    }

    /// Who changed what, the newest first.
    pub async fn audit(&self) -> Vec<store::Entry> {
        self.store.audit(None, 100).await.unwrap()
    }

    pub fn forget_announced(&self) {
        while self.announced.lock().unwrap().try_recv().is_ok() {}
    }

    pub async fn link_up(&self) {
        let server = "cti.example:42027".to_owned();
        let up = CtiInput::LinkUp { version: 24, peripheral_id: 77, heartbeat_secs: 5, server };
        self.floor.call(|floor, now| floor.handle_cti(now, up)).await.unwrap();
    }

    pub async fn link_down(&self) {
        let down = CtiInput::LinkDown { reason: "the peer closed".into() };
        self.floor.call(|floor, now| floor.handle_cti(now, down)).await.unwrap();
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        assert_eq!(parts.headers.get("cache-control").unwrap(), "no-cache, no-store");
        let body = String::from_utf8(body.to_vec()).unwrap();
        let answer = Answer { status: parts.status, headers: parts.headers, body };
        described::check(&method, &path, &answer);
        answer
    }

    pub async fn call(&self, method: &str, user: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.send(request(method, user, path).body(body.into()).unwrap()).await
    }

    pub async fn get(&self, user: &str, path: &str) -> Answer {
        self.call("GET", user, path, "").await
    }

    pub async fn put(&self, user: &str, path: &str, body: impl Into<Body>) -> Answer {
        self.call("PUT", user, path, body).await
    }

    /// Signs the agent in on extension 901.
    pub async fn sign_in(&self, user: &str) {
        self.sign_in_on(user, "901").await;
    }

    pub async fn sign_in_on(&self, user: &str, extension: &str) {
        let body = format!("<User><state>LOGIN</state><extension>{extension}</extension></User>");
        let answer = self.put(user, &format!("/finesse/api/User/{user}"), body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED);
        self.settle().await;
        self.forget();
    }

    /// Waits until all that was asked of the floor before has had its effect.
    pub async fn settle(&self) {
        self.floor.call(|_, _| ()).await.unwrap();
    }

    pub fn forget(&self) {
        let mut seen = self.seen.lock().unwrap();
        seen.orders.clear();
        seen.call_orders.clear();
        seen.changes.clear();
    }

    pub async fn order(&self) -> SetAgentState {
        self.settle().await;
        let orders = std::mem::take(&mut self.seen.lock().unwrap().orders);
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders[0].clone()
    }

    /// A customer's call that the agent at this extension has answered.
    pub async fn talk(&self, call: u32, extension: &str) {
        let station = Device { kind: DeviceKind::Station, address: extension.into() };
        let customer = Device { kind: DeviceKind::External, address: "5550199".into() };
        let what = CallHappened::Established {
            answering: station,
            calling: customer.clone(),
            called: Device { kind: DeviceKind::RoutePoint, address: "7000".into() },
            queue: None,
        };
        let connection = Connection { call: CallId(call), dynamic: false, device: extension.into() };
        self.call_event(CallEvent { connection, cause: Cause::None, what }).await;
        self.forget();
    }

    pub async fn call_event(&self, event: CallEvent) {
        self.floor.call(move |floor, now| floor.handle_cti(now, CtiInput::Call(event))).await.unwrap();
        self.settle().await;
    }

    /// The only order about a call since the last look.
    pub async fn call_order(&self) -> CallOrder {
        self.settle().await;
        let orders = std::mem::take(&mut self.seen.lock().unwrap().call_orders);
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders[0].clone()
    }

    pub async fn confirm(&self, order: &CallOrder) {
        let token = order.token;
        self.floor
            .call(move |floor, now| floor.handle_cti(now, CtiInput::Confirmed { token }))
            .await
            .unwrap();
    }

    pub async fn no_orders(&self) -> bool {
        self.settle().await;
        self.seen.lock().unwrap().orders.is_empty()
    }

    pub fn metrics(&self) -> String {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry).unwrap();
        text
    }
}

pub fn request(method: &str, user: &str, path: &str) -> http::request::Builder {
    let builder = Request::builder().method(method).uri(path);
    if user.is_empty() { builder } else { builder.header("authorization", basic(user, PASSWORD)) }
}

pub fn basic(user: &str, password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")))
}
