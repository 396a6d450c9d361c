// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension FastReader {
    /// A plain scalar that takes the rest of a line, but for a comment.
    func plain(_ start: Int, _ end: Int) throws(Unsupported) -> Value {
        switch text[start] {
        case UInt8(ascii: "-"):
            guard start + 1 < end, text[start + 1] != UInt8(ascii: " ") else { throw Unsupported() }
        case UInt8(ascii: "?"), UInt8(ascii: ":"), UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"),
            UInt8(ascii: "&"), UInt8(ascii: "*"), UInt8(ascii: "!"), UInt8(ascii: ">"), UInt8(ascii: "%"),
            UInt8(ascii: "@"), UInt8(ascii: "`"):
            throw Unsupported()
        default: break
        }
        var last = start
        var index = start
        scan: while index < end {
            switch text[index] {
            case 0x09: throw Unsupported()
            case UInt8(ascii: ":"):
                guard index + 1 < end, text[index + 1] != UInt8(ascii: " ") else { throw Unsupported() }
                last = index
            case UInt8(ascii: " "): break
            case UInt8(ascii: "#") where text[index - 1] == UInt8(ascii: " "): break scan
            default: last = index
            }
            index += 1
        }
        return try FastReader.resolve(string(start..<last + 1))
    }

    /// What a plain scalar means; what JSON cannot hold is left to libyaml's error.
    static func resolve(_ text: String) throws(Unsupported) -> Value {
        let value = ScalarResolver.resolve(text)
        guard case .double(let number) = value else { return value }
        guard let finite = ValueBuilder.jsonNumber(number) else { throw Unsupported() }
        return finite
    }

    /// A quoted scalar that ends on its line, and the offset behind it.
    func quoted(_ start: Int, _ end: Int) throws(Unsupported) -> (String, Int) {
        let quote = text[start]
        var index = start + 1
        while index < end, text[index] != quote {
            // Tabs and escapes have rules of their own.
            guard text[index] != UInt8(ascii: "\\") || quote == UInt8(ascii: "'"), text[index] != 0x09 else {
                throw Unsupported()
            }
            index += 1
        }
        guard index < end, index + 1 >= end || text[index + 1] != quote else { throw Unsupported() }
        return (string(start + 1..<index), index + 1)
    }

    // MARK: Literal blocks

    /// A literal block whose header starts at an offset; `indent` is the column of the key or dash that it belongs to.
    mutating func literal(_ start: Int, _ line: Line, indent: Int) throws(Unsupported) -> String {
        var end = start + 1
        var chomping: UInt8 = 0
        if end < line.end, text[end] == UInt8(ascii: "-") || text[end] == UInt8(ascii: "+") {
            chomping = text[end]
            end += 1
        }
        guard try isEnd(end, of: line) else { throw Unsupported() }
        var bytes: [UInt8] = []
        var column: Int?
        var blankLines = 0
        while position < text.count {
            let lineEnd = lineEnd(from: position)
            var first = position
            while first < lineEnd, text[first] == UInt8(ascii: " "), first - position < column ?? .max { first += 1 }
            if first == lineEnd {
                // libyaml takes the column of the widest blank line at the front.
                guard column != nil || first - position <= indent else { throw Unsupported() }
                blankLines += 1
            } else {
                if text[first] == 0x09, first - position < column ?? .max { throw Unsupported() }
                let width = first - position
                guard width >= column ?? indent + 1 else { break }
                column = width
                guard lineEnd < text.count else { throw Unsupported() }
                bytes.append(contentsOf: repeatElement(0x0A, count: blankLines))
                blankLines = 0
                bytes.append(contentsOf: text[first...lineEnd])
            }
            position = lineEnd + 1
        }
        guard column != nil else { throw Unsupported() }
        if chomping == UInt8(ascii: "-") { bytes.removeLast() }
        if chomping == UInt8(ascii: "+") {
            // How a last line without a line feed counts is left to libyaml.
            guard position <= text.count, text.last == 0x0A else { throw Unsupported() }
            bytes.append(contentsOf: repeatElement(0x0A, count: blankLines))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
