//! `ApiErrors`: why something was not done.

use floor::RequestError;
use xml::Writer;

/// A failure on the CTI side, as notified. The order of the children is that of the 12.5 captures.
pub fn write_notified(writer: &mut Writer, error: &RequestError) {
    writer.open("apiErrors").open("apiError");
    if let Some(code) = error.peripheral_error {
        writer.leaf("peripheralErrorCode", &code.to_string());
    }
    writer.leaf("errorType", error.error_type);
    writer.leaf("errorMessage", &error.error_message);
    if let Some(name) = error.peripheral_error.and_then(peripheral_name) {
        writer.leaf("peripheralErrorMsg", name);
    }
    writer.leaf("errorData", &error.error_data.to_string());
    writer.close().close();
}

/// A refusal, as the body of an answer of the web service.
pub fn write_answered(writer: &mut Writer, error_type: &str, data: &str, message: &str) {
    writer.open("ApiErrors").open("ApiError");
    writer.leaf("ErrorType", error_type).leaf("ErrorData", data).leaf("ErrorMessage", message);
    writer.close().close();
}

/// The name of the switch's error, where a public source has it.
fn peripheral_name(code: u32) -> Option<&'static str> {
    (code == 10125).then_some("PERERR_TELDRIVE_NODEVICETARGETFORNETTARGETID")
}
