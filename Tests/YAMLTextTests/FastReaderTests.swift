// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import YAMLText

/// The fast reader must read what libyaml reads, or give up.
@Suite struct `The fast reader` {
    private func compare(_ bytes: [UInt8], _ comment: Comment? = nil) -> Bool {
        guard
            case .success(let source) = Result(catching: { () throws(YAMLError) in
                try InputCheck.source(bytes, file: "t.yaml", limits: .manifests, showsLines: true)
            })
        else { return false }
        guard let fast = Value.fastDocuments(of: source, .manifests, first: false) else { return false }
        do throws(YAMLError) {
            let exact = try Value.exactDocuments(of: source, .manifests, first: false)
            #expect(fast == exact, comment ?? "\(String(decoding: bytes, as: UTF8.self))")
        } catch {
            Issue.record("read what libyaml refuses, \(error.goMessage): \(String(decoding: bytes, as: UTF8.self))")
        }
        return true
    }

    /// What manifests are made of; it must be read the fast way.
    static let known = [
        "a: 1\n", "a:\n", "a:\nb:\n", "a: b\n\n# c\n", "# c\n---\n# d\na: b # e\n---\n---\nb: c",
        "- a\n- b: c\n  d: e\n-\n  - f\n- \n- g\n",
        "a:\n- b\n- c\nd: e\n", "a:\n  - b: |\n      text\n\n       more\n\n    c: d\n",
        "a: |-\n  x\n  # no comment\n\n\nb: |+\n  y\n\nc: |\n  z\n",
        "a: []\nb: {}\nc: [a, \"b\", 'c d', 1, true]\nd: {a: b, \"c\": [1, {e: f}]}\n", "\"a/b\": \"c d\"\n'e': 'f'\n",
        "url: http://x:80/y#z\n",
        "a: -1\nb: --flag\nc: 0x1f\nd: 1.0\ne: 1e3\nf: yes\ng: ~\nh: 100m\n",
        "a:\n  b:\n    c:\n    - d\n    e: f\ng: h\n",
        "metadata:\n  name: x\n  labels:\n    app.kubernetes.io/name: \"y\"\nspec:\n  ports:\n    - name: http\n      port: 80\n",
        "a: é\nb: 日本\n", "-   a: b\n    c: d\n", "a: b   \n", "a: 'x: y'\n", "a: b#c\n",
    ]

    @Test(arguments: known) func `reads`(_ text: String) {
        #expect(compare(Array(text.utf8)), "left to libyaml: \(text)")
    }

    /// What has rules of its own is left to libyaml.
    @Test(arguments: [
        "a: b\n  c\n", "a: >\n  b\n", "a: &x b\n", "a: *x\n", "a: !t b\n", "y: 1\n", "1: a\n", "a: \"b\\n\"\n",
        "a: 'b''c'\n", "a\n", "? a\n",
        "a: |2\n    b\n", "a: |\n", "a: [\n1]\n", "a: b: c\n", "a:\n\tb: c\n", "- - a\n", "a: .nan\n",
        "%YAML 1.1\n---\na: b\n", "a: b\n...\n", "a : b\n",
        "<<: {a: b}\n", "a:\n  b: 1\n c: 2\n", "a: 1\n- b\n", "--- a\n", "a: 'b\n  c'\n", "a: |\n  b",
        "a: |\n   \n  b\n", "{a: b}\n", "a: b\r\nc: d\r\n", "a: b\u{85}c: d\n",
        "a:\tb\n", "a: b\t# c\n", "a: {b: c\n  }\n", "a: [a b]\n", "a: [b, ]\n", "a: ]\n", "a: - b\n", "a: -\n",
        "a: b:\n",
    ])
    func `leaves alone`(_ text: String) {
        #expect(!compare(Array(text.utf8)))
    }

    @Test func `agrees with libyaml on mangled manifests`() {
        let seeds = Self.known.map { Array($0.utf8) }
        let pieces = [
            "\n", " ", "  ", "- ", ": ", ":", "#", " #", "'", "\"", "|", "|-\n", "[", "]", "{", "}", ",", "a", "---\n",
            "\t", "\n\n", "?", "&", "é", "-", ".", "...",
        ].map { Array($0.utf8) }
        var random = SplitMix(state: 1)
        var read = 0
        for _ in 0..<20_000 {
            var bytes = seeds[Int(random.next() % UInt64(seeds.count))]
            for _ in 0...Int(random.next() % 3) {
                let place = Int(random.next() % UInt64(bytes.count + 1))
                switch random.next() % 3 {
                case 0: bytes.insert(contentsOf: pieces[Int(random.next() % UInt64(pieces.count))], at: place)
                case 1: if place < bytes.count { bytes.remove(at: place) }
                default:
                    let other = seeds[Int(random.next() % UInt64(seeds.count))]
                    bytes.insert(contentsOf: other[Int(random.next() % UInt64(other.count))...], at: place)
                }
            }
            if compare(bytes) { read += 1 }
        }
        // Most mangled texts are no manifests any more, but enough of them must be compared.
        #expect(read > 2000)
    }
}
