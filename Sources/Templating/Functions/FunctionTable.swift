// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// All functions by name: Go's builtins, sprig's and Helm's.
enum FunctionTable {
    static let all: [ByteKey: Function] = {
        let walking = [
            ComparisonFunctions.all, TextFunctions.all, StringFunctions.all, ConversionFunctions.all,
            DocumentFunctions.all, MergeFunctions.all, TypeFunctions.comparing, ListFunctions.comparing,
        ]
        let others = [
            BuiltinFunctions.all, DefaultFunctions.all, WordFunctions.all, TypeFunctions.all, ListFunctions.all,
            DictionaryFunctions.all,
            MathFunctions.all, EncodingFunctions.all, PathFunctions.all, RegexFunctions.all,
            VersionFunctions.all, TimeFunctions.all, RandomFunctions.all, CryptoFunctions.all,
            CertificateFunctions.all, AddressFunctions.all, HelmFunctions.all,
        ]
        var table: [ByteKey: Function] = [:]
        table.reserveCapacity(256)
        for function in others.joined() { table[ByteKey(Bytes(function.name))] = function }
        for function in walking.joined() { table[ByteKey(Bytes(function.name))] = function.walking() }
        return table
    }()
}

/// Arguments as functions read them: the evaluator has checked their types already.
extension Array where Element == GoValue {
    func text(_ index: Int) -> Bytes {
        switch self[index] {
        case .string(let text), .bytes(let text): text
        default: []
        }
    }

    func int(_ index: Int) -> Int { self[index].anyInteger ?? 0 }

    func bool(_ index: Int) -> Bool {
        if case .bool(let value) = self[index] { return value }
        return false
    }

    /// A map parameter; nil is an empty one, of which nothing is kept.
    func map(_ index: Int) -> GoMap {
        if case .map(let map) = self[index] { return map }
        return GoMap()
    }

    /// The items of any list, or Go's words about what is none.
    func items(_ index: Int, for name: String) throws -> [GoValue] {
        switch self[index] {
        case .list(let list): return list.items
        case .bytes(let bytes): return bytes.map { .int(Int($0)) }
        case .null, .invalid: throw GoError.nilPointer()
        default: throw GoError("Cannot \(name) on type \(self[index].kind.rawValue)")
        }
    }
}
