//! Who says that a sender is who they say: the receiving server, in the header that it writes itself
//! (`Authentication-Results`, RFC 8601).
//!
//! The checks themselves (SPF, DKIM, DMARC) belong to whoever takes the mail in from outside, since only they see where
//! it comes from. What they found is believed where it is signed by the name that the settings give, and only the
//! topmost of such headers: what a sender wrote into their own mail stands below.

use super::html::beginning;

/// More of a header is not read, in bytes.
const LONGEST: usize = 8192;

/// What is known of a sender.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The receiving server has seen that the mail comes from where it says.
    Proven,
    /// Nothing speaks for it or against it.
    Unproven,
    /// The receiving server says that it does not.
    Forged,
}

/// One method and what it found.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    method: String,
    result: String,
    /// The domain that was found, by the name of the property.
    properties: Vec<(String, String)>,
}

/// What the receiving server says about a mail's sender, whose domain it is; `headers` from the top.
pub(super) fn standing<'a>(
    headers: impl Iterator<Item = (&'a str, &'a str)>,
    authserv_id: Option<&str>,
    domain: &str,
) -> Standing {
    let Some(id) = authserv_id else {
        return Standing::Unproven;
    };
    let mut findings: Vec<Finding> = Vec::new();
    let mut begun = false;
    for (name, value) in headers {
        if name.eq_ignore_ascii_case("received") && begun {
            // From here on it is what the server before ours wrote, or the sender.
            break;
        }
        if !name.eq_ignore_ascii_case("authentication-results") {
            continue;
        }
        let Some(found) = read(value, id) else {
            continue;
        };
        begun = true;
        // Several signatures may stand in one header. A method that a header above has told of is not believed again.
        let told: Vec<String> = findings.iter().map(|f| f.method.clone()).collect();
        findings.extend(found.into_iter().filter(|f| !told.contains(&f.method)));
    }
    judge(&findings, domain)
}

fn judge(findings: &[Finding], domain: &str) -> Standing {
    let passes = |f: &Finding| {
        let of = |names: &[&str]| {
            f.properties
                .iter()
                .any(|(n, v)| names.contains(&n.as_str()) && aligned(v, domain))
        };
        f.result == "pass"
            && match f.method.as_str() {
                "dmarc" => of(&["header.from"]),
                "dkim" => of(&["header.d", "header.i"]),
                "spf" => of(&["smtp.mailfrom", "smtp.from"]),
                _ => false,
            }
    };
    let fails =
        |f: &Finding| f.result == "fail" && matches!(f.method.as_str(), "dmarc" | "dkim" | "spf");
    let dmarc_fails = findings.iter().any(|f| f.method == "dmarc" && fails(f));
    if !dmarc_fails && findings.iter().any(passes) {
        Standing::Proven
    } else if findings.iter().any(fails) {
        Standing::Forged
    } else {
        Standing::Unproven
    }
}

/// Whether a domain that was found (or the domain of an address) and the sender's are one, or one within the other.
fn aligned(found: &str, domain: &str) -> bool {
    let found = found.rsplit('@').next().unwrap_or(found).to_lowercase();
    let within = |a: &str, b: &str| {
        b.contains('.') && a.strip_suffix(b).is_some_and(|rest| rest.ends_with('.'))
    };
    !found.is_empty() && (found == domain || within(&found, domain) || within(domain, &found))
}

/// The findings of a header that is signed by that name.
fn read(value: &str, id: &str) -> Option<Vec<Finding>> {
    let raw = value;
    let value = without_comments(beginning(value, LONGEST));
    let mut parts = value.split(';');
    let signed = parts.next()?.split_whitespace().next()?;
    // A backslash may make another name look like ours once it is taken away.
    if raw
        .split(';')
        .next()
        .is_some_and(|name| name.contains('\\'))
    {
        return None;
    }
    if !signed.eq_ignore_ascii_case(id) {
        return None;
    }
    let finding = |part: &str| {
        let mut words = part.split_whitespace();
        let (method, result) = words.next()?.split_once('=')?;
        let method = method.split('/').next().unwrap_or(method);
        let properties = words
            .filter_map(|w| w.split_once('='))
            .map(|(n, v)| (n.to_lowercase(), v.trim_matches('"').to_lowercase()))
            .collect();
        Some(Finding {
            method: method.to_lowercase(),
            result: result.to_lowercase(),
            properties,
        })
    };
    Some(parts.filter_map(finding).collect())
}

