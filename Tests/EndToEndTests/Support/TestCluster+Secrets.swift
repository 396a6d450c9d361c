// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Testing
import Values

extension TestCluster {
    /// The passwords and keys of the live Secrets of deployments, as text.
    func secretValues() async throws -> [(name: String, text: String)] {
        var found: [(String, String)] = []
        for secret in try await list(.secret) {
            guard secret["type"]?.string?.hasPrefix("iflearnerctl.io/") != true else { continue }
            for (key, value) in secret["data"]?.mapping ?? [:] where Self.isSensitive(key) {
                guard let bytes = value.string.flatMap({ try? Base64.decode($0) }) else { continue }
                let text = String(decoding: bytes, as: UTF8.self)
                if text.utf8.count >= 8 { found.append(("\(secret.name)/\(key)", text)) }
            }
        }
        return found
    }

    private static func isSensitive(_ key: String) -> Bool {
        let key = key.lowercased()
        return ["password", "token", "tls.key"].contains { key.contains($0) }
    }

    /// Expects no secret in anything that was printed, in any file of the state folder and in any event.
    func expectNoLeak(_ sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var places = Folder.texts(below: "\(home.path)/state")
        places["the output"] = printed
        for event in try await list(.event) { places["event \(event.name)"] = event.value.jsonString() }
        for (name, secret) in try await secretValues() {
            for (place, text) in places where text.contains(secret) {
                Issue.record("the secret \(name) is in \(place)", sourceLocation: sourceLocation)
            }
        }
    }
}
