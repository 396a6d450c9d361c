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
    /// Whether it looks at everything its arguments hold, so that their size must be known first.
    let walksArguments: Bool

    init(
        _ name: String, _ parameters: [GoType], variadic: GoType? = nil, evaluation: Evaluation = .eager,
        body: @escaping Body
    ) {
        self.name = name
        signature = Signature(parameters, variadic: variadic)
        self.evaluation = evaluation
        self.body = body
        walksArguments = false
    }

    private init(walking function: Function) {
        name = function.name
        signature = function.signature
        evaluation = function.evaluation
        body = function.body
        walksArguments = true
    }

    /// The same function, for those that print or compare whole values.
    func walking() -> Function { Function(walking: self) }
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
