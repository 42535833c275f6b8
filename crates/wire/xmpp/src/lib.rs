//! XMPP values: JIDs, stanzas, stream negotiation, SASL, the payloads we serve.
