// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a program counts, as text that Prometheus reads (exposition format 0.0.4).
public struct MetricsText: Sendable {
    /// The media type of the text.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// What kind of figure a metric is.
    public enum Kind: String, Sendable {
        /// It only grows, until the program starts again.
        case counter
        /// It goes up and down.
        case gauge
    }

    /// One figure of a metric.
    public struct Sample: Sendable {
        let labels: [(name: String, value: String)]
        let value: Double

        /// A figure with the labels that tell it from the others of its metric, in order.
        public init(_ value: Double, _ labels: KeyValuePairs<String, String> = [:]) {
            self.labels = labels.map { ($0.key, $0.value) }
            self.value = value
        }

        /// A count with its labels.
        public init(_ count: some BinaryInteger, _ labels: KeyValuePairs<String, String> = [:]) {
            self.init(Double(count), labels)
        }
    }

    /// The text so far.
    public private(set) var text = ""

    /// Begins an empty text.
    public init() {}

    /// Adds a metric with its figures.
    public mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        begin(name, kind.rawValue, help)
        for sample in samples { add(name, sample.labels, sample.value) }
    }

    /// Adds a metric that counts durations; `labels` tell it from others of its name.
    public mutating func add(
        _ name: String, _ help: String, _ histogram: Histogram, _ labels: KeyValuePairs<String, String> = [:]
    ) {
        begin(name, "histogram", help)
        let labels = labels.map { (name: $0.key, value: $0.value) }
        var count = 0
        for (bound, below) in zip(histogram.bounds + [.infinity], histogram.counts) {
            count += below
            add(name + "_bucket", labels + [("le", Self.number(bound))], Double(count))
        }
        add(name + "_sum", labels, histogram.sum)
        add(name + "_count", labels, Double(histogram.count))
    }

    private mutating func begin(_ name: String, _ type: String, _ help: String) {
        text +=
            "# HELP \(name) \(help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n"))\n# TYPE \(name) \(type)\n"
    }

    private mutating func add(_ name: String, _ labels: [(name: String, value: String)], _ value: Double) {
        let shown = labels.map { "\($0.name)=\"\(Self.escaped($0.value))\"" }.joined(separator: ",")
        text += name + (shown.isEmpty ? "" : "{\(shown)}") + " \(Self.number(value))\n"
    }

    private static func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        return Int64(exactly: value).map { String($0) } ?? String(value)
    }
}
