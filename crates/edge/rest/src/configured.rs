//! Configuration objects (Finesse guide, configuration APIs): one implementation of reading and writing for all kinds;
//! each kind's file says what its documents look like.
//!
//! A write is checked, durable, and known to the floor before it is answered 200. There is no notification of it.

mod chat_config;
mod cluster_config;
mod config_info;
mod contact;
mod contacts_file;
mod enterprise_database_config;
mod layout_config;
mod media_properties_layout;
mod members;
mod of_agent;
mod of_team;
mod phone_book;
mod phone_books_of;
mod range;
mod reading;
mod reason_code;
mod single;
mod system_config;
mod system_variable;
mod team_resource;
mod workflow;
mod workflow_action;
mod wrap_up_reason;

use crate::Services;
use crate::answer::{self, ApiError};
use crate::body::Sent;
use crate::caller::Caller;
use crate::catalogue::{Refused, Turn};
use crate::operation::{self, Fault as Declared, Gives, Operation, Shape, Who};
use crate::request_origin::Origin;
use crate::resource::Named;
use axum::extract::State;
use axum::response::Response;
use configuration::{Configuration, Fault, Object, Record};
use std::sync::Arc;
use store::{By, StoreError};
use xml::{Node, Writer};

/// Every operation on configuration.
pub(crate) fn operations() -> Vec<Operation> {
    [
        chat_config::operations(),
        cluster_config::operations(),
        config_info::operations(),
        contact::operations(),
        contacts_file::operations(),
        enterprise_database_config::operations(),
        layout_config::operations(),
        media_properties_layout::operations(),
        of_agent::operations(),
        of_team::operations(),
        phone_book::operations(),
        reason_code::operations(),
        system_config::operations(),
        system_variable::operations(),
        team_resource::operations(),
        workflow::operations(),
        workflow_action::operations(),
        wrap_up_reason::operations(),
    ]
    .into_iter()
    .flatten()
    // what agents read of it is theirs on every node
    .map(|operation| match operation.facts.who {
        Who::Administrators => operation.configures(),
        _ => operation,
    })
    .collect()
}

/// A kind with documents.
pub(crate) trait Resource: Object {
    /// The root of a list.
    const LIST: &'static str;

    /// Whether its values' faults are told as the guide's `Bad Request` instead of naming the parameter's fault.
    const PLAIN_FAULTS: bool = false;

    /// What a document asks for. What it says nothing of is as in `before`, or in a new object as by default.
    fn read(root: Node<'_, '_>, before: Option<&Self>) -> Result<Self, ApiError>;

    /// Writes it as an element of its kind.
    fn write(&self, id: u32, writer: &mut Writer, all: &Configuration);
}

/// How the operations on a kind are described.
pub(crate) struct Described {
    /// `/WrapUpReasons`.
    pub(crate) list: &'static str,
    /// `/WrapUpReason`.
    pub(crate) make: &'static str,
    /// `/WrapUpReason/{id}`.
    pub(crate) one: &'static str,
    /// Of the list, of making, of one, of changing, of deleting.
    pub(crate) titles: [&'static str; 5],
    pub(crate) listed: &'static Shape,
    pub(crate) shown: &'static Shape,
    pub(crate) sent: &'static Shape,
}

/// What may be wrong with a change.
pub(crate) const FAULTS: &[Declared] = &[
    Declared::BAD_REQUEST,
    Declared::FINESSE_API_ERROR,
    Declared::IN_USE,
    Declared::INVALID_INPUT,
    Declared::MAXIMUM_EXCEEDED,
    Declared::PARAMETER_MISSING,
    Declared::NOT_FOUND,
];

/// The five operations that a kind has.
pub(crate) fn all_of<T: Resource>(described: &Described) -> Vec<Operation> {
    let [list_title, make_title, one_title, change_title, delete_title] = described.titles;
    vec![
        operation::get(described.list, list::<T>).title(list_title).answers(described.listed),
        operation::post(described.make, create::<T>)
            .title(make_title)
            .takes(described.sent)
            .gives(Gives::Created)
            .fails(FAULTS),
        operation::get(described.one, get::<T>)
            .title(one_title)
            .answers(described.shown)
            .fails(&[Declared::NOT_FOUND]),
        operation::put(described.one, change::<T>).title(change_title).takes(described.sent).fails(FAULTS),
        operation::delete(described.one, delete::<T>).title(delete_title).fails(FAULTS),
    ]
}

pub(crate) async fn list<T: Resource>(State(services): State<Arc<Services>>) -> Response {
    services.catalogue.read(|all| listed(all, all.all::<T>().iter()))
}

/// A list of objects.
pub(crate) fn listed<'a, T: Resource>(
    all: &Configuration,
    objects: impl Iterator<Item = &'a Arc<configuration::Stored<T>>>,
) -> Response {
    answer::document(|writer| {
        writer.open(T::LIST);
        objects.for_each(|object| object.value.write(object.id, writer, all));
        writer.close();
    })
}

pub(crate) async fn get<T: Resource>(
    State(services): State<Arc<Services>>,
    Named(id): Named,
) -> Result<Response, ApiError> {
    let id = number::<T>(&id)?;
    services.catalogue.read(|all| {
        let object = all.found::<T>(id).map_err(|_| not_found::<T>(id))?;
        Ok(answer::document(|writer| object.value.write(id, writer, all)))
    })
}

