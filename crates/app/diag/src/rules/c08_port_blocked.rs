//! C8: the port of the notification service is blocked.

use super::{Clue, Remedy, Rule, against, hint, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C8",
    name: words("the port of the notification service is blocked", "通知サービスのポートが遮断されている"),
    symptom: words(
        "signing in hangs or polls never work, while the web service answers",
        "Web サービスは応答するのに、サインインが止まる",
    ),
    remedy: Remedy {
        what: words(
            "open the port to both servers, in both directions, without inspection",
            "両サーバーへのポートを双方向・検査なしで開放",
        ),
        command: Some("Test-NetConnection SERVER -Port 7443"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376 (ports)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words("no session of the agent is known", "エージェントのセッション記録がない"),
            i.never_connected(),
        )),
        mark((
            words(
                "the port could not be reached from the agent's computer",
                "エージェントの PC からポートに到達できない",
            ),
            i.look(Sight::Path, i.run_up(), |what| matches!(what, What::PortClosed { .. })),
        )),
        hint((
            words("the web service answered the agent", "Web サービスはエージェントに応答していた"),
            i.look(Sight::Rest, i.run_up(), |what| matches!(what, What::RestAnswered)),
        )),
        against((
            words("the certificate was refused", "証明書が拒否された"),
            i.look(Sight::Listeners, i.run_up(), |what| matches!(what, What::CertificateRefused { .. })),
        )),
    ]
}
