//! Task routing: media routing domains, agents in them, and tasks. What clients ask wrongly has the documented answers.
#![allow(clippy::unwrap_used, reason = "a test may fail here")]

mod service;

use http::StatusCode;
use service::Service;

const OWN: &str = "/finesse/api/User/11/Media/5001";
const LOGIN: &str = "<Media><state>LOGIN</state><maxDialogLimit>2</maxDialogLimit></Media>";

async fn change(service: &Service, body: &str) {
    let answer = service.put("11", OWN, body.to_owned()).await;
    assert_eq!((answer.status, answer.body.as_str()), (StatusCode::ACCEPTED, ""), "{body}");
}

/// A task that agent 11 has been offered; returns the path of its dialog.
async fn offered(service: &Service) -> String {
    change(service, LOGIN).await;
    change(service, "<Media><state>READY</state></Media>").await;
    let body = "<Task><callvariables><CallVariable><name>callVariable1</name><value>gold</value></CallVariable></callvariables></Task>";
    let brought = service.call("POST", "boss", "/finesse/api/MediaDomain/5001/Tasks", body).await;
    assert_eq!(brought.status, StatusCode::OK, "{}", brought.body);
    assert_eq!(brought.header("location"), Some("/finesse/api/Task/1800_1_1"));
    "/finesse/api/Dialog/1800_1_1".to_owned()
}

#[tokio::test]
async fn a_task_is_worked_on_through_the_dialog_api() {
    let service = Service::open().await;
    let dialog = offered(&service).await;
    let seen = service.get("11", &dialog).await;
    assert!(
        seen.body.contains("<state>OFFERED</state>") && seen.body.contains("<value>gold</value>"),
        "{}",
        seen.body
    );
    for (action, state) in [
        ("ACCEPT", "ACCEPTED"),
        ("START", "ACTIVE"),
        ("PAUSE", "PAUSED"),
        ("RESUME", "ACTIVE"),
        ("WRAP_UP", "WRAPPING_UP"),
    ] {
        let body = format!("<Dialog>\n <requestedAction>{action}</requestedAction >\n</Dialog>");
        assert_eq!(service.put("11", &dialog, body).await.status, StatusCode::ACCEPTED, "{action}");
        let list = service.get("11", "/finesse/api/User/11/Dialogs/Media").await.body;
        assert!(list.contains(&format!("<state>{state}</state>")), "{list}");
    }
    let close = "<Dialog><requestedAction>CLOSE</requestedAction></Dialog>";
    assert_eq!(service.put("11", &dialog, close).await.status, StatusCode::ACCEPTED);
    service.put("11", &dialog, close).await.error_is(404, "Not Found", "dialogId");
    for list in ["/finesse/api/User/11/Dialogs/Media", "/finesse/api/User/11/Media/5001/Dialogs"] {
        assert_eq!(service.get("11", list).await.body, "<Dialogs></Dialogs>");
    }
}

#[tokio::test]
async fn documents_that_ask_for_nothing_or_too_much_are_refused() {
    let service = Service::open().await;
    for (body, error_type, data) in [
        ("<User/>", "Bad Request", ""),
        ("<Media/>", "Parameter Missing", "state"),
        ("<Media><state/></Media>", "Parameter Missing", "state"),
        ("<Media><state>LOGIN</state></Media>", "Parameter Missing", "maxDialogLimit"),
        (
            "<Media><state>LOGIN</state><maxDialogLimit>0</maxDialogLimit></Media>",
            "Invalid Input",
            "maxDialogLimit",
        ),
        (
            "<Media><state>LOGIN</state><maxDialogLimit>11</maxDialogLimit></Media>",
            "Invalid Input",
            "maxDialogLimit",
        ),
        (
            "<Media><state>LOGIN</state><maxDialogLimit>1</maxDialogLimit><interruptAction>NO</interruptAction></Media>",
            "Invalid Input",
            "interruptAction",
        ),
        (
            "<Media><state>LOGIN</state><maxDialogLimit>1</maxDialogLimit><dialogLogoutAction>x</dialogLogoutAction></Media>",
            "Invalid Input",
            "dialogLogoutAction",
        ),
        ("<Media><state>login</state></Media>", "Invalid Input", "state"),
        ("<Media><routable>maybe</routable></Media>", "Invalid Input", "routable"),
        (
            "<Media><state>NOT_READY</state><reasonCodeId>999999</reasonCodeId></Media>",
            "Invalid Input",
            "reasonCodeId",
        ),
    ] {
        service.put("11", OWN, body).await.error_is(400, error_type, data);
    }
}

