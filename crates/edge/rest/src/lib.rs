//! The web service: the Finesse REST API.
