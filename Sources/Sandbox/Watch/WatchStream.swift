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

    func run(_ writer: HTTPBodyWriter) async {
        // The state of everything is queued by now: what `progress` comes after is the initial state.
        if options.marksInitialEvents { watch.requestProgress() }
        await withTaskGroup { group in
            group.addTask { await send(writer) }
            group.addTask { try? await Task.sleep(for: options.life) }
            if options.sendsBookmarks {
                group.addTask {
                    while (try? await Task.sleep(for: options.bookmarkInterval)) != nil { watch.requestProgress() }
                }
            }
            // The first to end is the life of the watch, or the watch itself when the store closes.
            await group.next()
            group.cancelAll()
        }
    }

    private func send(_ writer: HTTPBodyWriter) async {
        var isFirst = true
        var isInitial = options.marksInitialEvents
        for await element in watch.elements {
            switch element {
            case .event(let event):
                guard let line = encoder.line(for: event, isFirst: isFirst) else { continue }
                isFirst = false
                writer.write(line)
            case .progress(let revision):
                writer.write(encoder.bookmark(revision: revision, endsInitialEvents: isInitial))
                isInitial = false
            }
        }
    }
}
