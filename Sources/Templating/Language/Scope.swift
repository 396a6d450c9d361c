// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The variables known at a place of a template, each with its slot in the template's frame.
struct Scope {
    private var variables: [(name: Bytes, slot: Int, isLive: Bool)] = [(Bytes("$"), 0, true)]
    /// How many slots the template needs.
    private(set) var slots = 1

    /// Where the scope stands, for `close` and `suspend`.
    var mark: Int { variables.count }

    mutating func declare(_ name: Bytes) -> VariableReference {
        let slot = slots
        slots += 1
        variables.append((name, slot, true))
        return VariableReference(name: name, slot: slot)
    }

    /// Makes a name known to the parser before it has a value.
    mutating func announce(_ name: Bytes) {
        variables.append((name, 0, false))
    }

    /// An assignment makes a name known to the parser, though it declares nothing.
    mutating func assign(_ name: Bytes) -> VariableReference {
        let slot = variables.last { $0.name == name && $0.isLive }?.slot
        variables.append((name, slot ?? 0, slot != nil))
        return VariableReference(name: name, slot: slot)
    }

    /// The variable a use means; nil when the name was never declared.
    func use(_ name: Bytes) -> VariableReference? {
        guard variables.contains(where: { $0.name == name }) else { return nil }
        return VariableReference(name: name, slot: variables.last { $0.name == name && $0.isLive }?.slot)
    }

    /// The names declared after the mark stay known until `end`, but their values are gone.
    mutating func suspend(from mark: Int) {
        for index in mark..<variables.count { variables[index].isLive = false }
    }

    mutating func close(to mark: Int) {
        variables.removeSubrange(mark...)
    }
}
