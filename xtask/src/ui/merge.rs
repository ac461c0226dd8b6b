//! Functions with the same code are kept once.
//!
//! Generic code leaves hundreds of functions whose bytes are equal, and neither compiler nor linker joins them. Rust promises
//! no address to a function, so nobody can tell which of two equal ones is called. Callers of joined functions may become
//! equal in their turn, so this goes on until nothing changes.

use std::collections::HashMap;

use anyhow::{Context, Result, ensure};
use walrus::ir::{self, VisitorMut};
use walrus::{ConstExpr, ElementItems, ExportItem, FunctionId, Module, ModuleConfig, TypeId};
use wasmparser::{Parser, Payload};

/// The same program with every function kept once.
///
/// # Errors
/// When the module cannot be read.
pub fn equal_functions(mut wasm: Vec<u8>) -> Result<Vec<u8>> {
    let mut config = ModuleConfig::new();
    config.generate_name_section(false).generate_producers_section(false);
    let mut count = usize::MAX;
    loop {
        let mut module = config.parse(&wasm).context("reading the wasm again")?;
        let instead = doubles(&module, &wasm)?;
        let now = module.funcs.iter().count();
        // What cannot be led elsewhere stays; then the next round would change nothing.
        if instead.is_empty() || now >= count {
            return Ok(wasm);
        }
        count = now;
        redirect(&mut module, &instead);
        walrus::passes::gc::run(&mut module);
        wasm = module.emit_wasm();
    }
}

/// For each function that is there already, the one to call instead.
fn doubles(module: &Module, wasm: &[u8]) -> Result<HashMap<FunctionId, FunctionId>> {
    let mut bodies = Vec::new();
    for payload in Parser::new(0).parse_all(wasm) {
        if let Payload::CodeSectionEntry(body) = payload? {
            bodies.push(&wasm[body.range()]);
        }
    }
    let functions: Vec<FunctionId> = module.funcs.iter_local().map(|(id, _)| id).collect();
    ensure!(functions.len() == bodies.len(), "{} functions with {} bodies", functions.len(), bodies.len());
    let mut first = HashMap::<(TypeId, &[u8]), FunctionId>::new();
    let mut instead = HashMap::new();
    for (id, body) in functions.into_iter().zip(bodies) {
        let kept = *first.entry((module.funcs.get(id).ty(), body)).or_insert(id);
        if kept != id {
            instead.insert(id, kept);
        }
    }
    Ok(instead)
}

/// Leads calls, tables and exports to the functions that are kept.
fn redirect(module: &mut Module, instead: &HashMap<FunctionId, FunctionId>) {
    let mut turn = Turn(instead);
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        ir::dfs_pre_order_mut(&mut turn, function, entry);
    }
    for element in module.elements.iter_mut() {
        match &mut element.items {
            ElementItems::Functions(functions) => functions.iter_mut().for_each(|id| turn.lead(id)),
            ElementItems::Expressions(_, expressions) => {
                for expression in expressions {
                    if let ConstExpr::RefFunc(id) = expression {
                        turn.lead(id);
                    }
                }
            }
        }
    }
    for export in module.exports.iter_mut() {
        if let ExportItem::Function(id) = &mut export.item {
            turn.lead(id);
        }
    }
}

struct Turn<'a>(&'a HashMap<FunctionId, FunctionId>);

impl Turn<'_> {
    fn lead(&self, id: &mut FunctionId) {
        *id = self.0.get(id).copied().unwrap_or(*id);
    }
}

impl VisitorMut for Turn<'_> {
    fn visit_function_id_mut(&mut self, function: &mut FunctionId) {
        self.lead(function);
    }
}

#[cfg(test)]
mod tests {
    use walrus::{FunctionBuilder, ValType};

    use super::*;

    /// `a` and `b` give the same number and `c` another; `x`, `y` and `z` call one of them each.
    fn module() -> Vec<u8> {
        let mut module = Module::default();
        for (inner, outer, number) in [("a", "x", 7), ("b", "y", 7), ("c", "z", 8)] {
            let mut build = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            build.func_body().i32_const(number);
            let called = build.finish(vec![], &mut module.funcs);
            let mut build = FunctionBuilder::new(&mut module.types, &[], &[ValType::I32]);
            build.func_body().call(called).i32_const(1).binop(ir::BinaryOp::I32Add);
            let calling = build.finish(vec![], &mut module.funcs);
            module.exports.add(inner, called);
            module.exports.add(outer, calling);
        }
        module.emit_wasm()
    }

    #[test]
    fn equal_functions_are_joined_and_so_are_their_callers() {
        let wasm = equal_functions(module()).unwrap();
        let module = Module::from_buffer(&wasm).unwrap();
        assert_eq!(module.funcs.iter().count(), 4, "7 and 8, and who calls them");
        let of = |name: &str| module.exports.get_func(name).unwrap();
        assert_eq!((of("a"), of("x")), (of("b"), of("y")));
        assert_ne!(of("a"), of("c"));
        assert_ne!(of("x"), of("z"));
    }

    #[test]
    fn what_has_no_doubles_is_left_as_it_is() {
        let once = equal_functions(module()).unwrap();
        assert_eq!(equal_functions(once.clone()).unwrap(), once);
    }
}
