//! Listeners: accept loop, limits, TLS and its development certificate.
