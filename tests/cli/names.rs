//! One person under several names: merged counts, the reasons, and the user's own word.

use crate::workbench::Workbench;

/// Three articles that spell one minister's name in three ways, and a namesake.
fn bench() -> Workbench {
    let bench = Workbench::new();
    for (name, text) in [
        ("a.txt", "Foreign Minister Andriy Kolosenko arrived. “We are ready,” Andriy Kolosenko said in London.\n"),
        ("b.txt", "Foreign Minister Andrii Kolosenko left. “We are done,” Andrii Kolosenko said in London.\n"),
        ("c.txt", "Maryna Kolosenko, a teacher, stayed. “I am home,” Maryna Kolosenko said in London.\n"),
    ] {
        bench.file(&format!("news/{name}"), text);
    }
    let ended = bench.run(&["ingest", "news"]);
    assert_eq!(ended.code, 0, "{ended:?}");
    bench
}

#[track_caller]
fn people(bench: &Workbench, flags: &[&str]) -> Vec<String> {
    let mut args = vec!["facets", "person", "--format", "csv"];
    args.extend(flags);
    let ended = bench.run(&args);
    assert_eq!(ended.code, 0, "{ended:?}");
    let mut names: Vec<String> =
        ended.stdout.lines().skip(1).map(|l| l.split(',').next().unwrap().to_owned()).collect();
    names.retain(|name| name != "(none)");
    names.sort();
    names
}

#[test]
fn spellings_of_a_name_are_counted_once_and_explained() {
    let bench = bench();
    assert_eq!(people(&bench, &[]), ["Andrii Kolosenko", "Maryna Kolosenko"]);
    let ended = bench.run(&["facets", "person", "--explain", "Andriy Kolosenko"]);
    assert!(ended.stdout.contains("Andriy Kolosenko") && ended.stdout.contains("transliteration"), "{ended:?}");
}

#[test]
fn a_speaker_is_found_by_any_of_their_names() {
    let bench = bench();
    let (hits, _) = bench.ask("speaker:\"Andriy Kolosenko\"", &[]);
    assert_eq!(hits.len(), 2);
}

#[test]
fn the_alias_file_wins_and_can_be_taken_away() {
    let bench = bench();
    let file = bench.file(
        "names.toml",
        "[[entity]]\nkind = \"person\"\nname = \"Andriy Kolosenko\"\napart = [\"Andrii Kolosenko\"]\n\
         [[nobody]]\nkind = \"person\"\nnames = [\"Maryna Kolosenko\"]\n",
    );
    let file = file.to_str().unwrap();
    assert_eq!(people(&bench, &["--aliases", file]), ["Andrii Kolosenko", "Andriy Kolosenko"]);
    assert_eq!(people(&bench, &[]), ["Andrii Kolosenko", "Maryna Kolosenko"]);
    // A hidden name is not found by its words either; a name that shares a word with it is.
    for query in ["speaker:Maryna", "person:Maryna", "person:\"Maryna Kolosenko\""] {
        assert!(!bench.ask(query, &[]).0.is_empty(), "{query}");
        assert_eq!(bench.ask(query, &["--aliases", file]).0.len(), 0, "{query}");
    }
    let (all, _) = bench.ask("person:Kolosenko", &[]);
    let (shown, _) = bench.ask("person:Kolosenko", &["--aliases", file]);
    assert!(!shown.is_empty() && shown.len() <= all.len());
}

#[test]
fn names_are_sorted_anew_where_the_file_of_them_is_gone_or_damaged() {
    let bench = bench();
    let expect = people(&bench, &[]);
    let names = |entry: std::io::Result<std::fs::DirEntry>| {
        let path = entry.unwrap().path();
        path.file_name().unwrap().to_str().unwrap().starts_with("names-").then_some(path)
    };
    let kept = std::fs::read_dir(bench.path("index/derived")).unwrap().find_map(names).unwrap();
    let bytes = std::fs::read(&kept).unwrap();
    std::fs::write(&kept, &bytes[..bytes.len() / 2]).unwrap();
    assert_eq!(people(&bench, &[]), expect);
    std::fs::remove_file(&kept).unwrap();
    assert_eq!(people(&bench, &[]), expect);
    // The next ingest leaves them sorted again, although nothing changed.
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    assert_eq!(std::fs::read(&kept).unwrap(), bytes);
}

