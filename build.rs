//! Makes sure that the folder of the built web app exists, so that the program also builds without the app, and that
//! it is built again when the app changes.

use std::path::Path;

fn main() {
    let dist = Path::new("web/dist");
    // A missing folder would make cargo run this script on every build; an empty one does not.
    if !dist.exists()
        && let Err(error) = std::fs::create_dir_all(dist)
    {
        println!("cargo::warning=cannot make {}: {error}", dist.display());
    }
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=web/dist");
}
