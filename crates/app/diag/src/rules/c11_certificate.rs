//! C11: the browser does not trust the certificate.

use super::{Clue, Remedy, Rule, against, mark, must};
use crate::evidence::{Failure, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C11",
    name: words("the browser does not trust the certificate", "ブラウザーが証明書を信頼していない"),
    symptom: words("stuck at establishing an encrypted connection", "「暗号化接続を確立しています」で止まる"),
    remedy: Remedy {
        what: words(
            "trust the certificate of both servers, on each port, with the right name in it",
            "両サーバーの各ポートの証明書を信頼させ、名前を一致させる",
        ),
        command: Some("openssl s_client -connect SERVER:7443 -servername SERVER"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco 211376; RFC 8446 §6.2",
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
                "somebody refused the certificate in the handshake, or the page said so",
                "ハンドシェイクで証明書が拒否された、またはページがそう報告した",
            ),
            i.look(Sight::Listeners, i.run_up(), |what| {
                matches!(
                    what,
                    What::CertificateRefused { .. } | What::RequestFailed { how: Failure::Certificate }
                )
            }),
        )),
        against((
            words(
                "the certificate had just been replaced or had run out",
                "証明書が直前に更新または失効していた",
            ),
            i.look(Sight::Listeners, i.run_up(), |what| matches!(what, What::CertificateChanged { .. })),
        )),
    ]
}
