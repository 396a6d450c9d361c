// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Turns libyaml's words into a sentence for the person who wrote the file.
struct SyntaxExplanation {
    /// What is wrong.
    let message: String
    /// What to do about it.
    let hint: String?
    /// What to say about the place where libyaml's context started.
    let note: String?

    /// - Parameters:
    ///   - problem: what libyaml says is wrong.
    ///   - context: what libyaml was doing then.
    ///   - character: the character at the place of the problem.
    init(problem: String, context: String?, character: Unicode.Scalar?) {
        (message, hint, note) = Self.explain(problem, context, character)
    }

    private static func explain(
        _ problem: String, _ context: String?, _ character: Unicode.Scalar?
    ) -> (message: String, hint: String?, note: String?) {
        if character == "\t" || problem.contains("tab character") {
            return ("a tab cannot be used for indentation", "indent with spaces", nil)
        }
        switch problem {
        case "found character that cannot start any token":
            let name = character.map { "'\($0)'" } ?? "this character"
            return ("a value cannot start with \(name)", "put the value in quotes", nil)
        case "mapping values are not allowed in this context":
            return (
                "a ': ' is not allowed here",
                "put a value that holds ': ' in quotes, or correct the indentation of this line", nil
            )
        case "did not find expected key":
            return (
                "this line does not fit the mapping it stands in",
                "write all keys of one mapping as 'key: value', starting in the same column", "the mapping starts here"
            )
        case "did not find expected '-' indicator":
            return (
                "this line does not fit the list it stands in",
                "start every item of one list with '- ' in the same column",
                "the list starts here"
            )
        case "could not find expected ':'":
            return ("expected ':' after a key", "write 'key: value' on one line", "the key starts here")
        case "found unexpected end of stream":
            return ("the text ends inside a quoted value", "close the quote", "the quote opens here")
        case "did not find expected ',' or ']'":
            return ("expected ',' or ']' in a list", nil, "the list opens here")
        case "did not find expected ',' or '}'":
            return ("expected ',' or '}' in a mapping", nil, "the mapping opens here")
        case "did not find expected <document start>":
            return (
                "this line does not fit what stands above it", "start all keys of the document in the same column", nil
            )
        case "block sequence entries are not allowed in this context":
            return ("a list item is not allowed here", "start the list on a line of its own", nil)
        case "found unknown escape character":
            return ("an unknown escape in double quotes", "use single quotes, or write '\\\\' for a backslash", nil)
        case "did not find expected alphabetic or numeric character":
            return ("'*' or '&' without a name", "put a value that starts with '*' or '&' in quotes", nil)
        default:
            return (context.map { "\(problem) (\($0))" } ?? problem, nil, context)
        }
    }
}
