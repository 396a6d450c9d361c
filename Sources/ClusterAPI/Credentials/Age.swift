// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Says how long something took, roughly.
enum Age {
    /// As in `3 days`, `5 h`, `40 s`.
    static func text(of duration: Duration) -> String {
        let seconds = duration.components.seconds
        switch seconds {
        case ..<120: return "\(seconds) s"
        case ..<7200: return "\(seconds / 60) min"
        case ..<172_800: return "\(seconds / 3600) h"
        default: return "\(seconds / 86_400) days"
        }
    }
}
