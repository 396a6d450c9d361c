// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's functions on dates.
enum TimeFunctions {
    static let all: [Function] = [
        Function("now", []) { evaluator, _ in
            .object(TimeObject(evaluator.currentTime.local, isMonotonic: true))
        }
    ]
}

extension Evaluator {
    /// What the environment calls now.
    var currentTime: GoTime {
        let now = environment.now()
        let seconds = GoTime.floorDivide(now, 1_000_000_000)
        return GoTime(seconds: seconds, nanoseconds: Int(now - seconds * 1_000_000_000))
    }
}
