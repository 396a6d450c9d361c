// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why bytes are not a message.
struct ProtobufError: Error, CustomStringConvertible {
    /// What is wrong.
    let description: String
}

/// Reads the fields of a protobuf message one after the other.
struct ProtobufReader {
    /// What a field holds, by how it is encoded.
    enum Content {
        /// A whole number or a bool.
        case varint(UInt64)
        /// Eight bytes in little-endian order: a double.
        case fixed64(UInt64)
        /// Four bytes in little-endian order.
        case fixed32(UInt32)
        /// A text, bytes, or another message.
        case bytes(ArraySlice<UInt8>)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

    /// The next field; nil at the end of the message.
    mutating func next() throws(ProtobufError) -> (number: Int, content: Content)? {
        guard !rest.isEmpty else { return nil }
        let tag = try varint()
        let number = Int(truncatingIfNeeded: tag >> 3)
        guard number > 0, tag >> 3 < 1 << 29 else { throw ProtobufError(description: "proto: illegal tag \(number)") }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2:
            let count = try varint()
            guard count <= UInt64(rest.count) else { throw ProtobufError(description: "unexpected EOF") }
            let bytes = rest.prefix(Int(count))
            rest = rest.dropFirst(Int(count))
            return (number, .bytes(bytes))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        case let type: throw ProtobufError(description: "proto: illegal wireType \(type)")
        }
    }

    /// Reads a number of seven bits a byte, the lowest first.
    mutating func varint() throws(ProtobufError) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = rest.popFirst() {
            guard shift < 64 else { throw ProtobufError(description: "proto: integer overflow") }
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw ProtobufError(description: "unexpected EOF")
    }

    /// Whether everything is read.
    var isAtEnd: Bool { rest.isEmpty }

    private mutating func fixed(_ count: Int) throws(ProtobufError) -> UInt64 {
        guard rest.count >= count else { throw ProtobufError(description: "unexpected EOF") }
        let bytes = rest.prefix(count)
        rest = rest.dropFirst(count)
        return bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
