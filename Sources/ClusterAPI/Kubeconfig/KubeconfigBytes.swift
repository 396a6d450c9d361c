// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Diagnostics
import Processes

/// Reads what a kubeconfig gives either inline as base64 or as the path of a file.
struct KubeconfigBytes {
    private let origin: EntryOrigin
    private let place: String

    init(_ origin: EntryOrigin, _ place: String) {
        self.origin = origin
        self.place = place
    }

    /// The bytes; inline ones win.
    ///
    /// Nil when there is neither.
    func bytes(
        data: Located<String>?, file: Located<String>?, _ field: String
    ) throws(KubeconfigError) -> Located<[UInt8]>? {
        if let data {
            do {
                return Located(value: try Base64.decode(data.value), location: data.location)
            } catch {
                throw KubeconfigError(
                    "\(place).\(field)-data is not base64 (byte \(error.offset))", at: data.location)
            }
        }
        guard let file else { return nil }
        let path = origin.resolve(file.value)
        do {
            return Located(value: try FileBytes.read(path, limit: 4 << 20), location: file.location)
        } catch {
            throw KubeconfigError("\(place).\(field): \(path) cannot be read: \(error.reason)", at: file.location)
        }
    }
}
