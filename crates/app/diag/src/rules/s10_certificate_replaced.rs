//! S10: the server's certificate was replaced or has run out.

use super::{Clue, Remedy, Rule, mark, must};
use crate::evidence::What;
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "S10",
    name: words("the server's certificate was replaced or has run out", "サーバー証明書が更新または失効した"),
    symptom: words(
        "new sign-ins fail from one instant, living sessions stay",
        "ある時点から新規サインインが失敗し、既存セッションは維持される",
    ),
    remedy: Remedy {
        what: words(
            "renew it, or have the browsers trust the new one",
            "更新するか、新しい証明書をブラウザーに信頼させる",
        ),
        command: Some("openssl x509 -enddate -noout -in server.pem"),
        disturbs: words(
            "nobody; a restart to load it disturbs everybody",
            "誰にも影響しない (読み込みの再起動は全員に影響)",
        ),
    },
    source: "RFC 5280 §4.1.2.5",
    rather_than: &["C11"],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words("no session of the agent is known", "エージェントのセッション記録がない"),
            i.never_connected(),
        )),
        mark((
            words("the certificate was replaced or has run out", "証明書が更新または失効していた"),
            i.look(Sight::Listeners, i.run_up(), |what| matches!(what, What::CertificateChanged { .. })),
        )),
    ]
}
