//! Captures that scapy wrote, with a session that was written from the protocol's description alone.

use aplomb_tests::scene::{Tool, run_alone};
use aplomb_tests::server::binary;
use std::process::Command;

#[test]
fn captures_of_a_foreign_tool_are_read_whole_whatever_the_order_of_their_segments() {
    let folder = tempfile::tempdir().unwrap();
    run_alone(Tool::Python, "capture.py", folder.path());
    for name in ["session.pcap", "session.pcapng"] {
        let shown =
            Command::new(binary()).args(["cti", "decode"]).arg(folder.path().join(name)).output().unwrap();
        let text = String::from_utf8_lossy(&shown.stdout);
        assert!(shown.status.success(), "{name}: {text}{}", String::from_utf8_lossy(&shown.stderr));
        let mut rest = &*text;
        for expected in [
            "OPEN_REQ (3)",
            "OPEN_CONF (4)",
            "AGENT_STATE_EVENT (30)",
            "AGENT_STATE_RESERVED",
            "1001003",
            "CALL_DELIVERED_EVENT (9)",
            "4711",
        ] {
            let at =
                rest.find(expected).unwrap_or_else(|| panic!("{name}: no {expected} in its place in {text}"));
            rest = &rest[at..];
        }
    }
}
