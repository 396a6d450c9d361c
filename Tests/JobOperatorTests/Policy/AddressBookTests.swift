// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Synchronization
import Testing
import Values

/// Clocks that stand still until they are turned, and questions that are counted.
private final class World: Sendable {
    let now = Mutex(Duration.zero)
    let answers = Mutex<[String: Result<Value, AddressError>]>([:])
    let questions = Mutex(0)
    /// Whether waiting ends at once: for names that nobody resolves.
    let isImpatient: Bool

    init(isImpatient: Bool = false) {
        self.isImpatient = isImpatient
    }

    var time: TimeSource {
        TimeSource(
            monotonic: { self.now.withLock { $0 } }, continuous: { self.now.withLock { $0 } },
            wall: { Timestamp(seconds: 0) },
            sleep: { _ in
                guard !self.isImpatient else { return }
                // Ends with the answer that it is raced against.
                try await TimeSource.system.sleep(.seconds(600))
            })
    }

    var book: AddressBook {
        AddressBook(
            service: { key in
                guard let found = try self.answer(key.name) else { return nil }
                return KubernetesObject(["spec": ["clusterIP": found]])
            },
            lookup: { host in
                guard let found = try self.answer(host)?.string else {
                    try await TimeSource.system.sleep(.seconds(600))
                    return ""
                }
                return found
            }, time: time)
    }

    private func answer(_ name: String) throws(AddressError) -> Value? {
        questions.withLock { $0 += 1 }
        return try answers.withLock { $0[name] }?.get()
    }
}

@Suite struct `Addresses for hosts files` {
    private let relay = JobPolicy.AddressSource.service(namespace: "fl", name: "relay")

    @Test(arguments: ["10.96.0.7", "fd00::7"])
    func `are a Service's, remembered for a minute`(_ address: String) async throws {
        let world = World()
        let book = world.book
        world.answers.withLock { $0["relay"] = .success(.string(address)) }
        #expect(try await book.address(of: relay) == address)
        world.answers.withLock { $0["relay"] = .success("10.96.0.8") }
        world.now.withLock { $0 += .seconds(59) }
        #expect(try await book.address(of: relay) == address)
        #expect(world.questions.withLock { $0 } == 1)
        world.now.withLock { $0 += .seconds(2) }
        #expect(try await book.address(of: relay) == "10.96.0.8")
    }

    @Test(arguments: [
        ("None", "Service fl/relay is headless: hostAliases needs one with a cluster IP"),
        ("", "Service fl/relay has no cluster IP"),
        ("nonsense", "'nonsense' is not an address that a hosts file can hold"),
        (nil, "Service fl/relay does not exist: jobs start when it does"),
    ])
    func `are not a Service's that has none`(_ address: String?, _ message: String) async throws {
        let world = World()
        world.answers.withLock { $0["relay"] = address.map { .success(.string($0)) } }
        let book = world.book
        await #expect(throws: AddressError(message)) { try await book.address(of: relay) }
    }

    @Test func `are asked for again soon after there was none`() async throws {
        let world = World()
        let book = world.book
        await #expect(throws: AddressError.self) { try await book.address(of: relay) }
        world.answers.withLock { $0["relay"] = .success("10.96.0.7") }
        await #expect(throws: AddressError.self) { try await book.address(of: relay) }
        world.now.withLock { $0 += .seconds(6) }
        #expect(try await book.address(of: relay) == "10.96.0.7")
    }

    @Test func `are those of a name, or what is one already`() async throws {
        let world = World()
        let book = world.book
        world.answers.withLock { $0["fl.coord.example"] = .success("203.0.113.10") }
        #expect(try await book.address(of: .host("fl.coord.example")) == "203.0.113.10")
        #expect(try await book.address(of: .host("203.0.113.11")) == "203.0.113.11")
        #expect(world.questions.withLock { $0 } == 1)
        world.answers.withLock { $0["local.example"] = .success("fe80::1%eth0") }
        await #expect(throws: AddressError.self) { try await book.address(of: .host("local.example")) }
    }

    @Test func `of Services that may not be read are asked of DNS`() async throws {
        let world = World()
        let book = AddressBook(
            service: { key in
                throw APIError(
                    status: APIStatus(code: 403, reason: .forbidden, message: "no"),
                    request: RequestDescription(.get, key))
            }, lookup: { host in host == "relay.fl.svc" ? "10.96.0.7" : "" }, time: world.time)
        #expect(try await book.address(of: relay) == "10.96.0.7")
    }

    @Test func `are not waited for longer than a job can wait`() async throws {
        let book = World(isImpatient: true).book
        await #expect(throws: AddressError("the name 'slow.example' was not resolved within 5 s")) {
            try await book.address(of: .host("slow.example"))
        }
    }

    @Test func `are resolved by the machine, and who is cancelled does not wait`() async throws {
        let book = AddressBook(
            service: { _ in nil }, lookup: { try await AddressBook.machineAddress(of: $0) }, time: .system)
        let local = try await book.address(of: .host("localhost"))
        #expect(["127.0.0.1", "::1"].contains(local))
        await #expect(throws: AddressError.self) { try await book.address(of: .host("no-such-host.invalid")) }
        let cancelled = Task { try await AddressBook.machineAddress(of: "localhost") }
        cancelled.cancel()
        // Either the answer was faster, or nobody waited for it.
        switch await cancelled.result {
        case .success(let address): #expect(address == local)
        case .failure(let error): #expect(error is CancellationError)
        }
    }
}
