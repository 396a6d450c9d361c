// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// Hands out the addresses and node ports of services.
///
/// What is taken is read from the store; `lock` is held from there until the service is written.
final class ServiceAddresses: Sendable {
    static let nodePorts: ClosedRange<Int64> = 30000...32767
    let lock = Mutex<Int>(0)

    /// Fills in what a service needs and has not said, and refuses what others have.
    func allocate(for service: inout Value, replacing old: Value?, among others: [StoredObject], cursor: inout Int)
        throws
    {
        let type = service[path: "spec", "type"]?.string ?? "ClusterIP"
        let name = service[path: "metadata", "name"]?.string ?? ""
        var errors: [FieldError] = []
        allocateAddress(&service, replacing: old, type: type, others: others, cursor: &cursor, errors: &errors)
        allocatePorts(&service, replacing: old, type: type, others: others, errors: &errors)
        guard errors.isEmpty else { throw StatusError.invalid(group: "", kind: "Service", name: name, errors) }
    }

    private func allocateAddress(
        _ service: inout Value, replacing old: Value?, type: String, others: [StoredObject], cursor: inout Int,
        errors: inout [FieldError]
    ) {
        guard type != "ExternalName" else { return }
        let taken = Set(others.compactMap { $0.value[path: "spec", "clusterIP"]?.string })
        var address =
            service[path: "spec", "clusterIP"]?.string ?? service[path: "spec", "clusterIPs"]?[0]?.string ?? ""
        if address.isEmpty, let known = old?[path: "spec", "clusterIP"]?.string { address = known }
        if address.isEmpty {
            repeat {
                cursor = (cursor + 7919) % 65_000
                address = "10.96.\((cursor + 256) >> 8).\((cursor + 256) & 255)"
            } while taken.contains(address)
        } else if address != "None", address != old?[path: "spec", "clusterIP"]?.string, taken.contains(address) {
            errors.append(
                .invalid(
                    FieldPath("spec.clusterIPs"), .array([.string(address)]),
                    "failed to allocate IP \(address): provided IP is already allocated"))
        }
        service.set(.string(address), at: ["spec", "clusterIP"])
        service.set(.array([.string(address)]), at: ["spec", "clusterIPs"])
        if service[path: "spec", "ipFamilies"] == nil { service.set(["IPv4"], at: ["spec", "ipFamilies"]) }
        if service[path: "spec", "ipFamilyPolicy"] == nil {
            service.set("SingleStack", at: ["spec", "ipFamilyPolicy"])
        }
    }

    private func allocatePorts(
        _ service: inout Value, replacing old: Value?, type: String, others: [StoredObject], errors: inout [FieldError]
    ) {
        var ports = service[path: "spec", "ports"]?.array ?? []
        let own = Set((old?[path: "spec", "ports"]?.array ?? []).compactMap { $0["nodePort"]?.int })
        guard type == "NodePort" || type == "LoadBalancer" else {
            // What was allocated for another type goes back when the client merely repeats it.
            for index in ports.indices where own.contains(ports[index]["nodePort"]?.int ?? 0) {
                ports[index]["nodePort"] = nil
            }
            if !ports.isEmpty { service.set(.array(ports), at: ["spec", "ports"]) }
            return
        }
        var taken = Set(
            others.flatMap { ($0.value[path: "spec", "ports"]?.array ?? []).compactMap { $0["nodePort"]?.int } })
        taken.subtract(own)
        var used: [Int64: String] = [:]
        for index in ports.indices {
            guard let port = ports[index]["nodePort"]?.int, port != 0 else { continue }
            let path = FieldPath("spec.ports")[index]["nodePort"]
            let transport = ports[index]["protocol"]?.string ?? "TCP"
            if !Self.nodePorts.contains(port) {
                errors.append(
                    .invalid(
                        path, .int(port),
                        "provided port is not in the valid range. The range of valid ports is 30000-32767"))
            } else if taken.contains(port) {
                errors.append(.invalid(path, .int(port), "provided port is already allocated"))
            } else if used[port] == transport {
                errors.append(.duplicate(path, .int(port)))
            }
            used[port] = transport
        }
        let known = old?[path: "spec", "ports"]?.array ?? []
        for index in ports.indices where (ports[index]["nodePort"]?.int ?? 0) == 0 {
            let same = known.first {
                $0["port"] == ports[index]["port"] && $0["protocol"] == ports[index]["protocol"]
                    && used[$0["nodePort"]?.int ?? 0] == nil
            }
            var port = same?["nodePort"]?.int ?? 0
            if port == 0 {
                repeat { port = Int64.random(in: Self.nodePorts) } while taken.contains(port) || used[port] != nil
            }
            used[port] = ports[index]["protocol"]?.string ?? "TCP"
            ports[index]["nodePort"] = .int(port)
        }
        service.set(.array(ports), at: ["spec", "ports"])
    }
}
