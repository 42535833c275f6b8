//! A warning in words, English and Japanese.

use super::Kind;

/// What is wrong. `n` is the amount that its kind says, `what` fit for a page.
pub(super) fn sentence(kind: Kind, n: i64, what: &str) -> (String, String) {
    let secs = format!("{:.1}", n as f64 / 1_000.0);
    match kind {
        Kind::LatePoll => (
            format!("No poll came for {secs} s: the next one may be too late."),
            format!("{secs} 秒間ポーリングがなかった: 次回は間に合わない恐れがある。"),
        ),
        Kind::Drift => {
            (format!("The computer's clock is {secs} s off."), format!("PC の時計が {secs} 秒ずれている。"))
        }
        Kind::Backlog => (
            format!("{n} stanzas wait for the desktop: it does not take them."),
            format!("{n} 件の通知がデスクトップに届かず待機している。"),
        ),
        Kind::Stalled => {
            (format!("The server stood still for {secs} s."), format!("サーバーが {secs} 秒間停止した。"))
        }
        Kind::ClockStep => {
            (format!("The server's clock jumped by {secs} s."), format!("サーバーの時計が {secs} 秒飛んだ。"))
        }
        Kind::Certificate if n < 0 => (
            "The server's certificate has ended: nobody can sign in anew.".to_owned(),
            "サーバー証明書の期限が切れた: 新規サインインができない。".to_owned(),
        ),
        Kind::Certificate => (
            format!("The server's certificate ends in {n} days."),
            format!("サーバー証明書の期限まで {n} 日。"),
        ),
        Kind::Disk => (
            format!("The disk of the data directory has {n} MiB left."),
            format!("データディレクトリのディスク残量は {n} MiB。"),
        ),
        Kind::AcceptQueue => (
            format!("{n} connections wait to be accepted on {what}."),
            format!("{what} で {n} 件の接続が受け付け待ち。"),
        ),
        Kind::AcceptFailed => (
            format!("{what} got no connection from the system: out of file descriptors?"),
            format!("{what} が接続を受け付けられない: ファイル記述子の不足か。"),
        ),
        Kind::Store if n > 1 => (
            "The store has given up until the next start: what changes is not kept.".to_owned(),
            "ストアは次回起動まで停止した: 変更は保存されない。".to_owned(),
        ),
        Kind::Store => (
            "The store fails: what must survive a restart is refused.".to_owned(),
            "ストア障害: 永続化が必要な変更は拒否される。".to_owned(),
        ),
        Kind::Site => (
            format!("The network {what} lost {n} sessions in ten minutes: more than its share."),
            format!("ネットワーク {what} で 10 分間に {n} セッションが切断: 割合を超えている。"),
        ),
        Kind::Browser => (
            format!("{what} lost {n} sessions in ten minutes: more than its share."),
            format!("{what} で 10 分間に {n} セッションが切断: 割合を超えている。"),
        ),
    }
}
