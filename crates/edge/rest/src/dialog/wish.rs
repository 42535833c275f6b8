//! What a `Dialog` document asks for. Elements may come in any order; unknown ones are ignored.

use crate::answer::ApiError;
use floor::{Act, Address, CallData, CallId, DialogWish, EccVariable, ScheduledCallback};
use xml::{Document, Node, child, child_text};

/// Bytes of an ECC variable's name: VariableName of GED-188 holds 33 with its terminator.
const ECC_NAME_BYTES_MAX: usize = 32;

/// A document that asks for a new dialog.
pub(super) fn of_collection(document: &Document<'_>) -> Result<DialogWish, ApiError> {
    let root = root(document)?;
    let from = || address(root, "fromAddress");
    let to = || address(root, "toAddress");
    match requested(root)?.as_str() {
        "MAKE_CALL" => Ok(DialogWish::MakeCall { from: from()?, to: to()?, data: Box::new(data(root)?) }),
        "SILENT_MONITOR" => Ok(DialogWish::SilentMonitor { from: from()?, to: to()? }),
        "BARGE_CALL" => Ok(DialogWish::BargeCall { from: from()?, to: to()?, call: associated(root)? }),
        _ => Err(unknown_action()),
    }
}

/// A document that asks for something about a dialog.
pub(super) fn of_dialog(call: CallId, document: &Document<'_>) -> Result<DialogWish, ApiError> {
    let root = root(document)?;
    let requested = requested(root)?;
    if requested == "PARTICIPANT_DROP" {
        return Ok(DialogWish::DropParticipant { call, target: address(root, "targetMediaAddress")? });
    }
    let to = || address(root, "toAddress");
    let act = match requested.as_str() {
        "ANSWER" => Act::Answer,
        "HOLD" => Act::Hold,
        "RETRIEVE" => Act::Retrieve,
        "DROP" => Act::Drop,
        "CONSULT_CALL" => Act::Consult { to: to()? },
        // Some clients name whom they consult, some name nobody: whom to join follows from the calls.
        "TRANSFER" => Act::Transfer,
        "CONFERENCE" => Act::Conference,
        "TRANSFER_SST" => Act::TransferSst { to: to()? },
        "SEND_DTMF" => Act::SendDtmf { keys: required_param(root, "dtmfString")?.into() },
        "UPDATE_CALL_DATA" => Act::UpdateCallData { data: Box::new(required_data(root)?) },
        "ACCEPT" => Act::Accept,
        "REJECT" => Act::Reject,
        "CLOSE" => Act::Close,
        "RECLASSIFY" => Act::Reclassify { classification: required_param(root, "outboundClassification")? },
        "UPDATE_SCHEDULED_CALLBACK" => Act::ScheduleCallback(callback(root)?),
        "CANCEL_SCHEDULED_CALLBACK" => Act::CancelCallback,
        "START_RECORDING" => Act::StartRecording,
        _ => return Err(unknown_action()),
    };
    // UPDATE_CALL_DATA has none in the guide's example; the others must say whose part it is.
    let target = match (&act, child_text(root, "targetMediaAddress").filter(|text| !text.is_empty())) {
        (Act::UpdateCallData { .. }, target) => target.map(Address::from),
        (_, Some(target)) => Some(Address::from(target)),
        (_, None) => return Err(ApiError::parameter_missing("targetMediaAddress")),
    };
    Ok(DialogWish::Act { call, target, act })
}

fn root<'a>(document: &'a Document<'_>) -> Result<Node<'a, 'a>, ApiError> {
    let root = document.root();
    match root.tag_name().name() {
        "Dialog" => Ok(root),
        _ => Err(ApiError::bad_request("The root element is not Dialog")),
    }
}

fn requested(root: Node<'_, '_>) -> Result<String, ApiError> {
    required(root, "requestedAction")
}

fn unknown_action() -> ApiError {
    ApiError::invalid_input("requestedAction", "Invalid requestedAction specified for dialog")
}

fn required(root: Node<'_, '_>, name: &str) -> Result<String, ApiError> {
    child_text(root, name).filter(|text| !text.is_empty()).ok_or_else(|| ApiError::parameter_missing(name))
}

