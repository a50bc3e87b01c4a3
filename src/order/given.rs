//! What the order follows from.

use super::identity::Origin;
use crate::model::HostFacts;
use crate::model::facts::{KeyFile, PublicKey};

/// An identity file that applies, with what the facts do not say of it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Listed<'a> {
    /// The file.
    pub file: &'a KeyFile,
    /// Where its name stands.
    pub origin: Origin,
}

/// A certificate that `CertificateFile` names and that could be read.
#[derive(Clone, Debug)]
pub(crate) struct Certified {
    /// The file.
    pub path: String,
    /// Where its name stands.
    pub origin: Origin,
    /// The certificate.
    pub key: PublicKey,
    /// A user's, not a host's.
    pub for_users: bool,
}

/// What the order follows from.
#[derive(Clone, Debug)]
pub(crate) struct Given<'a> {
    /// OpenSSH's version; `None` stands for a recent one.
    pub version: Option<(u32, u32)>,
    /// Options and agent.
    pub facts: &'a HostFacts,
    /// The identity files, in ssh's order.
    pub files: Vec<Listed<'a>>,
    /// How many `CertificateFile` lines apply, whether they could be read or not.
    pub certificate_files: usize,
    /// Those that could be read.
    pub certificates: Vec<Certified>,
    /// Whether ssh can reach FIDO authenticators.
    pub authenticators: bool,
}

impl<'a> Given<'a> {
    /// The value of ssh's option of this name, in small letters.
    pub(super) fn option(&self, name: &str) -> Option<&'a str> {
        self.facts.option(name)
    }
}
