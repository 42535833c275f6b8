//! C15: the credential was refused or has run out.

use super::{Clue, Remedy, Rule, against, mark, must};
use crate::evidence::{End, Refusal, What};
use crate::incident::Incident;
use crate::language::words;
use crate::sight::Sight;

pub(super) const RULE: Rule = Rule {
    id: "C15",
    name: words("the credential was refused or has run out", "認証情報が拒否された、または期限切れになった"),
    symptom: words(
        "unauthorized; after five attempts, locked for a while",
        "認証エラー。5 回失敗すると一定時間ロック",
    ),
    remedy: Remedy {
        what: words(
            "type it again; wait for the lock to end; for single sign-on, sign in anew",
            "再入力。ロックの解除を待つ。SSO は再サインイン",
        ),
        command: Some("aplomb user show AGENT"),
        disturbs: words("nobody", "誰にも影響しない"),
    },
    source: "Cisco admin guide 12.6 (lockout)",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        must((
            words(
                "the session ended for its credential, or a sign-in was refused",
                "認証情報のためにセッションが終了、またはサインインが拒否された",
            ),
            i.refused_or(&[End::Credential]),
        )),
        mark((
            words(
                "a wrong password, a locked user or an expired token was refused",
                "誤ったパスワード、ロック中のユーザー、期限切れトークンが拒否された",
            ),
            i.credential_refused(),
        )),
        against((
            words("the service was just starting", "サービスが起動中だった"),
            i.look(Sight::SignIns, i.run_up(), |what| {
                matches!(what, What::SignInRefused { why: Refusal::NotReady })
            }),
        )),
    ]
}
