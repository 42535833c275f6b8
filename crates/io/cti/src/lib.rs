//! The CTI link: drives ged188 over TCP and speaks the floor's vocabulary.
