//! Each message to and from the CTI server as a line of the debug log, with the fields of the original's log
//! (`msgID`, `msgName`). Phone numbers, passwords and what callers said are left out.

use ged188::Message;

/// A message that came.
pub(crate) fn received(server: &str, message: &Message) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        line(server, message, "from the CTI server");
    }
}

/// A message that goes.
pub(crate) fn sent(server: &str, message: &Message) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        line(server, message, "to the CTI server");
    }
}

fn line(server: &str, message: &Message, direction: &'static str) {
    let (msg_id, msg_name) = (message.kind(), message.name());
    match message {
        Message::AgentStateEvent(event) => tracing::debug!(
            server,
            msgID = msg_id,
            msgName = msg_name,
            agentID = event.agent_id,
            agentState = %event.agent_state,
            eventReasonCode = event.event_reason_code,
            skillGroupNumber = event.skill_group_number as i32,
            CTIClientSignature = event.client_signature,
            "{direction}"
        ),
        Message::SetAgentStateReq(request) => tracing::debug!(
            server,
            msgID = msg_id,
            msgName = msg_name,
            agentid = request.agent_id,
            agentstate = %request.agent_state,
            workmode = request.agent_work_mode,
            reasonCode = request.event_reason_code,
            forceflag = request.forced_flag,
            agentcapacity = request.agent_service_req,
            "{direction}"
        ),
        Message::QueryAgentStateReq(request) => {
            tracing::debug!(
                server,
                msgID = msg_id,
                msgName = msg_name,
                agentid = request.agent_id,
                "{direction}"
            );
        }
        _ => tracing::debug!(server, msgID = msg_id, msgName = msg_name, "{direction}"),
    }
}
