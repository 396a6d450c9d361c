// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer

/// What a watch does beside telling changes.
struct WatchOptions: Sendable {
    var sendsBookmarks: Bool
    var marksInitialEvents: Bool
    var life: Duration
    var bookmarkInterval: Duration
}

/// Sends the changes of a watch to its client until its time is over.
struct WatchStream: Sendable {
    let watch: StoreWatch
    let encoder: WatchEncoder
    let options: WatchOptions

    func run(_ line: WatchLine) async {
        // The state of everything is queued by now: what `progress` comes after is the initial state.
        if options.marksInitialEvents { watch.requestProgress() }
        await withTaskGroup { group in
            group.addTask { await send(line) }
            group.addTask { try? await Task.sleep(for: options.life) }
            group.addTask { for await _ in line.end {} }
            if options.sendsBookmarks {
                group.addTask {
                    while (try? await Task.sleep(for: options.bookmarkInterval)) != nil { watch.requestProgress() }
                }
            }
            // The first to end is the life of the watch, or the watch itself when the store closes. The client of a connection
            // that has gone silent learns of neither.
            while await group.next() != nil, line.isSilent, !Task.isCancelled {}
            group.cancelAll()
        }
    }

    private func send(_ line: WatchLine) async {
        var isFirst = true
        var isInitial = options.marksInitialEvents
        func send(_ event: StoreEvent) {
            guard let text = encoder.line(for: event, isFirst: isFirst) else { return }
            isFirst = false
            line.send(event: text)
        }
        var initial: [StoreEvent] = []
        var missing = line.isReversed ? watch.initialCount : 0
        for await element in watch.elements {
            switch element {
            case .event(let event) where missing > 0:
                missing -= 1
                initial.append(event)
                if missing == 0 { for event in initial.reversed() { send(event) } }
            case .event(let event): send(event)
            case .progress(let revision):
                line.send(bookmark: encoder.bookmark(revision: revision, endsInitialEvents: isInitial))
                isInitial = false
            }
        }
    }
}
