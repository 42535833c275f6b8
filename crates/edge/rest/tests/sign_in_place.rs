//! Signing in as a mobile agent, or at one of several telephones.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use floor::{MobileAgent, MobileMode, Place};
use http::StatusCode;
use service::Service;

const ME: &str = "/finesse/api/User/11";

fn login(extension: &str, more: &str) -> String {
    format!("<User><state>LOGIN</state><extension>{extension}</extension>{more}</User>")
}

fn mobile(children: &str) -> String {
    login("901", &format!("<mobileAgent>{children}</mobileAgent>"))
}

#[tokio::test]
async fn a_mobile_agent_is_asked_for_in_its_mode_and_shown_until_the_sign_out() {
    for (name, mode) in
        [("CALL_BY_CALL", MobileMode::CallByCall), ("NAILED_CONNECTION", MobileMode::NailedConnection)]
    {
        let service = Service::open().await;
        let body = mobile(&format!("<mode>{name}</mode><dialNumber>+815550123</dialNumber>"));
        assert_eq!(service.put("11", ME, body).await.status, StatusCode::ACCEPTED);
        let wanted =
            Place { mobile: Some(MobileAgent { mode, dial_number: "+815550123".into() }), terminal: None };
        assert_eq!(service.order().await.place, wanted);
        let shown = service.get("11", ME).await.body;
        let element = format!(
            "<mediaType>1</mediaType><mobileAgent><dialNumber>+815550123</dialNumber><mode>{name}</mode></mobileAgent>"
        );
        assert!(shown.contains(&element), "{shown}");
        service.put("11", ME, "<User><state>LOGOUT</state></User>").await;
        service.settle().await;
        assert!(!service.get("11", ME).await.body.contains("mobileAgent"));
    }
}

#[tokio::test]
async fn a_mobile_agent_that_cannot_be_is_400_with_the_name_of_what_is_wrong() {
    let service = Service::open().await;
    let long = mobile(&format!("<mode>CALL_BY_CALL</mode><dialNumber>{}</dialNumber>", "5".repeat(60)));
    for (body, error_type, data) in [
        (mobile("<mode>CALL_BY_CALL</mode>"), "Parameter Missing", "dialNumber"),
        (mobile("<mode>CALL_BY_CALL</mode><dialNumber/>"), "Parameter Missing", "dialNumber"),
        (mobile("<dialNumber>5550123</dialNumber>"), "Parameter Missing", "mode"),
        (mobile("<mode>call_by_call</mode><dialNumber>5550123</dialNumber>"), "Invalid Input", "mode"),
        (mobile("<mode>PUSH</mode><dialNumber>5550123</dialNumber>"), "Invalid Input", "mode"),
        (mobile("<mode>CALL_BY_CALL</mode><dialNumber>home</dialNumber>"), "Invalid Input", "dialNumber"),
        (mobile("<mode>CALL_BY_CALL</mode><dialNumber>1;2</dialNumber>"), "Invalid Input", "dialNumber"),
        (long, "Invalid Input", "dialNumber"),
        (login("901;5550123", ""), "Invalid Input", "extension"),
    ] {
        service.put("11", ME, body).await.error_is(400, error_type, data);
    }
    let service = Service::open_as_ccx().await;
    let body = mobile("<mode>CALL_BY_CALL</mode><dialNumber>5550123</dialNumber>");
    service.put("11", ME, body).await.error_is(400, "Invalid Input", "mobileAgent");
}

#[tokio::test]
async fn an_empty_mobile_agent_is_none() {
    let service = Service::open().await;
    for children in ["", "<mode/><dialNumber> </dialNumber>"] {
        assert_eq!(service.put("11", ME, mobile(children)).await.status, StatusCode::ACCEPTED);
        assert_eq!(service.order().await.place, Place::default());
    }
}

#[tokio::test]
async fn the_telephones_of_a_shared_extension_are_listed_chosen_from_and_shown() {
    let service = Service::open().await;
    let listed = service.get("11", "/finesse/api/Devices?extension=905").await.body;
    let devices = [("SEP0A", 684, "Desk phone"), ("CSF0B", 503, "Soft &lt;phone&gt;")];
    let elements = |root: &str| {
        let one = |(id, kind, name): (&str, u32, &str)| {
            format!(
                "<{root}><deviceId>{id}</deviceId><deviceType>{kind}</deviceType><deviceTypeName>{name}</deviceTypeName></{root}>"
            )
        };
        devices.map(one).concat()
    };
    assert_eq!(listed, format!("<Devices>{}</Devices>", elements("Device")));
    assert_eq!(service.get("11", "/finesse/api/Devices?extension=901").await.body, "<Devices></Devices>");

    let wrong = login("905", "<activeDeviceId>SEP0C</activeDeviceId>");
    service.put("11", ME, wrong).await.error_is(400, "Invalid Input", "activeDeviceId");
    let body = login("905", "<activeDeviceId>CSF0B</activeDeviceId>");
    assert_eq!(service.put("11", ME, body).await.status, StatusCode::ACCEPTED);
    assert_eq!(service.order().await.place.terminal.as_deref(), Some("CSF0B"));
    let shown = service.get("11", ME).await.body;
    let begins = format!(
        "<User><activeDeviceId>CSF0B</activeDeviceId><devices>{}</devices><dialogs>",
        elements("device")
    );
    assert!(shown.starts_with(&begins), "{shown}");
    let summary = service.get("71", "/finesse/api/Team/7").await.body;
    assert!(summary.contains("<extension>905</extension>") && !summary.contains("CSF0B"), "{summary}");
}
