//! Changes of the floor as notifications: a node name and the bytes of an Update.
