//! The notification service: http-bind and TCP listeners, session shards, routing, presence.
