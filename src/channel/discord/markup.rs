//! What we say in Discord's terms: text whose signs mean nothing, and answers to choose from.

use crate::domain::Choice;
use serenity::all::{
    ButtonStyle, CreateActionRow, CreateButton, CreateSelectMenu, CreateSelectMenuKind,
    CreateSelectMenuOption,
};

/// Discord's limits: buttons in a row, answers in a menu, characters of a button and of a value.
const BUTTONS: usize = 5;
const ANSWERS: usize = 25;
const LONGEST_BUTTON: usize = 80;
const LONGEST_VALUE: usize = 100;

/// The text with every sign that Discord would read as markup made plain. Addresses stay as they are: within them the
/// signs belong there.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(char::is_whitespace) {
        if piece.starts_with("https://") || piece.starts_with("http://") {
            out.push_str(piece);
            continue;
        }
        for (n, c) in piece.char_indices() {
            let line_start = n == 0 && (out.is_empty() || out.ends_with('\n'));
            let marks = matches!(c, '\\' | '*' | '_' | '~' | '`' | '|' | '<' | '[' | ']')
                || line_start && matches!(c, '>' | '#' | '-' | '+')
                || c == ':' && piece.ends_with(':');
            if marks {
                out.push('\\');
            }
            out.push(c);
        }
    }
    out
}

/// A few answers are buttons; many are a menu.
pub(super) fn components(choices: &[Choice]) -> Vec<CreateActionRow> {
    let cut = |text: &str, most: usize| text.chars().take(most).collect::<String>();
    let fit: Vec<&Choice> = choices
        .iter()
        .filter(|c| !c.value.is_empty() && c.value.chars().count() <= LONGEST_VALUE)
        .take(ANSWERS)
        .collect();
    if fit.is_empty() {
        return Vec::new();
    }
    if fit.len() <= BUTTONS {
        let button = |c: &&Choice| {
            CreateButton::new(&c.value)
                .label(cut(&c.title, LONGEST_BUTTON))
                .style(ButtonStyle::Secondary)
        };
        return vec![CreateActionRow::Buttons(fit.iter().map(button).collect())];
    }
    let option = |c: &&Choice| CreateSelectMenuOption::new(cut(&c.title, LONGEST_VALUE), &c.value);
    let options = fit.iter().map(option).collect();
    let menu = CreateSelectMenu::new("choose", CreateSelectMenuKind::String { options });
    vec![CreateActionRow::SelectMenu(menu)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_typed_stays_what_they_typed() {
        assert_eq!(escaped("*not* _this_"), "\\*not\\* \\_this\\_");
        assert_eq!(
            escaped("# no heading\n> no quote"),
            "\\# no heading\n\\> no quote"
        );
        assert_eq!(
            escaped("see https://a.org/b_c_d now"),
            "see https://a.org/b_c_d now"
        );
        assert_eq!(escaped("<@123>"), "\\<@123>");
        assert_eq!(escaped("NH-1234-5678-9"), "NH-1234-5678-9");
    }

    #[test]
    fn a_few_answers_are_buttons_and_many_are_a_menu() {
        let choice = |n: usize| Choice {
            title: format!("Answer {n}"),
            value: n.to_string(),
        };
        let shown = |n: usize| {
            let all: Vec<Choice> = (0..n).map(choice).collect();
            serde_json::to_value(components(&all)).expect("JSON")
        };
        assert_eq!(shown(3)[0]["components"][2]["custom_id"], "2");
        assert_eq!(shown(9)[0]["components"][0]["options"][8]["value"], "8");
        assert_eq!(shown(0), serde_json::json!([]));
    }
}
