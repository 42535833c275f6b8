//! Operations: each says once what it is, and is routed, guarded, counted and described from that.
//!
//! A resource's file ends in a list of its operations:
//!
//! ```text
//! pub(crate) fn operations() -> Vec<Operation> {
//!     vec![
//!         get("/User/{id}", one).title("An agent").who(Who::Own).answers(&USER).fails(&[USER_NOT_FOUND]),
//!         put("/User/{id}", change).title("…").who(Who::Own).takes(&CHANGE).accepted().fails(&[…]),
//!     ]
//! }
//! ```

mod fault;
mod guard;
mod shape;
mod table;

pub(crate) use fault::{Fault, faults};
pub(crate) use shape::{Kind, Shape, attribute, count, flag, number, parts, text, word};
pub(crate) use table::{BASE, Path, paths, router};

use crate::Services;
use crate::limits::BODY_BYTES_MAX;
use axum::handler::Handler;
use axum::routing::{self, MethodRouter};
use std::sync::Arc;

/// What a client may do with a resource. HEAD comes with GET, and OPTIONS with all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Verb {
    Get,
    Put,
    Post,
    Delete,
}

impl Verb {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Put => "PUT",
            Self::Post => "POST",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call. What a role alone decides is decided before the operation is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Who {
    /// Everybody, without credentials.
    Public,
    /// Everybody who can sign in.
    Anybody,
    /// The user that the path names, supervisors of the user's team, administrators: the operation looks.
    Own,
    /// Only the user that the path names: the operation looks.
    OnlyOwn,
    /// The team's supervisors and administrators: the operation looks.
    OfTeam,
    /// Supervisors and administrators.
    Supervisors,
    /// Administrators.
    Administrators,
    /// Administrators; others are told that it is forbidden, as the guide has it for serviceability.
    Operators,
}

impl Who {
    /// For the description.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Public => "everybody, without credentials",
            Self::Anybody => "everybody who can sign in",
            Self::Own => "the user, the supervisors of the user's team, administrators",
            Self::OnlyOwn => "the user",
            Self::OfTeam => "the team's supervisors, administrators",
            Self::Supervisors => "supervisors, administrators",
            Self::Administrators | Self::Operators => "administrators",
        }
    }
}

/// Which deployment type has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deployment {
    /// Both.
    Both,
    /// UCCE only.
    Ucce,
}

impl Deployment {
    /// Whether a server that says this of itself has it.
    pub(crate) fn includes(self, deployment_type: &str) -> bool {
        match self {
            Self::Both => true,
            Self::Ucce => deployment_type != "UCCX",
        }
    }
}

/// What a client may write behind the question mark.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Query {
    pub(crate) name: &'static str,
    pub(crate) kind: Kind,
    pub(crate) needed: bool,
}

/// What a successful call is answered with.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gives {
    /// 200 with a document.
    Document(&'static Shape),
    /// 200 with JSON.
    Json,
    /// 200 with a media type of its own.
    Other(&'static str),
    /// 202 without a body: the effect comes as a notification.
    Accepted,
    /// 200 without a body.
    Done,
    /// 200 without a body and with the `Location` of what was made.
    Created,
}

/// What a body may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Takes {
    /// The document; `None` where it is not XML.
    pub(crate) shape: Option<&'static Shape>,
    /// Media types beside those of XML.
    pub(crate) types: &'static [&'static str],
    /// Its longest, in bytes.
    pub(crate) bytes_max: usize,
    /// Things that its document may list; 0 where the limits of all documents are enough.
    pub(crate) listed_max: usize,
}

/// What is known of an operation without calling it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    pub(crate) title: &'static str,
    pub(crate) who: Who,
    pub(crate) deployment: Deployment,
    /// Whether it is of the configuration, which the secondary node of a pair refuses.
    pub(crate) configures: bool,
    pub(crate) query: &'static [Query],
    pub(crate) takes: Option<Takes>,
    pub(crate) gives: Gives,
    /// Another status of success: what it is, and when.
    pub(crate) also: Option<(u16, &'static str)>,
    pub(crate) fails: &'static [Fault],
}

