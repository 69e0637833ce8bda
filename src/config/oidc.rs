//! One sign-in for everything: an identity provider by `OpenID` Connect.

use super::{Reader, Secret, channels::address};
use reqwest::Url;

/// What of an identity names the account, at its first sign-in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OidcClaim {
    /// The name of the account there.
    PreferredUsername,
    /// The address, where the provider says that it is theirs.
    Email,
    /// The person's name.
    Name,
}

/// How the identity provider is reached.
#[derive(Clone, Debug)]
pub struct OidcSettings {
    /// Who it says that it is; its description stands below that address.
    pub issuer: Url,
    /// Who we are to it.
    pub client_id: String,
    /// By what it knows us.
    pub client_secret: Secret,
    /// What of an identity names the account, at its first sign-in.
    pub claim: OidcClaim,
    /// How the desk calls it.
    pub title: String,
}

pub(super) const NAMES: &[&str] = &[
    "oidc_issuer",
    "oidc_client_id",
    "oidc_client_secret",
    "oidc_claim",
    "oidc_title",
];

pub(super) fn oidc(r: &mut Reader) -> Option<OidcSettings> {
    let issuer = address(r, "oidc_issuer");
    let client_id = r.text("oidc_client_id");
    let client_secret = r.text("oidc_client_secret").map(Secret::new);
    let claim = match r.text("oidc_claim").as_deref() {
        None | Some("preferred_username") => OidcClaim::PreferredUsername,
        Some("email") => OidcClaim::Email,
        Some("name") => OidcClaim::Name,
        Some(other) => {
            r.mistakes.push(format!(
                "oidc_claim: '{other}' is none of preferred_username, email, name"
            ));
            OidcClaim::PreferredUsername
        }
    };
    let title = r.text("oidc_title");
    let issuer = issuer?;
    if !cfg!(feature = "oidc") {
        r.mistakes.push("oidc_issuer: this program was built without OpenID Connect: build it with --features oidc".to_owned());
    }
    for (name, given) in [
        ("oidc_client_id", client_id.is_some()),
        ("oidc_client_secret", client_secret.is_some()),
    ] {
        if !given {
            r.mistakes
                .push(format!("{name}: must be set with oidc_issuer"));
        }
    }
    let title = title.unwrap_or_else(|| issuer.host_str().unwrap_or_default().to_owned());
    Some(OidcSettings {
        issuer,
        client_id: client_id?,
        client_secret: client_secret?,
        claim,
        title,
    })
}
