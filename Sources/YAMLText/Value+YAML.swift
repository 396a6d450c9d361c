// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension Value {
    /// Reads the first document of a YAML text as Helm and kubectl do; an empty text is null.
    ///
    /// What follows the first document is not even parsed, as `fromYaml` and values files have it.
    public init(
        yaml bytes: [UInt8], file: String, limits: YAMLLimits = .manifests, showsLines: Bool = true
    ) throws(YAMLError) {
        self = .null
        var first: Value?
        try YAMLDocument.read(bytes, file: file, limits: limits, showsLines: showsLines) {
            (node, source) throws(YAMLError) in
            first = try ValueBuilder(source: source, reading: .kubernetes).value(of: node)
            return false
        }
        if let first { self = first }
    }

    /// Reads all documents of a YAML text as Helm and kubectl do, without the empty ones: the way to read manifests.
    public static func yamlDocuments(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .manifests, showsLines: Bool = true
    ) throws(YAMLError) -> [Value] {
        var values: [Value] = []
        try YAMLDocument.read(bytes, file: file, limits: limits, showsLines: showsLines) {
            (node, source) throws(YAMLError) in
            let value = try ValueBuilder(source: source, reading: .kubernetes).value(of: node)
            if value != .null { values.append(value) }
            return true
        }
        return values
    }
}
