//! `/SystemInfo`: can one work here? Asked without credentials, and answered with 200 also when out of
//! service, since clients decide by it which server to go to.

use crate::Services;
use crate::answer::{self, ApiError};
use axum::extract::State;
use axum::response::Response;
use std::sync::Arc;

/// GET.
pub(crate) async fn get(State(services): State<Arc<Services>>) -> Result<Response, ApiError> {
    let (system, now) = services.floor.call(|floor, now| (floor.system().clone(), now)).await?;
    Ok(answer::document(|writer| {
        notify::system::write(writer, "SystemInfo", &system, &services.system, now.wall);
    }))
}
