// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An absolute path in its one clean form: `/data/lung-ct` for `/data//lung-ct/.` too.
public struct FolderPath: Sendable, Hashable, CustomStringConvertible {
    /// The path, without a final slash.
    public let description: String

    /// Cleans a path; nil for one that is not absolute, that goes up (`..`), or that holds control characters.
    ///
    /// Going up is not resolved: where links are on the way, nobody knows where it leads.
    public init?(_ text: String) {
        guard text.hasPrefix("/"), !text.unicodeScalars.contains(where: { $0.properties.generalCategory == .control })
        else { return nil }
        let parts = text.split(separator: "/").filter { $0 != "." }
        guard !parts.contains("..") else { return nil }
        description = "/" + parts.joined(separator: "/")
    }
}
