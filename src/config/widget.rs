//! Settings of the chat on other people's pages: its looks, its first words, where it may stand, and who vouches
//! for whom.

use super::{Reader, Secret};

pub(super) const NAMES: &[&str] = &[
    "widget_accent",
    "widget_accent_dark",
    "widget_greeting",
    "widget_sites",
    "widget_secret",
];

/// What words on a colour need at least to be read (WCAG 2.2, 1.4.3).
const READABLE: f64 = 4.5;
/// The chat's own backgrounds, light and dark: the accent stands on them as the colour of words.
const LIGHT: [u8; 3] = [0xff, 0xff, 0xff];
const DARK: [u8; 3] = [0x14, 0x1f, 0x1d];

/// How the chat looks and where it may stand.
#[derive(Clone, Debug, Default)]
pub struct WidgetSettings {
    /// The colour of buttons and of the person's own words, `#rrggbb`.
    pub accent: Option<String>,
    /// The same on dark pages.
    pub accent_dark: Option<String>,
    /// The first words, in place of those of the flows.
    pub greeting: Option<String>,
    /// The origins of the pages on which it may stand; none: on all.
    pub sites: Vec<String>,
    /// With it pages vouch for who their visitor is.
    pub secret: Option<Secret>,
}

pub(super) fn widget(r: &mut Reader) -> WidgetSettings {
    WidgetSettings {
        accent: colour(r, "widget_accent", LIGHT),
        accent_dark: colour(r, "widget_accent_dark", DARK),
        greeting: r.text("widget_greeting"),
        sites: sites(r),
        secret: secret(r),
    }
}

fn channels(hex: &str) -> Option<[u8; 3]> {
    let digits = hex.strip_prefix('#').filter(|d| d.len() == 6)?;
    let number = u32::from_str_radix(digits, 16).ok()?;
    let [_, red, green, blue] = number.to_be_bytes();
    Some([red, green, blue])
}

/// How bright a colour is, 0 to 1 (WCAG 2.2, relative luminance).
fn luminance(colour: [u8; 3]) -> f64 {
    let linear = |c: u8| {
        let c = f64::from(c) / 255.0;
        if c <= 0.04045 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    };
    let [red, green, blue] = colour.map(linear);
    0.2126 * red + 0.7152 * green + 0.0722 * blue
}

fn contrast(one: [u8; 3], other: [u8; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

fn colour(r: &mut Reader, name: &str, background: [u8; 3]) -> Option<String> {
    let text = r.text(name)?;
    let Some(colour) = channels(&text) else {
        let mistake = format!("{name}: '{text}' is not a colour like #0b5c56");
        r.mistakes.push(mistake);
        return None;
    };
    let contrast = contrast(colour, background);
    if contrast < READABLE {
        r.mistakes.push(format!(
            "{name}: words in {text} cannot be read well on the chat's background: the contrast is {contrast:.1}, and {READABLE} is needed"
        ));
    }
    Some(text)
}

fn sites(r: &mut Reader) -> Vec<String> {
    let text = r.text("widget_sites").unwrap_or_default();
    let all = text.split(',').map(str::trim).filter(|s| !s.is_empty());
    let sites: Vec<String> = all.map(|s| s.trim_end_matches('/').to_owned()).collect();
    for site in &sites {
        let host = site
            .strip_prefix("https://")
            .or_else(|| site.strip_prefix("http://"));
        if host.is_none_or(|h| h.is_empty() || h.contains('/')) {
            r.mistakes.push(format!(
                "widget_sites: '{site}' is not an origin like https://care.example"
            ));
        }
    }
    sites
}

/// What is shorter is guessed sooner.
const SHORTEST_SECRET: usize = 32;

fn secret(r: &mut Reader) -> Option<Secret> {
    let text = r.text("widget_secret")?;
    if text.len() < SHORTEST_SECRET {
        r.mistakes.push(format!(
            "widget_secret: must have at least {SHORTEST_SECRET} characters"
        ));
    }
    Some(Secret::new(text))
}

#[cfg(test)]
mod tests {
    use super::super::Settings;

    fn mistakes(name: &str, value: &str) -> usize {
        Settings::from_pairs([(name, value)]).map_or_else(|e| e.0.len(), |_| 0)
    }

    #[test]
    fn colours_are_taken_where_words_in_them_can_be_read() {
        assert_eq!(mistakes("widget_accent", "#0b5c56"), 0);
        assert_eq!(mistakes("widget_accent_dark", "#6fd0c4"), 0);
        for wrong in ["teal", "#0b5c5", "#zzzzzz", "#ffee00"] {
            assert_eq!(mistakes("widget_accent", wrong), 1, "{wrong}");
        }
        assert_eq!(mistakes("widget_accent_dark", "#0b2c26"), 1);
    }

    #[test]
    fn sites_are_origins_and_a_secret_is_long() {
        let right = "https://care.example, http://localhost:3000/";
        let settings = Settings::from_pairs([("widget_sites", right)]).expect("right");
        let sites = settings.widget.sites;
        assert_eq!(sites, ["https://care.example", "http://localhost:3000"]);
        assert_eq!(mistakes("widget_sites", "care.example"), 1);
        assert_eq!(mistakes("widget_secret", "short"), 1);
    }
}
