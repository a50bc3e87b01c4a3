//! Packets and requests that it logs byte by byte, in decimal.

/// Bytes of a request in which the user's name is looked for.
const LONGEST: usize = 400;

/// The user in what the agent is asked to sign (RFC 4252 section 7): behind the session's id.
pub(super) fn signer(rest: &str) -> Option<String> {
    let bytes =
        rest.split([',', ']']).take(LONGEST).map_while(|byte| byte.trim().parse::<u8>().ok()).collect::<Vec<_>>();
    let string = |from: usize| {
        let length = u32::from_be_bytes(bytes.get(from..from + 4)?.try_into().ok()?);
        bytes.get(from + 4..from + 4 + usize::try_from(length).ok()?)
    };
    let request = 4 + string(0)?.len();
    let user = string(request + 1).filter(|_| bytes.get(request) == Some(&50))?;
    String::from_utf8(user.to_vec())
        .ok()
        .filter(|user| !user.is_empty() && user.chars().all(|c| c.is_alphanumeric() || "._-+@\\".contains(c)))
}

/// The user in SSH_MSG_USERAUTH_REQUEST (RFC 4252 section 5), of a packet's bytes in decimal behind its length.
pub(super) fn requested(bytes: &str) -> Option<String> {
    const HEAD: usize = 9;
    let mut bytes = bytes.split(']').next()?.split(", ").map(|byte| byte.parse::<u8>().ok());
    let head: Vec<u8> = bytes.by_ref().take(HEAD).collect::<Option<_>>()?;
    let [.., 50, a, b, c, d] = head[..] else { return None };
    let length = usize::try_from(u32::from_be_bytes([a, b, c, d])).ok()?;
    let user: Vec<u8> = bytes.take(length).collect::<Option<_>>()?;
    (user.len() == length).then(|| String::from_utf8(user).ok())?
}
