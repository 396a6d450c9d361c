// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Values
import YAMLText

/// Cuts rendered files into documents, and tells hooks from manifests.
struct ManifestSplitter {
    private(set) var manifests: [RenderedManifest] = []
    private(set) var hooks: [RenderedManifest] = []
    private(set) var warnings: [String] = []

    static let hookEvents: Set<String> = [
        "pre-install", "post-install", "pre-delete", "post-delete", "pre-upgrade", "post-upgrade", "pre-rollback",
        "post-rollback", "test", "test-success",
    ]

    mutating func add(_ text: Bytes, from source: String) throws(ChartError) {
        for document in Self.documents(of: text) { try add(document: document, from: source) }
    }

    private mutating func add(document text: Bytes, from source: String) throws(ChartError) {
        let value: Value
        do throws(YAMLError) {
            value = try Value(yaml: text, file: source)
        } catch {
            throw ChartError(
                "YAML parse error on \(source): error converting YAML to JSON: \(error.goMessage)",
                at: error.diagnostic.location)
        }
        guard value.mapping != nil || value.isNull else {
            throw ChartError(
                "YAML parse error on \(source): error unmarshaling JSON: while decoding JSON: json: cannot unmarshal "
                    + "\(DocumentFunctions.goName(value)) into Go value of type releaseutil.SimpleHead")
        }
        var manifest = RenderedManifest(
            source: source, kind: value["kind"]?.string ?? "", text: text, value: value, hookEvents: [])
        guard let annotation = value["metadata"]?["annotations"]?["helm.sh/hook"]?.string else {
            manifests.append(manifest)
            return
        }
        let events = annotation.split(separator: ",").map {
            String(StringFunctions.trimmingSpace(Bytes($0.utf8)).text).lowercased()
        }
        guard events.allSatisfy(Self.hookEvents.contains), !events.isEmpty else {
            warnings.append("info: skipping unknown hook: \"\(annotation)\"")
            return
        }
        manifest.hookEvents = events
        hooks.append(manifest)
    }

    private static let separator = Bytes("---")

    /// The documents between lines that start with `---`, without those that are blank.
    static func documents(of text: Bytes) -> [Bytes] {
        var result: [Bytes] = []
        var start = 0
        var lineStart = 0
        while lineStart < text.count {
            if text.hasPrefix(separator, at: lineStart) {
                result.append(Bytes(text[start..<lineStart]))
                start = lineStart + 3
                while start < text.count, text[start] == 0x20 || text[start] == 0x09 { start += 1 }
            }
            guard let end = text[lineStart...].firstIndex(of: 0x0A) else { break }
            lineStart = end + 1
        }
        result.append(Bytes(text[start...]))
        return result.map(Self.trimmingStart).filter { !$0.isEmpty }
    }

    /// The text from its first line that is not blank: that line keeps its indentation.
    private static func trimmingStart(_ text: Bytes) -> Bytes {
        var lineStart = 0
        for (index, byte) in text.enumerated() {
            if byte == 0x0A {
                lineStart = index + 1
            } else if !Rune.isSpace(UInt32(byte)) {
                return lineStart == 0 ? text : Bytes(text[lineStart...])
            }
        }
        return []
    }
}
