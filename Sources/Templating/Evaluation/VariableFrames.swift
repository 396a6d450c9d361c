// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The variables of the templates that are running, a frame for each of them; the first of a frame is `$`.
struct VariableFrames {
    /// A value, and whether it came out of an interface (a loop's element): Go's messages name its type so.
    struct Variable {
        var value: GoValue
        var isBoxed: Bool
    }

    private var variables: [Variable] = []
    /// Where the innermost frame begins.
    private var start = 0

    /// Opens a frame with `data` as `$`; answers where the frame around it begins, for `leave`.
    mutating func enter(slots: Int, data: GoValue) -> Int {
        let outer = start
        start = variables.count
        variables.append(Variable(value: data, isBoxed: false))
        for _ in 1..<max(1, slots) { variables.append(Variable(value: .invalid, isBoxed: false)) }
        return outer
    }

    /// Closes the innermost frame.
    mutating func leave(to outer: Int) {
        variables.removeSubrange(start...)
        start = outer
    }

    /// A variable of the innermost frame.
    subscript(slot: Int) -> Variable {
        get { variables[start + slot] }
        set { variables[start + slot] = newValue }
    }
}