/// A broken alias file ends every command that follows it with its line and the remedy, and leaves the index as it was.
#[track_caller]
fn refused(bench: &Workbench, aliases: &str, told: &[&str]) {
    let before = people(bench, &[]);
    let file = bench.file("index/user/aliases.toml", aliases);
    for args in [&["facets", "person"][..], &["query", "speaker:Kolosenko"], &["show", "--entity", "Kolosenko"]] {
        let ended = bench.run(args);
        assert_eq!(ended.code, 2, "{ended:?}");
        assert!(told.iter().all(|words| ended.stderr.contains(words)), "{told:?} in {ended:?}");
    }
    std::fs::remove_file(file).unwrap();
    assert_eq!(people(bench, &[]), before);
}

#[test]
fn a_broken_alias_file_says_where_and_what_to_do() {
    let bench = bench();
    let entity =
        |name: &str, also: &str| format!("[[entity]]\nkind = \"person\"\nname = \"{name}\"\nalso = [\"{also}\"]\n");
    refused(
        &bench,
        "[[entity]]\nkind = \"persn\"\nname = \"A\"\n",
        &["aliases.toml", "line 2: unknown kind `persn` (known: person, organization, place)"],
    );
    let circle = entity("Ann", "Bo") + &entity("Bo", "Cy") + &entity("Cy", "Ann");
    refused(&bench, &circle, &["line 3", "go round in a circle", "keep one `[[entity]]`"]);
    let shared = entity("Ann", "Nan") + &entity("Bo", "Nan");
    refused(&bench, &shared, &["line 8: `Nan` is already a name of `Ann` (line 4); take it out of one of them"]);
    refused(&bench, "[[entity]]\nkind = \"person\nname = 3\n", &["line 2: "]);
    refused(&bench, "[[entity]]\nkind = \"person\"\n", &["line 1: ", "name"]);
    refused(&bench, "[[person]]\nname = \"Ann\"\n", &["line 1: ", "person"]);
}

#[test]
fn names_without_end_are_read_in_passing() {
    let bench = Workbench::new();
    bench.file("news/long.txt", format!("Mr. {} spoke. “Yes,” he said.\n", "Ab".repeat(5_000)));
    bench.file("news/names.txt", "Ann Kolosenko, Bo Kolosenko, ".repeat(400) + "left.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    assert_eq!(bench.run(&["show", "--entity", "Ann Kolosenko"]).code, 0);
    let aliases = format!("[[entity]]\nkind = \"person\"\nname = \"{}\"\n", "Ab".repeat(5_000));
    let file = bench.file("names.toml", aliases);
    assert_eq!(bench.run(&["facets", "person", "--aliases", file.to_str().unwrap()]).code, 0);
}

#[test]
fn a_misspelt_name_is_asked_back() {
    let bench = bench();
    let ended = bench.run(&["query", "speaker:Kolosenka"]);
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains("did you mean speaker:\"Andri"), "{ended:?}");
    let ended = bench.run(&["query", "speaker:Xyzzyplugh"]);
    assert!(!ended.stderr.contains("did you mean"), "{ended:?}");
}

#[test]
fn who_is_talked_about_is_found_by_any_of_their_names() {
    let bench = Workbench::new();
    bench.file("news/a.txt", "“Andriy Kolosenko is late,” Lena Ode said in London.\n");
    bench.file("news/b.txt", "“Andrii Kolosenko is early,” Lena Ode said in London.\n");
    assert_eq!(bench.run(&["ingest", "news"]).code, 0);
    let (hits, _) = bench.ask("about:\"Andriy Kolosenko\"", &[]);
    assert_eq!(hits.len(), 2);
}

#[test]
fn who_somebody_is_in_this_index() {
    let bench = bench();
    let ended = bench.run(&["show", "--entity", "Kolosenko"]);
    for expected in ["Andrii Kolosenko", "Andriy Kolosenko", "Foreign Minister", "quoted"] {
        assert!(ended.stdout.contains(expected), "no {expected} in {ended:?}");
    }
    assert_eq!(people(&bench, &[]).len(), 2);
    let roles = bench.run(&["facets", "role", "--format", "csv"]);
    assert!(roles.stdout.contains("Foreign Minister,2"), "{roles:?}");
}
