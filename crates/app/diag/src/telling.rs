//! Facts in words.

use crate::case::shown;
use crate::evidence::{End, Fact, Failure, Refusal, Sequel, What};
use crate::language::Language;

/// `340 ms`, `2.1 s`, `63 s`, `12 min`, `3 h 5 min`.
pub fn duration(ms: u64) -> String {
    let secs = ms / 1_000;
    match secs {
        0 => format!("{ms} ms"),
        1..10 => format!("{}.{} s", secs, ms % 1_000 / 100),
        10..120 => format!("{secs} s"),
        120..7_200 => format!("{} min", secs / 60),
        _ => format!("{} h {} min", secs / 3_600, secs / 60 % 60),
    }
}

fn signed(ms: i64) -> String {
    let sign = if ms < 0 { "-" } else { "+" };
    format!("{sign}{}", duration(ms.unsigned_abs()))
}

/// A fact in one line, fit for a terminal whatever it holds.
pub fn tell(fact: &Fact, language: Language) -> String {
    let (en, ja) = match &fact.what {
        What::SessionOpened { transport, address, client, .. } => {
            let (transport, address) = (shown(transport), shown(address));
            let client = client.as_deref().map(|client| format!(", {}", shown(client))).unwrap_or_default();
            (
                format!("session opened: {transport} from {address}{client}"),
                format!("セッション開始: {transport}、{address}{client}"),
            )
        }
        What::SessionEnded { end, silent_ms, .. } => {
            let silent = duration(*silent_ms);
            let (en, ja) = end_words(*end);
            (
                format!("session ended: {en}; last heard of {silent} before"),
                format!("セッション終了: {ja}。最終受信は {silent} 前"),
            )
        }
        What::RequestFailed { how } => {
            let (en, ja) = failure_words(*how);
            (format!("a request of the page failed: {en}"), format!("ページのリクエスト失敗: {ja}"))
        }
        what => match in_the_service(what).or_else(|| in_the_page(what)) {
            Some(words) => words,
            None => around_it(what),
        },
    };
    match language {
        Language::English => en,
        Language::Japanese => ja,
    }
}

type Pair = (String, String);

fn plain(en: &str, ja: &str) -> Option<Pair> {
    Some((en.into(), ja.into()))
}

fn timed(en: &str, ja: &str, ms: u64) -> Option<Pair> {
    let time = duration(ms);
    Some((en.replace("{}", &time), ja.replace("{}", &time)))
}

fn in_the_service(what: &What) -> Option<Pair> {
    match what {
        What::PollGap { ms } => timed("no poll for {}", "ポーリングなし {}", *ms),
        What::PollCut { held_ms } => timed(
            "a poll's connection was closed after {}, unanswered",
            "ポーリングの接続が応答前に閉じた ({} 後)",
            *held_ms,
        ),
        What::PollRepeated => plain("a request was sent again", "リクエストが再送された"),
        What::LateRequest { sequel: Sequel::Next } => plain(
            "a request for the session that was over, with the next id",
            "終了済みセッションへの要求 (次の ID)",
        ),
        What::LateRequest { sequel: Sequel::Repeat } => {
            plain("a request for the session that was over, repeated", "終了済みセッションへの要求 (再送)")
        }
        What::LateRequest { sequel: Sequel::Other } => {
            plain("a request for the session that was over", "終了済みセッションへの要求")
        }
        What::UnknownSession => plain("a request for a session never known here", "未知のセッションへの要求"),
        What::SignInRefused { why } => Some(refusal_words(*why)),
        What::PresenceGone { grace_ms } => {
            timed("presence gone: forced logout in {}", "プレゼンス喪失: {} 後に強制ログアウト", *grace_ms)
        }
        What::Returned { too_late: false } => plain("back in time", "期限内に復帰"),
        What::Returned { too_late: true } => plain("back, after the forced logout", "強制ログアウト後に復帰"),
        What::ForcedLogout => plain("forced logout (reason 255)", "強制ログアウト (理由コード 255)"),
        What::RestAnswered => plain("the web service answered", "Web サービスが応答"),
        What::ServiceStarted { died: true } => {
            plain("service started; the run before ended without a word", "サービス起動 (前回は停止記録なし)")
        }
        What::ServiceStarted { died: false } => plain("service started", "サービス起動"),
        What::ServiceDied => plain("service gone without a word", "サービスが記録なく消失"),
        What::ServiceStopped => plain("service stopped in order", "サービスが正常停止"),
        What::WebServiceDown => plain("web application gone", "Web アプリケーション離脱"),
        What::ServerPaused { ms } => timed("the server stood still for {}", "サーバーが {} 停止", *ms),
        What::ServerSlow { ms } => {
            timed("the server answered up to {} late", "サーバーの応答が最大 {} 遅延", *ms)
        }
        What::StoreFailed => plain(
            "the store failed: what must survive a restart was refused",
            "ストア障害: 永続化が必要な変更を拒否",
        ),
        What::StoreBack => plain("the store works again", "ストア復旧"),
        _ => None,
    }
}

