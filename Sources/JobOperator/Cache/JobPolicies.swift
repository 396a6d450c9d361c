// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Diagnostics
import Synchronization
import Values

/// What is known of the policy for the jobs of a role in a namespace.
public enum PolicyState: Sendable, Hashable {
    /// There is none: pods are made as upstream makes them.
    case none
    /// There is one.
    case policy(JobPolicy)
    /// There is one that nobody understands: jobs wait, for it may be what keeps tasks in.
    case unreadable(PolicyError)
}

/// The policies of the watched namespaces, read once per change.
final class JobPolicies: Sendable {
    private struct Entry {
        let text: String?
        let state: PolicyState
    }

    private let entries = Mutex<[JobKey: Entry]>([:])

    func state(_ key: JobKey) -> PolicyState { entries.withLock { $0[key]?.state } ?? .none }

    var keys: [JobKey] { entries.withLock { Array($0.keys) } }

    /// Whether something changed.
    func note(_ key: JobKey, text: String?) -> Bool {
        guard entries.withLock({ $0[key].map { $0.text != text } ?? true }) else { return false }
        let state: PolicyState
        do throws(PolicyError) {
            guard let text else {
                let name = JobContract.policy(for: .server).key
                throw PolicyError(
                    key, [Diagnostic("it has no key '\(name)'", hint: "add the key, or delete the ConfigMap")])
            }
            state = .policy(try JobPolicy(reading: text, of: key))
        } catch {
            state = .unreadable(error)
        }
        entries.withLock { $0[key] = Entry(text: text, state: state) }
        return true
    }

    func forget(_ key: JobKey) -> Bool { entries.withLock { $0.removeValue(forKey: key) } != nil }
}

extension JobCache {
    /// What the jobs of a role get in a namespace.
    ///
    /// Only to be asked once the ConfigMaps of the namespace were listed: before, there seems to be none.
    public func policy(namespace: String, role: JobRole) -> PolicyState {
        policies.state(JobKey(namespace: namespace, name: JobContract.policy(for: role).configMap))
    }

    /// The names of the ConfigMaps that hold policies.
    public var policyKeys: [JobKey] { policies.keys }

    /// Takes in a ConfigMap as the server has it; one that holds no policy is left out.
    ///
    /// - Returns: the role whose jobs get something else from now on in its namespace; nil where nothing changes.
    @discardableResult public func note(policy object: KubernetesObject) -> JobRole? {
        guard let role = Self.role(ofPolicy: object.name) else { return nil }
        let text = object["data", JobContract.policy(for: role).key]?.string
        return policies.note(JobKey(namespace: object.namespace ?? "", name: object.name), text: text) ? role : nil
    }

    /// Forgets a ConfigMap.
    ///
    /// - Returns: the role whose jobs are as upstream's from now on in its namespace; nil where nothing changes.
    @discardableResult public func forget(policy key: JobKey) -> JobRole? {
        guard let role = Self.role(ofPolicy: key.name), policies.forget(key) else { return nil }
        return role
    }

    private static func role(ofPolicy name: String) -> JobRole? {
        JobRole.allCases.first { JobContract.policy(for: $0).configMap == name }
    }
}
