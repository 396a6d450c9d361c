// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Telemetry
import Testing

@testable import JobOperator

/// Kubernetes §6.1: the semantics of client-go's work queue.
@Suite(.timeLimit(.minutes(1))) struct WorkQueueTests {
    private let clock = ManualTime()

    private func queue(longestDelay: Duration = .seconds(300)) -> WorkQueue<String> {
        WorkQueue(longestDelay: longestDelay, time: clock.source)
    }

    /// What the steps of a table do: `+a` adds, `<` takes, `-a` finishes.
    private func taken(_ steps: [String]) async -> [String] {
        let queue = queue()
        var taken: [String] = []
        for step in steps {
            let key = String(step.dropFirst())
            switch step.first {
            case "+": queue.add(key)
            case "-": queue.finish(key)
            default: taken.append(queue.statistics.depth == 0 ? "nothing" : await queue.next() ?? "end")
            }
        }
        return taken
    }

    @Test(arguments: [
        // In the order of arrival.
        (["+a", "+b", "<", "<", "<"], ["a", "b", "nothing"]),
        // What waits, waits once.
        (["+a", "+a", "+b", "<", "<", "<"], ["a", "b", "nothing"]),
        // What is worked on does not go to a second worker, but once more afterwards.
        (["+a", "<", "+a", "<", "-a", "<"], ["a", "nothing", "a"]),
        (["+a", "<", "+a", "+a", "+b", "<", "-a", "<", "<"], ["a", "b", "a", "nothing"]),
        // What did not come back is done.
        (["+a", "<", "-a", "<"], ["a", "nothing"]),
        (["+a", "<", "-a", "+a", "<"], ["a", "a"]),
        // The end of work that was never begun is nothing.
        (["-a", "+a", "<", "<"], ["a", "nothing"]),
    ])
    func `keys wait once and are worked on one worker at a time`(steps: [String], expected: [String]) async {
        #expect(await taken(steps) == expected)
    }

    @Test func `workers that wait are served in their order`() async {
        let queue = queue()
        async let first = queue.next()
        async let second = queue.next()
        queue.add("a")
        queue.add("b")
        let both = await [first, second]
        #expect(Set(both) == ["a", "b"])
    }

    @Test func `a worker that is cancelled takes no key along`() async {
        let queue = queue()
        let waiting = Task { await queue.next() }
        waiting.cancel()
        #expect(await waiting.value == nil)
        queue.add("a")
        #expect(await queue.next() == "a")
    }

    @Test func `a key that is added for later comes then, and at the earliest of its moments`() async {
        let queue = queue()
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await queue.keepTime() }
            queue.add("late", after: .seconds(10))
            queue.add("late", after: .seconds(5))
            queue.add("late", after: .seconds(20))
            queue.add("early", after: .seconds(3))
            #expect(queue.statistics.delayed == 2)
            for (wait, key) in [(Duration.seconds(3), "early"), (.seconds(2), "late")] {
                while clock.alarms.first != wait { await Task.yield() }
                clock.advance(wait)
                #expect(await queue.next() == key)
                queue.finish(key)
            }
            #expect(queue.statistics.delayed == 0)
            group.cancelAll()
        }
    }

    @Test func `delays of no length are none`() async {
        let queue = queue()
        queue.add("a", after: .zero)
        #expect(await queue.next() == "a")
    }

    @Test func `failures double the delay up to the longest, and success forgets them`() {
        let queue = queue(longestDelay: .milliseconds(35))
        let delays = (0..<5).map { _ in queue.retry("a") }
        #expect(delays == [5, 10, 20, 35, 35].map { .milliseconds($0) })
        #expect(queue.failures(of: "a") == 5)
        queue.forget("a")
        #expect(queue.failures(of: "a") == 0)
        #expect(queue.retry("a") == .milliseconds(5))
        #expect(queue.retry("b", after: .seconds(7)) == .seconds(7))
        #expect(queue.statistics.retries == 7)
    }

    @Test func `many keys that fail at once come back ten a second after the first hundred`() {
        let queue = queue()
        let delays = (0..<150).map { queue.retry("job-\($0)") }
        #expect(delays.prefix(100).allSatisfy { $0 == .milliseconds(5) })
        #expect(abs(delays[100] / .seconds(1) - 0.1) < 0.001)
        #expect(abs(delays[149] / .seconds(1) - 5) < 0.001)
        clock.advance(.seconds(60))
        #expect(queue.retry("other") == .milliseconds(5))
    }

    @Test func `no number of failures makes a key wait longer than the longest delay`() {
        let queue = queue()
        let delays = (0..<10_000).map { queue.retry("job-\($0)") }
        #expect(delays.allSatisfy { $0 <= .seconds(300) } && delays.last == .seconds(300))
        for _ in 0..<100 { #expect(queue.retry("job-0") <= .seconds(300)) }
    }

    @Test func `after the shutdown nothing is handed out, and what is worked on is waited for`() async {
        let queue = queue()
        queue.add("a")
        queue.add("b")
        #expect(await queue.next() == "a")
        async let idle = queue.next()
        queue.add("a")
        #expect(await idle == "b")
        queue.shutDown()
        queue.add("c")
        queue.add("d", after: .seconds(1))
        #expect(await queue.next() == nil)
        let isDrained = Shared(false)
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await queue.drained()
                isDrained.change { $0 = true }
            }
            queue.finish("a")
            #expect(!isDrained.now)
            queue.finish("b")
        }
        #expect(isDrained.now)
        #expect(queue.statistics.depth == 0 && queue.statistics.delayed == 0)
        // Nothing to wait for is no wait.
        await queue.drained()
    }

    @Test func `the shutdown ends the wait of workers`() async {
        let queue = queue()
        let workers = (0..<4).map { _ in Task { await queue.next() } }
        queue.shutDown()
        for worker in workers { #expect(await worker.value == nil) }
    }

    @Test func `depth, adds, waits and the longest work are measured`() async {
        let queue = queue()
        queue.add("a")
        queue.add("a")
        queue.add("b")
        queue.add("c")
        #expect(queue.statistics.depth == 3 && queue.statistics.adds == 3)
        clock.advance(.seconds(2))
        _ = await queue.next()
        clock.advance(.seconds(3))
        _ = await queue.next()
        let now = queue.statistics
        #expect(now.depth == 1 && now.active == 2)
        #expect(now.waitTimes.count == 2 && now.waitTimes.sum == 7)
        #expect(now.longestRunning == .seconds(3) && now.unfinishedWork == .seconds(3))
        queue.finish("a")
        #expect(queue.statistics.workTimes.count == 1 && queue.statistics.workTimes.sum == 3)
    }

    @Test func `however many add and work at once, a key is with one worker and no addition is lost`() async {
        let queue = WorkQueue<Int>()
        let busy = Shared(Set<Int>())
        let versions = Shared([Int](repeating: 0, count: 8))
        let seen = Shared([Int](repeating: 0, count: 8))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<6 {
                group.addTask {
                    while let key = await queue.next() {
                        #expect(busy.change { $0.insert(key).inserted })
                        let version = versions.now[key]
                        await Task.yield()
                        seen.change { $0[key] = max($0[key], version) }
                        busy.change { _ = $0.remove(key) }
                        queue.finish(key)
                    }
                }
            }
            await withTaskGroup(of: Void.self) { adding in
                for key in 0..<8 {
                    adding.addTask {
                        for _ in 0..<500 {
                            versions.change { $0[key] += 1 }
                            queue.add(key)
                            if Bool.random() { await Task.yield() }
                        }
                    }
                }
            }
            while queue.statistics.depth + queue.statistics.active > 0 { await Task.yield() }
            queue.shutDown()
        }
        #expect(seen.now == versions.now)
    }
}
