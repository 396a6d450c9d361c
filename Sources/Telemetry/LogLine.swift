// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The fields of an event as one line of text.
struct LogLine {
    private let fields: Mapping

    init(_ fields: Mapping) { self.fields = fields }

    /// The line, without its end.
    func text(_ format: Log.Format) -> String {
        switch format {
        case .json: Self.harmless(Value.mapping(fields).jsonString())
        case .text: fields.map { "\($0.key)=\(Self.word(for: $0.value))" }.joined(separator: " ")
        }
    }

    /// A value without quotes where it is a plain word, else as JSON has it.
    private static func word(for value: Value) -> String {
        guard case .string(let text) = value else { return harmless(value.jsonString()) }
        let isPlain = !text.isEmpty && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D }
        return isPlain ? text : harmless(value.jsonString())
    }

    /// JSON whose characters cannot move the cursor of a terminal, end a line or turn the direction of text.
    private static func harmless(_ json: String) -> String {
        guard json.unicodeScalars.contains(where: isHarmful) else { return json }
        var result = String.UnicodeScalarView()
        for scalar in json.unicodeScalars {
            if isHarmful(scalar) {
                let digits = String(scalar.value, radix: 16)
                result += "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars
            } else {
                result.append(scalar)
            }
        }
        return String(result)
    }

    private static func isHarmful(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x7F...0x9F, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
