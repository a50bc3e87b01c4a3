//! The configuration, and connections that are shared.

use super::key_names::file_name;
use crate::dialect::table::{Row, any, bare, from, logged, logged_within, within};
use crate::model::Kind;

pub(super) const ROWS: &[Row] = &[
    logged("Reading configuration data ", "debug1: Reading configuration data /etc/ssh/ssh_config", |rest| {
        Some(Kind::ReadingConfig { path: file_name(rest) })
    }),
    logged_within(
        ": Applying options for ",
        "debug1: /home/dev/.ssh/config line 3: Applying options for box",
        |_, pattern| Some(Kind::HostBlock { pattern: pattern.trim().to_owned() }),
    ),
    any("Bad owner or permissions on ", "Bad owner or permissions on /home/dev/.ssh/config", |rest| {
        Some(config_error("Bad owner or permissions on ", rest))
    })
    .signs(),
    any("Bad port '", "Bad port 'x'", |rest| Some(config_error("Bad port '", rest))),
    any("Bad configuration option: ", "Bad configuration option: usekeychain", |rest| {
        Some(config_error("Bad configuration option: ", rest))
    }),
    any("command-line: line 0: ", "command-line: line 0: Bad configuration option: usekeychain", |rest| {
        Some(config_error("command-line: line 0: ", rest))
    }),
    any("command-line line 0: ", "command-line line 0: missing argument.", |rest| {
        Some(config_error("command-line line 0: ", rest))
    }),
    any("Bad SSH2 cipher spec ", "Bad SSH2 cipher spec 'none'.", |rest| {
        Some(config_error("Bad SSH2 cipher spec ", rest))
    }),
    any("Unknown cipher type ", "Unknown cipher type 'none'", |rest| Some(config_error("Unknown cipher type ", rest))),
    any("unknown option -- ", "unknown option -- z", |rest| Some(config_error("unknown option -- ", rest))),
    any(
        "Can't open user config file ",
        "Can't open user config file /home/dev/conf: No such file or directory",
        |rest| Some(config_error("Can't open user config file ", rest)),
    ),
    // `Unsupported option` and `Deprecated option` are warnings (readconf.c).
    trouble(": Bad ", "/home/dev/.ssh/config: line 3: Bad configuration option: usekeychain"),
    trouble(": bad ", "/home/dev/.ssh/config line 3: bad number"),
    trouble(": Missing ", "/home/dev/.ssh/config line 3: Missing argument."),
    trouble(": missing ", "/home/dev/.ssh/config line 3: missing argument."),
    trouble(": no argument after", "/home/dev/.ssh/config line 3: no argument after keyword \"user\""),
    trouble(": unsupported option", "/home/dev/.ssh/config line 3: unsupported option \"x\"."),
    trouble(": keyword ", "/home/dev/.ssh/config line 3: keyword user extra arguments at end of line"),
    trouble(": extra arguments", "/home/dev/.ssh/config line 3: extra arguments at end of line"),
    trouble(": garbage at end", "/home/dev/.ssh/config line 3: garbage at end of line; \"x\"."),
    trouble(": Invalid ", "/home/dev/.ssh/config line 3: Invalid escape character"),
    trouble(": invalid ", "/home/dev/.ssh/config line 3: invalid quotes"),
    trouble(": Could not ", "/home/dev/.ssh/config line 3: Could not open include"),
    trouble(": illegal ", "/home/dev/.ssh/config line 3: illegal time value."),
    trouble(": argument is", "/home/dev/.ssh/config line 3: argument is not yes, no or ask."),
    trouble(": Unknown ", "/home/dev/.ssh/config line 3: Unknown address family"),
    trouble(": unknown ", "/home/dev/.ssh/config line 3: unknown option"),
    within(": terminating, ", "/home/dev/.ssh/config: terminating, 1 bad configuration options", |before, after| {
        after
            .contains("bad configuration option")
            .then(|| Kind::ConfigError { text: format!("{}: terminating, {}", before.trim(), after.trim()) })
    }),
    logged(
        "mux_client_request_session: master session id",
        "debug1: mux_client_request_session: master session id: 2",
        |_| Some(Kind::Multiplexed { text: String::new() }),
    ),
    logged("Control socket ", "debug1: Control socket \"/home/dev/.ssh/cm\" does not exist", |_| Some(Kind::NoMaster)),
    any("Control socket connect(", "Control socket connect(/home/dev/.ssh/cm): Connection refused", |_| {
        Some(Kind::NoMaster)
    }),
    any("ControlSocket ", "ControlSocket /home/dev/.ssh/cm already exists, disabling multiplexing", |_| {
        Some(Kind::NoMaster)
    }),
    // At -vvv the same functions tell of each step; only failures stand without a level.
    bare("mux_client_request_session: ", "mux_client_request_session: read from master failed: Broken pipe", |rest| {
        Some(mux_failed("mux_client_request_session: ", rest))
    })
    .signs()
    .opens(),
    bare("mux_client_hello_exchange: ", "mux_client_hello_exchange: write packet: Broken pipe", |rest| {
        Some(mux_failed("mux_client_hello_exchange: ", rest))
    })
    .signs()
    .opens(),
];

fn mux_failed(function: &str, rest: &str) -> Kind {
    Kind::MultiplexFailed { text: format!("{function}{}", rest.trim()) }
}

fn config_error(start: &str, rest: &str) -> Kind {
    Kind::ConfigError { text: format!("{start}{}", rest.trim()) }
}

/// `FILE: line N: TROUBLE` or `FILE line N: TROUBLE`, around the trouble's first words.
const fn trouble(words: &'static str, sample: &'static str) -> Row {
    from(words, sample, config_line)
}

fn config_line(before: &str, trouble: &str) -> Option<Kind> {
    let (file, number) = before.rsplit_once(": line ").or_else(|| before.rsplit_once(" line "))?;
    let is_file = file.contains(['/', '\\']) || file.ends_with("config") || file == "command-line";
    (is_file && !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
        .then(|| Kind::ConfigError { text: format!("{} line {number}{}", file.trim(), trouble.trim_end()) })
}

#[cfg(test)]
mod tests {
    use crate::dialect::{Speaker, look, read_line};
    use crate::model::Kind;

    fn read(line: &str) -> Kind {
        read_line(line).unwrap_or_else(|| panic!("nothing read in {line}"))
    }

    #[test]
    fn configuration_troubles_and_warnings() {
        for trouble in [
            "/home/dev/.ssh/config: line 3: Bad configuration option: usekeychain",
            "/home/dev/.ssh/config line 3: no argument after keyword \"identityfile\"",
            "/home/dev/.ssh/config line 3: Missing argument.",
            "/home/dev/.ssh/config: terminating, 1 bad configuration options",
        ] {
            assert!(matches!(read(trouble), Kind::ConfigError { .. }), "{trouble}");
        }
        let warning = "/home/dev/.ssh/config line 7: Unsupported option \"rsaauthentication\"";
        assert!(Speaker::default().says(&look(warning)).kind.is_none());
        assert!(
            matches!(read("debug1: /etc/ssh/ssh_config line 21: Applying options for *"), Kind::HostBlock { pattern } if pattern == "*")
        );
    }
}
