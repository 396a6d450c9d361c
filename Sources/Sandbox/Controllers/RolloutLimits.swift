// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// How far a rolling update may deviate from the wanted number of pods.
struct RolloutLimits: Equatable {
    /// How many pods may exist beyond the wanted number.
    var surge: Int
    /// How many pods of the wanted number may be missing.
    var unavailable: Int

    /// Reads `strategy.rollingUpdate`; shares are rounded up for the surge and down for the unavailable.
    ///
    /// When both come to nothing, one pod may be missing: otherwise nothing could ever move.
    init(_ rollingUpdate: Fields, replicas: Int) {
        surge = Self.number(rollingUpdate.maxSurge, of: replicas, otherwise: "25%", roundingUp: true)
        unavailable = Self.number(rollingUpdate.maxUnavailable, of: replicas, otherwise: "25%", roundingUp: false)
        if surge == 0, unavailable == 0 { unavailable = 1 }
        unavailable = min(unavailable, replicas)
    }

    /// A number or a share of a number, as `maxSurge: 1` or `maxSurge: 25%`.
    static func number(_ field: Fields, of total: Int, otherwise: Value, roundingUp: Bool) -> Int {
        let value = field.value ?? otherwise
        if let number = value.int { return Int(clamping: number) }
        guard let text = value.string, text.hasSuffix("%"), let percent = Int(text.dropLast()) else { return 0 }
        return (percent * total + (roundingUp ? 99 : 0)) / 100
    }
}
