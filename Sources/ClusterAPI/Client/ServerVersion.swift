// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The version of an API server.
public struct ServerVersion: Sendable, Hashable, CustomStringConvertible {
    /// The major number.
    public var major: Int
    /// The minor number.
    public var minor: Int
    /// The whole version, as in `v1.28.3+k3s1`.
    public var gitVersion: String

    /// Makes a version.
    public init(major: Int, minor: Int, gitVersion: String) {
        self.major = major
        self.minor = minor
        self.gitVersion = gitVersion
    }

    /// The whole version, as in `v1.28.3+k3s1`.
    public var description: String { gitVersion }
}

extension ClusterClient {
    /// The server's version.
    public func version() async throws -> ServerVersion {
        let description = RequestDescription(.query, "the server version")
        let response = try await send(.get, "/version", describedAs: description, safety: .read)
        let document = try ResponseReading.document(response, description)
        guard let gitVersion = document["gitVersion"]?.string else {
            throw TransportError(
                .malformed, "the answer to /version has no gitVersion: this is no Kubernetes API server",
                request: description)
        }
        // Providers write minor numbers such as "28+"; a server built without its number says it in gitVersion alone.
        let parts = (gitVersion.first == "v" ? gitVersion.dropFirst() : gitVersion[...]).split(separator: ".")
        func number(_ key: String, _ place: Int) -> Int {
            Self.leadingNumber(document[key]?.string ?? "")
                ?? (parts.count > place ? Self.leadingNumber(parts[place]) : nil) ?? 0
        }
        return ServerVersion(major: number("major", 0), minor: number("minor", 1), gitVersion: gitVersion)
    }

    private static func leadingNumber(_ text: some StringProtocol) -> Int? { Int(text.prefix { $0.isNumber }) }
}