fn address(root: Node<'_, '_>, name: &str) -> Result<Address, ApiError> {
    required(root, name).map(Address::from)
}

/// The dialog that `associatedDialogUri` names by its last segment.
fn associated(root: Node<'_, '_>) -> Result<CallId, ApiError> {
    let uri = required(root, "associatedDialogUri")?;
    let id = uri.strip_prefix("/finesse/api/Dialog/").and_then(|id| id.parse().ok());
    id.map(CallId).ok_or_else(|| {
        ApiError::invalid_input("associatedDialogUri", "Invalid associatedDialogUri specified for dialog")
    })
}

/// The value of `actionParams/ActionParam` with this name; empty ones are as absent.
fn param(root: Node<'_, '_>, name: &str) -> Option<String> {
    let params = child(root, "actionParams")?;
    let mut named = params.children().filter(|param| param.tag_name().name() == "ActionParam");
    let param = named.find(|param| child_text(*param, "name").as_deref() == Some(name))?;
    child_text(param, "value").filter(|value| !value.is_empty())
}

fn required_param(root: Node<'_, '_>, name: &str) -> Result<String, ApiError> {
    param(root, name).ok_or_else(|| ApiError::parameter_missing(name))
}

fn callback(root: Node<'_, '_>) -> Result<ScheduledCallback, ApiError> {
    let time = param(root, "callbackTime").unwrap_or_default();
    let number = Address::from(param(root, "callbackNumber").unwrap_or_default());
    if time.is_empty() && number.is_empty() {
        return Err(ApiError::parameter_missing("callbackTime"));
    }
    Ok(ScheduledCallback { time, number })
}

fn required_data(root: Node<'_, '_>) -> Result<CallData, ApiError> {
    let mut data = data(root)?;
    if let Some(media) = child(root, "mediaProperties") {
        data.wrap_up = child_text(media, "wrapUpReason").or_else(|| wrap_up_items(media));
    }
    let empty = data.wrap_up.is_none() && data.ecc.is_empty() && data.variables.iter().all(Option::is_none);
    if empty { Err(ApiError::parameter_missing("mediaProperties")) } else { Ok(data) }
}

/// The variables that `mediaProperties` sets.
fn data(root: Node<'_, '_>) -> Result<CallData, ApiError> {
    let mut data = CallData::default();
    let Some(media) = child(root, "mediaProperties") else { return Ok(data) };
    let variables = child(media, "callvariables").into_iter().flat_map(|variables| variables.children());
    for variable in variables.filter(|variable| variable.tag_name().name() == "CallVariable") {
        let name = required(variable, "name")?;
        let value = child_text(variable, "value").unwrap_or_default();
        set(&mut data, &name, value).ok_or_else(|| {
            ApiError::invalid_input("callvariables", "Invalid call variable name specified for dialog")
        })?;
    }
    Ok(data)
}

/// Several wrap-up reasons as one: the CTI protocol has one field for them.
fn wrap_up_items(media: Node<'_, '_>) -> Option<String> {
    let items = child(media, "wrapUpItems")?.children().filter(|item| item.tag_name().name() == "wrapUpItem");
    let items: Vec<&str> = items.filter_map(|item| item.text()).map(str::trim).collect();
    Some(items.join(&floor::WRAP_UP_SEPARATOR.to_string()))
}

/// `callVariable1`…`callVariable10`, or an ECC variable: `user.name`, `user.list[2]`, and the dialer's `BA…`.
fn set(data: &mut CallData, name: &str, value: String) -> Option<()> {
    if let Some(number) = name.strip_prefix("callVariable") {
        let at: usize = number.parse().ok().filter(|number| (1..=10).contains(number))?;
        data.variables[at - 1] = Some(value);
        return Some(());
    }
    let (name, index) = match name.strip_suffix(']').and_then(|name| name.split_once('[')) {
        Some((name, index)) => (name, Some(index.parse().ok()?)),
        None => (name, None),
    };
    let known = name.starts_with("user.") || name.starts_with("BA");
    if !known || name.len() > ECC_NAME_BYTES_MAX || name.contains(['[', ']']) {
        return None;
    }
    data.ecc.push(EccVariable { name: name.to_owned(), index, value });
    Some(())
}
