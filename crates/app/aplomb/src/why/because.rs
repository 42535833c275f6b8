//! Why a session ended, after "because".

use super::history::Life;
use super::words::{duration, say, shown};
use crate::journal::SERVER_DIED;
use diag::Language;

/// What became of it, in a few words.
pub(super) fn because(life: &Life, language: Language) -> String {
    let reason = life.reason().unwrap_or("open");
    match of_the_client(life, reason) {
        Some((en, ja)) => say(language, en, ja),
        None => match elsewhere(reason) {
            Some((en, ja)) => say(language, en, ja).into(),
            None => shown(reason),
        },
    }
}

/// Reasons whose words depend on the session.
fn of_the_client(life: &Life, reason: &str) -> Option<(String, String)> {
    let tombstone = life.tombstone();
    Some(match reason {
        "inactivity" => match tombstone.and_then(|ended| ended.idle_ms).map(duration) {
            Some(idle) => (format!("no poll came for {idle}"), format!("{idle} の間ポーリングがなかった")),
            None if tombstone.is_some_and(|ended| ended.last_rid.is_some()) => {
                ("no poll came in time".into(), "期限内にポーリングがなかった".into())
            }
            None => ("the client was silent for too long".into(), "クライアントの無通信が長すぎた".into()),
        },
        "stream-error" => {
            let condition = tombstone.and_then(|ended| ended.condition.as_deref()).unwrap_or("stream error");
            let condition = shown(condition);
            (
                format!("the client broke a rule of XMPP ({condition})"),
                format!("クライアントが XMPP の規則に違反した ({condition})"),
            )
        }
        _ => return None,
    })
}

fn elsewhere(reason: &str) -> Option<(&'static str, &'static str)> {
    Some(match reason {
        "client-terminate" => ("the client signed off", "クライアントが終了した"),
        "superseded" => {
            ("the same resource signed in again elsewhere", "同じリソースが別の場所でサインインした")
        }
        "displacement-loop" => (
            "two clients with the same resource kept displacing each other",
            "同じリソースの二つのクライアントが互いを追い出し続けた",
        ),
        "bad-request" => {
            ("the client sent a request that could not be read", "クライアントの要求が解読できなかった")
        }
        "rid-out-of-window" => (
            "requests of the client were lost, or two programs used its session",
            "クライアントの要求が失われたか、二つのプログラムが同じセッションを使った",
        ),
        "rid-forgotten" => ("the client repeated a request too late", "クライアントの再送が遅すぎた"),
        "rid-reused" => (
            "two programs (two tabs?) used one session",
            "二つのプログラム (タブ?) が一つのセッションを使った",
        ),
        "key-mismatch" => (
            "a request came without the key that was due: somebody else may have sent it",
            "要求に期待されたキーがなかった: 第三者が送信した可能性がある",
        ),
        "unknown-stream" => (
            "the client named a stream that its session never had",
            "クライアントがセッションにないストリームを指定した",
        ),
        "overactivity" => ("the client polled too often", "クライアントのポーリングが多すぎた"),
        "pause-too-long" => ("the client asked for too long a pause", "クライアントの要求した休止が長すぎた"),
        "queue-overflow" => (
            "the client did not read, and too much waited for it",
            "クライアントが受信せず、送信待ちが上限を超えた",
        ),
        "credential-expired" => ("its credential was no longer good", "認証情報の期限が切れた"),
        "transport-lost" => ("the connection broke", "接続が切れた"),
        "shutdown" => ("the server was stopped", "サーバーが停止された"),
        "internal-error" => ("the server failed", "サーバーに障害が発生した"),
        SERVER_DIED => (
            "the server died without a word (crash, kill or power)",
            "サーバーが記録なく異常終了した (クラッシュ、強制終了、電源)",
        ),
        _ => return None,
    })
}
