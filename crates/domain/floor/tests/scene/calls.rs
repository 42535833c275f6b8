//! Calls for the scene: events as a CTI server sends them, and what clients are told, in one line each.

use super::{Scene, id};
use aplomb_floor::*;

pub const CUSTOMER: &str = "5550199";
pub const LINE: &str = "7000";

/// Agents 11 and 12 signed in on 901 and 902, supervisor 71 on 971.
pub fn office() -> Scene {
    office_with(super::small_roster(), Policy::default())
}

/// The same, of Unified CCX.
pub fn ccx_office() -> Scene {
    office_with(super::small_roster(), Policy { deployment: Deployment::Uccx, ..Policy::default() })
}

/// The same people and telephones, of another kind.
pub fn office_with(roster: Roster, policy: Policy) -> Scene {
    let mut scene = Scene::open_with(roster, policy);
    scene.reports("11", State::Ready, "901", None);
    scene.reports("12", State::NotReady, "902", None);
    scene.reports("71", State::NotReady, "971", None);
    scene.forget();
    scene
}

pub fn connection(call: u32, device: &str) -> Connection {
    Connection { call: CallId(call), dynamic: false, device: device.into() }
}

pub fn device(number: &str) -> Device {
    let kind = match number {
        "" => DeviceKind::None,
        LINE => DeviceKind::RoutePoint,
        _ if number.starts_with("555") => DeviceKind::External,
        _ => DeviceKind::Station,
    };
    Device { kind, address: number.into() }
}

pub fn variable(number: usize, value: &str) -> CallData {
    let mut data = CallData::default();
    data.variables[number - 1] = Some(value.to_owned());
    data
}

/// After a gap agent 11 is in this state on 901 and the others are as they were; answers up to the devices.
pub fn back_with(scene: &mut Scene, state: State) -> Vec<CtiCommand> {
    scene.link_down();
    scene.link_up();
    while let Some(at) =
        scene.commands.iter().position(|command| matches!(command, CtiCommand::QueryAgentState { .. }))
    {
        let CtiCommand::QueryAgentState { token, agent } = scene.commands.remove(at) else { continue };
        let known = scene.agent(agent.as_str());
        let told = if agent.as_str() == "11" { state } else { known.state };
        let extension = Some(known.extension.clone()).filter(|_| told.is_signed_in());
        let report = AgentStateReport {
            agent,
            extension,
            place: PlaceReport::default(),
            state: told,
            reason: None,
            next: None,
            answers: Some(token),
        };
        scene.cti(CtiInput::AgentState(report));
    }
    scene.forget_changes();
    std::mem::take(&mut scene.commands)
}

/// Answers what is asked of devices: 901 has these calls, the others none.
pub fn devices(scene: &mut Scene, questions: Vec<CtiCommand>, at_901: &[(u32, ConnectionState)]) {
    for question in questions {
        let CtiCommand::SnapshotDevice { token, instrument } = question else { panic!("{question:?}") };
        let has = at_901.iter().filter(|_| instrument.as_str() == "901");
        let calls = has.map(|(call, state)| DeviceCall {
            connection: connection(*call, "901"),
            state: *state,
            monitored: MonitorStatus::None,
        });
        scene.cti(CtiInput::DeviceSnapshot { token, calls: calls.collect() });
    }
}

pub fn snapshot(call: u32, parties: &[(&str, ConnectionState)]) -> CallSnapshot {
    let parties = parties.iter().map(|(at, state)| SnapshotParty {
        connection: connection(call, at),
        device: device(at),
        state: *state,
    });
    CallSnapshot {
        call: CallId(call),
        call_type: CallType::PrerouteAcdIn,
        data: Box::new(CallData {
            ani: Some(CUSTOMER.into()),
            dialed_number: Some(LINE.into()),
            ..variable(1, "new")
        }),
        parties: parties.collect(),
    }
}

impl Scene {
    pub fn call(&mut self, call: u32, at: &str, what: CallHappened) {
        self.call_because(call, at, Cause::None, what);
    }

    pub fn call_because(&mut self, call: u32, at: &str, cause: Cause, what: CallHappened) {
        self.cti(CtiInput::Call(CallEvent { connection: connection(call, at), cause, what }));
    }

    pub fn begin(&mut self, call: u32, call_type: CallType) {
        let data =
            CallData { dialed_number: Some(LINE.into()), dnis: Some("7999".into()), ..variable(1, "gold") };
        self.call(call, "", CallHappened::Begun { call_type, data: Box::new(data) });
    }

    pub fn initiated(&mut self, call: u32, from: &str) {
        self.call(call, from, CallHappened::ServiceInitiated { calling: device(from) });
    }

    pub fn originated(&mut self, call: u32, from: &str, to: &str) {
        self.call(call, from, CallHappened::Originated { calling: device(from), called: device(to) });
    }

    pub fn delivered(&mut self, call: u32, at: &str, from: &str, to: &str) {
        let delivered = CallHappened::Delivered {
            alerting: device(at),
            calling: device(from),
            called: device(to),
            state: ConnectionState::Alerting,
            queue: None,
            data: Box::default(),
        };
        self.call(call, at, delivered);
    }

