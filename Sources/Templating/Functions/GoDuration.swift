// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `time.Duration`.
struct GoDuration: Equatable {
    var nanoseconds: Int64

    init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    private static let units: [(Bytes, Double)] = [
        (Bytes("ns"), 1), (Bytes("us"), 1e3), (Bytes("µs"), 1e3), (Bytes("ms"), 1e6), (Bytes("s"), 1e9),
        (Bytes("m"), 6e10), (Bytes("h"), 3.6e12),
    ]

    /// Reads `-1.5h30m`.
    init?(_ text: Bytes) {
        var rest = text[...]
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative || rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        guard !rest.isEmpty else { return nil }
        if rest.elementsEqual([0x30]) {
            nanoseconds = 0
            return
        }
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { (0x30...0x39).contains($0) || $0 == UInt8(ascii: ".") }
            guard let number = Double(Bytes(digits).text) else { return nil }
            rest = rest.dropFirst(digits.count)
            let name = Bytes(rest.prefix { !((0x30...0x39).contains($0) || $0 == UInt8(ascii: ".")) })
            guard let unit = Self.units.first(where: { $0.0 == name }) else { return nil }
            rest = rest.dropFirst(name.count)
            total += number * unit.1
        }
        guard total < 9.2e18 else { return nil }
        nanoseconds = Int64(isNegative ? -total : total)
    }

    /// `1h15m30.918s`.
    var description: String {
        if nanoseconds == 0 { return "0s" }
        let sign = nanoseconds < 0 ? "-" : ""
        let total = nanoseconds.magnitude
        if total < 1_000_000_000 {
            let (unit, size): (String, UInt64) =
                total < 1000 ? ("ns", 1) : total < 1_000_000 ? ("µs", 1000) : ("ms", 1_000_000)
            return sign + Self.decimal(total, size) + unit
        }
        let (hours, minutes) = (total / 3_600_000_000_000, total / 60_000_000_000 % 60)
        let seconds = Self.decimal(total % 60_000_000_000, 1_000_000_000) + "s"
        if hours > 0 { return "\(sign)\(hours)h\(minutes)m\(seconds)" }
        return minutes > 0 ? "\(sign)\(minutes)m\(seconds)" : sign + seconds
    }

    private static func decimal(_ value: UInt64, _ unit: UInt64) -> String {
        let fraction = value % unit
        guard fraction > 0 else { return String(value / unit) }
        let width = String(unit).count - 1
        var digits = String(fraction)
        digits = String(repeating: "0", count: width - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        return "\(value / unit).\(digits)"
    }

    /// The largest unit alone: `2h`, `3d`, `1mo`, `4y`.
    var rounded: String {
        let seconds = nanoseconds.magnitude / 1_000_000_000
        let units: [(UInt64, String)] = [
            (31_536_000, "y"), (2_592_000, "mo"), (86400, "d"), (3600, "h"), (60, "m"), (1, "s"),
        ]
        guard let (size, name) = units.first(where: { seconds >= $0.0 }) else { return "0s" }
        return "\(seconds / size)\(name)"
    }
}

extension GoTime {
    func adding(_ duration: GoDuration) -> GoTime {
        let total = Int64(nanoseconds) + duration.nanoseconds % 1_000_000_000
        let carry = Self.floorDivide(total, 1_000_000_000)
        return GoTime(
            seconds: seconds &+ duration.nanoseconds / 1_000_000_000 &+ carry,
            nanoseconds: Int(total - carry * 1_000_000_000), zone: zone)
    }
}
