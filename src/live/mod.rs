//! Touches the world: runs the user's own ssh, reads key files, asks the agent. Nothing of the user's is written.

pub mod agent;
pub mod config;
pub mod gather;
pub mod keyfile;
pub mod paths;
pub mod process;
