//! What one can look at, and on which lane it is drawn.

use crate::evidence::What;
use crate::language::{Words, words};
use serde::{Deserialize, Serialize};

/// A stage of the way from the phone system to the agent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Lane {
    /// The agent's page and computer.
    Desktop,
    /// What is between.
    Network,
    /// The notification service.
    Notification,
    /// The web service.
    Web,
    /// The phone system's link.
    Cti,
}

impl Lane {
    /// From the agent to the phone system.
    pub const ALL: [Self; 5] = [Self::Desktop, Self::Network, Self::Notification, Self::Web, Self::Cti];

    /// Its name.
    pub fn words(self) -> Words {
        match self {
            Self::Desktop => words("desktop", "デスクトップ"),
            Self::Network => words("network", "ネットワーク"),
            Self::Notification => words("notification", "通知サービス"),
            Self::Web => words("web service", "Webサービス"),
            Self::Cti => words("CTI", "CTI"),
        }
    }
}

/// A place to look. Rules ask for sights; a case says which of them were open, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sight {
    /// Beginnings and ends of sessions, presence.
    Sessions,
    /// Single requests of the notification service: gaps, cuts, repeats, late ones.
    Requests,
    /// Refused sign-ins.
    SignIns,
    /// The page itself: its probe or its client log.
    Page,
    /// The browser's requests: HAR, NetLog.
    Fetches,
    /// Ports and certificates as the agent's computer sees them.
    Path,
    /// Requests to the web service.
    Rest,
    /// What was published or refused, by its characters.
    Payloads,
    /// Starts, stops and crashes of the service.
    Service,
    /// Whether the server ran all the while.
    Pulse,
    /// The server's clock.
    Clock,
    /// The server's listeners and certificates.
    Listeners,
    /// The link to the phone system.
    Cti,
    /// The phone system's own logs.
    PhoneSystem,
    /// Disks.
    Disk,
    /// Failover and administrators' actions.
    Administration,
}

impl Sight {
    /// How to get at it, when it was not looked at.
    pub fn how_to_get(self) -> Words {
        match self {
            Self::Sessions | Self::Requests | Self::SignIns | Self::Service => words(
                "the server's journal of that time (journal.keep_hours)",
                "その時刻のサーバージャーナル (journal.keep_hours)",
            ),
            Self::Page => words(
                "the desktop's probe or client log: sign in with the desktop, or have the agent use \"Send error report\"",
                "デスクトップのプローブまたはクライアントログ: エージェントに「エラーレポートの送信」を依頼",
            ),
            Self::Fetches => words(
                "a HAR or NetLog of the browser, recorded while it happens",
                "発生時に記録したブラウザーの HAR または NetLog",
            ),
            Self::Path => words(
                "from the agent's computer: curl -v https://SERVER:7443/http-bind/ and the issuer it shows",
                "エージェントの PC から curl -v https://SERVER:7443/http-bind/ を実行し、発行者を確認",
            ),
            Self::Rest => words("the web service's log of that time", "その時刻の Web サービスログ"),
            Self::Payloads => words(
                "the metric aplomb_forbidden_characters, or the service's log",
                "メトリック aplomb_forbidden_characters またはサービスログ",
            ),
            Self::Pulse | Self::Clock => words(
                "the server's journal (pauses, clock steps), or the hypervisor's events and chronyc tracking",
                "サーバージャーナル (停止・時刻のずれ)、またはハイパーバイザーのイベントと chronyc tracking",
            ),
            Self::Listeners => words("the server's log of that time", "その時刻のサーバーログ"),
            Self::Cti => words("the journal's CTI records", "ジャーナルの CTI 記録"),
            Self::PhoneSystem => words(
                "the phone system's logs (CTIManager, PG, MIVR) of that time",
                "その時刻の電話システムのログ (CTIManager、PG、MIVR)",
            ),
            Self::Disk => words("df -h on the server", "サーバーで df -h を実行"),
            Self::Administration => words(
                "who restarted or changed what at that time (audit log, change calendar)",
                "その時刻の再起動・変更の記録 (監査ログ、変更管理)",
            ),
        }
    }
}

impl What {
    /// Where one must look to see it.
    pub fn sight(&self) -> Option<Sight> {
        Some(match self {
            Self::SessionOpened { .. }
            | Self::SessionEnded { .. }
            | Self::PresenceGone { .. }
            | Self::Returned { .. }
            | Self::ForcedLogout => Sight::Sessions,
            Self::PollGap { .. }
            | Self::PollCut { .. }
            | Self::PollRepeated
            | Self::LateRequest { .. }
            | Self::UnknownSession => Sight::Requests,
            Self::SignInRefused { .. } => Sight::SignIns,
            Self::RestAnswered => Sight::Rest,
            Self::ForbiddenCharacter { .. } => Sight::Payloads,
            Self::PageOpened
            | Self::PageAlive
            | Self::PageHidden
            | Self::PageShown
            | Self::PageFrozen
            | Self::PageResumed
            | Self::PageDiscarded
            | Self::PageLeft
            | Self::Slept { .. }
            | Self::LongTask { .. }
            | Self::TimerLate { .. }
            | Self::RequestFailed { .. }
            | Self::Drift { .. }
            | Self::RoundTrip { .. } => Sight::Page,
            Self::RequestQueued { .. } => Sight::Fetches,
            Self::ForeignIssuer { .. } | Self::PortClosed { .. } => Sight::Path,
            Self::CertificateRefused { .. }
            | Self::CertificateChanged { .. }
            | Self::NotAccepted { .. }
            | Self::AcceptQueue { .. } => Sight::Listeners,
            Self::ServiceStarted { .. } | Self::ServiceStopped | Self::ServiceDied | Self::WebServiceDown => {
                Sight::Service
            }
            Self::ServerPaused { .. } | Self::ServerSlow { .. } => Sight::Pulse,
            Self::ClockStep { .. } => Sight::Clock,
            Self::CtiLost { .. } | Self::CtiUp => Sight::Cti,
            Self::ProviderDown => Sight::PhoneSystem,
            Self::DiskFull | Self::StoreFailed | Self::StoreBack => Sight::Disk,
            Self::Failover | Self::AdminAction { .. } => Sight::Administration,
            Self::Unknown => return None,
        })
    }

    /// The lane it is drawn on.
    pub fn lane(&self) -> Lane {
        match self.sight() {
            Some(Sight::Page) => Lane::Desktop,
            Some(Sight::Fetches | Sight::Path) => Lane::Network,
            Some(Sight::Rest | Sight::Payloads) => Lane::Web,
            Some(Sight::Cti | Sight::PhoneSystem) => Lane::Cti,
            _ => match self {
                Self::PollCut { .. } | Self::CertificateRefused { .. } => Lane::Network,
                Self::PresenceGone { .. }
                | Self::Returned { .. }
                | Self::ForcedLogout
                | Self::AdminAction { .. }
                | Self::StoreFailed
                | Self::StoreBack
                | Self::WebServiceDown => Lane::Web,
                _ => Lane::Notification,
            },
        }
    }
}
