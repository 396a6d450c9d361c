// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Duration {
    /// An age as kubectl prints it: `45s`, `3m12s`, `25m`, `4h5m`, `11h`, `2d3h`, `30d`, `2y35d`.
    ///
    /// The rules are those of `HumanDuration` in k8s.io/apimachinery: two units while the first one is small.
    public var age: String {
        let seconds = Int(components.seconds)
        let (minutes, hours) = (seconds / 60, seconds / 3600)
        let days = hours / 24
        switch seconds {
        case ..<0: return "0s"
        case ..<120: return "\(seconds)s"
        case ..<600: return Self.pair(minutes, "m", seconds % 60, "s")
        case ..<10800: return "\(minutes)m"
        case ..<28800: return Self.pair(hours, "h", minutes % 60, "m")
        case ..<172_800: return "\(hours)h"
        case ..<691_200: return Self.pair(days, "d", hours % 24, "h")
        case ..<63_072_000: return "\(days)d"
        case ..<252_288_000: return Self.pair(days / 365, "y", days % 365, "d")
        default: return "\(days / 365)y"
        }
    }

    /// How long something took: `42s`, `1m40s`, `1h02m05s`; below ten seconds with a tenth: `0.4s`.
    public var elapsed: String {
        let seconds = Int(components.seconds)
        if seconds < 0 { return "0s" }
        if seconds < 10 {
            let tenths = Int(components.attoseconds / 100_000_000_000_000_000)
            return tenths == 0 ? "\(seconds)s" : "\(seconds).\(tenths)s"
        }
        if seconds < 60 { return "\(seconds)s" }
        if seconds < 3600 { return "\(seconds / 60)m\(Self.twoDigits(seconds % 60))s" }
        return "\(seconds / 3600)h\(Self.twoDigits(seconds / 60 % 60))m\(Self.twoDigits(seconds % 60))s"
    }

    private static func pair(_ first: Int, _ firstUnit: String, _ second: Int, _ secondUnit: String) -> String {
        second == 0 ? "\(first)\(firstUnit)" : "\(first)\(firstUnit)\(second)\(secondUnit)"
    }

    private static func twoDigits(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
}
