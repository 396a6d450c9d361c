// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Refuses what no YAML parser accepts, or accepts only by guessing: too large, not UTF-8, control characters.
///
/// libyaml checks the same, but only on its way, and names a byte offset instead of a place.
enum InputCheck {
    /// The text, without its byte order mark, ready to be parsed.
    static func source(
        _ bytes: [UInt8], file: String, limits: YAMLLimits, showsLines: Bool
    ) throws(YAMLError) -> SourceText {
        let unnamed = SourceText(file: file, bytes: [], showsLines: showsLines)
        guard bytes.count <= limits.bytes else {
            throw unnamed.error(
                .tooLarge, "the text has \(bytes.count) bytes, more than the \(limits.bytes) that are read",
                hint: "is this the right file?")
        }
        if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            throw unnamed.error(.encoding, "the text is UTF-16, not UTF-8", hint: "save the file as UTF-8")
        }
        let text = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
        var source = SourceText(file: file, bytes: text, showsLines: showsLines)
        var hasPlainLines = true
        if let fault = text.withUnsafeBufferPointer({ firstFault($0, &hasPlainLines) }) {
            throw error(fault, in: source)
        }
        source.hasPlainLines = hasPlainLines
        return source
    }

    private enum Fault {
        case notUTF8(Int)
        case control(UInt32, Int)
    }

    private static func firstFault(_ text: UnsafeBufferPointer<UInt8>, _ hasPlainLines: inout Bool) -> Fault? {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte >= 0x20 && byte < 0x7F || byte == 0x0A || byte == 0x09 {
                index += 1
            } else if byte == 0x0D {
                hasPlainLines = false
                index += 1
            } else if byte < 0x80 {
                return .control(UInt32(byte), index)
            } else {
                guard let (scalar, length) = scalar(at: index, in: text) else { return .notUTF8(index) }
                // YAML 1.1 §5.1: C1 controls but NEL, the byte order mark inside a text, and two noncharacters.
                if scalar < 0xA0 && scalar != 0x85 || scalar == 0xFEFF || scalar == 0xFFFE || scalar == 0xFFFF {
                    return .control(scalar, index)
                }
                if scalar == 0x85 || scalar == 0x2028 || scalar == 0x2029 { hasPlainLines = false }
                index += length
            }
        }
        return nil
    }

    /// The well-formed scalar that starts at a byte above 0x7F.
    private static func scalar(at index: Int, in text: UnsafeBufferPointer<UInt8>) -> (scalar: UInt32, length: Int)? {
        let first = text[index]
        let (length, lead): (Int, UInt32) =
            switch first {
            case 0xC2...0xDF: (2, UInt32(first & 0x1F))
            case 0xE0...0xEF: (3, UInt32(first & 0x0F))
            case 0xF0...0xF4: (4, UInt32(first & 0x07))
            default: (0, 0)
            }
        guard length > 0, index + length <= text.count else { return nil }
        var scalar = lead
        for offset in 1..<length {
            let byte = text[index + offset]
            guard byte & 0xC0 == 0x80 else { return nil }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        let smallest: UInt32 = length == 2 ? 0x80 : length == 3 ? 0x800 : 0x10000
        return scalar >= smallest && Unicode.Scalar(scalar) != nil ? (scalar, length) : nil
    }

    private static func error(_ fault: Fault, in source: SourceText) -> YAMLError {
        switch fault {
        case .notUTF8(let index):
            source.error(
                .encoding, "byte 0x\(hexadecimal(UInt32(source.bytes[index]), width: 2)) is not valid UTF-8",
                at: source.mark(ofByte: index), hint: "save the file as UTF-8", go: "invalid leading UTF-8 octet")
        case .control(let scalar, let index):
            source.error(
                .encoding,
                scalar == 0
                    ? "a NUL byte is not allowed in YAML"
                    : "control character U+\(hexadecimal(scalar, width: 4)) is not allowed in YAML",
                at: source.mark(ofByte: index),
                hint: scalar == 0 ? "is this a binary file?" : "delete it, or write it as an escape in double quotes",
                go: "control characters are not allowed")
        }
    }

    private static func hexadecimal(_ number: UInt32, width: Int) -> String {
        let digits = String(number, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
