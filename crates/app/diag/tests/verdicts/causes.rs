//! One case for each cause of the table, with everything looked at.

use super::world::{EVERYWHERE, World, end_of};
use aplomb_diag::{End, Failure, Refusal, Sequel, What};

/// The agent falls silent at 0 and is closed at 90.
fn silence() -> World {
    World::watched(&EVERYWHERE).ended(90, End::Idle, 90)
}

fn failed(how: Failure) -> What {
    What::RequestFailed { how }
}

fn one_agent() -> Vec<(&'static str, World)> {
    let all = || World::watched(&EVERYWHERE);
    let busy = |gadget: Option<&str>| What::LongTask { ms: 9_000, gadget: gadget.map(str::to_owned) };
    let late = What::LateRequest { sequel: Sequel::Next };
    vec![
        ("C1", silence().agent(420, What::Slept { ms: 420_000 }).agent(421, late).back(428)),
        ("C2", silence().agent(35, failed(Failure::TimedOut)).agent(70, failed(Failure::Offline)).back(160)),
        ("C3", silence().agent(1, failed(Failure::Reset)).agent(3, failed(Failure::Refused))),
        ("C4", silence().agent(-400, What::PageHidden).agent(-60, What::TimerLate { ms: 59_000 })),
        (
            "C5",
            silence()
                .agent(-300, What::PageHidden)
                .agent(2, What::PageFrozen)
                .agent(700, What::PageResumed)
                .back(705),
        ),
        ("C6", silence().agent(-30, busy(None)).agent(20, busy(None))),
        ("C7", silence().agent(-30, busy(Some("weather"))).agent(20, busy(Some("weather")))),
        ("C8", all().agent(0, What::PortClosed { port: 7_443 }).agent(1, What::RestAnswered)),
        (
            "C9",
            silence()
                .agent(-200, What::PollCut { held_ms: 20_100 })
                .agent(-150, What::PollCut { held_ms: 20_050 })
                .agent(-100, What::PollCut { held_ms: 20_200 })
                .agent(15, What::PollCut { held_ms: 20_000 }),
        ),
        ("C10", World::watched(&EVERYWHERE).ended(20, End::Other, 1).agent(10, What::UnknownSession)),
        ("C11", all().server(0, What::CertificateRefused { address: "192.0.2.7".into() })),
        (
            "C12",
            World::watched(&EVERYWHERE)
                .ended(20, End::Other, 1)
                .agent(0, What::ForeignIssuer { issuer: "Inspecting proxy".into() }),
        ),
        (
            "C13",
            World::watched(&EVERYWHERE).ended(20, End::Credential, 1).agent(0, What::Drift { ms: -433_852 }),
        ),
        ("C14", World::watched(&EVERYWHERE).ended(20, End::Conflict, 1)),
        ("C15", all().agent(0, What::SignInRefused { why: Refusal::Credential })),
        ("C16", World::watched(&EVERYWHERE).ended(20, End::Left, 0).agent(20, What::PageLeft).back(25)),
        ("C17", silence().agent(-20, What::RoundTrip { ms: 9 }).agent(1, What::PollCut { held_ms: 4_000 })),
        ("C18", World::watched(&EVERYWHERE).ended(20, End::RequestLost, 0)),
        ("C19", silence().agent(-20, What::RequestQueued { ms: 50_000 })),
        ("C20", World::watched(&EVERYWHERE).ended(20, End::Overactivity, 0)),
    ]
}

fn many_agents() -> Vec<(&'static str, World)> {
    let all = || World::watched(&EVERYWHERE);
    let site = (0..12).fold(silence(), |world, n| {
        let user = format!("10020{n:02}");
        world.opened(&user, -3_600, &format!("192.0.2.{}", 20 + n)).of(
            Some(&user),
            91 + n % 3,
            end_of(End::Idle, 90 + n as u64 % 3),
        )
    });
    let site = (0..5).fold(site, |world, n| world.opened(&format!("10030{n:02}"), -3_600, "198.51.100.9"));
    vec![
        ("S1", World::watched(&EVERYWHERE).ended(20, End::Stopped, 1).server(20, What::ServiceStopped)),
        ("S2", World::watched(&EVERYWHERE).ended(20, End::Died, 1).server(20, What::ServiceDied)),
        (
            "S3",
            World::watched(&EVERYWHERE)
                .ended(20, End::Died, 1)
                .server(19, What::ForbiddenCharacter { field: "callVariable1".into() })
                .server(20, What::ServiceDied),
        ),
        ("S4", all().opened("1001003", -600, "192.0.2.7").server(0, What::WebServiceDown)),
        (
            "S5",
            all().opened("1001003", -600, "192.0.2.7").server(0, What::CtiLost { reason: "closed".into() }),
        ),
        ("S6", all().opened("1001003", -600, "192.0.2.7").server(0, What::ProviderDown)),
        ("S7", silence().server(30, What::ServerPaused { ms: 65_000 })),
        ("S8", silence().server(89, What::ClockStep { ms: 75_000 })),
        ("S9", site),
        (
            "S10",
            all()
                .server(0, What::CertificateChanged { expired: true })
                .server(1, What::CertificateRefused { address: "192.0.2.7".into() }),
        ),
        ("S11", World::watched(&EVERYWHERE).ended(20, End::Other, 1).server(10, What::Failover)),
        ("S12", World::watched(&EVERYWHERE).ended(20, End::Other, 1).server(10, What::DiskFull)),
    ]
}

pub(crate) fn all() -> Vec<(&'static str, World)> {
    one_agent().into_iter().chain(many_agents()).collect()
}
