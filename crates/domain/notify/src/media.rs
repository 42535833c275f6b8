//! `Media`: an agent in a media routing domain. `MediaDomain`: the domain itself.

use crate::agent::time_text;
use crate::{node, reason};
use media::limits::DIALOGS_MAX;
use media::{Domain, Fault, Media};
use xml::Writer;

/// The full object, as in `GET /User/{id}/Media/{mrdId}` and on the agent's node of media. `root` is `Media` or `media`.
/// Of a domain in which the agent's team does not work only what is true for everybody (Finesse guide, Media - Get
/// Media).
pub fn write(writer: &mut Writer, root: &'static str, media: &Media) {
    let Media { agent, domain, seat } = media;
    writer.open(root);
    writer.leaf("description", &domain.description);
    if let Some(seat) = seat {
        writer.leaf("dialogLogoutAction", seat.terms.on_logout.name());
    }
    writer.leaf("id", &domain.id.to_string());
    if let Some(seat) = seat {
        writer.leaf("interruptAction", seat.terms.interrupt.name());
    }
    writer.leaf("interruptible", flag(domain.interruptible));
    if let Some(seat) = seat {
        writer.leaf("maxDialogLimit", &seat.terms.dialogs_max.to_string());
    }
    writer.leaf("name", &domain.name);
    if let Some(seat) = seat {
        if let Some(given) = &seat.reason {
            reason::write_given(writer, given);
        }
        let id = seat.reason.as_ref().map_or_else(|| "-1".to_owned(), |given| given.id.0.to_string());
        writer.leaf("reasonCodeId", &id);
        writer.leaf("routable", flag(seat.routable));
        writer.leaf("state", seat.state.name());
        writer.leaf("stateChangeTime", &seat.changed_at.map(time_text).unwrap_or_default());
    }
    writer.leaf("uri", &node::media(agent, domain.id));
    writer.close();
}

/// An agent in all domains.
pub fn write_list<'a>(writer: &mut Writer, list: impl Iterator<Item = &'a Media>) {
    writer.open("MediaList");
    for media in list {
        write(writer, "Media", media);
    }
    writer.close();
}

/// All domains. COMPAT(finesse): no source shows the elements; these are what the guide says there is, under the names
/// that `Media` has for the same.
pub fn write_domains<'a>(writer: &mut Writer, domains: impl Iterator<Item = &'a Domain>) {
    writer.open("MediaDomains");
    for domain in domains {
        writer.open("MediaDomain");
        writer.leaf("description", &domain.description);
        writer.leaf("id", &domain.id.to_string());
        writer.leaf("interruptible", flag(domain.interruptible));
        writer.leaf("maxTasks", &DIALOGS_MAX.to_string());
        writer.leaf("name", &domain.name);
        writer.close();
    }
    writer.close();
}

/// A request that came to nothing. COMPAT(finesse): in the order of the guide's example.
pub(crate) fn write_fault(writer: &mut Writer, domain: media::DomainId, fault: Fault) {
    writer.open("apiErrors").open("apiError");
    writer.leaf("errorData", &fault.code().to_string()).leaf("errorMedia", &domain.to_string());
    writer.leaf("errorMessage", fault.name()).leaf("errorType", fault.error_type());
    writer.close().close();
}

fn flag(value: bool) -> &'static str {
    if value { "true" } else { "false" }
}
