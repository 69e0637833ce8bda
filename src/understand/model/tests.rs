use super::{train::Plan, *};
