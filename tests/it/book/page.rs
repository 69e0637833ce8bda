//! A page of the book, as the list of what its reader is to do.

/// A page of Markdown.
pub(super) struct Page {
    pub(super) name: String,
    pub(super) steps: Vec<Step>,
}

/// One thing to do.
pub(super) struct Step {
    /// The line of the page, from 1.
    pub(super) line: usize,
    pub(super) act: Act,
}

pub(super) enum Act {
    /// Something is typed, and is to print this.
    Type {
        command: String,
        prints: String,
        how: How,
    },
    /// A file gets this content, or this at its end.
    Write {
        path: String,
        content: String,
        at_its_end: bool,
    },
}

/// How a command goes on.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum How {
    /// It ends, well.
    Ends,
    /// It ends with an exit code other than 0.
    Fails,
    /// It runs until the next one of its kind or the end of the page.
    Serves,
    /// It ends, well; what serves is stopped before.
    Stopped,
}

/// A fenced block: the words behind the fence, the line on which its content begins, the content.
pub(super) struct Block<'a> {
    pub(super) words: &'a str,
    pub(super) line: usize,
    pub(super) content: Vec<&'a str>,
}

/// All fenced blocks of a text, in their order.
pub(super) fn blocks(text: &str) -> Result<Vec<Block<'_>>, String> {
    let mut all = Vec::new();
    let mut open: Option<Block<'_>> = None;
    for (n, line) in text.lines().enumerate() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(words)) => {
                open = Some(Block {
                    words: words.trim(),
                    line: n + 2,
                    content: Vec::new(),
                });
            }
            (Some(_), Some(_)) => all.extend(open.take()),
            (Some(block), None) => block.content.push(line),
            (None, None) => {}
        }
    }
    match open {
        Some(block) => Err(format!("the block of line {} has no end", block.line - 1)),
        None => Ok(all),
    }
}

impl Page {
    /// The steps of a page.
    ///
    /// # Errors
    /// A block without an end, or one to be run that does not begin with a command.
    pub(super) fn read(name: &str, text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for block in blocks(text).map_err(|why| format!("{name}: {why}"))? {
            let (language, options) = block.words.split_once(',').unwrap_or((block.words, ""));
            let options: Vec<&str> = options.split(',').collect();
            let option = |name: &str| options.iter().find_map(|o| o.strip_prefix(name));
            let added = option("append=");
            if let Some(path) = option("file=").or(added) {
                let content = block.content.iter().flat_map(|l| [l, "\n"]).collect();
                steps.push(Step {
                    line: block.line,
                    act: Act::Write {
                        path: path.to_owned(),
                        content,
                        at_its_end: added.is_some(),
                    },
                });
            } else if language == "console" {
                let how = match options.as_slice() {
                    ["server"] => How::Serves,
                    ["fails"] => How::Fails,
                    ["stopped"] => How::Stopped,
                    [""] => How::Ends,
                    other => return Err(format!("{name}:{}: what is {other:?}?", block.line)),
                };
                steps.extend(
                    commands(&block, how)
                        .map_err(|line| format!("{name}:{line}: no command stands before this"))?,
                );
            }
        }
        Ok(Self {
            name: name.to_owned(),
            steps,
        })
    }

    /// How many commands it has.
    pub(super) fn commands(&self) -> usize {
        (self.steps.iter())
            .filter(|s| matches!(s.act, Act::Type { .. }))
            .count()
    }
}

/// The commands of a block; the line that belongs to none, where there is one.
fn commands(block: &Block<'_>, how: How) -> Result<Vec<Step>, usize> {
    let mut steps: Vec<Step> = Vec::new();
    for (n, line) in block.content.iter().enumerate() {
        if let Some(command) = line.strip_prefix("$ ") {
            steps.push(Step {
                line: block.line + n,
                act: Act::Type {
                    command: command.to_owned(),
                    prints: String::new(),
                    how,
                },
            });
            continue;
        }
        let last = steps.last_mut().map(|s| &mut s.act);
        let Some(Act::Type {
            command, prints, ..
        }) = last
        else {
            return Err(block.line + n);
        };
        match line.strip_prefix("> ") {
            Some(rest) if prints.is_empty() => {
                command.push('\n');
                command.push_str(rest);
            }
            _ => {
                prints.push_str(line);
                prints.push('\n');
            }
        }
    }
    Ok(steps)
}
