// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A path into a document (RFC 6901), such as `/metadata/labels/a~1b`.
struct JSONPointer: Hashable {
    /// The steps, unescaped.
    let steps: [String]

    /// Reads a pointer; nil when it is none.
    init?(_ text: String) {
        if text.isEmpty {
            steps = []
            return
        }
        guard text.utf8.first == UInt8(ascii: "/") else { return nil }
        steps = text.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            .map { Self.unescaped($0) }
    }

    private static func unescaped(_ step: Substring.UTF8View) -> String {
        var bytes: [UInt8] = []
        var rest = step[...]
        while let byte = rest.popFirst() {
            switch (byte, rest.first) {
            case (UInt8(ascii: "~"), UInt8(ascii: "0")):
                rest.removeFirst()
                bytes.append(UInt8(ascii: "~"))
            case (UInt8(ascii: "~"), UInt8(ascii: "1")):
                rest.removeFirst()
                bytes.append(UInt8(ascii: "/"))
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Whether this is a proper prefix of another one.
    func isAbove(_ other: JSONPointer) -> Bool { steps.count < other.steps.count && other.steps.starts(with: steps) }
}
