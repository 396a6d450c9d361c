// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A value as a Go template sees it: what decides printing, comparing and which functions take it is Go's type.
enum GoValue {
    /// No value at all: what is left of a nil after a pipeline. Its fields are silently invalid too.
    case invalid
    /// A nil interface: a missing key, a YAML null. Fields of it are errors.
    case null
    case bool(Bool)
    case int(Int)
    case int64(Int64)
    case uint64(UInt64)
    case float64(Double)
    case complex128(GoComplex)
    case string(Bytes)
    /// `[]byte`.
    case bytes(Bytes)
    case list(GoList)
    case map(GoMap)
    case object(GoObject)

    /// The value of text from Swift.
    static func text(_ text: String) -> GoValue { .string(Bytes(text)) }

    /// A `[]interface {}`.
    static func list(_ items: [GoValue]) -> GoValue { .list(GoList(items)) }

    /// A `[]string`.
    static func strings(_ items: [Bytes]) -> GoValue {
        .list(GoList(items.map { .string($0) }, element: .string))
    }

    /// Whether there is nothing: nil or no value.
    var isNil: Bool {
        switch self {
        case .invalid, .null: true
        default: false
        }
    }

    /// What a pipeline hands on: a nil interface becomes no value.
    var unwrapped: GoValue {
        if case .null = self { return .invalid }
        return self
    }

    /// What a function receives: no value becomes nil.
    var argument: GoValue {
        if case .invalid = self { return .null }
        return self
    }

    /// Truth of `if`, `with`, `and`, `or` and `not`.
    var isTrue: Bool {
        switch self {
        case .invalid, .null: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .int64(let value): value != 0
        case .uint64(let value): value != 0
        case .float64(let value): value != 0
        case .complex128(let value): value.real != 0 || value.imaginary != 0
        case .string(let value), .bytes(let value): !value.isEmpty
        case .list(let list): !list.items.isEmpty
        case .map(let map): !map.isEmpty
        case .object(let object): object.isTrue
        }
    }
}

/// A complex number; only literals such as `1i` make one.
final class GoComplex {
    let real: Double
    let imaginary: Double

    init(real: Double, imaginary: Double) {
        self.real = real
        self.imaginary = imaginary
    }
}

/// A slice.
///
/// Nothing in templates changes one in place.
final class GoList {
    private(set) var items: [GoValue]
    let element: GoType

    init(_ items: [GoValue], element: GoType = .interface) {
        self.items = items
        self.element = element
    }

    deinit {
        GoValue.release(&items)
    }

    /// Hands over the items of a list nobody else holds.
    fileprivate func takeItems() -> [GoValue] {
        let result = items
        items = []
        return result
    }
}

extension GoValue {
    /// Whether the value may hold others.
    private var isContainer: Bool {
        switch self {
        case .list, .map: true
        default: false
        }
    }

    /// Lets values go one after the other.
    ///
    /// Left to itself a list in a list in a list... is released level by level on the stack, and a template can build
    /// more levels than any stack has room for.
    static func release(_ values: inout [GoValue]) {
        guard values.contains(where: \.isContainer) else { return }
        var pending = values
        values = []
        while !pending.isEmpty {
            // The object must have no other name than this one to be recognised as nobody else's.
            var (list, map) = containers(pending.removeLast())
            if list != nil, isKnownUniquelyReferenced(&list) { pending += list?.takeItems() ?? [] }
            if map != nil, isKnownUniquelyReferenced(&map) { pending += map?.takeValues() ?? [] }
        }
    }

    private static func containers(_ value: GoValue) -> (GoList?, GoMap?) {
        switch value {
        case .list(let list): (list, nil)
        case .map(let map): (nil, map)
        default: (nil, nil)
        }
    }
}

/// A value of one of Helm's or sprig's struct types: fields and methods by name.
class GoObject {
    /// Go's name of the type, as `typeOf` says it.
    var type: GoType { .named("struct", kind: .structure) }

    /// The text of `%v`.
    var printed: Bytes { Bytes("{}") }

    /// Whether `if` takes the branch.
    var isTrue: Bool { true }

    /// What JSON and YAML show of it.
    var encoded: GoValue { .map(GoMap()) }

    /// The field of that name.
    func field(_ name: Bytes) -> GoValue? { nil }

    /// The method of that name.
    func method(_ name: Bytes) -> Method? { nil }

    /// Whether both are the same for `==` and `reflect.DeepEqual`.
    func equals(_ other: GoObject) -> Bool { self === other }
}
