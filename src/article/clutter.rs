//! Files that lie beside articles and never hold one. They are passed over in silence: a saved page brings dozens.

use crate::language::world;

/// Endings of style sheets, scripts, fonts and what else dresses a page.
const ENDINGS: [&str; 12] = ["css", "js", "mjs", "map", "woff", "woff2", "ttf", "otf", "eot", "ico", "ds_store", "lnk"];

/// True if `name`, a path below a folder or an archive, is certainly not an article.
pub(super) fn is_clutter(name: &str) -> bool {
    let (folders, file) = name.rsplit_once(['/', '\\']).unwrap_or(("", name));
    let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending);
    file.starts_with('.')
        || ENDINGS.iter().any(|known| ending.eq_ignore_ascii_case(known))
        || folders.split(['/', '\\']).any(|folder| folder == "__MACOSX" || page_of(folder).is_some())
}

/// The name of the page, without its ending, that a folder of this name belongs to.
pub(super) fn page_of(folder: &str) -> Option<&str> {
    world()
        .pages
        .saved_page_folders
        .iter()
        .find_map(|ending| folder.strip_suffix(ending))
        .filter(|page| !page.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(name: &str, expect: bool) {
        assert_eq!(is_clutter(name), expect, "{name}");
    }

    #[test]
    fn a_saved_page_is_read_without_its_folder() {
        check("Talks end - Gazette.html", false);
        check("Talks end - Gazette_files/frame.html", true);
        check("Talks end - Gazette_files/photo.jpg", true);
        check("_files/a.html", false);
        check("case_files.txt", false);
    }

    #[test]
    fn leftovers_of_systems_are_no_articles() {
        check("__MACOSX/news/._a.txt", true);
        check("news/.DS_Store", true);
        check("site.CSS", true);
        check("scan.png", false);
    }
}
