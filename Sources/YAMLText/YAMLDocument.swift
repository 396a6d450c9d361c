// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
public import Values

/// How nodes become values where YAML leaves room.
///
/// Scalars mean the same in both readings: what Helm and kubectl see.
public enum YAMLReading: Sendable, Hashable {
    /// As Helm and kubectl read: of two equal keys the later wins, and so does a merged key after a written one.
    case kubernetes
    /// For files a person maintains: a key written twice is an error, and a written key wins over a merged one.
    case strict
}

/// A YAML document: nodes with their places.
public struct YAMLDocument: Sendable {
    /// The topmost node; a null scalar for an empty document.
    public let root: YAMLNode
    let source: SourceText

    /// The file as the user named it.
    public var file: String { source.file }

    /// Reads a text that holds at most one document with something in it.
    ///
    /// An empty text, or one of comments alone, is a document whose root is null. `showsLines` tells whether messages may
    /// quote the text: pass false for what holds secrets.
    public static func parse(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .manifests, showsLines: Bool = true
    ) throws(YAMLError) -> YAMLDocument {
        let documents = try parseAll(bytes, file: file, limits: limits, showsLines: showsLines)
        let filled = documents.filter { !$0.root.isNull }
        if filled.count > 1 {
            let second = filled[1]
            throw second.source.error(
                .documents, "a second document starts here, but one is expected", at: second.root.mark,
                hint: "keep one document in the file: remove the '---' line or what follows it")
        }
        if let document = filled.first ?? documents.first { return document }
        return YAMLDocument(
            root: YAMLNode(.scalar(YAMLScalar("")), mark: YAMLMark(line: 1, column: 1)),
            source: SourceText(file: file, bytes: bytes, showsLines: showsLines))
    }

    /// Reads all documents of a text, empty ones (`---` alone) included.
    public static func parseAll(
        _ bytes: [UInt8], file: String, limits: YAMLLimits = .manifests, showsLines: Bool = true
    ) throws(YAMLError) -> [YAMLDocument] {
        var documents: [YAMLDocument] = []
        try read(bytes, file: file, limits: limits, showsLines: showsLines) { node, source in
            documents.append(YAMLDocument(root: node, source: source))
            return true
        }
        return documents
    }

    /// The value of the document.
    public func value(_ reading: YAMLReading = .kubernetes) throws(YAMLError) -> Value {
        try value(of: root, reading)
    }

    /// The value of a node of the document.
    public func value(of node: YAMLNode, _ reading: YAMLReading = .kubernetes) throws(YAMLError) -> Value {
        try ValueBuilder(source: source, reading: reading).value(of: node)
    }

    /// The place of a node as people see it: the column counts characters, and the text of the line comes along.
    public func location(of mark: YAMLMark) -> SourceLocation { source.location(of: mark) }

    /// The keys that are written twice in one mapping, at their second place, with the first one in a note.
    public func duplicateKeys(atMost limit: Int = 100) -> [Diagnostic] {
        var found: [Diagnostic] = []
        collectDuplicates(in: root, atMost: limit, into: &found)
        return found
    }

    private func collectDuplicates(in node: YAMLNode, atMost limit: Int, into found: inout [Diagnostic]) {
        for item in node.items ?? [] { collectDuplicates(in: item, atMost: limit, into: &found) }
        var seen: [String: YAMLMark] = [:]
        let builder = ValueBuilder(source: source, reading: .strict)
        for pair in node.pairs ?? [] {
            collectDuplicates(in: pair.value, atMost: limit, into: &found)
            // A key that is no key is reported when it is resolved.
            guard found.count < limit, !builder.isMerge(pair.key),
                case .success(let key) = Result(catching: { () throws(YAMLError) in try builder.key(of: pair.key) })
            else { continue }
            guard let first = seen.updateValue(pair.key.mark, forKey: key) else { continue }
            seen[key] = first
            let duplicate = ValueBuilder.duplicate(key, at: pair.key.mark, first: first, in: source).diagnostic
            // A mapping that aliases repeat is still one mistake.
            if !found.contains(duplicate) { found.append(duplicate) }
        }
    }

    /// Hands each document to the closure as soon as it is read; the closure ends the reading with false.
    static func read(
        _ bytes: [UInt8], file: String, limits: YAMLLimits, showsLines: Bool,
        _ take: (YAMLNode, SourceText) throws(YAMLError) -> Bool
    ) throws(YAMLError) {
        try read(InputCheck.source(bytes, file: file, limits: limits, showsLines: showsLines), limits, take)
    }

    static func read(
        _ source: SourceText, _ limits: YAMLLimits, _ take: (YAMLNode, SourceText) throws(YAMLError) -> Bool
    ) throws(YAMLError) {
        try source.bytes.withUnsafeBufferPointer { (input) throws(YAMLError) in
            var reader = try EventReader(input, of: source)
            var composer = Composer(source: source, limits: limits)
            while let node = try composer.nextDocument(&reader) {
                guard try take(node, source) else { return }
            }
        }
    }
}
