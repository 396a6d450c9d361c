// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Printing and escaping of Go's `text/template`.
enum TextFunctions {
    static let all: [Function] = [
        Function("print", [], variadic: .interface) { _, values in .string(GoPrinter.sprint(values)) },
        Function("println", [], variadic: .interface) { _, values in .string(GoPrinter.sprintln(values)) },
        Function("printf", [.string], variadic: .interface) { _, values in
            .string(Printf.format(values.text(0), Array(values.dropFirst())))
        },
        Function("html", [], variadic: .interface) { _, values in .string(html(joined(values))) },
        Function("js", [], variadic: .interface) { _, values in .string(js(joined(values))) },
        Function("urlquery", [], variadic: .interface) { _, values in .string(urlQuery(joined(values))) },
    ]

    private static func joined(_ values: [GoValue]) -> Bytes {
        GoPrinter.sprint(values.map { $0.isNil ? .string(GoPrinter.noValue) : $0 })
    }

    private static func html(_ text: Bytes) -> Bytes {
        text.reduce(into: Bytes()) { result, byte in
            switch byte {
            case 0: result += "\u{FFFD}".utf8
            case UInt8(ascii: "\""): result += "&#34;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            default: result.append(byte)
            }
        }
    }

    private static func js(_ text: Bytes) -> Bytes {
        var result = Bytes()
        var index = 0
        while index < text.count {
            let (rune, width) = text.rune(at: index)
            switch rune {
            case 0x5C, 0x27, 0x22: result += [0x5C, UInt8(rune)]
            case 0x3C, 0x3E, 0x26, 0x3D, 0..<0x20, 0x7F:
                result += Bytes("\\u") + GoQuote.hexadecimal(rune, width: 4, uppercase: true)
            default:
                if Rune.isPrint(rune) {
                    result += text[index..<index + width]
                } else {
                    result += Bytes("\\u") + GoQuote.hexadecimal(rune, width: 4, uppercase: true)
                }
            }
            index += width
        }
        return result
    }

    static func urlQuery(_ text: Bytes) -> Bytes {
        text.reduce(into: Bytes()) { result, byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."),
                UInt8(ascii: "~"):
                result.append(byte)
            case 0x20: result.append(UInt8(ascii: "+"))
            default: result += Bytes("%") + GoQuote.hexadecimal(UInt32(byte), width: 2, uppercase: true)
            }
        }
    }
}