/// A header's value without what stands in parentheses, and with no space around `=`.
fn without_comments(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for c in value.chars() {
        if escaped {
            escaped = false;
            if depth == 0 {
                out.push('_');
            }
            continue;
        }
        match c {
            '\\' => escaped = true,
            '"' if depth == 0 => {
                quoted = !quoted;
                out.push(c);
            }
            '(' if !quoted => depth += 1,
            ')' if depth > 0 => {
                depth -= 1;
                out.push(' ');
            }
            // A quoted value is one word.
            ';' | ' ' | '\t' | '\r' | '\n' if depth == 0 && quoted => out.push('_'),
            _ if depth == 0 => out.push(c),
            _ => {}
        }
    }
    while out.contains(" =") {
        out = out.replace(" =", "=");
    }
    while out.contains("= ") {
        out = out.replace("= ", "=");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "mx.care.example";

    fn of(headers: &[(&str, &str)]) -> Standing {
        standing(headers.iter().copied(), Some(ID), "home.example")
    }

    fn results(value: &str) -> Standing {
        of(&[("Authentication-Results", &format!("{ID}; {value}"))])
    }

    #[test]
    fn a_name_that_a_backslash_makes_ours_is_not() {
        let forged = r"mx.care.exa\Zmple; dkim=pass header.d=home.example";
        let standing = of(&[
            ("Authentication-Results", "mx.care.example; spf=none"),
            ("Authentication-Results", forged),
        ]);
        assert_eq!(standing, Standing::Unproven);
    }

    #[test]
    fn what_the_receiving_server_has_seen_is_believed() {
        for (value, standing) in [
            (
                "dkim=pass header.d=home.example; spf=none",
                Standing::Proven,
            ),
            ("dkim=pass header.i=@home.example", Standing::Proven),
            (
                "spf=pass (sender is allowed; really) smtp.mailfrom=bounce.home.example",
                Standing::Proven,
            ),
            (
                "dmarc=pass (p=REJECT) header.from=home.example",
                Standing::Proven,
            ),
            ("dkim = pass header.d = home.example", Standing::Proven),
            ("dkim=pass header.d=evil.example", Standing::Unproven),
            (
                "spf=pass smtp.mailfrom=x@notthehome.example",
                Standing::Unproven,
            ),
            ("dkim=pass header.d=example", Standing::Unproven),
            ("dkim=none; spf=none", Standing::Unproven),
            ("none", Standing::Unproven),
            (
                "spf=softfail smtp.mailfrom=home.example",
                Standing::Unproven,
            ),
            ("spf=fail smtp.mailfrom=home.example", Standing::Forged),
            (
                "dmarc=fail header.from=home.example; spf=pass smtp.mailfrom=home.example",
                Standing::Forged,
            ),
            (
                "iprev=pass policy.iprev=1.2.3.4; auth=pass smtp.auth=x@home.example",
                Standing::Unproven,
            ),
        ] {
            assert_eq!(results(value), standing, "{value}");
        }
    }

    #[test]
    fn nobody_elses_word_is_believed() {
        let pass = "dkim=pass header.d=home.example";
        let theirs = format!("mx.evil.example; {pass}");
        assert_eq!(
            of(&[("Authentication-Results", &theirs)]),
            Standing::Unproven
        );
        assert_eq!(
            standing(
                [("Authentication-Results", format!("{ID}; {pass}").as_str())].into_iter(),
                None,
                "home.example"
            ),
            Standing::Unproven,
            "without a name nobody is believed"
        );
    }

    #[test]
    fn what_the_sender_wrote_into_their_own_mail_stands_below_and_is_not_read() {
        let (honest, forged) = (
            format!("{ID}; spf=none"),
            format!("{ID}; dkim=pass header.d=home.example"),
        );
        assert_eq!(
            of(&[
                ("Authentication-Results", &honest),
                ("Received", "from x by mx.care.example"),
                ("Authentication-Results", &forged),
            ]),
            Standing::Unproven
        );
    }

    #[test]
    fn several_headers_of_the_same_hop_are_read_together() {
        let (spf, dkim) = (
            format!("{ID}; spf=none"),
            format!("{ID}; dkim=pass header.d=home.example"),
        );
        assert_eq!(
            of(&[
                ("Return-Path", "<ann@home.example>"),
                ("Authentication-Results", &spf),
                ("Authentication-Results", &dkim),
            ]),
            Standing::Proven
        );
    }
}
