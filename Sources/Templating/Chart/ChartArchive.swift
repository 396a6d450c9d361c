// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CArchive

/// Packed charts.
enum ChartArchive {
    /// The files of a packed chart, without the folder that holds them all.
    static func files(of bytes: [UInt8]) throws(ChartError) -> [ChartFile] {
        throw ChartError("packed charts are not supported")
    }
}
