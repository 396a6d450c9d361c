// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A file of a chart.
public struct ChartFile: Sendable, Hashable {
    /// The path below the chart's folder, with slashes.
    public var path: String
    /// The contents, without a UTF-8 byte order mark.
    public var bytes: [UInt8]

    /// A file; a byte order mark at its start is dropped, as Helm does.
    public init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(bytes.dropFirst(3)) : bytes
    }

    /// A file with a text.
    public init(path: String, text: String) {
        self.init(path: path, bytes: Array(text.utf8))
    }

    /// The last component of the path.
    var baseName: Substring { path.split(separator: "/").last ?? "" }
}
