// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The fields of a message by their numbers: those of a type, or those of a struct embedded in it.
struct ProtobufFields {
    /// What a number stands for.
    indirect enum Entry {
        /// A field of the object.
        case field(name: String, type: TypeSchema)
        /// A message of its own whose fields are the object's.
        case embedded(ProtobufFields)
    }

    private(set) var entries: [Int: Entry] = [:]

    /// The fields of a type.
    init(_ object: ObjectSchema) {
        for (name, field) in object.fields { insert(name, field.type, field.protobufPath[...]) }
    }

    private init() {}

    private mutating func insert(_ name: String, _ type: TypeSchema, _ path: ArraySlice<Int>) {
        guard let number = path.first else { return }
        if path.count == 1 {
            entries[number] = .field(name: name, type: type)
            return
        }
        var inner = ProtobufFields()
        if case .embedded(let known) = entries[number] { inner = known }
        inner.insert(name, type, path.dropFirst())
        entries[number] = .embedded(inner)
    }
}
