//! What is written is what is read, whatever the values and the version; and no bytes bring the reader down.

#![allow(clippy::unwrap_used, reason = "a test may panic")]

use bytes::Bytes;
use ged188::message::{
    AgentStateEvent, OpenConf, OpenReq, QueryAgentStateConf, SetAgentStateReq, SkillGroup,
};
use ged188::{AgentState, Deframer, Dialect, Frame, Message, Secret, Services, limits};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = Option<String>> {
    proptest::option::of("[^\\x00]{0,20}")
}

fn skill_groups() -> impl Strategy<Value = Vec<SkillGroup>> {
    let group =
        (any::<u32>(), any::<u32>(), any::<u16>(), any::<u16>()).prop_map(|(number, id, priority, state)| {
            SkillGroup { number, id, priority, state: AgentState(state) }
        });
    proptest::collection::vec(group, 0..20)
}

prop_compose! {
    fn agent_state_event()(
        numbers in any::<[u32; 5]>(),
        small in any::<[u16; 4]>(),
        (client_signature, agent_id, agent_extension, agent_instrument) in (text(), text(), text(), text()),
        duration_secs in any::<Option<u32>>(),
        next in any::<Option<u16>>(),
        skill_groups in skill_groups(),
    ) -> Message {
        AgentStateEvent {
            monitor_id: numbers[0],
            state_duration_secs: numbers[1],
            skill_group_number: numbers[2],
            num_tasks: numbers[3],
            icm_agent_id: numbers[4],
            skill_group_state: AgentState(small[0]),
            agent_state: AgentState(small[1]),
            event_reason_code: small[2],
            agent_mode: small[3],
            client_signature, agent_id, agent_extension, agent_instrument, duration_secs, skill_groups,
            next_agent_state: next.map(AgentState),
            ..AgentStateEvent::default()
        }.into()
    }
}

prop_compose! {
    fn set_agent_state()(
        invoke_id in any::<u32>(),
        state in any::<u16>(),
        event_reason_code in any::<u16>(),
        forced_flag in any::<u8>(),
        (agent_id, agent_instrument) in (text(), text()),
        password in proptest::option::of("[^\\x00]{0,20}"),
    ) -> Message {
        SetAgentStateReq {
            invoke_id, event_reason_code, forced_flag, agent_id, agent_instrument,
            agent_state: AgentState(state),
            agent_password: password.map(|password| Secret::from_text(&password)),
            ..SetAgentStateReq::default()
        }.into()
    }
}

prop_compose! {
    fn open_req()(
        numbers in any::<[u32; 6]>(),
        (client_id, client_signature, agent_id) in (text(), text(), text()),
    ) -> Message {
        OpenReq {
            invoke_id: numbers[0],
            idle_timeout_secs: numbers[1],
            peripheral_id: numbers[2],
            services: Services(numbers[3]),
            call_events: numbers[4],
            agent_states: numbers[5],
            client_password: Some(Secret::default()),
            client_id, client_signature, agent_id,
            ..OpenReq::default()
        }.into()
    }
}

prop_compose! {
    fn answers()(numbers in any::<[u32; 3]>(), state in any::<u16>(), groups in skill_groups(), id in text()) -> Vec<Message> {
        let conf = QueryAgentStateConf {
            invoke_id: numbers[0],
            agent_state: AgentState(state),
            icm_agent_id: numbers[1],
            skill_groups: groups,
            agent_id: id.clone(),
            ..QueryAgentStateConf::default()
        };
        let open = OpenConf {
            invoke_id: numbers[0],
            services: Services(numbers[1]),
            pg_status: numbers[2],
            agent_id: id,
            ..OpenConf::default()
        };
        vec![conf.into(), open.into()]
    }
}

fn frame_of(bytes: &[u8]) -> Frame {
    let mut deframer = Deframer::new(limits::MESSAGE_BYTES_MAX);
    deframer.push(bytes);
    deframer.next_frame().unwrap().unwrap()
}

proptest! {
    #[test]
    fn every_message_survives_the_wire_in_every_version(
        event in agent_state_event(),
        set in set_agent_state(),
        open in open_req(),
        answers in answers(),
        version in 10_u32..=25,
    ) {
        let dialect = Dialect::cce(version);
        for message in [event, set, open].into_iter().chain(answers) {
            let bytes = message.encode(dialect).unwrap();
            prop_assert_eq!(Message::decode(&frame_of(&bytes), dialect).unwrap(), message);
        }
    }

    #[test]
    fn any_body_is_read_or_refused(kind in 0_u32..60, body in proptest::collection::vec(any::<u8>(), 0..300), version in 5_u32..30) {
        let dialect = Dialect::cce(version);
        if let Ok(message) = Message::decode(&Frame { kind, body: Bytes::from(body) }, dialect) {
            let _ = message.encode(dialect);
        }
    }

    #[test]
    fn any_stream_gives_frames_or_an_error(chunks in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..40), 0..20)) {
        let mut deframer = Deframer::new(64);
        for chunk in &chunks {
            deframer.push(chunk);
            while let Ok(Some(frame)) = deframer.next_frame() {
                prop_assert!(frame.body.len() <= 56);
            }
        }
    }
}
