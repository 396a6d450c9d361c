// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a chart does not render.
public struct RenderError: Error, Sendable, CustomStringConvertible {
    /// The message in the words of `helm template` of Helm v4.2.4, without its leading `Error: `.
    public let message: String
    /// The error for people: place in the outermost template, and the chain of calls below it as notes.
    public let diagnostic: Diagnostic

    /// The message.
    public var description: String { message }

    init(_ message: String, at location: SourceLocation? = nil) {
        self.message = message
        diagnostic = Diagnostic(message, at: location)
    }

    init(_ error: ChartError) {
        message = error.message
        diagnostic = error.diagnostic
    }

    init(_ failure: ParseFailure) {
        let reason =
            failure.message.split(separator: ": ", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        message = "parse error at (\(failure.file):\(failure.line)): \(reason)"
        diagnostic = Diagnostic(failure.message, at: SourceLocation(file: failure.file, line: failure.line))
    }

    init(_ error: ExecutionError) {
        message = error.helmText
        let links = error.links
        let reason = error.userFailure ?? links.last?.reason ?? error.text
        diagnostic = Diagnostic(
            reason, at: error.location.sourceLocation,
            notes: links.map { link in
                Diagnostic.Note(
                    "in template \(link.error.template.text), at <\(link.error.expression.text)>",
                    at: link.error.location.sourceLocation)
            })
    }
}

extension TemplateLocation {
    /// The place as people count: columns from 1.
    fileprivate var sourceLocation: SourceLocation { SourceLocation(file: file, line: line, column: column + 1) }
}

extension ExecutionError {
    /// The chain of failed calls from the outermost in, with what each says itself.
    fileprivate var links: [(error: ExecutionError, reason: String)] {
        switch cause {
        case .message: [(self, message)]
        case .missingTemplate(let missing): [(self, missing.text)]
        case .template(let inner): [(self, message)] + inner.links
        case .function(let error):
            [(self, message + error.message)] + (error.cause.map(\.links) ?? [])
        }
    }

    /// Helm v4's text: one paragraph per link, unless a function failed on its own; then Go's single line.
    fileprivate var helmText: String {
        if let userFailure { return "execution error at (\(location)): \(userFailure)" }
        var paragraphs = ""
        var current = self
        while true {
            paragraphs += "\(current.location)\n  executing \(GoQuote.quote(current.template).text) at "
            paragraphs += "<\(current.expression.text)>:\n    \(Self.trimmed(current.message))\n"
            switch current.cause {
            case .message: return String(paragraphs.dropLast())
            case .missingTemplate(let missing): return paragraphs + missing.text
            case .function: return text
            case .template(let inner): current = inner
            }
        }
    }

    private static func trimmed(_ message: String) -> String {
        message.hasSuffix(": ") ? String(message.dropLast()) : message
    }
}
