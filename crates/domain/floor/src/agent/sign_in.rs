//! What a sign-in may ask for.

use crate::limits::EXTENSION_BYTES_MAX;
use crate::{Floor, MobileAgent, Refusal, SignIn};

/// Stands between the extension and a mobile agent's number in AgentInstrument of GED-188.
const SEPARATOR: char = ';';

impl Floor {
    pub(super) fn check_sign_in(&self, sign_in: &SignIn) -> Result<(), Refusal> {
        check_extension(&sign_in.extension)?;
        if let Some(mobile) = &sign_in.place.mobile {
            if !self.takes_mobile_agents() {
                return Err(Refusal::NoMobileAgents);
            }
            check_dial_number(&sign_in.extension, mobile)?;
        }
        let terminals = self.terminals(&sign_in.extension);
        match &sign_in.place.terminal {
            // Where nobody has said which there are, the CTI server knows.
            Some(id) if terminals.is_empty() => check_terminal_id(id),
            Some(id) if !terminals.iter().any(|terminal| terminal.id == *id) => Err(Refusal::UnknownTerminal),
            _ => Ok(()),
        }
    }
}

fn check_extension(extension: &str) -> Result<(), Refusal> {
    match extension.len() {
        0 => Err(Refusal::ExtensionMissing),
        bytes if bytes > EXTENSION_BYTES_MAX => {
            Err(Refusal::ExtensionTooLong { bytes, max: EXTENSION_BYTES_MAX })
        }
        // It would be a mobile agent's number that nobody has looked at.
        _ if extension.contains(SEPARATOR) => Err(Refusal::ExtensionNotOne),
        _ => Ok(()),
    }
}

fn check_dial_number(extension: &str, mobile: &MobileAgent) -> Result<(), Refusal> {
    let number = mobile.dial_number.as_str();
    if number.is_empty() {
        return Err(Refusal::DialNumberMissing);
    }
    let digits = number.strip_prefix('+').unwrap_or(number);
    if digits.is_empty() || !digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'*' | b'#')) {
        return Err(Refusal::DialNumberNotDialable);
    }
    let max = EXTENSION_BYTES_MAX.saturating_sub(extension.len() + SEPARATOR.len_utf8());
    match number.len() {
        bytes if bytes > max => Err(Refusal::DialNumberTooLong { bytes, max }),
        _ => Ok(()),
    }
}

fn check_terminal_id(id: &str) -> Result<(), Refusal> {
    // ActiveTerminal holds as much as AgentInstrument
    if id.len() > EXTENSION_BYTES_MAX { Err(Refusal::UnknownTerminal) } else { Ok(()) }
}
