// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Evaluator {
    /// How deeply lists and maps may be nested where a whole value is printed, encoded or compared.
    private static let depthLimit = 1000

    /// Refuses values that hold too much, or themselves: a few templates can build what would take years to print.
    func measure(_ value: GoValue) throws {
        switch value {
        case .list, .map:
            var room = environment.outputLimit
            try measure(value, depth: 0, room: &room)
            try step((environment.outputLimit - room) / 256)
        default: break
        }
    }

    private func measure(_ value: GoValue, depth: Int, room: inout Int) throws {
        guard depth < Self.depthLimit else { throw GoError("the value is nested deeper than \(Self.depthLimit)") }
        room -= 1
        switch value {
        case .string(let text), .bytes(let text): room -= text.count
        case .list(let list):
            for item in list.items { try measure(item, depth: depth + 1, room: &room) }
        case .map(let map):
            for (key, item) in zip(map.keys, map.values) {
                room -= key.count
                try measure(item, depth: depth + 1, room: &room)
            }
        default: break
        }
        guard room > 0 else { throw GoError("the value holds more than \(environment.outputLimit) bytes") }
    }
}
