//! Prints the TypeScript of the command list: every request and response type, and the map from a
//! command's name to both. `cargo xtask codegen` keeps `ui/src/lib/backend/commands.ts` equal to it.

use std::{
    any::TypeId,
    collections::{BTreeMap, HashSet},
    io::Write,
};

use jitasa_app::{COMMANDS, visit_types};
use ts_rs::{Config, TS, TypeVisitor};

struct Declarations<'a> {
    config: &'a Config,
    seen: HashSet<TypeId>,
    by_name: BTreeMap<String, String>,
}

impl TypeVisitor for Declarations<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        T::visit_dependencies(self);
        // Only our own types have a file of their own; the rest are written in place.
        if T::output_path().is_some() {
            let docs = T::docs().unwrap_or_default();
            let declaration = format!("{docs}export {}", T::decl(self.config));
            self.by_name.insert(T::ident(self.config), declaration);
        }
    }
}

fn main() -> std::io::Result<()> {
    let config = Config::new().with_large_int("number");
    let mut declarations = Declarations {
        config: &config,
        seen: HashSet::new(),
        by_name: BTreeMap::new(),
    };
    visit_types(&mut declarations);
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "// Written by `cargo xtask codegen` from crates/app; do not edit.\n"
    )?;
    for declaration in declarations.by_name.values() {
        writeln!(out, "{declaration}\n")?;
    }
    writeln!(
        out,
        "/** Every command: what it takes and what it answers. */"
    )?;
    writeln!(out, "export interface Commands {{")?;
    for command in COMMANDS {
        let (request, response) = (command.types)(&config);
        writeln!(out, "  /**{} */", command.doc)?;
        writeln!(
            out,
            "  '{}': {{ request: {request}; response: {response} }};",
            command.name
        )?;
    }
    writeln!(out, "}}")
}