    pub fn established(&mut self, call: u32, at: &str, from: &str, to: &str) {
        let (answering, calling, called) = (device(at), device(from), device(to));
        self.call(call, at, CallHappened::Established { answering, calling, called, queue: None });
    }

    pub fn held(&mut self, call: u32, at: &str) {
        self.call(call, at, CallHappened::Held { holding: device(at) });
    }

    pub fn retrieved(&mut self, call: u32, at: &str) {
        self.call(call, at, CallHappened::Retrieved { retrieving: device(at) });
    }

    pub fn leaves(&mut self, call: u32, at: &str) {
        self.call(call, at, CallHappened::ConnectionCleared { releasing: device(at) });
    }

    pub fn cleared(&mut self, call: u32) {
        self.call(call, "", CallHappened::Cleared);
    }

    pub fn ended(&mut self, call: u32) {
        self.call(call, "", CallHappened::Ended);
    }

    /// A customer's routed call that agent 11 has answered.
    pub fn talk(&mut self, call: u32) {
        self.begin(call, CallType::PrerouteAcdIn);
        self.delivered(call, "901", CUSTOMER, LINE);
        self.reports("11", State::Reserved, "901", None);
        self.established(call, "901", CUSTOMER, LINE);
        self.reports("11", State::Talking, "901", None);
        self.forget();
    }

    /// As [`Scene::talk`] with call 1; agent 11 holds it and speaks with agent 12 in call 2.
    pub fn consult(&mut self) {
        self.talk(1);
        self.held(1, "901");
        self.begin(2, CallType::Consult);
        self.initiated(2, "901");
        self.originated(2, "901", "902");
        self.delivered(2, "902", "901", "902");
        self.established(2, "902", "901", "902");
        self.forget();
    }

    pub fn hang_up(&mut self, call: u32) {
        self.leaves(call, "901");
        self.leaves(call, CUSTOMER);
        self.cleared(call);
        self.ended(call);
    }

    pub fn wish(&mut self, agent: &str, action: DialogWish, request_id: &str) -> Result<(), DialogRefusal> {
        let request_id = (!request_id.is_empty()).then(|| request_id.to_owned());
        let request = DialogRequest { agent: id(agent), action, request_id };
        let outcome = self.floor.request_dialog(self.now(), request);
        self.drain();
        outcome
    }

    pub fn act(&mut self, agent: &str, call: u32, act: Act, request_id: &str) -> Result<(), DialogRefusal> {
        self.wish(agent, DialogWish::Act { call: CallId(call), target: None, act }, request_id)
    }

    /// The only order about a call since the last look.
    pub fn call_order(&mut self) -> CallOrder {
        let orders = self.call_orders();
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders[0].clone()
    }

    pub fn call_orders(&mut self) -> Vec<CallOrder> {
        let orders = self.commands.iter().filter_map(|command| match command {
            CtiCommand::Call(order) => Some(order.clone()),
            _ => None,
        });
        let orders = orders.collect();
        self.commands.clear();
        orders
    }

    pub fn confirm_call(&mut self, order: &CallOrder) {
        self.cti(CtiInput::Confirmed { token: order.token });
    }

    /// What was told about dialogs since the last look: `POST 1 ALERTING 901:ALERTING(ANSWER) 5550199:INITIATED > 11`.
    pub fn told(&mut self) -> Vec<String> {
        let told = self.changes.iter().filter_map(|change| match change {
            Change::Dialog { dialog, event, told } => {
                let event = match event {
                    DialogEvent::Added => "POST",
                    DialogEvent::Changed => "PUT",
                    DialogEvent::Removed => "DELETE",
                };
                let parts: Vec<String> = dialog.participants.iter().map(part).collect();
                let who: Vec<String> = told.iter().map(who).collect();
                let (id, state) = (dialog.id, dialog.state.name());
                Some(format!("{event} {id} {state} {} > {}", parts.join(" "), who.join(" ")))
            }
            Change::DialogRequestFailed { agent, call, request_id, error } => {
                let call = call.map(|call| call.to_string()).unwrap_or_default();
                let request = request_id.as_deref().unwrap_or_default();
                Some(format!(
                    "ERROR {call} {} {} > {agent}({request})",
                    error.error_type, error.error_message
                ))
            }
            _ => None,
        });
        let told = told.collect();
        self.changes.clear();
        told
    }

    pub fn dialog(&self, call: u32) -> &Dialog {
        self.floor.dialog(CallId(call)).unwrap()
    }

    pub fn actions(&self, call: u32, at: &str) -> Vec<&'static str> {
        let dialog = self.dialog(call);
        let part = dialog.participants.iter().find(|part| part.address.as_str() == at).unwrap();
        part.actions.iter().map(|action| action.name()).collect()
    }
}

fn part(part: &Participant) -> String {
    let cause = part.cause.map(|cause| format!("/{}", cause.name())).unwrap_or_default();
    format!("{}:{}{cause}", part.address.as_str(), part.state.name())
}

fn who(told: &Told) -> String {
    let request = told.request_id.as_ref().map(|request| format!("({request})")).unwrap_or_default();
    format!("{}{request}", told.agent)
}
