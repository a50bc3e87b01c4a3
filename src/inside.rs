//! What this project's own program, page and tests use beside the façade. It changes without notice.

/// The program.
#[cfg(feature = "cli")]
pub mod cli {
    pub use crate::cli::run;
}

/// The verdict.
pub mod diagnose {
    pub use crate::diagnose::{Diagnosis, diagnose};
}

/// Asking ssh, its files, the agent and servers.
#[cfg(feature = "live")]
pub mod live {
    pub use crate::live::{config, gather, order, program, query};
}

/// The order in which ssh offers keys.
pub mod order {
    pub use crate::order::{Identity, Origin, Step};
}

/// The git hosts.
pub mod provider {
    pub use crate::provider::{PROVIDERS, by_host, by_id, by_software, greeting, mistaken};
}

/// From bytes to sessions.
pub mod reader {
    pub use crate::reader::{Reader, read};
}

/// Stand-ins for what tells whose a log is.
pub mod redact {
    pub use crate::redact::{Breaks, Learner, Redactor, Rewriter, Sort};
}

/// The causes.
pub mod rules {
    pub use crate::rules::{RULES, by_id};
}

/// Quoting for shells.
pub mod shell {
    pub use crate::shell::{Shell, join};
}

/// What servers said to each key.
pub mod survey {
    pub use crate::survey::{Host, Login, Offer, Reply, Row, Survey};
}

/// What no terminal may see.
pub mod text {
    pub use crate::text::unprintable;
}

/// Keys as bytes.
pub mod wire {
    pub use crate::wire::public_line;
}
