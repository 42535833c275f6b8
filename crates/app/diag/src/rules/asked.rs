//! Questions that several rules ask.

use super::{Asked, Finding};
use crate::evidence::{End, Failure, What};
use crate::incident::Incident;
use crate::language::words;
use crate::limits::STALL_MS;
use crate::sight::Sight;

/// A WebSocket has no polls to miss: its end is a broken connection.
pub(super) fn silent(i: &Incident<'_>) -> Asked {
    (
        words(
            "the session ended because the client was not heard any more",
            "クライアントからの通信が途絶えたためセッションが終了した",
        ),
        i.ended_by(&[End::Idle, End::Broken]),
    )
}

pub(super) fn page_alive(i: &Incident<'_>) -> Asked {
    (
        words("the page went on working during the silence", "通信断の間もページは動いていた"),
        i.look(Sight::Page, i.inside(), |what| {
            matches!(
                what,
                What::PageAlive
                    | What::TimerLate { .. }
                    | What::RequestFailed { .. }
                    | What::RoundTrip { .. }
            )
        }),
    )
}

pub(super) fn page_computing(i: &Incident<'_>) -> Asked {
    (
        words("the page was busy for seconds at a time", "ページが数秒単位で処理に占有されていた"),
        i.look(Sight::Page, i.run_up(), |what| matches!(what, What::LongTask { ms, .. } if *ms >= STALL_MS)),
    )
}

pub(super) fn slept(i: &Incident<'_>) -> Asked {
    (
        words(
            "the computer's clock went on while the computer did not: it slept",
            "PC の時計だけが進み処理は止まっていた (スリープ)",
        ),
        i.look(Sight::Page, i.silence(), |what| {
            matches!(what, What::Slept { ms } if *ms >= STALL_MS)
                || matches!(what, What::RequestFailed { how: Failure::Suspended })
        }),
    )
}

pub(super) fn frozen(i: &Incident<'_>) -> Asked {
    (
        words("the browser froze or discarded the page", "ブラウザーがページを凍結または破棄した"),
        i.look(Sight::Page, i.silence(), |what| {
            matches!(what, What::PageFrozen | What::PageResumed | What::PageDiscarded)
        }),
    )
}

pub(super) fn hidden(i: &Incident<'_>) -> Asked {
    (
        words("the page was hidden", "ページは非表示だった"),
        i.look(Sight::Page, i.run_up(), |what| matches!(what, What::PageHidden)),
    )
}

pub(super) fn rest_during(i: &Incident<'_>) -> Asked {
    (
        words(
            "the web service answered the same agent during the silence",
            "通信断の間に Web サービスは同じエージェントに応答していた",
        ),
        i.look(Sight::Rest, i.inside(), |what| matches!(what, What::RestAnswered)),
    )
}

pub(super) fn cut_at_onset(i: &Incident<'_>) -> Asked {
    (
        words(
            "the connection of the last poll was closed from the other side before its answer",
            "最後のポーリングの接続が応答前に相手側から閉じられた",
        ),
        i.cut_at_onset(),
    )
}

pub(super) fn goes_on(i: &Incident<'_>) -> Asked {
    (
        words(
            "afterwards the client went on with the old session, as if no time had passed",
            "その後クライアントは時間の経過に気付かず古いセッションを続けようとした",
        ),
        i.look(Sight::Requests, i.after(), |what| matches!(what, What::LateRequest { .. })),
    )
}

pub(super) fn others_together(i: &Incident<'_>) -> Asked {
    (
        words(
            "more agents fell silent in the same moment than chance would bring",
            "偶然とは言えない数のエージェントが同時に途絶えた",
        ),
        i.together(),
    )
}

pub(super) fn service_went(i: &Incident<'_>) -> Asked {
    (
        words(
            "the notification service stopped or died then",
            "その時に通知サービスが停止または異常終了した",
        ),
        i.look(Sight::Service, i.end(), |what| matches!(what, What::ServiceStopped | What::ServiceDied)),
    )
}

/// A pause of the server that is much shorter than the silence did not make it.
pub(super) fn server_paused(i: &Incident<'_>) -> Asked {
    let least = STALL_MS.max(i.silent_ms() / 2);
    (
        words(
            "the server itself did nothing for half of the silence or longer",
            "通信断の半分以上の間サーバー自体が停止していた",
        ),
        i.look(Sight::Pulse, i.silence(), |what| matches!(what, What::ServerPaused { ms } if *ms >= least)),
    )
}

pub(super) fn not_accepted(i: &Incident<'_>) -> Asked {
    (
        words("the server itself could not accept connections", "サーバー自体が接続を受け付けられなかった"),
        i.look(Sight::Listeners, i.silence(), |what| {
            matches!(what, What::NotAccepted { .. } | What::AcceptQueue { .. })
        }),
    )
}

/// Whether the page's requests failed in one of these ways.
pub(super) fn failed(i: &Incident<'_>, hows: &[Failure]) -> Finding {
    i.look(Sight::Page, i.silence(), |what| matches!(what, What::RequestFailed { how } if hows.contains(how)))
}
