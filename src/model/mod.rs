//! Pure data: what a log says, what was concluded from it, what is printed. No reading, no judging.

pub mod author;
pub(crate) mod brief;
pub mod case;
pub mod client;
pub mod command;
pub mod event;
pub mod excerpt;
pub mod facts;
pub mod finding;
pub mod fix;
pub mod home;
pub mod key;
pub mod key_type;
pub mod offer;
pub mod path;
pub mod server;
pub mod session;
pub mod told;

pub use author::{Author, Side};
pub use case::{Apart, Case, Comparison, Fate, Join, SessionRef, Tie};
pub use client::{Capability, Client};
pub use event::{At, Event, Kind, ProxyFault, SessionFault};
pub use facts::{Fact, Facts, HostFacts};
pub use finding::{Cause, Certainty, Evidence, Finding, Severity, Standing, Suggestion, Verdict};
pub use fix::{Action, Audience, Block, Change, Fix, HostName};
pub use key::{Key, has_other_digest, is_comparable, same_key};
pub use key_type::{Family, KeyType};
pub use offer::{Offer, Reply, Step};
pub use server::ServerLog;
pub use session::{Accepted, Identity, IdentityState, Outcome, Role, Session, Transcript};
pub use told::{Peer, Told};
