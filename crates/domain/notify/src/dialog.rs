//! `Dialog`: a call.

use crate::agent::time_text;
use crate::node;
use floor::{CallId, CallType, Dialog, MediaProperties, Participant};
use xml::Writer;

/// The full object, as in `GET /Dialog/{id}` and in notifications. `root` is `Dialog` or `dialog`. Elements that some
/// clients cannot do without are there even when empty.
pub fn write(writer: &mut Writer, root: &'static str, dialog: &Dialog) {
    let uri = |call: Option<CallId>| call.map(node::dialog).unwrap_or_default();
    writer.open(root);
    writer.leaf("associatedDialogUri", &uri(dialog.associated));
    writer.leaf("fromAddress", dialog.from.as_str());
    writer.leaf("id", &dialog.id.to_string());
    write_media(writer, &dialog.media);
    writer.leaf("mediaType", "Voice");
    writer.open("participants");
    for participant in &dialog.participants {
        write_participant(writer, participant);
    }
    writer.close();
    if let Some(callback) = &dialog.callback {
        writer.open("scheduledCallbackInfo");
        writer.leaf("callbackNumber", callback.number.as_str()).leaf("callbackTime", &callback.time);
        writer.close();
    }
    writer.leaf("secondaryId", &dialog.secondary.map(|call| call.to_string()).unwrap_or_default());
    writer.leaf("state", dialog.state.name());
    writer.leaf("toAddress", dialog.to.as_str());
    writer.leaf("uri", &node::dialog(dialog.id));
    writer.close();
}

/// The dialogs of an agent. COMPAT(finesse): clients look for both tags of an empty list.
pub fn write_list<'a>(writer: &mut Writer, root: &'static str, dialogs: impl Iterator<Item = &'a Dialog>) {
    writer.open(root);
    for dialog in dialogs {
        write(writer, "Dialog", dialog);
    }
    writer.close();
}

fn write_media(writer: &mut Writer, media: &MediaProperties) {
    writer.open("mediaProperties");
    writer.leaf("DNIS", media.dnis.as_str());
    if let Some(guid) = &media.call_guid {
        writer.leaf("callGUID", guid);
    }
    if let Some(key) = media.router_call_key {
        writer.leaf("callKeyCallId", &key.call.to_string());
        writer.leaf("callKeyPrefix", &key.day.to_string());
        writer.leaf("callKeySequenceNum", &key.sequence.to_string());
    }
    writer.leaf("callType", call_type_name(media.call_type));
    write_variables(writer, media);
    writer.leaf("dialedNumber", media.dialed_number.as_str());
    writer.leaf("mediaId", "1");
    writer.leaf("outboundClassification", &media.outbound_classification);
    writer.leaf("queueName", &media.queue_name);
    writer.leaf("queueNumber", &media.queue.map(|queue| queue.number.to_string()).unwrap_or_default());
    if !media.wrap_up.is_empty() {
        writer.open("wrapUpItems");
        for item in media.wrap_up_items() {
            writer.leaf("wrapUpItem", item);
        }
        writer.close();
    }
    writer.leaf("wrapUpReason", &media.wrap_up);
    writer.close();
}

fn write_variables(writer: &mut Writer, media: &MediaProperties) {
    let numbered =
        media.variables.iter().map(|variable| (format!("callVariable{}", variable.number), &variable.value));
    let ecc = media.ecc.iter().map(|variable| match variable.index {
        Some(index) => (format!("{}[{index}]", variable.name), &variable.value),
        None => (variable.name.clone(), &variable.value),
    });
    writer.open("callvariables");
    for (name, value) in numbered.chain(ecc) {
        writer.open("CallVariable").leaf("name", &name).leaf("value", value).close();
    }
    writer.close();
}

fn write_participant(writer: &mut Writer, participant: &Participant) {
    let time = |at: Option<jiff::Timestamp>| at.map(time_text).unwrap_or_default();
    writer.open("Participant");
    writer.open("actions");
    for action in &participant.actions {
        writer.leaf("action", action.name());
    }
    writer.close();
    writer.leaf("mediaAddress", participant.address.as_str());
    // Clients find the customer as the first party of another type.
    writer.leaf("mediaAddressType", if participant.is_agent { "AGENT_DEVICE" } else { "" });
    writer.leaf("startTime", &time(participant.started_at));
    writer.leaf("state", participant.state.name());
    writer.leaf("stateCause", participant.cause.map_or("", floor::StateCause::name));
    writer.leaf("stateChangeTime", &time(participant.changed_at));
    writer.close();
}

/// The guide's name of a kind of call.
pub(crate) fn call_type_name(call_type: CallType) -> &'static str {
    match call_type {
        CallType::AcdIn => "ACD_IN",
        CallType::PrerouteAcdIn => "PREROUTE_ACD_IN",
        CallType::PrerouteDirectAgent => "PREROUTE_DIRECT_AGENT",
        CallType::TransferIn => "TRANSFER",
        CallType::OverflowIn => "OVERFLOW_IN",
        CallType::OtherIn | CallType::NonAcd => "OTHER_IN",
        CallType::AutoOut => "AUTO_OUT",
        CallType::AgentOut => "AGENT_OUT",
        CallType::Out => "OUT",
        CallType::AgentInside => "AGENT_INSIDE",
        CallType::Offered => "OFFERED",
        CallType::Consult => "CONSULT",
        CallType::ConsultOffered => "CONSULT_OFFERED",
        CallType::ConsultConference | CallType::Conference => "CONFERENCE",
        CallType::Assist => "ASSIST_CALL",
        CallType::Emergency => "EMERGENCY",
        CallType::SupervisorMonitor | CallType::SupervisorWhisper => "SUPERVISOR_MONITOR",
        CallType::SupervisorBargeIn | CallType::SupervisorIntercept => "BARGE_IN_CONSULT",
        CallType::Preview | CallType::ReservationPreview => "OUTBOUND_PREVIEW",
        CallType::ReservationPreviewDirect => "OUTBOUND_DIRECT_PREVIEW",
        CallType::ReservationCallback | CallType::ReservationPersonalCallback => "OUTBOUND_CALLBACK_PREVIEW",
        CallType::Reservation
        | CallType::ReservationPredictive
        | CallType::CustomerPreview
        | CallType::CustomerPreviewDirect
        | CallType::CustomerPredictive
        | CallType::CustomerCallback
        | CallType::CustomerPersonal => "OUTBOUND",
        // COMPAT(finesse): the text that clients see after a failover, when nobody told the type.
        CallType::Unknown | CallType::Other(_) => "NULL",
    }
}
