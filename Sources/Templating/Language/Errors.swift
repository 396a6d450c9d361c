// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A failure inside a function; the call around it says where.
struct GoError: Error {
    let message: String
    /// Made by `fail` or `required`: people's own words, shown without the chain of calls.
    var isUserFailure = false
    /// A template that failed inside `tpl`.
    var cause: ExecutionError?

    init(_ message: String, isUserFailure: Bool = false, cause: ExecutionError? = nil) {
        self.message = message
        self.isUserFailure = isUserFailure
        self.cause = cause
    }

    /// What a Go panic in a function reads as.
    static func nilPointer() -> GoError {
        GoError("runtime error: invalid memory address or nil pointer dereference")
    }

    var text: String { message + (cause?.text ?? "") }
}

/// `FILE:LINE:COLUMN` with the column counted in bytes from 0, as Go does.
struct TemplateLocation: Equatable, CustomStringConvertible {
    let file: String
    let line: Int
    let column: Int

    var description: String { "\(file):\(line):\(column)" }
}

/// A failure while a template runs: one link of the chain of `include` calls.
struct ExecutionError: Error {
    /// What made this link fail.
    indirect enum Cause {
        case message
        case function(GoError)
        case template(ExecutionError)
        case missingTemplate(MissingTemplate)
    }

    let location: TemplateLocation
    let template: Bytes
    let expression: Bytes
    /// The link's own words; for a failed call `error calling F: `.
    let message: String
    let cause: Cause

    /// Go's one-line text.
    var text: String {
        let inner =
            switch cause {
            case .message: ""
            case .function(let error): error.text
            case .template(let error): error.text
            case .missingTemplate(let error): error.text
            }
        return
            "template: \(location): executing \(GoQuote.quote(template).text) at <\(expression.text)>: \(message)\(inner)"
    }

    /// The words of `fail` or `required` at the end of the chain.
    var userFailure: String? {
        switch cause {
        case .message, .missingTemplate: nil
        case .function(let error): error.isUserFailure ? error.message : error.cause?.userFailure
        case .template(let error): error.userFailure
        }
    }
}
