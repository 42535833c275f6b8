//! A CTI server to develop against: agents, devices and their states over GED-188.
