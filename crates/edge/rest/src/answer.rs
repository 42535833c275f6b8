//! What goes back: documents, and the errors of the Finesse guide.

use crate::Unavailable;
use accounts::Denial;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use floor::{DialogRefusal, Refusal};
use http::header::{ALLOW, CONTENT_LENGTH, CONTENT_TYPE, HeaderValue, LOCATION, WWW_AUTHENTICATE};
use http::{Method, StatusCode};
use store::StoreError;
use xml::{Layout, Writer};

/// COMPAT(finesse): written without a blank, as the original does.
const XML: HeaderValue = HeaderValue::from_static("application/xml;charset=UTF-8");

/// 200 with a document.
pub(crate) fn document(write: impl FnOnce(&mut Writer)) -> Response {
    with_document(StatusCode::OK, write)
}

fn with_document(status: StatusCode, write: impl FnOnce(&mut Writer)) -> Response {
    let mut writer = Writer::new(Layout::Compact);
    write(&mut writer);
    let (text, _) = writer.finish();
    (status, [(CONTENT_TYPE, XML)], text).into_response()
}

/// 200, no body: it is done.
pub(crate) fn done() -> Response {
    let mut response = Response::new(Body::empty());
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

/// 200, no body, and where the new object is. COMPAT(finesse): not 201.
pub(crate) fn created(url: &str) -> Response {
    let mut response = done();
    if let Ok(url) = HeaderValue::from_str(url) {
        response.headers_mut().insert(LOCATION, url);
    }
    response
}

/// 202, no body: the effect comes as a notification.
pub(crate) fn accepted() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::ACCEPTED;
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
    response
}

/// A request that was refused at once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ApiError {
    status: StatusCode,
    error_type: &'static str,
    data: String,
    message: String,
    /// Ask for credentials.
    challenge: bool,
    /// The methods there are, with 405.
    allow: Option<Box<str>>,
    /// Credentials that were refused.
    refused: Option<Box<RefusedSignIn>>,
}

/// Whose request was let in and answered, however it went: an extension of the response, for whoever keeps the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// loginId.
    pub id: String,
}

/// Credentials that were refused: an extension of the response, for whoever keeps the books.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefusedSignIn {
    /// The name as it was typed: not known to be anybody's.
    pub name: String,
    /// Why, for people.
    pub why: String,
}

impl ApiError {
    fn new(
        status: StatusCode,
        error_type: &'static str,
        data: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        let (data, message) = (data.into(), message.into());
        Self { status, error_type, data, message, challenge: false, allow: None, refused: None }
    }

    /// The client's document cannot be read.
    pub(crate) fn bad_request(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", "", message)
    }

