//! The manual pages, from the same definitions as the help.

use super::args::Args;
use super::error::Error;
use super::{exit, output};
use clap::CommandFactory;

/// The manual page of the program, which holds every option, or of one subcommand.
pub(super) fn write(name: Option<&str>) -> Result<u8, Error> {
    let whole = Args::command();
    let shown = || whole.get_subcommands().filter(|command| !command.is_hide_set());
    let mut page = Vec::new();
    match name {
        None => {
            clap_mangen::Man::new(whole.clone()).render(&mut page).map_err(Error::Output)?;
            for command in shown() {
                let mut options = Vec::new();
                clap_mangen::Man::new(command.clone()).render_options_section(&mut options).map_err(Error::Output)?;
                let heading = format!(".SH OPTIONS OF {}", command.get_name().to_uppercase());
                page.extend(String::from_utf8_lossy(&options).replacen(".SH OPTIONS", &heading, 1).bytes());
            }
        }
        Some(name) => {
            let found = shown().find(|command| command.get_name() == name);
            let found = found.ok_or_else(|| Error::NoSubcommand(name.to_owned()))?;
            let titled = found.clone().bin_name(format!("ssh-why {name}")).version(env!("CARGO_PKG_VERSION"));
            let title = format!("ssh-why-{name}");
            clap_mangen::Man::new(titled).title(title).render(&mut page).map_err(Error::Output)?;
        }
    }
    output::write(&page).map(|()| exit::WELL)
}
