// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
public import ClusterAPI
import Values

/// Takes secret values out of texts before anyone sees or stores them.
///
/// It knows the values of the Secrets that a rollout writes: plain and in base64. Texts that come back from the API
/// server may quote what was sent.
public struct Redactor: Sendable {
    /// What stands in the place of a secret value.
    public static let mark = "‹redacted›"

    /// Values shorter than this are words people need to read, such as a port or `true`.
    private static let shortestSecret = 6

    private let secrets: [String]

    /// Knows the values of the Secrets among the objects.
    public init(_ objects: some Sequence<KubernetesObject> = []) {
        var secrets: Set<String> = []
        for object in objects where object.kind == "Secret" && object.apiVersion == "v1" {
            for (_, value) in object.value["data"]?.mapping ?? Mapping() {
                guard let encoded = value.string else { continue }
                secrets.insert(encoded)
                // Data that is no base64 is the API server's to refuse; as a text it is hidden all the same.
                if let bytes = try? Base64.decode(encoded), let text = String(validating: bytes, as: UTF8.self) {
                    secrets.insert(text)
                }
            }
            for (_, value) in object.value["stringData"]?.mapping ?? Mapping() {
                guard let text = value.string else { continue }
                secrets.insert(text)
                secrets.insert(Base64.encode(text.utf8))
            }
        }
        // Longest first, so that a value that contains another one disappears whole.
        self.secrets = secrets.filter { $0.utf8.count >= Self.shortestSecret }.sorted {
            $0.utf8.count != $1.utf8.count ? $0.utf8.count > $1.utf8.count : $0 < $1
        }
    }

    /// The text with every known secret value replaced by the mark.
    public func redact(_ text: String) -> String {
        var bytes = Array(text.utf8)
        var changed = false
        for secret in secrets {
            let pattern = Array(secret.utf8)
            guard pattern.count <= bytes.count else { continue }
            var output: [UInt8] = []
            var position = 0
            while position < bytes.count {
                if bytes[position] == pattern[0], position + pattern.count <= bytes.count,
                    bytes[position..<position + pattern.count].elementsEqual(pattern)
                {
                    output.append(contentsOf: Self.mark.utf8)
                    position += pattern.count
                    changed = true
                } else {
                    output.append(bytes[position])
                    position += 1
                }
            }
            bytes = output
        }
        return changed ? String(decoding: bytes, as: UTF8.self) : text
    }
}
