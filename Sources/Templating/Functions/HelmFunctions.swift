// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Helm's own functions.
enum HelmFunctions {
    static let all: [Function] = [
        Function("include", [.string, .interface]) { evaluator, values in
            .string(try evaluator.include(values.text(0), values[1]))
        },
        Function("tpl", [.string, .interface]) { evaluator, values in
            .string(try evaluator.renderText(values.text(0), values[1]))
        },
        Function("required", [.string, .interface]) { _, values in
            var isMissing = values[1].isNil
            if case .string(let text) = values[1] { isMissing = text.isEmpty }
            if isMissing { throw GoError(values.text(0).text, isUserFailure: true) }
            return values[1]
        },
        Function("fail", [.string]) { _, values in throw GoError(values.text(0).text, isUserFailure: true) },
        Function("lookup", [.string, .string, .string, .string]) { evaluator, values in
            let texts = values.indices.map { values.text($0).text }
            let found = try evaluator.environment.lookup(texts[0], texts[1], texts[2], texts[3])
            return found.isNull ? .map(GoMap()) : GoValue(found)
        },
        // No template may reach the network.
        Function("getHostByName", [.string]) { _, _ in .string([]) },
        Function("hello", []) { _, _ in .text("Hello!") },
    ]
}

extension Evaluator {
    /// How often one name may be included from within itself.
    private static let includeLimit = 1000

    fileprivate func include(_ name: Bytes, _ data: GoValue) throws -> Bytes {
        let nested = includes[ByteKey(name)] ?? 0
        guard nested <= Self.includeLimit else {
            throw GoError("rendering template has a nested reference name: \(name.text): unable to execute template")
        }
        guard let template = templates[name] else {
            throw MissingTemplate(name: name)
        }
        includes[ByteKey(name)] = nested + 1
        let result = try render(template, data)
        includes[ByteKey(name)] = nested
        return result
    }

    /// Renders a text whose definitions nobody else sees.
    fileprivate func renderText(_ text: Bytes, _ data: GoValue) throws -> Bytes {
        guard text.contains(UInt8(ascii: "{")) else { return text.removingNoValue }
        let file: TemplateFile
        do {
            file = try parsedTexts[ByteKey(text)] ?? Parser.parse(text, name: "gotpl")
        } catch let failure as ParseFailure {
            throw GoError("cannot parse template \(GoQuote.quote(text).text): \(failure.text)")
        }
        parsedTexts[ByteKey(text)] = file
        let outer = templates
        templates = TemplateSet(inside: outer)
        templates.add(file)
        defer { templates = outer }
        guard let template = file.templates.last else { return [] }
        do {
            return try render(template, data).removingNoValue
        } catch let error as ExecutionError {
            throw GoError("error during tpl function execution for \(GoQuote.quote(text).text): ", cause: error)
        }
    }
}

/// `include` of a name that no template has.
struct MissingTemplate: Error {
    let name: Bytes

    var text: String {
        "template: no template \(GoQuote.quote(name).text) associated with template \"gotpl\""
    }
}

extension Array where Element == UInt8 {
    /// The text without Go's `<no value>`, wherever it comes from: Helm removes it so.
    var removingNoValue: Bytes { replacing(GoPrinter.noValue, with: []) }
}
