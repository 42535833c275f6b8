//! `/UserAuthMode/{name}`: how a user signs in, asked before anybody has.

use crate::Services;
use crate::answer::{self, ApiError};
use crate::operation::{self, Deployment, Operation, Shape, Who, parts, text, word};
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

const MODE: Shape =
    parts("UserAuthMode", &[word("authMode", &["NON_SSO", "SSO", "HYBRID"]), text("userName")]);

pub(crate) fn operations() -> Vec<Operation> {
    vec![
        operation::get("/UserAuthMode/{name}", get)
            .title("How a user signs in")
            .who(Who::Public)
            .only_on(Deployment::Ucce)
            .answers(&MODE),
    ]
}

/// GET. The same for every name: whoever asks without credentials does not learn which users there are.
async fn get(State(services): State<Arc<Services>>, Named(name): Named) -> Result<Response, ApiError> {
    Ok(answer::document(|writer| {
        writer.open("UserAuthMode");
        writer.leaf("authMode", &services.system.auth_mode).leaf("userName", &name);
        writer.close();
    }))
}
