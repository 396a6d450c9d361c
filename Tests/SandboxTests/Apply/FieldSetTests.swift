// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct FieldSetTests {
    private func set(_ json: String) throws -> FieldSet { FieldSet(fieldsV1: try Value(json: json)) }

    @Test func `FieldsV1 reads and writes, with self marks, keys, values and places`() throws {
        let json =
            #"{"f:metadata":{"f:finalizers":{".":{},"v:\"a/b\"":{}}},"f:spec":{"f:x":{"i:3":{},"k:{\"name\":\"c\"}":{".":{},"f:image":{}}}}}"#
        let read = try set(json)
        let document = try Value(json: json)
        #expect(read.fieldsV1 == document)
        #expect(
            read.paths.map { $0.map(\.description).joined() } == [
                ".metadata.finalizers", #".metadata.finalizers[="a/b"]"#, #".spec.x[name="c"]"#, ".spec.x[3]",
                #".spec.x[name="c"].image"#,
            ])
    }

    @Test func `unknown kinds of steps are left out`() throws {
        #expect(try set(#"{"q:x":{},"f:a":{}}"#) == set(#"{"f:a":{}}"#))
    }

    @Test func `set algebra treats a parent and its child as different paths`() throws {
        let parent = try set(#"{"f:a":{}}"#)
        let child = try set(#"{"f:a":{"f:b":{}}}"#)
        let both = try set(#"{"f:a":{".":{},"f:b":{}}}"#)
        #expect(parent.union(child) == both)
        #expect(both.subtracting(child) == parent)
        #expect(both.subtracting(parent) == child)
        #expect(both.intersection(child) == child)
        #expect(parent.intersection(child).isEmpty)
        #expect(both.subtractingRecursively(parent).isEmpty)
        #expect(both.subtractingRecursively(child) == parent)
        #expect(both.contains([.field("a")]) && !child.contains([.field("a")]))
    }

    @Test func `random sets obey the laws of sets`() {
        var random = SystemRandomNumberGenerator()
        func sample() -> Set<[PathElement]> {
            Set(
                (0..<20).map { _ in
                    (0...Int.random(in: 0...2, using: &random)).map { _ in
                        .field(String(Int.random(in: 0...3, using: &random)))
                    }
                })
        }
        for _ in 0..<50 {
            let (a, b) = (sample(), sample())
            let (x, y) = (FieldSet(a), FieldSet(b))
            #expect(Set(x.union(y).paths) == a.union(b))
            #expect(Set(x.intersection(y).paths) == a.intersection(b))
            #expect(Set(x.subtracting(y).paths) == a.subtracting(b))
        }
    }
}
