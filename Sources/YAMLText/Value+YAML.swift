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
        let source = try InputCheck.source(bytes, file: file, limits: limits, showsLines: showsLines)
        self = try Self.documents(of: source, limits, first: true).first ?? .null
    }

    /// Reads all documents of a YAML text as Helm and kubectl do, without the empty ones: the way to read manifests.
    public static func yamlDocuments(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .manifests, showsLines: Bool = true
    ) throws(YAMLError) -> [Value] {
        let source = try InputCheck.source(bytes, file: file, limits: limits, showsLines: showsLines)
        return try documents(of: source, limits, first: false).filter { $0 != .null }
    }

    /// All documents, or the first alone, by the fast way where that is possible.
    private static func documents(
        of source: SourceText, _ limits: YAMLLimits, first: Bool
    ) throws(YAMLError) -> [Value] {
        if let documents = fastDocuments(of: source, limits, first: first) { return documents }
        return try exactDocuments(of: source, limits, first: first)
    }

    /// The documents as the fast reader has them, nil where it leaves the text to libyaml.
    static func fastDocuments(of source: SourceText, _ limits: YAMLLimits, first: Bool) -> [Value]? {
        guard source.hasPlainLines else { return nil }
        return source.bytes.withUnsafeBufferPointer { text in
            var reader = FastReader(text, depth: limits.depth)
            var documents: [Value] = []
            do throws(FastReader.Unsupported) {
                while let document = try reader.nextDocument() {
                    documents.append(document)
                    if first { break }
                }
                return documents
            } catch {
                return nil
            }
        }
    }

    /// The documents as libyaml has them.
    static func exactDocuments(of source: SourceText, _ limits: YAMLLimits, first: Bool) throws(YAMLError) -> [Value] {
        var documents: [Value] = []
        let builder = ValueBuilder(source: source, reading: .kubernetes)
        try YAMLDocument.read(source, limits) { (node, _) throws(YAMLError) in
            documents.append(try builder.value(of: node))
            return !first
        }
        return documents
    }
}
