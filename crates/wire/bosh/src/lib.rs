//! BOSH (XEP-0124, XEP-0206): the session state machine.
