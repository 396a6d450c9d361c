// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Formats
public import Processes
import Synchronization
import Values

/// Why nobody knows the address that pods are to have for their server.
public struct AddressError: Error, Sendable, Hashable {
    /// What was asked for and what came of it, and what to do.
    public let message: String

    /// Makes an error.
    public init(_ message: String) {
        self.message = message
    }
}

/// The addresses that policies name, remembered for a while: a thousand clients ask for the same one.
public final class AddressBook: Sendable {
    private struct Entry {
        var result: Result<String, AddressError>
        var expires: Duration
    }

    /// How long an address counts: a Service that is made anew has another one.
    private static let confidence = Duration.seconds(60)
    /// How long it counts that there is none.
    private static let patience = Duration.seconds(5)
    /// How long an answer is waited for: the resolver itself may try for a minute.
    private static let deadline = Duration.seconds(5)

    private let service: @Sendable (ObjectKey) async throws -> KubernetesObject?
    private let lookup: @Sendable (String) async throws -> String
    private let time: TimeSource
    private let entries = Mutex<[JobPolicy.AddressSource: Entry]>([:])

    /// Makes a book of what answers: Services by their keys, names by their addresses.
    ///
    /// `lookup` throws an ``AddressError`` where a name has no address.
    public init(
        service: @escaping @Sendable (ObjectKey) async throws -> KubernetesObject?,
        lookup: @escaping @Sendable (String) async throws -> String, time: TimeSource
    ) {
        self.service = service
        self.lookup = lookup
        self.time = time
    }

    /// Makes a book that asks a cluster and the machine's resolver.
    public convenience init(client: ClusterClient, time: TimeSource = .system) {
        self.init(
            service: { try await client.find($0) }, lookup: { try await Self.machineAddress(of: $0) }, time: time)
    }

    /// The first address of a name, as the machine resolves it.
    public static func machineAddress(of host: String) async throws -> String {
        try await HostLookup.address(of: host)
    }

    /// The address of a source.
    ///
    /// - Throws: an ``AddressError``, or `CancellationError`.
    public func address(of source: JobPolicy.AddressSource) async throws -> String {
        let now = time.monotonic()
        if let known = entries.withLock({ $0[source] }), known.expires > now { return try known.result.get() }
        let result = try await find(source)
        let lifetime =
            switch result {
            case .success: Self.confidence
            case .failure: Self.patience
            }
        let expires = time.monotonic() + lifetime
        entries.withLock { $0[source] = Entry(result: result, expires: expires) }
        return try result.get()
    }

    private func find(_ source: JobPolicy.AddressSource) async throws -> Result<String, AddressError> {
        do {
            let address: String
            switch source {
            case .service(let namespace, let name): address = try await clusterIP(namespace, name)
            case .host(let host) where Addresses.isAddress(host): address = host
            case .host(let host): address = try await resolved(host)
            }
            guard Addresses.isAddress(address) else {
                return .failure(AddressError("'\(address)' is not an address that a hosts file can hold"))
            }
            return .success(address)
        } catch let error as AddressError {
            return .failure(error)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            try Task.checkCancellation()
            return .failure(AddressError("the address cannot be looked up: \(error)"))
        }
    }

    private func clusterIP(_ namespace: String, _ name: String) async throws -> String {
        let kind = GroupVersionKind(apiVersion: "v1", kind: "Service")
        let place = "Service \(namespace)/\(name)"
        let found: KubernetesObject?
        do {
            found = try await service(ObjectKey(kind, namespace: namespace, name: name))
        } catch let error as APIError where error.reason == .forbidden {
            // Who may not read Services of another namespace may still ask for their names.
            return try await resolved("\(name).\(namespace).svc")
        }
        guard let found else { throw AddressError("\(place) does not exist: jobs start when it does") }
        let address = found["spec", "clusterIP"]?.string ?? ""
        guard address != "None" else {
            throw AddressError("\(place) is headless: hostAliases needs one with a cluster IP")
        }
        guard !address.isEmpty else { throw AddressError("\(place) has no cluster IP") }
        return address
    }

    private func resolved(_ host: String) async throws -> String {
        try await withThrowingTaskGroup(of: String.self) { group in
            group.addTask { [lookup] in try await lookup(host) }
            group.addTask { [time] in
                try await time.sleep(Self.deadline)
                throw AddressError("the name '\(host)' was not resolved within \(Self.deadline.components.seconds) s")
            }
            defer { group.cancelAll() }
            guard let first = try await group.next() else { throw CancellationError() }
            return first
        }
    }
}
