// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What is to be looked at, in order and once: a set of items and a list of alarms.
struct WorkQueue {
    /// One object, to be looked at by one controller.
    struct Item: Hashable {
        /// The position of the controller.
        var controller: Int
        var key: ObjectKey
    }

    private var waiting: [Item] = []
    private var position = 0
    private var members: Set<Item> = []
    private var alarms: [Item: Duration] = [:]

    /// Whether nothing is waiting; alarms do not count.
    var isEmpty: Bool { position == waiting.count }
    /// When the first alarm is due.
    var nextAlarm: Duration? { alarms.values.min() }

    /// Adds an item unless it is waiting already.
    mutating func add(_ item: Item) {
        if members.insert(item).inserted { waiting.append(item) }
    }

    /// Adds an item at a later time; of several alarms for an item the earliest counts.
    mutating func add(_ item: Item, at time: Duration) {
        alarms[item] = min(time, alarms[item] ?? time)
    }

    /// Takes the next item; its alarm is cancelled, because whoever looks at it sets a new one where it is needed.
    mutating func next() -> Item? {
        guard position < waiting.count else { return nil }
        let item = waiting[position]
        position += 1
        if position == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            position = 0
        }
        members.remove(item)
        alarms[item] = nil
        return item
    }

    /// Moves the items whose alarm is due to the waiting ones.
    mutating func ring(at time: Duration) {
        guard alarms.values.contains(where: { $0 <= time }) else { return }
        let due = alarms.filter { $0.value <= time }.sorted { $0.value < $1.value }
        for (item, _) in due {
            alarms[item] = nil
            add(item)
        }
    }
}
