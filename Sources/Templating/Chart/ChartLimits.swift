// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How much a chart may hold: what comes from elsewhere must not fill the memory.
enum ChartLimits {
    static let totalBytes = 64 << 20
    static let fileBytes = 5 << 20
    static let files = 20_000
    static let depth = 32
}

/// Collects the files of a chart within the limits.
struct ChartFileCollection {
    private(set) var files: [ChartFile] = []
    private var bytes = 0

    /// How many bytes the next file may have.
    var room: Int { min(ChartLimits.fileBytes, ChartLimits.totalBytes - bytes) }

    mutating func add(_ path: String, _ contents: [UInt8]) throws(ChartError) {
        guard contents.count <= ChartLimits.fileBytes else {
            throw ChartError("chart file \(path) is larger than the maximum file size \(ChartLimits.fileBytes)")
        }
        bytes += contents.count
        guard bytes <= ChartLimits.totalBytes else {
            throw ChartError("the chart would exceed the maximum size \(ChartLimits.totalBytes)")
        }
        guard files.count < ChartLimits.files else {
            throw ChartError("the chart holds more than \(ChartLimits.files) files")
        }
        files.append(ChartFile(path: path, bytes: contents))
    }
}
