#![no_main]
#[global_allocator]
static MEMORY: jitasa_fuzz::Memory = jitasa_fuzz::memory();
libfuzzer_sys::fuzz_target!(|bytes: &[u8]| jitasa_fuzz::enrolment::check(bytes));
