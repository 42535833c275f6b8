//! Every kept input, through the function that it was found for.

use aplomb_fuzz_targets::TARGETS;
use std::fs;
use std::path::Path;

#[test]
fn every_kept_input_keeps_the_promises() {
    let corpora = Path::new(env!("CARGO_MANIFEST_DIR")).join("../corpus");
    for (name, target) in TARGETS {
        let inputs: Vec<_> =
            fs::read_dir(corpora.join(name)).unwrap().map(|entry| entry.unwrap().path()).collect();
        assert!(inputs.len() >= 3, "{name} has hardly a corpus");
        for input in inputs {
            let data = fs::read(&input).unwrap();
            // cut short and with a byte turned, too: near what is right is where mistakes are
            target(&data);
            for at in (0..data.len()).step_by((data.len() / 64).max(1)) {
                target(&data[..at]);
                let mut turned = data.clone();
                turned[at] ^= 0x15;
                target(&turned);
            }
        }
    }
}
