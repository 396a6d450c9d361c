// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How the operator asks aggregators how far they are.
public struct PollingTerms: Sendable, Hashable {
    /// How often an aggregator that answers is asked, a quarter more or less; zero for never.
    public var interval = Duration.seconds(30)
    /// The time from one question to the next: a thousand aggregators must not become a storm on the API server.
    public var pace = Duration.milliseconds(250)
    /// How many questions may wait for an answer at once.
    public var concurrency = 8
    /// The time for one answer.
    public var timeout = Duration.seconds(3)
    /// How seldom an aggregator is asked that does not answer, or may not be asked.
    public var longestInterval = Duration.seconds(600)
    /// How long a training may stand still before it counts as stalled.
    public var patience = TrainingVerdict.patience
    /// How often it is looked whether there is anybody to ask.
    public var idle = Duration.seconds(5)

    /// Makes the product's terms.
    public init() {}

    /// Whether anybody is asked at all.
    public var isOn: Bool { interval > .zero }

    /// The terms with every duration divided, for tests with the built binary (`IFLEARNERCTL_TIME_SCALE`).
    public func scaled(by divisor: Int) -> PollingTerms {
        guard divisor > 1 else { return self }
        var scaled = self
        for path in [
            \PollingTerms.interval, \.pace, \.longestInterval, \.patience, \.idle,
        ] { scaled[keyPath: path] /= divisor }
        return scaled
    }
}
