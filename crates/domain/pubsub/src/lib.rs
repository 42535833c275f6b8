//! Publish-subscribe (XEP-0060): nodes, subscriptions, access; publish to deliveries.
