//! Looks names up for HTTPS, in a limited time.
//!
//! The system's own way of looking up has no limit, so that it goes on a thread of its own. ureq does the same, and panics
//! where the system starts none.

use std::sync::mpsc::sync_channel;

use ureq::Error;
use ureq::config::Config;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;
use ureq::unversioned::transport::time::Duration;

use super::thread::apart;

/// The system's own resolver.
#[derive(Debug)]
pub(super) struct Names;

impl Resolver for Names {
    fn resolve(&self, uri: &Uri, config: &Config, timeout: NextTimeout) -> Result<ResolvedSocketAddrs, Error> {
        let (limit, reason) = (*timeout.after, timeout.reason);
        let (give, take) = sync_channel(1);
        let (uri, config) = (uri.clone(), config.clone());
        apart(move || {
            let unlimited = NextTimeout { after: Duration::NotHappening, ..timeout };
            let _ = give.send(DefaultResolver::default().resolve(&uri, &config, unlimited));
        })?;
        take.recv_timeout(limit).unwrap_or(Err(Error::Timeout(reason)))
    }
}
