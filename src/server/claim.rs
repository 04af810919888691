//! Words that somebody is said to have said, as an address says it.

use super::failure::Failure;
use super::search_params::address;
use crate::answers::{self, Claim};
use crate::present::check::Check;
use crate::search::{Deadline, Request};

use super::state::Snapshot;

/// Characters that a claim may have.
const LONGEST: usize = 8_000;

/// Quotations that are given unless more are asked for, and at most.
const QUOTATIONS: (usize, usize) = (3, 50);

/// Reads the query string of an address; the words of the claim are empty where it has none.
pub(super) fn parse(query: Option<&str>) -> Result<Claim, Failure> {
    let mut claim = Claim { limit: QUOTATIONS.0, ..Claim::default() };
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        if value.chars().count() > LONGEST {
            return Err(Failure::request(format!("`{name}` is too long; at most {LONGEST} characters are read")));
        }
        let value = value.trim();
        match &*name {
            "words" => value.clone_into(&mut claim.words),
            "speaker" => claim.speaker = Some(value.to_owned()).filter(|speaker| !speaker.is_empty()),
            "limit" => {
                let limit = value.parse().ok().filter(|limit| (1..=QUOTATIONS.1).contains(limit));
                let most = QUOTATIONS.1;
                claim.limit = limit.ok_or_else(|| Failure::request(format!("`limit` is a number from 1 to {most}")))?;
            }
            other => return Err(Failure::request(format!("unknown parameter `{other}`"))),
        }
    }
    Ok(claim)
}

/// The address under `path` that says this claim.
pub(super) fn written(claim: &Claim, path: &str) -> String {
    let mut pairs = vec![("words", claim.words.clone())];
    pairs.extend(claim.speaker.clone().map(|speaker| ("speaker", speaker)));
    pairs.extend((claim.limit != QUOTATIONS.0).then(|| ("limit", claim.limit.to_string())));
    address(path, pairs)
}

/// The same claim with as many quotations as are ever given; none where it asks for that many already.
pub(super) fn in_full(claim: &Claim) -> Option<Claim> {
    (claim.limit < QUOTATIONS.1).then(|| Claim { limit: QUOTATIONS.1, ..claim.clone() })
}

/// Whether there is a word to look for.
pub(super) fn has_words(claim: &Claim) -> bool {
    claim.words.contains(char::is_alphanumeric)
}

/// What is on record.
pub(super) fn check(snapshot: &Snapshot, claim: &Claim, deadline: &Deadline) -> Result<Check, Failure> {
    let request = Request { today: jiff::Zoned::now().date(), deadline: deadline.clone(), ..Request::default() };
    Ok(answers::check(snapshot.engine(), claim, &request)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_the_whole_claim() {
        let claim = parse(Some("words=+The+dam+%26+I+&speaker=Ode&limit=9")).unwrap();
        assert_eq!((claim.words.as_str(), claim.speaker.as_deref(), claim.limit), ("The dam & I", Some("Ode"), 9));
        assert_eq!(written(&claim, "/check"), "/check?words=The+dam+%26+I&speaker=Ode&limit=9");
        assert_eq!(written(&parse(Some("words=dam&speaker=")).unwrap(), "/check"), "/check?words=dam");
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let refused = |address: &str| parse(Some(address)).unwrap_err().detail;
        assert!(refused("limit=51").contains("from 1 to 50"));
        assert!(refused("limit=0").contains("from 1 to 50"));
        assert!(refused("colour=red").contains("`colour`"));
        assert!(refused(&format!("words={}", "a".repeat(LONGEST + 1))).contains("too long"));
    }
}
