// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension ProtobufDecoder {
    /// A leaf; nil for a time that was not given.
    static func scalar(
        _ content: ProtobufReader.Content, _ scalar: ScalarType, _ number: Int
    ) throws(ProtobufError) -> Value? {
        switch (scalar, content) {
        case (.string, .bytes(let bytes)): return .string(try validText(bytes))
        case (.int32, .varint(let bits)): return .int(Int64(Int32(truncatingIfNeeded: bits)))
        case (.int64, .varint(let bits)): return .int(Int64(bitPattern: bits))
        case (.bool, .varint(let bits)): return .bool(bits != 0)
        case (.double, .fixed64(let bits)): return .double(Double(bitPattern: bits))
        case (.bytes, .bytes(let bytes)): return .string(Base64.encode(bytes))
        case (.quantity, .bytes(let bytes)):
            let parts = try fields(of: bytes)
            guard case .bytes(let text) = parts[1] else { return "0" }
            return .string(try validText(text))
        case (.intOrString, .bytes(let bytes)):
            let parts = try fields(of: bytes)
            if case .varint(1) = parts[1] {
                guard case .bytes(let text) = parts[3] else { return "" }
                return .string(try validText(text))
            }
            guard case .varint(let bits) = parts[2] else { return 0 }
            return .int(Int64(Int32(truncatingIfNeeded: bits)))
        case (.time, .bytes(let bytes)): return try time(bytes).map { .string($0.description) }
        case (.microTime, .bytes(let bytes)): return try time(bytes).map { .string($0.microseconds) }
        default: throw ProtobufError(description: "proto: wrong wireType for field \(number)")
        }
    }

    static func validText(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ProtobufError(description: "proto: string field contains invalid UTF-8")
        }
        return text
    }

    private static func fields(of bytes: ArraySlice<UInt8>) throws(ProtobufError) -> [Int: ProtobufReader.Content] {
        var parts: [Int: ProtobufReader.Content] = [:]
        var reader = ProtobufReader(bytes)
        while let (number, content) = try reader.next() { parts[number] = content }
        return parts
    }

    private static func time(_ bytes: ArraySlice<UInt8>) throws(ProtobufError) -> Timestamp? {
        let parts = try fields(of: bytes)
        guard case .varint(let seconds) = parts[1] else { return nil }
        // Years before the first and after the ten-thousandth have no text.
        guard (-62_135_596_800..<253_402_300_800).contains(Int64(bitPattern: seconds)) else {
            throw ProtobufError(description: "proto: time out of range")
        }
        var nanoseconds: Int64 = 0
        if case .varint(let bits) = parts[2] { nanoseconds = Int64(Int32(truncatingIfNeeded: bits)) }
        guard (0..<1_000_000_000).contains(nanoseconds) else {
            throw ProtobufError(description: "proto: time out of range")
        }
        return Timestamp(seconds: Int64(bitPattern: seconds), nanoseconds: nanoseconds)
    }
}