pub(crate) async fn create<T: Resource>(
    State(services): State<Arc<Services>>,
    caller: Caller,
    origin: Origin,
    sent: Sent,
) -> Result<Response, ApiError> {
    let turn = services.turn(&caller).await;
    let value = {
        let document = sent.document(&caller, &services.metrics)?;
        T::read(root(&document, T::KIND)?, None)?
    };
    let id = turn.create(value).await.map_err(|refused| told::<T>(refused, None))?;
    drop(turn);
    services.tell_the_floor::<T>().await;
    Ok(answer::created(&origin.url(&uri::<T>(id))))
}

pub(crate) async fn change<T: Resource>(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(id): Named,
    sent: Sent,
) -> Result<Response, ApiError> {
    let id = number::<T>(&id)?;
    let turn = services.turn(&caller).await;
    let before = turn.found::<T>(id).map_err(|_| not_found::<T>(id))?;
    let value = {
        let document = sent.document(&caller, &services.metrics)?;
        T::read(root(&document, T::KIND)?, Some(&before.value))?
    };
    turn.replace(id, value).await.map_err(|refused| told::<T>(refused, Some(id)))?;
    drop(turn);
    services.tell_the_floor::<T>().await;
    Ok(answer::done())
}

pub(crate) async fn delete<T: Resource>(
    State(services): State<Arc<Services>>,
    caller: Caller,
    Named(id): Named,
) -> Result<Response, ApiError> {
    let id = number::<T>(&id)?;
    let turn = services.turn(&caller).await;
    turn.delete::<T>(id).await.map_err(|refused| told::<T>(refused, Some(id)))?;
    drop(turn);
    services.tell_the_floor::<T>().await;
    Ok(answer::done())
}

impl Services {
    /// The object of a kind of which there is one; as by default where nobody has made it.
    pub(crate) fn the<T: Object + Default>(&self) -> T {
        self.catalogue.read(|all| all.the::<T>().map(|one| one.value.clone()).unwrap_or_default())
    }

    /// The turn to write, in the caller's name.
    pub(crate) async fn turn(&self, caller: &Caller) -> Turn<'_> {
        let by = By {
            who: caller.id.as_str().to_owned(),
            address: caller.from.map(|address| address.to_string()),
            at: jiff::Timestamp::now(),
        };
        self.catalogue.turn(by).await
    }

    /// Tells the floor the reasons anew, where objects of this kind are some. They are read when it is the floor's
    /// turn, so the later of two that are told is never the older one.
    pub(crate) async fn tell_the_floor<T: Object>(&self) {
        if ![
            configuration::ReasonCode::KIND,
            configuration::SystemReasonLabel::KIND,
            configuration::WrapUpReason::KIND,
        ]
        .contains(&T::KIND)
        {
            return;
        }
        let catalogue = self.catalogue.clone();
        if self.floor.call(move |floor, _| floor.set_reasons(catalogue.reasons())).await.is_err() {
            tracing::error!("the floor is too busy to be told of changed reasons; the next change tells it");
        }
    }
}

/// The root element, by its name.
pub(crate) fn root<'a, 'b>(document: &'a xml::Document<'b>, name: &str) -> Result<Node<'a, 'b>, ApiError> {
    let root = document.root();
    match root.tag_name().name() == name {
        true => Ok(root),
        false => Err(ApiError::bad_request(format!("The root element is not {name}"))),
    }
}

/// The number in a path.
pub(crate) fn number<T: Object>(id: &str) -> Result<u32, ApiError> {
    id.parse().map_err(|_| ApiError::not_found(id, &format!("There is no such {}", T::KIND)))
}

fn not_found<T: Object>(id: u32) -> ApiError {
    ApiError::not_found(&id.to_string(), &format!("There is no such {}", T::KIND))
}

/// The URI of an object; clients take its last segment as the number.
pub(crate) fn uri<T: Object>(id: u32) -> String {
    format!("{}/{}/{id}", operation::BASE, T::KIND)
}

/// A refusal as the guide's tables have it. `id` is the object that the path names.
pub(crate) fn told<T: Resource>(refused: Refused, id: Option<u32>) -> ApiError {
    let message = refused.to_string();
    match refused {
        Refused::Fault(Fault::Missing(name)) if T::PLAIN_FAULTS => ApiError::bad_parameter(name, &message),
        Refused::Fault(Fault::Invalid { name, .. }) if T::PLAIN_FAULTS => {
            ApiError::bad_parameter(name, &message)
        }
        Refused::Fault(Fault::NotFound { kind, id: missing }) if kind == T::KIND && Some(missing) == id => {
            not_found::<T>(missing)
        }
        other => refused_by_any(other),
    }
}

/// The same where it is about no kind of its own.
pub(crate) fn refused_by_any(refused: Refused) -> ApiError {
    let message = refused.to_string();
    match refused {
        Refused::Fault(fault) => match fault {
            Fault::Missing(name) => ApiError::parameter_missing(name),
            Fault::Invalid { name, .. } => ApiError::invalid_input(name, &message),
            Fault::Exceeded { .. } => ApiError::maximum_exceeded(&message),
            Fault::InUse { what, .. } => ApiError::in_use(&what, &message),
            Fault::Duplicate { kind, .. } => ApiError::clash(kind, &message),
            Fault::NotFound { id, .. } => ApiError::clash(&id.to_string(), &message),
            Fault::Fixed(_) => ApiError::clash("", &message),
        },
        Refused::NoStore => ApiError::unavailable("This server keeps nothing: another one uses its store"),
        Refused::Store(StoreError::Limit(_)) => ApiError::maximum_exceeded(&message),
        Refused::Store(StoreError::Conflict(_) | StoreError::NotFound(_)) => ApiError::clash("", &message),
        Refused::Store(error) => {
            tracing::error!(%error, "a change of the configuration is not kept");
            ApiError::unavailable("The store is not available at the moment")
        }
    }
}
