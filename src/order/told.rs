//! The order that ssh itself tells.

use super::identity::Identity;
use crate::model::Key;

/// Takes over the order that ssh itself tells (`ssh -Z`, 10.5 on): names and fingerprints as it prints them.
pub(crate) fn corrected(identities: Vec<Identity>, told: &[Key]) -> Vec<Identity> {
    let mut left: Vec<Option<Identity>> = identities.into_iter().map(Some).collect();
    let mut order = Vec::new();
    for key in told {
        let fits = |identity: &Identity| {
            let print = identity.key.as_ref().map(|key| key.fingerprint.as_str());
            let kind = identity.key.as_ref().map(|key| key.kind.as_str());
            match &key.fingerprint {
                Some(wanted) => {
                    print == Some(wanted)
                        && kind == key.kind.as_deref()
                        && (key.path.is_none() || key.path == identity.path)
                }
                None => key.path.is_some() && key.path == identity.path,
            }
        };
        let found = left.iter_mut().find(|one| one.as_ref().is_some_and(fits)).and_then(Option::take);
        // A file without a public half is planned, even where nothing will come of it.
        let dead = |one: &Identity| key.fingerprint.is_none() && one.left_out.is_some();
        match found {
            Some(identity) if dead(&identity) => left.push(Some(identity)),
            Some(mut identity) => {
                identity.order = Some(order.len() + 1);
                identity.left_out = None;
                order.push(identity);
            }
            None => {}
        }
    }
    for mut identity in left.into_iter().flatten() {
        if identity.order.take().is_some() {
            identity.left_out = Some("ssh does not plan to use it".into());
        }
        order.push(identity);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::facts::PublicKey;
    use crate::order::fate::of_key;

    fn named(path: &str, print: &str, order: Option<usize>) -> Identity {
        Identity {
            path: Some(path.into()),
            order,
            left_out: order.is_none().then(|| "x".into()),
            ..of_key(PublicKey { kind: "RSA".into(), fingerprint: print.into(), ..PublicKey::default() })
        }
    }

    #[test]
    fn ssh_has_the_last_word() {
        let told = |path: &str, print: &str| Key {
            path: Some(path.into()),
            kind: Some("RSA".into()),
            fingerprint: Some(print.into()),
            ..Key::default()
        };
        let ours =
            vec![named("/a", "SHA256:1", Some(1)), named("/b", "SHA256:2", Some(2)), named("/c", "SHA256:3", None)];
        let corrected = corrected(ours, &[told("/c", "SHA256:3"), told("/a", "SHA256:1")]);
        let order: Vec<_> = corrected.iter().map(|one| (one.path.as_deref().unwrap_or_default(), one.order)).collect();
        assert_eq!(order, [("/c", Some(1)), ("/a", Some(2)), ("/b", None)]);
        assert!(corrected[2].left_out.is_some());
    }
}
