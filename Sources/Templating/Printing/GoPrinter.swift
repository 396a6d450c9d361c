// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `fmt.Sprint` and `%v`.
enum GoPrinter {
    static func text(_ value: GoValue) -> String { bytes(value).text }

    /// `%v`: nil is `<nil>`.
    static func bytes(_ value: GoValue) -> Bytes {
        var result = Bytes()
        print(value, topLevel: false, into: &result)
        return result
    }

    /// Appends `%v`; at the top of a template nil is `<no value>`.
    static func print(_ value: GoValue, topLevel: Bool, into output: inout Bytes) {
        switch value {
        case .invalid, .null: output += topLevel ? noValue : nilText
        case .bool(let value): output += value ? trueText : falseText
        case .int(let value): output += String(value).utf8
        case .int64(let value): output += String(value).utf8
        case .uint64(let value): output += String(value).utf8
        case .float64(let value): output += GoFloat.shortest(value)
        case .complex128(let value):
            output += [0x28] + GoFloat.shortest(value.real)
            if value.imaginary >= 0 { output.append(0x2B) }
            output += GoFloat.shortest(value.imaginary)
            output += Bytes("i)")
        case .string(let value): output += value
        case .bytes(let value):
            output.append(UInt8(ascii: "["))
            output += value.map { Bytes(String($0)) }.joined(by: [0x20])
            output.append(UInt8(ascii: "]"))
        case .list(let list):
            output.append(UInt8(ascii: "["))
            for (index, item) in list.items.enumerated() {
                if index > 0 { output.append(0x20) }
                print(item, topLevel: false, into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .map(let map):
            output += mapStart
            for (index, (key, item)) in zip(map.keys, map.values).enumerated() {
                if index > 0 { output.append(0x20) }
                output += key
                output.append(UInt8(ascii: ":"))
                print(item, topLevel: false, into: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object): output += object.printed
        }
    }

    /// `fmt.Sprint`: a space between operands when neither is a string.
    static func sprint(_ values: [GoValue]) -> Bytes {
        var result = Bytes()
        var previousIsString = true
        for (index, value) in values.enumerated() {
            var isString = false
            if case .string = value { isString = true }
            if index > 0, !isString, !previousIsString { result.append(0x20) }
            print(value, topLevel: false, into: &result)
            previousIsString = isString
        }
        return result
    }

    /// `fmt.Sprintln`.
    static func sprintln(_ values: [GoValue]) -> Bytes {
        values.map(bytes).joined(by: [0x20]) + [0x0A]
    }

    static let noValue = Bytes("<no value>")
    private static let nilText = Bytes("<nil>")
    private static let trueText = Bytes("true")
    private static let falseText = Bytes("false")
    private static let mapStart = Bytes("map[")
}