/// An operation on a resource.
pub(crate) struct Operation {
    pub(crate) verb: Verb,
    /// Where it is: [`BASE`], if nothing is said.
    pub(crate) base: &'static str,
    /// Under it, with names in braces.
    pub(crate) path: &'static str,
    pub(crate) facts: Facts,
    route: MethodRouter<Arc<Services>>,
}

macro_rules! verbs {
    ($($function:ident $verb:ident $words:literal)*) => {$(
        #[doc = $words]
        pub(crate) fn $function<H, T>(path: &'static str, handler: H) -> Operation
        where
            H: Handler<T, Arc<Services>>,
            T: 'static,
        {
            Operation::new(Verb::$verb, path, routing::$function(handler))
        }
    )*};
}

verbs! {
    get Get "Reads."
    put Put "Changes."
    post Post "Adds."
    delete Delete "Takes away."
}

impl Operation {
    fn new(verb: Verb, path: &'static str, route: MethodRouter<Arc<Services>>) -> Self {
        let facts = Facts {
            title: "",
            who: Who::Administrators,
            deployment: Deployment::Both,
            configures: false,
            query: &[],
            takes: None,
            gives: Gives::Done,
            also: None,
            fails: &[],
        };
        Self { verb, base: BASE, path, facts, route }
    }

    /// It is somewhere else than under [`BASE`].
    pub(crate) fn under(mut self, base: &'static str) -> Self {
        self.base = base;
        self
    }

    /// What it does, in a few words.
    pub(crate) fn title(mut self, title: &'static str) -> Self {
        self.facts.title = title;
        self
    }

    /// Who may; administrators only, if nothing is said.
    pub(crate) fn who(mut self, who: Who) -> Self {
        self.facts.who = who;
        self
    }

    /// It is of one deployment type: 501 on the other.
    pub(crate) fn only_on(mut self, deployment: Deployment) -> Self {
        self.facts.deployment = deployment;
        self
    }

    /// The query parameters that mean something. Others are ignored.
    pub(crate) fn query(mut self, query: &'static [Query]) -> Self {
        self.facts.query = query;
        self
    }

    /// It needs a body, an XML document.
    pub(crate) fn takes(mut self, shape: &'static Shape) -> Self {
        self.facts.takes =
            Some(Takes { shape: Some(shape), types: &[], bytes_max: BODY_BYTES_MAX, listed_max: 0 });
        self
    }

    /// It needs a body of one of these media types.
    pub(crate) fn takes_data(mut self, types: &'static [&'static str]) -> Self {
        self.facts.takes = Some(Takes { shape: None, types, bytes_max: BODY_BYTES_MAX, listed_max: 0 });
        self
    }

    /// Its body may be longer than others.
    pub(crate) fn body_bytes_max(mut self, bytes_max: usize) -> Self {
        if let Some(takes) = &mut self.facts.takes {
            takes.bytes_max = bytes_max;
        }
        self
    }

    /// Its document may list so many things, which are more than others' documents have room for.
    pub(crate) fn listed_max(mut self, things: usize) -> Self {
        if let Some(takes) = &mut self.facts.takes {
            takes.listed_max = things;
        }
        self
    }

    /// It is of the configuration: the primary node's of a pair alone.
    pub(crate) fn configures(mut self) -> Self {
        self.facts.configures = true;
        self
    }

    /// Answers with a document.
    pub(crate) fn answers(mut self, shape: &'static Shape) -> Self {
        self.facts.gives = Gives::Document(shape);
        self
    }

    /// Answers otherwise than with a document; 200 without a body, if nothing is said.
    pub(crate) fn gives(mut self, gives: Gives) -> Self {
        self.facts.gives = gives;
        self
    }

    /// Answers with another status of success too.
    pub(crate) fn also(mut self, status: u16, when: &'static str) -> Self {
        self.facts.also = Some((status, when));
        self
    }

    /// Errors of its own, beside those that follow from what is said above.
    pub(crate) fn fails(mut self, fails: &'static [Fault]) -> Self {
        self.facts.fails = fails;
        self
    }
}
