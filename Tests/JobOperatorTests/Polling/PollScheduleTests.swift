// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

@testable import JobOperator
import Testing

/// Whose turn it is to be asked.
struct PollScheduleTests {
    private let now = Duration.seconds(100)

    private func subject(_ number: Int, in namespace: String = "default") -> PollSchedule.Subject {
        .init(uid: "uid\(number)", key: JobKey(namespace: namespace, name: "job\(number)"))
    }

    private func schedule(_ subjects: PollSchedule.Subject...) -> PollSchedule {
        var schedule = PollSchedule(terms: PollingTerms())
        _ = schedule.set(Set(subjects), at: now) { 0 }
        return schedule
    }

    @Test func `nobody is asked while there is nobody`() {
        var schedule = schedule()
        #expect(schedule.next(at: now) == nil)
        #expect(schedule.wait(at: now) == nil)
    }

    @Test func `a new one is asked within a moment, and then once an interval`() {
        var schedule = PollSchedule(terms: PollingTerms())
        _ = schedule.set([subject(1)], at: now) { 0.5 }
        #expect(schedule.next(at: now) == nil)
        #expect(schedule.wait(at: now) == .seconds(1))
        #expect(schedule.next(at: now + .seconds(1)) == subject(1))
        // Whoever is being asked is not asked again.
        #expect(schedule.next(at: now + .seconds(100)) == nil)
        schedule.answered(subject(1), at: now, chance: 0)
        #expect(schedule.wait(at: now) == .seconds(22.5))
        _ = schedule.next(at: now + .seconds(23))
        schedule.answered(subject(1), at: now, chance: 1)
        #expect(schedule.wait(at: now) == .seconds(37.5))
    }

    @Test func `who does not answer is asked ever more rarely, and who answers again as before`() {
        var schedule = schedule(subject(1))
        var waits: [Duration] = []
        for _ in 0..<8 {
            _ = schedule.next(at: now + .seconds(10000))
            schedule.failed(subject(1), at: now, chance: 0.5)
            waits.append(schedule.wait(at: now) ?? .zero)
        }
        #expect(waits == [30, 60, 120, 240, 480, 600, 600, 600].map { .seconds($0) })
        schedule.answered(subject(1), at: now, chance: 0.5)
        #expect(schedule.wait(at: now) == .seconds(30))
    }

    @Test func `the one that waited longest is next`() {
        var schedule = schedule(subject(1), subject(2), subject(3))
        for number in 1...3 {
            #expect(schedule.next(at: now) == subject(number))
            schedule.answered(subject(number), at: now - .seconds(Int64(number)), chance: 0.5)
        }
        #expect(schedule.next(at: now + .seconds(100)) == subject(3))
    }

    @Test func `who is gone is not asked, and its late answer changes nothing`() {
        var schedule = schedule(subject(1), subject(2))
        _ = schedule.next(at: now)
        let gone = schedule.set([subject(2)], at: now) { 0 }
        #expect(gone == [subject(1)])
        schedule.answered(subject(1), at: now, chance: 0)
        schedule.failed(subject(1), at: now, chance: 0)
        #expect(schedule.count == 1)
    }

    @Test func `a namespace where nobody may be asked is left alone, and no other one`() {
        var schedule = schedule(subject(1), subject(2), subject(3, in: "other"))
        _ = schedule.next(at: now)
        schedule.rest(namespace: "default", at: now)
        #expect(schedule.next(at: now) == subject(3, in: "other"))
        #expect(schedule.next(at: now + .seconds(599)) == nil)
        #expect(schedule.next(at: now + .seconds(600)) == subject(1))
    }
}
