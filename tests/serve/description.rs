//! What the server does with whatever the `OpenAPI` document allows: schemathesis makes the requests.

use std::path::PathBuf;
use std::process::Command;

use crate::client::{Server, articles};

/// Cases for each operation: a run takes well under a minute.
const CASES: &str = "15";

#[test]
fn answers_fit_the_description() {
    let Some(schemathesis) = schemathesis() else { return };
    let server = Server::start(&articles(), &[]);
    let found = server.get("/?q=said:safe").text();
    let key = &found.split_once("/article/").unwrap().1[..16];
    // Keys and names that are there, so that not every answer is that there is nothing.
    let known = format!(
        "[[operations]]\ninclude-path-regex = \"articles\"\nparameters = {{ \"path.key\" = \"{key}\" }}\n\n\
         [[operations]]\ninclude-path-regex = \"entities\"\nparameters = {{ \"name\" = \"Lena Ode\" }}\n"
    );
    let file = server.folder.path().join("schemathesis.toml");
    std::fs::write(&file, known).unwrap();
    let run = Command::new(schemathesis)
        .arg("--config-file")
        .arg(&file)
        .args(["run", &format!("http://{}/openapi.json", server.address), "--seed", "1", "--max-examples", CASES])
        .args(["--phases", "examples,coverage,fuzzing", "--no-color", "--workers", "1", "--request-timeout", "30"])
        .args(["-c", "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"])
        .current_dir(server.folder.path())
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{told}{}", String::from_utf8_lossy(&run.stderr));
    assert!(told.contains(" passed"), "{told}");
}

/// The program, where it is installed; where it is not, that is said, and an error in CI.
fn schemathesis() -> Option<PathBuf> {
    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target/schemathesis/bin/schemathesis");
    let found = [own, PathBuf::from("schemathesis")];
    let found = found.into_iter().find(|program| Command::new(program).arg("--version").output().is_ok());
    let remedy = "python3 -m venv target/schemathesis && target/schemathesis/bin/pip install schemathesis";
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "schemathesis is not installed: {remedy}");
        eprintln!("skipped: schemathesis is not installed ({remedy})");
    }
    found
}
