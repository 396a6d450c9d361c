// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Names as Kubernetes checks them (k8s.io/apimachinery validation).
public enum Names {
    /// Why a text is no DNS label of at most `longest` characters; the rest of a sentence.
    public static func dnsLabelFault(_ text: String, longest: Int) -> String? {
        let bytes = Array(text.utf8)
        guard bytes.count <= longest else { return "has \(bytes.count) characters, at most \(longest) are possible" }
        guard !bytes.isEmpty, bytes.allSatisfy({ isLowercase($0) || isDigit($0) || $0 == UInt8(ascii: "-") }),
            bytes.first != UInt8(ascii: "-"), bytes.last != UInt8(ascii: "-")
        else { return "is not a DNS label: lowercase letters, digits and '-', not at either end" }
        return nil
    }

    /// Why a text is no DNS name in lowercase; the rest of a sentence.
    public static func dnsSubdomainFault(_ text: String) -> String? {
        guard text.utf8.count <= 253 else { return "has \(text.utf8.count) characters, at most 253 are possible" }
        let labels = text.split(separator: ".", omittingEmptySubsequences: false)
        guard labels.allSatisfy({ dnsLabelFault(String($0), longest: 253) == nil }) else {
            return "is not a DNS name: lowercase letters, digits, '-' and '.'"
        }
        return nil
    }

    /// Why a text is no label or annotation key: a name, with a DNS name and `/` in front where wanted.
    public static func qualifiedNameFault(_ text: String) -> String? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        if parts.count > 2 { return "has more than one '/'" }
        if parts.count == 2, let fault = dnsSubdomainFault(String(parts[0])) { return "has a prefix that \(fault)" }
        guard let name = parts.last, !name.isEmpty, isLabelText(name) else {
            return "is not a key: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end"
        }
        return nil
    }

    /// Why a text is no value of a label; the rest of a sentence.
    public static func labelValueFault(_ text: String) -> String? {
        guard text.isEmpty || isLabelText(text[...]) else {
            return
                "is not a label value: at most 63 letters, digits, '-', '_' and '.', with a letter or digit at either end"
        }
        return nil
    }

    private static func isLabelText(_ text: Substring) -> Bool {
        let bytes = Array(text.utf8)
        func isEnd(_ byte: UInt8?) -> Bool { byte.map { isLetter($0) || isDigit($0) } ?? false }
        return bytes.count <= 63 && isEnd(bytes.first) && isEnd(bytes.last)
            && bytes.allSatisfy {
                isEnd($0) || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: ".")
            }
    }

    /// Whether a text is an absolute path without `..`.
    public static func isAbsolutePath(_ text: String) -> Bool {
        text.hasPrefix("/") && !text.split(separator: "/").contains("..") && !text.contains(":")
    }

    /// Whether a text is a name of MySQL.
    public static func isIdentifier(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return 1...64 ~= bytes.count
            && bytes.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }

    /// Whether a text is a schedule of five fields, or a macro such as `@daily`.
    public static func isSchedule(_ text: String) -> Bool {
        let macros = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]
        let fields = text.split(separator: " ")
        return macros.contains(text)
            || fields.count == 5
                && fields.allSatisfy { field in
                    field.utf8.allSatisfy { isDigit($0) || isLetter($0) || "*/,-?".utf8.contains($0) }
                }
    }

    /// Whether a byte is one of `a` to `z`.
    public static func isLowercase(_ byte: UInt8) -> Bool { UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte }
    /// Whether a byte is one of `0` to `9`.
    public static func isDigit(_ byte: UInt8) -> Bool { UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte }
    /// Whether a byte is one of `a` to `z` or `A` to `Z`.
    public static func isLetter(_ byte: UInt8) -> Bool { isLowercase(byte | 0x20) }
}
