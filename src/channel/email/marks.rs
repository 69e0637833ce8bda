//! The lines by which mail programs mark what is not the writer's own, in the languages of their readers.

use super::parts::pattern;
use regex::Regex;
use std::sync::LazyLock;

/// The line that Outlook draws above an earlier mail.
pub(super) const RULE: &str = "________________________________";

/// "On Monday, 1 June 2026 at 10:00, Ann <ann@x> wrote:", "El lun, 1 jun 2026 a las 10:00, Ana (<ana@x>) escribió:",
/// and the like.
pub(super) static ATTRIBUTION: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:(?:on|el|en|le|am|em|il|o)\b.{6,300}\b(?:wrote|escribi[oó]|escribiu|va escriure|a [ée]crit|schrieb.{0,80}|escreveu|ha scritto)\s?:|\d{4}-\d\d-\d\d \d\d:\d\d.{0,40} .{0,100}<[^<>@\s]+@[^<>\s]+>:)\s*$",
    )
});
/// The same in any language: an address, and a colon at the end. It is believed where marked lines come after it.
pub(super) static NAMES_WRITER: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"<[^<>@\s]+@[^<>\s]+>.{0,40}[:\u{ff1a}]\s*$"));
/// An attribution has a year or a time of day in it, or an address.
pub(super) static TELLS_WHEN: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\d{4}|\d{1,2}[:.]\d{2}|@"));
/// Where such a line may begin.
pub(super) static ATTRIBUTION_BEGINS: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*(?:on|el|en|le|am|em|il|o)\s.*\d"));
/// A day with its year, and a time of day: how programs write them, and people hardly ever.
static DAY: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"\b\d{4}\b|\b\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}\b"));
static TIME: LazyLock<Regex> = LazyLock::new(|| pattern(r"\b\d{1,2}[:.]\d{2}\b"));

/// Whether a program wrote this attribution: it names an address, or day, year, time and, after a comma, a name.
pub(super) fn is_by_program(line: &str) -> bool {
    line.contains('@') || DAY.is_match(line) && TIME.is_match(line) && line.contains(',')
}

pub(super) static FORWARDED: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:-{2,}\s*(?:forwarded (?:message|by .*)|mensaje reenviado|missatge reenviat|mensaxe reenviada|mensagem reencaminhada)\s*-{0,}|begin forwarded message:|inicio del mensaje reenviado:|-{2,}\s*reenviado por .*)\s*$",
    )
});
pub(super) static ORIGINAL: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*-{2,}\s*(?:original message|mensaje original|original appointment|missatge original|mensaxe orixinal|mensagem original)\s*-{2,}\s*$",
    )
});
pub(super) static FROM: LazyLock<Regex> =
    LazyLock::new(|| pattern(r"(?i)^\s*\*{0,2}(?:from|de|von|da)\s*:\*{0,2}\s*(\S.{0,300})$"));
pub(super) static OTHER_HEADER: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*\*{0,2}(?:sent|date|to|cc|subject|reply-to|importance|enviado(?: el)?|fecha|para|asunto|responder a|importancia|enviada(?: em)?|data|assunto|enviat(?: el)?|per a|assumpte|tema|envoy[ée]|[àa]|objet|gesendet|datum|an|betreff|inviato|oggetto)\s*:\*{0,2}(?:\s|$)",
    )
});
pub(super) static SENT_FROM: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"(?i)^\s*(?:sent from (?:my \S.{0,40}|outlook.{0,40}|yahoo mail.{0,40}|mail for windows.{0,20}|proton ?mail.{0,40}|the all-new aol app.{0,40})|sent with proton ?mail.{0,40}|get outlook for .{0,60}|enviado con proton ?mail.{0,40}|enviado desde (?:mi \S.{0,40}|outlook.{0,40}|yahoo mail.{0,40}|correo para windows.{0,20}|mail para windows.{0,20})|obt[eé]n outlook para .{0,60}|obtener outlook para .{0,60})\s*$",
    )
});