#[tokio::test]
async fn elements_may_come_in_any_order_beside_others() {
    let service = Service::open().await;
    let body = "<Media>\n<x/><interruptAction>IGNORE</interruptAction><state>LOGIN</state>\n\
<dialogLogoutAction>TRANSFER</dialogLogoutAction><maxDialogLimit>10</maxDialogLimit></Media>";
    change(&service, body).await;
    let seen = service.get("11", OWN).await.body;
    for part in [
        "<dialogLogoutAction>TRANSFER<",
        "<interruptAction>IGNORE<",
        "<maxDialogLimit>10<",
        "<state>NOT_READY<",
    ] {
        assert!(seen.contains(part), "{seen}");
    }
}

#[tokio::test]
async fn media_are_the_agents_own_and_administrators_read_them() {
    let service = Service::open().await;
    for user in ["12", "21"] {
        service.get(user, OWN).await.error_is(401, "Invalid Authorization User Specified", "11");
        service.put(user, OWN, LOGIN).await.error_is(401, "Invalid Authorization User Specified", "11");
    }
    service.put("boss", OWN, LOGIN).await.error_is(401, "Invalid Authorization User Specified", "11");
    assert_eq!(service.get("boss", OWN).await.status, StatusCode::OK);
    service.get("boss", "/finesse/api/User/99/Media").await.error_is(404, "User Not Found", "99");
    let dialog = offered(&service).await;
    assert_eq!(service.get("boss", &dialog).await.status, StatusCode::OK);
    let accept = "<Dialog><requestedAction>ACCEPT</requestedAction></Dialog>";
    for user in ["12", "boss"] {
        assert_eq!(service.put(user, &dialog, accept).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_domain_that_is_not_there_is_not_found_and_one_of_another_team_says_little() {
    let service = Service::open().await;
    for name in ["1", "9999", "x", "-1", "5001x"] {
        let path = format!("/finesse/api/User/11/Media/{name}");
        service.get("11", &path).await.error_is(404, "Not Found", name);
        service.put("11", &path, LOGIN).await.error_is(404, "Not Found", name);
        assert_eq!(service.get("11", &format!("{path}/Dialogs")).await.status, StatusCode::NOT_FOUND);
    }
    let other = "/finesse/api/User/11/Media/5004";
    let expected = "<Media><description></description><id>5004</id><interruptible>false</interruptible>\
<name>Claim</name><uri>/finesse/api/User/11/Media/5004</uri></Media>";
    assert_eq!(service.get("11", other).await.body, expected);
    service.put("11", other, LOGIN).await.error_is(404, "Not Found", "5004");
}

#[tokio::test]
async fn actions_on_tasks_are_checked() {
    let service = Service::open().await;
    let dialog = offered(&service).await;
    for (body, error_type, data) in [
        ("<Dialog/>", "Parameter Missing", "requestedAction"),
        ("<Dialog><requestedAction>ANSWER</requestedAction></Dialog>", "Invalid Input", "requestedAction"),
        ("<Dialog><requestedAction>TRANSFER</requestedAction></Dialog>", "Parameter Missing", "target"),
        (
            "<Dialog><requestedAction>TRANSFER</requestedAction><target>nowhere</target></Dialog>",
            "Invalid Input",
            "target",
        ),
        ("<Media/>", "Bad Request", ""),
    ] {
        service.put("11", &dialog, body).await.error_is(400, error_type, data);
    }
    for id in ["1800_1_2", "1800_2_1", "0_0_0", "1800_1_", "_", "1_2_3_4"] {
        let path = format!("/finesse/api/Dialog/{id}");
        service.get("11", &path).await.error_is(404, "Not Found", "dialogId");
    }
}

#[tokio::test]
async fn who_brings_tasks_is_an_administrator_and_is_told_what_is_wrong() {
    let service = Service::open().await;
    let tasks = "/finesse/api/MediaDomain/5001/Tasks";
    assert_eq!(service.call("POST", "11", tasks, "<Task/>").await.status, StatusCode::UNAUTHORIZED);
    service.call("POST", "boss", "/finesse/api/MediaDomain/7/Tasks", "<Task/>").await.error_is(
        404,
        "Not Found",
        "7",
    );
    service.call("POST", "boss", tasks, "<Dialog/>").await.error_is(400, "Bad Request", "");
    let with = |name: &str, value: &str| {
        format!(
            "<Task><callvariables><CallVariable><name>{name}</name><value>{value}</value></CallVariable></callvariables></Task>"
        )
    };
    let long = "v".repeat(41);
    for body in [with("callVariable1", &long), with("callVariable11", "x"), with("a b", "x")] {
        service.call("POST", "boss", tasks, body).await.error_is(400, "Invalid Input", "callvariables");
    }
    service.call("POST", "boss", tasks, with("", "x")).await.error_is(400, "Parameter Missing", "name");
    for task in ["1800_9_1", "x"] {
        let path = format!("/finesse/api/Task/{task}");
        service.call("DELETE", "boss", &path, "").await.error_is(404, "Not Found", task);
    }
}

#[tokio::test]
async fn a_task_is_taken_back_until_the_agent_begins() {
    let service = Service::open().await;
    let dialog = offered(&service).await;
    let act = |action: &str| format!("<Dialog><requestedAction>{action}</requestedAction></Dialog>");
    service.put("11", &dialog, act("ACCEPT")).await;
    service.put("11", &dialog, act("START")).await;
    let task = "/finesse/api/Task/1800_1_1";
    service.call("DELETE", "boss", task, "").await.error_is(400, "Invalid Input", "taskId");
    service.put("11", &dialog, act("CLOSE")).await;
    let tasks = "/finesse/api/MediaDomain/5001/Tasks";
    assert_eq!(service.call("POST", "boss", tasks, "<Task/>").await.status, StatusCode::OK);
    assert_eq!(service.call("DELETE", "boss", "/finesse/api/Task/1800_2_1", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn signing_out_of_the_desktop_can_be_signing_out_of_all_media() {
    for (asked, state) in [
        ("", "NOT_READY"),
        ("<logoutAllMedia>false</logoutAllMedia>", "NOT_READY"),
        ("<logoutAllMedia>true</logoutAllMedia>", "LOGOUT"),
    ] {
        let service = Service::open().await;
        service.sign_in("11").await;
        change(&service, LOGIN).await;
        let body = format!("<User><state>LOGOUT</state>{asked}</User>");
        assert_eq!(service.put("11", "/finesse/api/User/11", body).await.status, StatusCode::ACCEPTED);
        let seen = service.get("11", OWN).await.body;
        assert!(seen.contains(&format!("<state>{state}</state>")), "{asked}: {seen}");
    }
}

#[tokio::test]
async fn ccx_has_no_task_routing() {
    let service = Service::open_as_ccx().await;
    for path in
        ["/finesse/api/MediaDomain", "/finesse/api/User/11/Media", OWN, "/finesse/api/User/11/Dialogs/Media"]
    {
        assert_eq!(service.get("11", path).await.status, StatusCode::NOT_IMPLEMENTED, "{path}");
    }
    assert_eq!(service.put("11", OWN, LOGIN).await.status, StatusCode::NOT_IMPLEMENTED);
}
