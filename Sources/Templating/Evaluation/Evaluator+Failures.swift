// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What failed, with its place and the text of its node.
extension Evaluator {
    func failure(_ message: String, cause: ExecutionError.Cause = .message) -> ExecutionError {
        ExecutionError(
            location: template.file.location(of: node), template: template.name,
            expression: template.file.text(of: node), message: message, cause: cause)
    }

    func failure(calling name: String, _ error: any Error, callee: String? = nil) -> ExecutionError {
        switch error {
        case let error as ExecutionError: return failure("error calling \(name): ", cause: .template(error))
        case let error as MissingTemplate: return failure("error calling \(name): ", cause: .missingTemplate(error))
        case let error as GoError:
            let message = error.message.replacing("{callee}", with: callee ?? "")
            return failure(
                "error calling \(name): ",
                cause: .function(GoError(message, isUserFailure: error.isUserFailure, cause: error.cause)))
        default: return failure("error calling \(name): ", cause: .function(GoError("\(error)")))
        }
    }
}
