//! `nohold staffing`: how many people a desk needs, a question a line.

use super::{Failure, lines};
use crate::staffing::{Question, plan};
use serde_json::Value;
use std::process::ExitCode;

pub(super) fn run() -> Result<ExitCode, Failure> {
    lines::each_checked(|line: Value| {
        let question = Question::from_json(&line).map_err(|e| e.to_string())?;
        serde_json::to_value(plan(&question)).map_err(|e| e.to_string())
    })
}
