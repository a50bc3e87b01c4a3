//! The types of keys: one list for all that name them, by OpenSSH's word or by the wire's.

/// What the keys of a type are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// RSA.
    Rsa,
    /// DSA.
    Dsa,
    /// ECDSA on one of NIST's curves.
    Ecdsa,
    /// Ed25519.
    Ed25519,
    /// XMSS, which OpenSSH had as an experiment from 7.7 to 10.0.
    Xmss,
    /// ML-DSA-44 and Ed25519 together, from 10.4 on.
    MlDsa44Ed25519,
}

/// One type of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyType {
    /// As OpenSSH prints it (`sshkey_type`). Several may have the same.
    pub name: &'static str,
    /// Its name on the wire. Keys of protocol 1 have none.
    pub wire: Option<&'static str>,
    /// What it is made of.
    pub family: Family,
}

const fn row(name: &'static str, wire: &'static str, family: Family) -> KeyType {
    KeyType { name, wire: Some(wire), family }
}

/// All types, from OpenSSH 5.3 to 10.5.
#[rustfmt::skip]
pub const KEY_TYPES: &[KeyType] = &[
    row("RSA", "ssh-rsa", Family::Rsa),
    row("DSA", "ssh-dss", Family::Dsa),
    row("ECDSA", "ecdsa-sha2-nistp256", Family::Ecdsa),
    row("ECDSA", "ecdsa-sha2-nistp384", Family::Ecdsa),
    row("ECDSA", "ecdsa-sha2-nistp521", Family::Ecdsa),
    row("ED25519", "ssh-ed25519", Family::Ed25519),
    row("ECDSA-SK", "sk-ecdsa-sha2-nistp256@openssh.com", Family::Ecdsa),
    row("ED25519-SK", "sk-ssh-ed25519@openssh.com", Family::Ed25519),
    row("XMSS", "ssh-xmss@openssh.com", Family::Xmss),
    row("MLDSA44-ED25519", "ssh-mldsa44-ed25519@openssh.com", Family::MlDsa44Ed25519),
    row("RSA-CERT", "ssh-rsa-cert-v01@openssh.com", Family::Rsa),
    row("DSA-CERT", "ssh-dss-cert-v01@openssh.com", Family::Dsa),
    row("ECDSA-CERT", "ecdsa-sha2-nistp256-cert-v01@openssh.com", Family::Ecdsa),
    row("ECDSA-CERT", "ecdsa-sha2-nistp384-cert-v01@openssh.com", Family::Ecdsa),
    row("ECDSA-CERT", "ecdsa-sha2-nistp521-cert-v01@openssh.com", Family::Ecdsa),
    row("ED25519-CERT", "ssh-ed25519-cert-v01@openssh.com", Family::Ed25519),
    row("ECDSA-SK-CERT", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com", Family::Ecdsa),
    row("ED25519-SK-CERT", "sk-ssh-ed25519-cert-v01@openssh.com", Family::Ed25519),
    row("XMSS-CERT", "ssh-xmss-cert-v01@openssh.com", Family::Xmss),
    row("MLDSA44-ED25519-CERT", "ssh-mldsa44-ed25519-cert-v01@openssh.com", Family::MlDsa44Ed25519),
    // Up to 6.9.
    row("RSA-CERT-V00", "ssh-rsa-cert-v00@openssh.com", Family::Rsa),
    row("DSA-CERT-V00", "ssh-dss-cert-v00@openssh.com", Family::Dsa),
    KeyType { name: "RSA1", wire: None, family: Family::Rsa },
];

impl KeyType {
    /// The type that OpenSSH prints so; the first of several.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEY_TYPES.iter().find(|one| one.name == name)
    }

    /// The type of this name on the wire.
    pub fn on_wire(name: &str) -> Option<&'static Self> {
        KEY_TYPES.iter().find(|one| one.wire == Some(name))
    }

    /// The type whose keys have this name where nobody gives them another: `id_ecdsa_sk` (ssh-keygen.c, `ask_filename`).
    pub fn of_default_file(name: &str) -> Option<&'static Self> {
        let wanted = name.strip_prefix("id_")?;
        // Keys of protocol 1 had a name of another kind, and a certificate has its key's.
        let named = KEY_TYPES.iter().filter(|one| one.wire.is_some() && !one.is_certificate());
        let same = |(own, other): (u8, u8)| if own == b'-' { other == b'_' } else { other == own.to_ascii_lowercase() };
        let mut named = named.filter(|one| one.name.len() == wanted.len());
        named.find(|one| one.name.bytes().zip(wanted.bytes()).all(same))
    }

    /// Whether its keys are certificates.
    pub fn is_certificate(&self) -> bool {
        self.name.contains("-CERT")
    }

    /// Whether a FIDO authenticator signs for its keys.
    pub fn is_security_key(&self) -> bool {
        self.name.contains("-SK")
    }

    /// The type of the keys that a certificate of this type certifies; of a plain type, itself.
    pub fn plain(&self) -> &'static Self {
        let wire = self.wire.unwrap_or_default().replace("-cert-v01", "").replace("-cert-v00", "");
        let bare = wire.strip_suffix("@openssh.com").unwrap_or(&wire);
        let same = |one: &&Self| one.wire.is_some_and(|name| name == wire || name == bare);
        let named = self.name.trim_end_matches("-V00").trim_end_matches("-CERT");
        KEY_TYPES.iter().find(same).or_else(|| Self::named(named)).unwrap_or(&KEY_TYPES[0])
    }

    /// The algorithms that its keys sign by, the newest first; a list like PubkeyAcceptedAlgorithms names these.
    pub fn algorithms(&self) -> Vec<&'static str> {
        let more: &[&str] = match self.wire {
            Some("ssh-rsa") => &["rsa-sha2-512", "rsa-sha2-256"],
            Some("ssh-rsa-cert-v01@openssh.com") => {
                &["rsa-sha2-512-cert-v01@openssh.com", "rsa-sha2-256-cert-v01@openssh.com"]
            }
            _ => &[],
        };
        more.iter().copied().chain(self.wire).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_found_and_leads_to_its_plain_type() {
        for (at, one) in KEY_TYPES.iter().enumerate() {
            assert!(KEY_TYPES[..at].iter().all(|other| other.wire != one.wire), "{one:?} twice");
            assert_eq!(KeyType::named(one.name).map(|found| found.name), Some(one.name));
            let plain = one.plain();
            assert!(!plain.is_certificate());
            assert_eq!((plain.family, plain.is_security_key()), (one.family, one.is_security_key()), "{one:?}");
            if one.is_certificate() {
                assert_eq!(one.name.split("-CERT").next(), Some(plain.name));
            } else if let Some(wire) = one.wire {
                assert_eq!(plain.wire, Some(wire));
            }
        }
    }

    #[test]
    fn default_files() {
        let name = |file| KeyType::of_default_file(file).map(|one| one.name);
        assert_eq!(name("id_rsa"), Some("RSA"));
        assert_eq!(name("id_ed25519_sk"), Some("ED25519-SK"));
        assert_eq!(name("id_mldsa44_ed25519"), Some("MLDSA44-ED25519"));
        for other in ["id_rsa1", "id_work", "id_", "rsa", "id_RSA", "id_rsa_cert", "id_ed25519-sk"] {
            assert_eq!(name(other), None, "{other}");
        }
    }

    #[test]
    fn rsa_signs_by_newer_algorithms() {
        let names = |wire| KeyType::on_wire(wire).map(KeyType::algorithms).unwrap_or_default();
        assert_eq!(names("ssh-rsa"), ["rsa-sha2-512", "rsa-sha2-256", "ssh-rsa"]);
        assert_eq!(names("ssh-ed25519"), ["ssh-ed25519"]);
    }
}