    /// The body is longer than the limit.
    pub(crate) fn too_large(max: usize) -> Self {
        let message = format!("The body is longer than {max} bytes");
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "Bad Request", "", message)
    }

    /// The body says of itself that it is something else.
    pub(crate) fn wrong_type(expected: &str) -> Self {
        let message = format!("The body's Content-Type is none of: {expected}");
        Self::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "Bad Request", "Content-Type", message)
    }

    /// The body did not come in time.
    pub(crate) fn too_slow() -> Self {
        Self::new(StatusCode::REQUEST_TIMEOUT, "Bad Request", "", "The body did not come in time")
    }

    /// An element or parameter is missing or empty.
    pub(crate) fn parameter_missing(name: &str) -> Self {
        let mut capital = name.to_owned();
        capital[..1].make_ascii_uppercase();
        let message = format!("{capital} Parameter missing");
        Self::new(StatusCode::BAD_REQUEST, "Parameter Missing", name, message)
    }

    /// An element or parameter has a value that is not allowed.
    pub(crate) fn invalid_input(name: &str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Invalid Input", name, message)
    }

    /// The same, in the words of resources whose tables know no Invalid Input.
    pub(crate) fn bad_parameter(name: &str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", name, message)
    }

    /// There are as many as there may be.
    pub(crate) fn maximum_exceeded(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Maximum Exceeded", "", message)
    }

    /// Something else needs it.
    pub(crate) fn in_use(what: &str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "In Use", what, message)
    }

    /// It clashes with what is there: a duplicate, a reference to nothing.
    pub(crate) fn clash(data: &str, message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Finesse API Error", data, message)
    }

    /// A range that there cannot be.
    pub(crate) fn range_not_satisfiable(last: usize) -> Self {
        let message = format!("Range must be 1-{last} objects");
        Self::new(StatusCode::RANGE_NOT_SATISFIABLE, "Range Not Satisfiable", "Range", message)
    }

    /// A state that cannot be asked for.
    pub(crate) fn invalid_state() -> Self {
        Self::invalid_input("state", "Invalid State specified for user")
    }

    /// A reason code that cannot be given here.
    pub(crate) fn invalid_reason() -> Self {
        Self::invalid_input("reasonCodeId", "Invalid reasonCodeId specified for user")
    }

    /// No credentials, or wrong ones.
    pub(crate) fn unauthorized(name: &str) -> Self {
        let error = Self::new(StatusCode::UNAUTHORIZED, "Authorization Failure", name, "UNAUTHORIZED");
        Self { challenge: true, ..error }
    }

    /// Wrong ones, and why.
    pub(crate) fn sign_in_refused(name: &str, why: &Denial) -> Self {
        let refused = RefusedSignIn { name: name.to_owned(), why: why.to_string() };
        Self { refused: Some(Box::new(refused)), ..Self::unauthorized(name) }
    }

    /// Right credentials, but for somebody else's object.
    pub(crate) fn not_own(user: &str) -> Self {
        let message = "The user specified in the authentication credentials and the uri don't match";
        Self::new(StatusCode::UNAUTHORIZED, "Invalid Authorization User Specified", user, message)
    }

    /// A supervisor, but of other teams.
    pub(crate) fn not_supervised(user: &str) -> Self {
        let message = "The user specified in the authentication credentials does not supervise this team";
        Self::new(StatusCode::UNAUTHORIZED, "Invalid Supervisor", user, message)
    }

    /// No supervisor where one is needed.
    pub(crate) fn no_supervisor(user: &str) -> Self {
        let message = format!("User ({user}) is not an authorized supervisor.");
        Self::new(StatusCode::UNAUTHORIZED, "Invalid Authorization User Specified", user, message)
    }

    /// No administrator where one is needed (guide, tables of the configuration APIs).
    pub(crate) fn no_administrator(user: &str) -> Self {
        let message = format!("User ({user}) is not an administrator.");
        Self::new(StatusCode::UNAUTHORIZED, "Authorization Failure", user, message)
    }

    /// Not while things are as they are.
    pub(crate) fn wrong_moment(message: &str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Invalid State", "", message)
    }

    /// Ours to mend.
    pub(crate) fn internal() -> Self {
        let message = "The request failed for a reason that is the server's own";
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error", "", message)
    }

    /// Right credentials, and nobody's fault: not here, or not for this caller.
    pub(crate) fn forbidden(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "", message)
    }

    /// No such user.
    pub(crate) fn user_not_found(name: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "User Not Found", name, "UNKNOWN_USER")
    }

    /// No such thing.
    pub(crate) fn not_found(name: &str, message: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", name, message)
    }

    /// A method that the resource does not have.
    pub(crate) fn method_not_allowed(method: &Method, allow: &str) -> Self {
        let message = format!("This resource has {allow}");
        let error = Self::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed", method.as_str(), message);
        Self { allow: Some(allow.into()), ..error }
    }

    pub(crate) fn unavailable(message: &str) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable", "", message)
    }

    /// A refusal of the floor for the user that the URI names.
    pub(crate) fn refused(refusal: &Refusal, user: &str) -> Self {
        match refusal {
            Refusal::UnknownAgent(_) => Self::user_not_found(user),
            Refusal::NotOwn { .. } => Self::not_own(user),
            Refusal::NotSupervised { .. } => Self::not_supervised(user),
            Refusal::NotSettable(_) => Self::invalid_state(),
            Refusal::ExtensionMissing => Self::parameter_missing("extension"),
            Refusal::ExtensionTooLong { .. } | Refusal::ExtensionNotOne => {
                Self::invalid_input("extension", "Invalid extension specified for user")
            }
            Refusal::NoMobileAgents => Self::invalid_input("mobileAgent", "Mobile agents are not enabled"),
            Refusal::DialNumberMissing => Self::parameter_missing("dialNumber"),
            Refusal::DialNumberNotDialable | Refusal::DialNumberTooLong { .. } => {
                Self::invalid_input("dialNumber", "Invalid dialNumber specified for mobile agent")
            }
            Refusal::UnknownTerminal => {
                Self::invalid_input("activeDeviceId", "The extension has no such device")
            }
            Refusal::ReasonNotAllowed | Refusal::UnknownReason(_) => Self::invalid_reason(),
            Refusal::QueueFull { .. } => Self::unavailable("Too many requests for this user are under way"),
            Refusal::OutOfService => Self::unavailable("The system is out of service"),
        }
    }
}

