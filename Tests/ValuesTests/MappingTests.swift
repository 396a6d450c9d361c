// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@Suite struct MappingTests {
    @Test(arguments: [3, 16, 17, 18, 500]) func `keys keep their order and are found at every size`(count: Int) {
        var mapping = Mapping()
        for number in 0..<count { mapping["key\(number)"] = .int(Int64(number)) }
        mapping["key1"] = "changed"
        #expect(mapping.count == count)
        #expect(mapping.keys == (0..<count).map { "key\($0)" })
        #expect(mapping["key1"] == "changed")
        #expect(mapping["key\(count - 1)"] != nil)
        #expect(mapping["missing"] == nil)
        mapping["key0"] = nil
        #expect(mapping.count == count - 1)
        #expect(mapping["key2"] == 2)
    }

    @Test func `equality and hash ignore the order`() {
        let left: Mapping = ["a": 1, "b": ["x": 1, "y": 2]]
        let right: Mapping = ["b": ["y": 2, "x": 1], "a": 1]
        #expect(left == right)
        #expect(left.hashValue == right.hashValue)
        #expect(left != ["a": 1, "b": 2])
        #expect(left != ["a": 1, "c": ["x": 1, "y": 2]])
    }

    @Test func `a path is set, made on the way and removed`() {
        var value: Value = ["a": ["b": 1]]
        value.set(2, at: ["a", "c", "d"])
        #expect(value == ["a": ["b": 1, "c": ["d": 2]]])
        value.set(nil, at: ["a", "b"])
        value.set(nil, at: ["missing", "b"])
        #expect(value == ["a": ["c": ["d": 2]]])
        #expect(value[path: "a", "c", "d"] == 2)
        #expect(value[path: "a", "x", "d"] == nil)
    }

    @Test func `a nested value is changed in place`() {
        var value: Value = ["a": ["b": [1]]]
        value["a"]?["b"] = "x"
        value["n"] = 1
        #expect(value == ["a": ["b": "x"], "n": 1])
        var text: Value = "text"
        text["a"] = 1
        #expect(text == "text")
        var mapping: Mapping = ["a": 1]
        mapping["list", default: []] = [1]
        mapping["a", default: 5] = 2
        #expect(mapping == ["a": 2, "list": [1]])
    }

    @Test func `an int and a double are different values, but both are numbers`() {
        #expect(Value.int(1) != .double(1))
        #expect(Value.double(3).int == 3)
        #expect(Value.double(3.5).int == nil)
        #expect(Value.string("3").int == nil)
    }
}
