//! Lines between the paragraphs of an article that are not part of it, known by how they open.

use super::features::offers;
use crate::article::{DateOrigin, date};
use crate::language::{Words, world};

/// True for a line that opens as those do which are put between the paragraphs of an article.
///
/// Prose may open so too ("Read more than once, the letter ..."): such a line is short, or mostly a link.
pub(super) fn is_boilerplate_line(text: &str, link_density: f32) -> bool {
    let lower: String = text.chars().take(40).flat_map(char::to_lowercase).collect();
    let lower = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && !matches!(c, '©' | '('));
    if world().pages.signatures.iter().any(|opening| lower.trim_start_matches('(').starts_with(opening))
        && text.len() < 400
    {
        return true;
    }
    if is_labelled_link(text, link_density) {
        return true;
    }
    if is_feed_footer(text)
        || is_offer(text)
        || is_date_line(text)
        || is_channel(text)
        || is_wall(text)
        || is_credited(text)
    {
        return true;
    }
    let pages = &world().pages;
    let labels = pages.labels.iter().filter(|_| !is_sentence(text, link_density));
    pages.asides.iter().chain(labels).any(|opening| {
        let rest = lower.strip_prefix(opening).or_else(|| lower.trim_start_matches('(').strip_prefix(opening));
        rest.is_some_and(|rest| {
            let ends_word = rest.is_empty()
                || !rest.starts_with(char::is_alphanumeric)
                || !opening.ends_with(char::is_alphanumeric)
                // Chinese, Japanese and Korean have no spaces between words.
                || opening.ends_with(|c| c >= '\u{2e80}');
            ends_word && (text.len() < 70 || link_density > 0.25 || opening.ends_with([':', '©']) && text.len() < 250)
        })
    })
}

/// True for several words up to a full stop, few of them links.
fn is_sentence(text: &str, link_density: f32) -> bool {
    const WORDS: usize = 5;
    text.ends_with(['.', '!', '?', '”', '"']) && text.split(' ').count() >= WORDS && link_density < 0.25
}

/// True for a line that opens as an offer does and names its price, or speaks of little else: `Subscribe now for £1 a week to
/// read all of our journalism.`
fn is_offer(text: &str) -> bool {
    const LONG: usize = 250;
    const FULL: usize = 3;
    let lower = if text.len() < LONG { text.to_lowercase().replace('’', "'") } else { return false };
    let is_of_offer = |word: &str| world().pages.offers.contains(word);
    let opens = |aside: &str| lower.starts_with(aside) && aside.split(' ').next().is_some_and(is_of_offer);
    let words = lower.split(|c: char| !c.is_alphanumeric() && !matches!(c, '-' | '\''));
    world().pages.asides.iter().any(opens)
        && (text.contains(['£', '$', '€', '%']) || words.filter(|word| is_of_offer(word)).take(FULL).count() == FULL)
}

/// True for a line that asks to follow a paper, and names a network: `Follow the Post on Facebook, X and Instagram.`
fn is_channel(text: &str) -> bool {
    const LONG: usize = 6;
    let pages = &world().pages;
    opens_with(text, &pages.follow, |rest| {
        // Names of several letters have endings: `Facebookissa`.
        let starts = |word: &str| pages.networks.iter().any(|name| name.len() >= LONG && word.starts_with(name));
        rest.split(|c: char| !c.is_alphanumeric()).any(|word| pages.networks.contains(word) || starts(word))
    })
}

/// True for a line that says for whom the article is: `This article is for subscribers only. Log in to keep reading.`
fn is_wall(text: &str) -> bool {
    opens_with(text, &world().pages.walls, |rest| offers(rest) > 0.0)
}

/// True for a short line that opens with one of the words, and goes on as `is_so` says; in small letters.
fn opens_with(text: &str, words: &Words, is_so: impl Fn(&str) -> bool) -> bool {
    const LONG: usize = 250;
    let lower = if text.len() < LONG { text.to_lowercase().replace('’', "'") } else { return false };
    let rest = words.iter().find_map(|word| lower.strip_prefix(word).filter(|rest| rest.starts_with([' ', ':'])));
    rest.is_some_and(is_so)
}

/// True for a caption with its credit: `The quay on Monday. Photo: Bram Ostey / Post`.
fn is_credited(text: &str) -> bool {
    const LONG: usize = 400;
    const LONGEST_CREDIT: usize = 60;
    let Some((caption, credit)) = text.rsplit_once(": ").filter(|_| text.len() < LONG) else { return false };
    let Some((caption, label)) = caption.rsplit_once(' ') else { return false };
    caption.ends_with(['.', '(', ')', '|', '/', '”', '"'])
        && credit.len() < LONGEST_CREDIT
        && credit.starts_with(char::is_uppercase)
        && !credit.ends_with(['.', '!', '?', '”', '"'])
        && world().pages.credits.contains(&label.trim_start_matches(['(', '[']).to_lowercase())
}

/// True for a line that says when an article was published or changed, and nothing else: `First published: 6 July 2024`.
fn is_date_line(text: &str) -> bool {
    const LONG: usize = 120;
    const WORDS: usize = 8;
    if text.len() >= LONG || !text.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let lower = text.to_lowercase();
    let pages = &world().pages;
    let mut openings = pages.published.iter().chain(pages.changed.iter());
    let opening = lower.strip_prefix("first ").unwrap_or(&lower);
    let words = lower.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
    // Who posted something is said by the line below it.
    openings.any(|word| opening.starts_with(word))
        && !lower.contains(" by ")
        && words.count() <= WORDS
        && date::read(text.trim_end_matches('.'), None, DateOrigin::Page).is_some()
}

