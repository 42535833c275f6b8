//! The desktop's pages, embedded.
