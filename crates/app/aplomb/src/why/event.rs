//! Lines of the story that are no sessions.

use super::words::{duration, say, shown, transport_name};
use crate::journal::What;
use diag::Language;

type Pair = (String, String);

/// One line; empty for what is told elsewhere.
pub(super) fn event(what: &What, language: Language) -> String {
    let words =
        of_the_agent(what, language).or_else(|| of_the_service(what)).or_else(|| of_the_machine(what));
    words.map(|(en, ja)| say(language, en, ja)).unwrap_or_default()
}

fn plain(en: &str, ja: &str) -> Pair {
    (en.into(), ja.into())
}

fn of_the_agent(what: &What, language: Language) -> Option<Pair> {
    Some(match what {
        What::SignInRefused { transport, address, why, .. } => {
            let (why, transport) = (shown(why), transport_name(transport, language));
            let address = shown(address);
            (
                format!("sign-in refused: {why} ({transport} from {address})"),
                format!("サインイン拒否: {why} ({transport}、{address})"),
            )
        }
        What::WatchStarted { grace_ms, .. } => {
            let grace = duration(*grace_ms);
            (
                format!("presence gone: forced logout in {grace} unless back"),
                format!("プレゼンス喪失: 復帰しなければ {grace} 後に強制ログアウト"),
            )
        }
        What::Returned { too_late: false, .. } => {
            plain("presence back in time: no forced logout", "期限内にプレゼンス復帰: 強制ログアウトなし")
        }
        What::Returned { too_late: true, .. } => {
            plain("presence back, after the forced logout was sent", "強制ログアウト送信後にプレゼンス復帰")
        }
        What::WatchEnded { .. } => {
            plain("signed out at the phone system; the watch ends", "電話システムでサインアウト。監視終了")
        }
        What::ForcedLogout { .. } => {
            plain("forced logout sent (reason 255)", "強制ログアウト送信 (理由コード 255)")
        }
        What::ForcedLogoutDeferred { .. } => {
            plain("forced logout due, waits for the CTI link", "強制ログアウト保留: CTI リンク待ち")
        }
        What::ForcedLogoutFailed { why, .. } => {
            let why = shown(why);
            (format!("forced logout had no effect: {why}"), format!("強制ログアウト無効: {why}"))
        }
        What::PollCut { held_ms, .. } => {
            let held = duration(*held_ms);
            (
                format!("a poll's connection was closed after {held}, unanswered"),
                format!("ポーリングの接続が応答前に閉じた ({held} 後)"),
            )
        }
        What::PollGap { silent_ms, .. } => {
            let silent = duration(*silent_ms);
            (format!("no poll for {silent}"), format!("ポーリングなし {silent}"))
        }
        What::Backlog { stanzas, .. } => (
            format!("{stanzas} stanzas wait for the client"),
            format!("{stanzas} 件の通知がクライアント待ち"),
        ),
        What::LateRequest { .. } => {
            plain("a request for a session that was over", "終了済みセッションへの要求")
        }
        _ => return None,
    })
}

fn of_the_service(what: &What) -> Option<Pair> {
    Some(match what {
        What::ServerStarted { version, died: true, .. } => {
            let version = shown(version);
            (
                format!("server {version} started; the run before ended without a word"),
                format!("サーバー {version} 起動 (前回は停止記録なし)"),
            )
        }
        What::ServerStarted { version, .. } => {
            let version = shown(version);
            (format!("server {version} started"), format!("サーバー {version} 起動"))
        }
        What::ServerStopped => plain("server stopped", "サーバー停止"),
        What::CtiUp { server } => {
            let server = shown(server);
            (format!("CTI link up ({server})"), format!("CTI リンク確立 ({server})"))
        }
        What::CtiDown { reason } => {
            let reason = shown(reason);
            (format!("CTI link lost: {reason}"), format!("CTI リンク喪失: {reason}"))
        }
        What::SystemStatus { status, reason } => {
            let colon = if reason.is_empty() { "" } else { ": " };
            let told = format!("{}{colon}{}", shown(status), shown(reason));
            (format!("system {told}"), format!("システム {told}"))
        }
        What::StrangersLeftOut { count } => (
            format!("{count} records of strangers left out"),
            format!("未サインイン者の記録 {count} 件を省略"),
        ),
        What::Missed { count } => (format!("{count} records missing"), format!("記録 {count} 件が欠落")),
        What::AdminAction { by, action } => {
            let (by, action) = (shown(by), shown(action));
            (format!("{by} did {action}"), format!("{by} の操作: {action}"))
        }
        What::StoreState { state } => match state.as_str() {
            "well" => plain("the store works again", "ストア復旧"),
            "failing" => plain(
                "the store failed: what must survive a restart is refused",
                "ストア障害: 永続化が必要な変更を拒否",
            ),
            _ => plain("the store gave up until the next start", "ストアは次回起動まで停止"),
        },
        _ => return None,
    })
}

fn of_the_machine(what: &What) -> Option<Pair> {
    Some(match what {
        What::Stalled { ms } => {
            let time = duration(*ms);
            (format!("the server stood still for {time}"), format!("サーバーが {time} 停止"))
        }
        What::ClockStep { ms } => {
            let (back, time) = (*ms < 0, duration(ms.unsigned_abs()));
            let (way, sign) = if back { ("back", "-") } else { ("forward", "+") };
            (
                format!("the server's clock jumped {way} by {time}"),
                format!("サーバーの時計が飛んだ: {sign}{time}"),
            )
        }
        What::Certificate { ends, .. } => {
            let ends = ends.strftime("%Y-%m-%d");
            (format!("the certificate in use ends on {ends}"), format!("使用中の証明書の期限 {ends}"))
        }
        What::HandshakeRefused { listener, address, alert } => {
            let (address, listener, alert) = (shown(address), shown(listener), shown(alert));
            (
                format!("{address} refused the certificate on {listener} ({alert})"),
                format!("{address} が {listener} の証明書を拒否 ({alert})"),
            )
        }
        What::DiskLow { mib } => (
            format!("the disk of the data directory has {mib} MiB left"),
            format!("データディレクトリのディスク残量 {mib} MiB"),
        ),
        What::Delayed { ms } => {
            let time = duration(*ms);
            (format!("the server answered up to {time} late"), format!("サーバーの応答が最大 {time} 遅延"))
        }
        What::AcceptQueue { listener, connections } => {
            let listener = shown(listener);
            (
                format!("{connections} connections waited to be accepted on {listener}"),
                format!("{listener} で {connections} 件の接続が受け付け待ち"),
            )
        }
        What::NotAccepted { listener, error, times } => {
            let (listener, error) = (shown(listener), shown(error));
            (
                format!("{listener} got no connection from the system, {times} times: {error}"),
                format!("{listener} が接続を {times} 回受け付けられなかった: {error}"),
            )
        }
        _ => return None,
    })
}