impl ApiError {
    /// No such dialog.
    pub(crate) fn dialog_not_found() -> Self {
        Self::not_found("dialogId", "Invalid dialogId specified for dialog")
    }

    /// Something that another deployment type has.
    pub(crate) fn not_implemented(what: &str) -> Self {
        let message = "This deployment type does not have it";
        Self::new(StatusCode::NOT_IMPLEMENTED, "Not Implemented", what, message)
    }

    /// A refusal of the floor for a request about a call.
    ///
    /// COMPAT(finesse): `dtmf` in a wrong state is 401, as the guide's table has it.
    pub(crate) fn dialog_refused(refusal: &DialogRefusal, user: &str, dtmf: bool) -> Self {
        let bad = |error_type, data: &str, message: &str| {
            Self::new(StatusCode::BAD_REQUEST, error_type, data, message)
        };
        match refusal {
            DialogRefusal::UnknownAgent(_) => Self::user_not_found(user),
            DialogRefusal::UnknownDialog(_) => Self::dialog_not_found(),
            DialogRefusal::NotOwnAddress(name) => {
                Self::invalid_input(name, &format!("Invalid {name} specified for dialog"))
            }
            DialogRefusal::NobodyThere(name) => {
                Self::invalid_input(name, &format!("Nobody is at the {name} specified for dialog"))
            }
            // COMPAT(finesse): the types of these two are numbers
            DialogRefusal::NotController(_) => {
                bad("20999", "requestedAction", "Only who made the conference adds to it")
            }
            DialogRefusal::ConferenceFull { max } => {
                bad("20700", "requestedAction", &format!("A conference has room for {max}"))
            }
            DialogRefusal::NoSupervisor(_) | DialogRefusal::MayNotDrop(_) => Self::no_supervisor(user),
            DialogRefusal::NotSupervised { agent, .. } => Self::not_supervised(agent.as_str()),
            DialogRefusal::InvalidState if dtmf => Self::new(
                StatusCode::UNAUTHORIZED,
                "Invalid State",
                "requestedAction",
                "The call is not in a state for this action",
            ),
            DialogRefusal::InvalidState => {
                bad("Invalid State", "requestedAction", "The call is not in a state for this action")
            }
            DialogRefusal::InvalidDestination => {
                bad("Invalid Destination", "toAddress", "The call would be from and to the same address")
            }
            DialogRefusal::InvalidInput { name, why } => {
                Self::invalid_input(name, &format!("{name} is {why}"))
            }
            DialogRefusal::QueueFull { .. } => {
                Self::unavailable("Too many requests for this dialog are under way")
            }
            DialogRefusal::NotInDeployment(what) => Self::not_implemented(what),
            DialogRefusal::OutOfService => Self::unavailable("The system is out of service"),
        }
    }
}

impl ApiError {
    /// As many messages to teams as there may be. COMPAT(finesse): with the original's words.
    pub(crate) fn too_many_messages() -> Self {
        let (data, message) = ("teammessage.max.limit.exceeded", "MAX_ACTIVE_MESSAGE_LIMIT_EXCEEDED");
        Self::new(StatusCode::BAD_REQUEST, "System Resource Limit Exceeded", data, message)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(what) => Self::not_found("", &format!("There is no {what}")),
            StoreError::Conflict(why) | StoreError::Limit(why) => Self::invalid_input("", &why),
            error => {
                tracing::error!(%error, "the store refused");
                Self::unavailable("The store is not available at the moment")
            }
        }
    }
}

impl From<Unavailable> for ApiError {
    fn from(Unavailable: Unavailable) -> Self {
        Self::unavailable("The system is too busy or shutting down")
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let mut response = with_document(self.status, |writer| {
            notify::error::write_answered(writer, self.error_type, &self.data, &self.message);
        });
        let headers = response.headers_mut();
        if self.challenge {
            // The other 401s carry none: their credentials are right, and others would not be asked for.
            let challenge = HeaderValue::from_static("Basic realm=\"Aplomb\", charset=\"UTF-8\"");
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(allow) = self.allow.as_deref().and_then(|allow| HeaderValue::from_str(allow).ok()) {
            headers.insert(ALLOW, allow);
        }
        if let Some(refused) = self.refused {
            response.extensions_mut().insert(*refused);
        }
        response
    }
}
