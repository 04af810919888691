//! Well-known second names of organisations and places. The lists are our own.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::spelling::plain;
use crate::entity::same_place;

/// Organisations and the names they are also known by, one organisation a line.
const ORGANIZATIONS: &str = "
European Union = EU = E.U.
United Nations = UN = U.N. = United Nations Organization
North Atlantic Treaty Organization = NATO
International Monetary Fund = IMF
World Health Organization = World Health Organisation = WHO
World Trade Organization = World Trade Organisation = WTO
European Central Bank = ECB
International Atomic Energy Agency = IAEA
Organization for Security and Co-operation in Europe = OSCE
Organization of the Petroleum Exporting Countries = OPEC
International Olympic Committee = IOC
Central Intelligence Agency = CIA
Federal Bureau of Investigation = FBI
National Security Agency = NSA
National Aeronautics and Space Administration = NASA
Environmental Protection Agency = EPA
Internal Revenue Service = IRS
Food and Drug Administration = FDA
Democratic National Committee = DNC
Republican National Committee = RNC
British Broadcasting Corporation = BBC
Associated Press = AP
Agence France-Presse = AFP
Federal Security Service = FSB
International Business Machines = IBM
General Motors = GM
American Civil Liberties Union = ACLU
National Rifle Association = NRA
United Nations Children's Fund = UNICEF
United Nations High Commissioner for Refugees = UNHCR
";

/// The name an organisation is best known by, if this is one of its well-known names.
pub(super) fn organization(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| read(ORGANIZATIONS));
    NAMES.get(&key(name)).copied()
}

/// The name a place is best known by, if this is one of its well-known names.
pub(super) fn place(name: &str) -> Option<&'static str> {
    static NAMES: LazyLock<FxHashMap<String, &str>> = LazyLock::new(|| read(same_place::LIST));
    NAMES.get(&key(name)).copied()
}

fn read(list: &'static str) -> FxHashMap<String, &'static str> {
    let mut names = FxHashMap::default();
    for line in list.lines().filter(|l| l.contains(" = ")) {
        let first = line.split(" = ").next().unwrap_or(line);
        names.extend(line.split(" = ").map(|name| (key(name), first)));
    }
    names
}

fn key(name: &str) -> String {
    let words: Vec<String> = name.split_whitespace().map(plain).filter(|w| !w.is_empty()).collect();
    let article = usize::from(words.len() > 1 && words.first().is_some_and(|w| w == "the"));
    words.get(article..).unwrap_or(&[]).join(" ")
}
