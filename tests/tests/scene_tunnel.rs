//! The tunnel page in headless Chromium, driven by postMessage.

use aplomb_tests::scene::{Tool, run};
use aplomb_tests::{Server, http};

#[test]
fn a_page_holds_its_connection_on_another_port() {
    run(&mut Server::with(&["bosh.cors_origins=https://crm.example"]), Tool::Node, "tunnel.mjs");
}

#[test]
fn the_page_and_its_script_are_there_and_nothing_else() {
    let server = Server::start();
    let address = server.address("bosh_plain");
    let get = |path: &str| http::request(&address, "GET", path, &[], b"");
    for path in ["/tunnel", "/tunnel/"] {
        let page = get(path);
        assert_eq!((page.status, page.header("content-type")), (200, Some("text/html; charset=utf-8")));
        assert!(page.body.contains("/tunnel/EventTunnel.js"), "{}", page.body);
    }
    assert_eq!(get("/tunnel/EventTunnel.js").header("content-type"), Some("text/javascript; charset=utf-8"));
    assert_eq!(get("/tunnel/else").status, 404);
    assert_eq!(http::request(&address, "POST", "/tunnel/", &[], b"x").status, 405);
}