fn in_the_page(what: &What) -> Option<Pair> {
    match what {
        What::PageOpened => plain("page loaded", "ページ読み込み"),
        What::PageAlive => plain("the page wrote in its log", "ページがログを記録"),
        What::PageHidden => plain("page hidden", "ページ非表示"),
        What::PageShown => plain("page shown", "ページ表示"),
        What::PageFrozen => plain("page frozen by the browser", "ブラウザーがページを凍結"),
        What::PageResumed => plain("page resumed", "ページ再開"),
        What::PageDiscarded => plain("page discarded by the browser", "ブラウザーがページを破棄"),
        What::PageLeft => plain("page left", "ページを離れた"),
        What::Slept { ms } => timed("the computer slept for {}", "PC が {} スリープ", *ms),
        What::LongTask { ms, gadget: None } => timed("the page was busy for {}", "ページが {} 占有", *ms),
        What::LongTask { ms, gadget: Some(gadget) } => {
            let (time, gadget) = (duration(*ms), shown(gadget));
            Some((
                format!("the gadget {gadget} kept the page busy for {time}"),
                format!("ガジェット {gadget} がページを {time} 占有"),
            ))
        }
        What::TimerLate { ms } => {
            timed("a timer of the page came {} late", "ページのタイマーが {} 遅延", *ms)
        }
        What::RequestQueued { ms } => {
            timed("a request waited {} in the browser", "リクエストがブラウザー内で {} 待機", *ms)
        }
        What::Drift { ms } => {
            let ms = signed(*ms);
            Some((format!("the computer's clock is off by {ms}"), format!("PC の時計のずれ {ms}")))
        }
        What::RoundTrip { ms } => timed("round trip {}", "往復 {}", *ms),
        _ => None,
    }
}

fn around_it(what: &What) -> Pair {
    let (en, ja) = match what {
        What::ForbiddenCharacter { field } => {
            ("a character that XML forbids, in", "XML 禁止文字:", shown(field))
        }
        What::ForeignIssuer { issuer } => ("a strange issuer:", "異なる発行者:", shown(issuer)),
        What::PortClosed { port } => ("cannot be reached: port", "到達不可: ポート", port.to_string()),
        What::CertificateRefused { address } => {
            ("certificate refused by the client at", "証明書が拒否された:", shown(address))
        }
        What::CertificateChanged { expired } => (
            "certificate replaced or run out; run out:",
            "証明書の更新または失効。失効:",
            expired.to_string(),
        ),
        What::NotAccepted { listener, error } => (
            "no connection could be accepted on",
            "接続を受け付けられない:",
            format!("{} ({})", shown(listener), shown(error)),
        ),
        What::AcceptQueue { listener, connections } => (
            "connections waited to be accepted on",
            "接続が受け付け待ち:",
            format!("{} ({connections})", shown(listener)),
        ),
        What::ClockStep { ms } => ("the server's clock jumped by", "サーバーの時計が変化:", signed(*ms)),
        What::CtiLost { reason } => ("CTI link lost:", "CTI リンク喪失:", shown(reason)),
        What::CtiUp => ("CTI link up", "CTI リンク確立", String::new()),
        What::ProviderDown => ("provider out of service", "プロバイダー停止", String::new()),
        What::Failover => ("failover or maintenance", "フェイルオーバーまたはメンテナンス", String::new()),
        What::DiskFull => ("a disk cannot be written", "ディスク書き込み不可", String::new()),
        What::AdminAction { action } => ("an administrator:", "管理者の操作:", shown(action)),
        _ => ("something unknown", "不明", String::new()),
    }
    .pair();
    (en, ja)
}

/// A text before a value, in both languages.
trait Before {
    fn pair(self) -> Pair;
}

impl Before for (&str, &str, String) {
    fn pair(self) -> Pair {
        let (en, ja, value) = self;
        let join = |text: &str| if value.is_empty() { text.to_owned() } else { format!("{text} {value}") };
        (join(en), join(ja))
    }
}

fn end_words(end: End) -> (&'static str, &'static str) {
    match end {
        End::Idle => ("nothing came in time", "無通信"),
        End::Left => ("the client took its leave", "クライアントが終了"),
        End::Conflict => ("signed in elsewhere", "別の場所でサインイン"),
        End::RequestLost => ("requests were lost", "リクエスト消失"),
        End::RequestReused => ("two programs used it", "二重使用"),
        End::Overactivity => ("polled too often", "過剰ポーリング"),
        End::Credential => ("credential no longer good", "認証情報が無効"),
        End::Broken => ("the connection broke", "接続断"),
        End::Backlog => ("too much waited for it", "送信待ちが上限超過"),
        End::Protocol => ("a rule of the protocol was broken", "プロトコル違反"),
        End::Stopped => ("the service stopped", "サービス停止"),
        End::Died => ("the service died", "サービス異常終了"),
        End::Other => ("another reason", "その他"),
    }
}

fn failure_words(how: Failure) -> (&'static str, &'static str) {
    match how {
        Failure::Refused => ("refused", "拒否"),
        Failure::Reset => ("reset", "リセット"),
        Failure::TimedOut => ("no answer", "応答なし"),
        Failure::NetworkChanged => ("the network changed", "ネットワーク変更"),
        Failure::Offline => ("no network", "オフライン"),
        Failure::Suspended => ("the computer was going to sleep", "スリープ移行中"),
        Failure::Certificate => ("certificate not trusted", "証明書が信頼されていない"),
        Failure::Gateway => ("a gateway's error", "ゲートウェイエラー"),
        Failure::Other => ("another error", "その他のエラー"),
    }
}

fn refusal_words(why: Refusal) -> Pair {
    let (en, ja) = match why {
        Refusal::Credential => ("wrong name or password", "ユーザー名またはパスワードの誤り"),
        Refusal::Locked => ("locked after wrong passwords", "ロック中"),
        Refusal::NotReady => ("the service was not ready", "サービス準備中"),
        Refusal::Other => ("another reason", "その他"),
    };
    (format!("sign-in refused: {en}"), format!("サインイン拒否: {ja}"))
}
