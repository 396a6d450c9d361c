// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Values
import YAMLText

/// The text of a plan with the settings of the command line laid over it: what ``plan()`` checks.
public struct PlanSource: Sendable {
    /// The file as the user named it.
    public let file: String
    private let document: YAMLDocument
    /// The document's root, with settings laid over it.
    private(set) var root: YAMLNode
    private var settings: [String] = []

    /// Lines from here on are those of settings; no plan of at most 1 MiB has as many.
    private static let firstSettingLine = 1 << 24

    /// Reads the text of a plan.
    ///
    /// `file` is its name for messages. Throws when the text is not YAML: then nothing else can be said about it.
    public init(_ bytes: [UInt8], file: String) throws(PlanError) {
        do throws(YAMLError) {
            document = try YAMLDocument.parse(bytes, file: file, limits: .plan)
        } catch {
            throw PlanError([SecretLines.hidden(error.diagnostic)])
        }
        self.file = file
        root = document.root
    }

    /// The plan, checked: all problems of the file are found in one run.
    public func plan() throws(PlanError) -> ClusterPlan {
        var reader = PlanReader(source: self)
        let value = reader.read()
        var rules = PlanRules(value: value, reader: reader)
        rules.check()
        let diagnostics = rules.diagnostics.map(SecretLines.hidden).sorted(by: Self.isBefore)
        guard !diagnostics.contains(where: { $0.severity == .error }) else { throw PlanError(diagnostics) }
        return ClusterPlan(value: value, written: reader.written, warnings: diagnostics)
    }

    private static func isBefore(_ left: Diagnostic, _ right: Diagnostic) -> Bool {
        (left.location?.line ?? 0, left.location?.column ?? 0) < (
            right.location?.line ?? 0, right.location?.column ?? 0
        )
    }

    // MARK: Settings

    /// The plan with one value set, as `--set path=value` asks for.
    ///
    /// The path has dots between keys (`\.` for a dot in a key) and indexes in brackets (`modules[0]`); the value is read
    /// as YAML, so that `true`, `3` and `[a, b]` are what they look like. An empty value is the empty text, `null` removes
    /// the key. Problems with the value name the setting instead of the file.
    public func setting(_ path: String, to value: String) throws(PlanError) -> PlanSource {
        let steps = try SettingPath.parse(path)
        var copy = self
        copy.settings.append(path)
        let line = Self.firstSettingLine + copy.settings.count - 1
        var node = YAMLNode(.scalar(YAMLScalar("", style: .doubleQuoted)), mark: YAMLMark(line: line, column: 1))
        if !value.isEmpty {
            do throws(YAMLError) {
                node = try YAMLDocument.parse(
                    Array(value.utf8), file: "--set \(path)", limits: .plan, showsLines: false
                ).root
            } catch {
                var diagnostic = error.diagnostic
                diagnostic.location = SourceLocation(file: "--set \(path)")
                diagnostic.notes = []
                throw PlanError([diagnostic])
            }
        }
        node = Self.moved(node, to: YAMLMark(line: line, column: 1))
        do throws(SettingPath.Fault) {
            copy.root = try SettingPath.set(node, at: steps[...], in: root)
        } catch {
            throw PlanError([Diagnostic(error.message, at: SourceLocation(file: "--set \(path)"))])
        }
        return copy
    }

    private static func moved(_ node: YAMLNode, to mark: YAMLMark) -> YAMLNode {
        var node = node
        node.mark = mark
        switch node.content {
        case .scalar: break
        case .sequence(let items): node.content = .sequence(items.map { moved($0, to: mark) })
        case .mapping(let pairs):
            node.content = .mapping(
                pairs.map { YAMLPair(key: moved($0.key, to: mark), value: moved($0.value, to: mark)) })
        }
        return node
    }

    // MARK: Places

    /// The place of a node for people: file, line, column and the line's text, or the setting it comes from.
    func location(of mark: YAMLMark) -> SourceLocation {
        if mark.line >= Self.firstSettingLine {
            return SourceLocation(file: "--set \(settings[mark.line - Self.firstSettingLine])")
        }
        return document.location(of: mark)
    }

    /// Keys that are written twice in the file, the first of them.
    func duplicateKeys(atMost limit: Int) -> [Diagnostic] { document.duplicateKeys(atMost: limit) }

    /// The value of a node that is handed on as it is.
    func value(of node: YAMLNode) throws(YAMLError) -> Value { try document.value(of: node, .strict) }
}
