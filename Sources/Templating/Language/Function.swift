// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a function or method takes: Go checks arguments against it, and its texts for what does not fit are the most
/// common errors users see.
struct Signature: Sendable {
    let parameters: [GoType]
    /// The type of any number of further arguments.
    let variadic: GoType?

    init(_ parameters: [GoType], variadic: GoType? = nil) {
        self.parameters = parameters
        self.variadic = variadic
    }

    func type(ofParameter index: Int) -> GoType {
        index < parameters.count ? parameters[index] : variadic ?? .interface
    }
}

/// A function of the template language.
final class Function: Sendable {
    /// How a call is evaluated.
    enum Evaluation: Sendable {
        case eager
        /// `and` stops at the first false value, `or` at the first true one.
        case stopping(atTrue: Bool)
        /// `call` names its callee in messages.
        case callee
    }

    typealias Body = @Sendable (Evaluator, [GoValue]) throws -> GoValue

    let name: String
    let signature: Signature
    let evaluation: Evaluation
    let body: Body

    init(
        _ name: String, _ parameters: [GoType], variadic: GoType? = nil, evaluation: Evaluation = .eager,
        body: @escaping Body
    ) {
        self.name = name
        signature = Signature(parameters, variadic: variadic)
        self.evaluation = evaluation
        self.body = body
    }
}

/// A method of a value, bound to it.
struct Method {
    let signature: Signature
    let body: ([GoValue]) throws -> GoValue

    init(_ parameters: [GoType] = [], body: @escaping ([GoValue]) throws -> GoValue) {
        signature = Signature(parameters)
        self.body = body
    }
}
