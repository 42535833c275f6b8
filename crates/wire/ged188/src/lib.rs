//! GED-188, the CTI server protocol: frames, messages, floating fields, session state machines.