/// True for `The post Ferry strike is off appeared first on Harbour News.`
pub(super) fn is_feed_footer(text: &str) -> bool {
    const LONG: usize = 400;
    let lower = if text.len() < LONG { text.to_lowercase() } else { return false };
    world().pages.feed_footers.iter().any(|[opens, goes_on]| lower.starts_with(opens) && lower.contains(goes_on))
}

/// True for a link after a label in capitals, as in `ALSO IN THE POST | Ferry strike is called off`.
fn is_labelled_link(text: &str, link_density: f32) -> bool {
    let label = text.split_once(['|', ':']).map(|(label, _)| label.trim_end()).filter(|label| label.len() < 40);
    link_density > 0.5
        && label.is_some_and(|label| {
            label.chars().filter(|c| c.is_uppercase()).count() >= 4 && !label.contains(char::is_lowercase)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn openings_tell_boilerplate() {
        assert!(is_boilerplate_line("Read more: What the talks are about", 0.0));
        assert!(is_boilerplate_line("Lesen Sie auch: Worum es geht", 0.8));
        assert!(is_boilerplate_line("ADVERTISEMENT", 0.0));
        assert!(is_boilerplate_line("分享到微信", 0.0));
        assert!(is_boilerplate_line("ALSO IN THE POST | Ferry strike is called off", 0.6));
        assert!(is_boilerplate_line("IN PICTURES: The storm at the pier", 0.9));
        assert!(is_boilerplate_line("The post Ferry strike is off appeared first on Harbour News.", 0.6));
        assert!(is_boilerplate_line("Sponsored content", 0.0));
        assert!(is_boilerplate_line("(Photo by Jon Rusk)", 0.0));
        assert!(is_boilerplate_line("Il vous reste 40 % de cet article à lire.", 0.0));
        assert!(is_boilerplate_line(
            "Puedes seguir a El Muelle en sus redes, o apuntarte aquí para recibir su boletín de la semana.",
            0.2
        ));
        for line in [
            "Subscribe now for £1 a week to read all of our journalism without limits.",
            "Sign up today and get unlimited access to our newsletters and podcasts, wherever you are.",
            "Abonnieren Sie jetzt für 1 € im Monat und lesen Sie alles, was wir schreiben, ohne Grenzen.",
            "First published: 6 July 2024. Last updated: 7 July 2024",
            "Published on Saturday 6 July 2024 at 10:15",
            "Publié le 6 juillet 2024 à 10h15",
        ] {
            assert!(is_boilerplate_line(line, 0.0), "{line}");
        }
        for line in [
            "Follow the Register on Facebook, X and Instagram.",
            "Follow us on WhatsApp",
            "Folgen Sie uns auf WhatsApp und verpassen Sie keine Nachricht aus dem Hafen.",
            "Segui il Molo anche sul nostro canale WhatsApp per restare aggiornato.",
            "Siga o canal do Cais no WhatsApp e receba as notícias do dia no seu telemóvel.",
            "Participe do canal do Cais no WhatsApp",
            "Seuraa meitä Facebookissa",
            "Pratite nas na Facebooku",
            "Preberite tudi: Stari pomol zaprt",
            "扫描二维码关注我们",
            "Подписывайтесь на наш Telegram-канал, чтобы не пропустить важное.",
            "This article is for subscribers only. To keep reading, log in or choose a plan.",
            "Dieser Artikel ist nur für Abonnenten zugänglich. Jetzt anmelden und weiterlesen.",
            "Este contenido es exclusivo para suscriptores. Si ya lo eres, inicia sesión.",
            "Questo contenuto è riservato agli abbonati. Sei già abbonato? Accedi.",
            "Il vous reste 60% de cet article à lire. La suite est réservée aux abonnés.",
            "This audio is auto-generated. Please let us know if you have feedback.",
            "<저작권자 © 부두일보, 무단 전재 및 재배포 금지>",
            "The old quay in a storm last winter. Photo: Bram Ostey / Post",
            "Der alte Kai im Sturm. (Foto: Bram Ostey)",
        ] {
            assert!(is_boilerplate_line(line, 0.0), "{line}");
        }
        for prose in [
            "Follow the water, she told the crews on Monday, and you will find the leak.",
            "Follow-up visits on YouTube were seen by 40 members of the trust.",
            "This article of the charter was read to the crews before the vote on Monday.",
            "She had one question before the vote. Who pays for it: Harbour or county?",
            "There is one more thing about the photo: It was taken at night.",
            "Published in July 2024, the report found that none of the 40 gates was safe.",
            "Subscribe to that view, and the harbour has 40 berths too many, the trust told its members on Monday.",
            "Members of the trust paid $40 a berth, and access to the quay fell by 20% within a year.",
            "Updated plans show 12 more berths, which the board put before its members in July 2024.",
            "Advertisement revenue fell by a fifth.",
            "Sponsored by the fish hall, the race was won by Ulf Dahl.",
            "Topics: the money, the gates and the boats, in that order, she said.",
        ] {
            assert!(!is_boilerplate_line(prose, 0.0), "{prose}");
        }
        assert!(!is_boilerplate_line("LONDON: The minister said on Monday that the talks go on, whoever leaves.", 0.2));
        assert!(!is_boilerplate_line(
            "Read more than once, the letter says what the minister had promised to the families in May.",
            0.0
        ));
        assert!(!is_boilerplate_line(
            "Related industries grew as well, the ministry said in its report on Friday afternoon.",
            0.0
        ));
    }
}
