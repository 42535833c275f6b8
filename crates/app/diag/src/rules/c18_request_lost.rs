//! C18: requests were lost, or two programs used one session.

use super::{Clue, Remedy, Rule, against, asked, mark};
use crate::evidence::End;
use crate::incident::Incident;
use crate::language::words;

pub(super) const RULE: Rule = Rule {
    id: "C18",
    name: words(
        "requests were lost, or two programs used one session",
        "リクエストが失われた、または 2 つのプログラムが 1 つのセッションを使った",
    ),
    symptom: words("item-not-found right after a burst", "連続送信の直後に item-not-found"),
    remedy: Remedy {
        what: words(
            "close tabs that were duplicated or restored; look for a proxy that sends requests twice",
            "複製・復元されたタブを閉じる。リクエストを二重送信するプロキシを確認",
        ),
        command: None,
        disturbs: words("this agent, until signed in again", "このエージェントのみ (再サインインまで)"),
    },
    source: "XEP-0124 §14",
    rather_than: &[],
    clues,
};

fn clues(i: &Incident<'_>) -> Vec<Clue> {
    vec![
        mark((
            words(
                "a request id was outside the window, forgotten or used twice",
                "リクエスト ID が範囲外、破棄済み、または二重使用だった",
            ),
            i.ended_by(&[End::RequestLost, End::RequestReused]),
        )),
        against(asked::service_went(i)),
    ]
}
