//! Addresses that messages may go to: not into private networks unless an administrator has said so, whatever a name
//! resolves to at the time of sending.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, ToSocketAddrs};
use std::time::Duration;

use ureq::Agent;
use ureq::config::Config;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};

/// Whether an address is this machine's, of a private network, or otherwise not of the internet.
#[must_use]
pub fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or_else(|| is_private_v6(v6), is_private_v4),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_unspecified()
        || address.is_broadcast()
        || address.is_multicast()
        || address.is_documentation()
        || first == 0
        || first >= 240
        // Shared by providers, protocol assignments, benchmarks.
        || first == 100 && (64..128).contains(&second)
        || (first, second, third) == (192, 0, 0)
        || first == 198 && (18..20).contains(&second)
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let first = address.segments()[0];
    // Only 2000::/3 is the internet; of that, documentation and the ways into IPv4 are not.
    first & 0xe000 != 0x2000
        || first == 0x2002
        || address.segments().starts_with(&[0x2001, 0xdb8])
        || address.segments().starts_with(&[0x2001, 0])
}

/// The host of a URL, without port and brackets.
#[must_use]
pub fn host_of(url: &str) -> Option<&str> {
    let rest = url.split_once("://")?.1;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let host = match host.strip_prefix('[') {
        Some(v6) => v6.split(']').next()?,
        None => host.split(':').next()?,
    };
    (!host.is_empty()).then_some(host)
}

/// Whether the text of a URL says already that it leads into a private network.
#[must_use]
pub fn is_plainly_private(url: &str) -> bool {
    let Some(host) = host_of(url) else { return true };
    let lower = host.to_ascii_lowercase();
    // Top-level names that never leave a network.
    let last = lower.trim_end_matches('.').rsplit('.').next().unwrap_or_default().to_owned();
    let named = matches!(last.as_str(), "localhost" | "internal" | "local");
    match host.parse::<IpAddr>() {
        Ok(address) => is_private(address),
        Err(_) => named || is_number(&last),
    }
}

/// Whether the last part of a name is a number, which makes resolvers read all of it as an address: `127.1`,
/// `0x7f000001`. Nobody writes public addresses so.
fn is_number(last: &str) -> bool {
    let hexadecimal = last.strip_prefix("0x").is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_hexdigit()));
    hexadecimal || last.bytes().all(|byte| byte.is_ascii_digit())
}

/// Refuses a host that resolves to a private address.
pub(super) fn require_public(host: &str, port: u16) -> Result<(), String> {
    let found = (host, port).to_socket_addrs().map_err(|error| format!("{host}: {error}"))?;
    if found.into_iter().any(|address| is_private(address.ip())) {
        return Err(refused());
    }
    Ok(())
}

fn refused() -> String {
    "the address lies in a private network; an administrator has to set up this channel".to_owned()
}

/// Resolves names, and refuses those that lead into private networks: what was checked is what is connected to.
#[derive(Debug, Default)]
struct PublicOnly(DefaultResolver);

impl Resolver for PublicOnly {
    fn resolve(
        &self,
        uri: &ureq::http::Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.0.resolve(uri, config, timeout)?;
        if found.iter().any(|address| is_private(address.ip())) {
            return Err(ureq::Error::Io(std::io::Error::new(std::io::ErrorKind::PermissionDenied, refused())));
        }
        Ok(found)
    }
}

/// A client that follows no redirects and uses no proxy.
pub(super) fn client(private_allowed: bool) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(Duration::from_secs(15)))
        .max_redirects(0)
        .http_status_as_error(false)
        .proxy(None)
        .build();
    if private_allowed {
        return Agent::new_with_config(config);
    }
    Agent::with_parts(config, DefaultConnector::default(), PublicOnly::default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_recognised_in_every_dress() {
        for url in [
            "http://127.0.0.1/x",
            "http://localhost:80",
            "https://10.1.2.3",
            "http://[::1]:9/",
            "http://192.168.1.1",
            "http://169.254.169.254/latest",
            "http://[::ffff:10.0.0.1]/",
            "http://0.0.0.0",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://127.1/",
            "http://0177.0.0.1:80/",
            "http://10.0x1/",
            "http://user@127.0.0.1/",
            "http://[fd00::1]/",
            "http://100.64.0.1",
            "http://a.internal",
            "no url",
        ] {
            assert!(is_plainly_private(url), "{url}");
        }
        for url in ["https://qyapi.weixin.qq.com/cgi-bin", "https://8.8.8.8/", "https://[2400:3200::1]/"] {
            assert!(!is_plainly_private(url), "{url}");
        }
        assert!(require_public("localhost", 80).is_err());
    }
}
