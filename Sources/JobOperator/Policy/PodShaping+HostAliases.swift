// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

extension JobPolicy {
    /// The name that a client's pod needs in its hosts file: that of the task's server; nil where it needs none.
    ///
    /// It is what `--server=HOST:PORT` of the first container names, as flow writes it, else `spec.host`. An address needs
    /// no name, and a name that the task has an alias for keeps it.
    public func aliasedHost(of draft: PodDraft, for job: IflearnerJob) -> String? {
        guard hostAliases != nil, job.role == .client else { return nil }
        let host = (Self.serverHost(draft.spec["containers"]?[0]) ?? job.host).lowercased()
        guard !host.isEmpty, !Addresses.isAddress(host), Names.dnsSubdomainFault(host) == nil else { return nil }
        let own = (draft.spec["hostAliases"]?.array ?? []).flatMap { $0["hostnames"]?.array ?? [] }
        return own.contains(.string(host)) ? nil : host
    }

    private static func serverHost(_ container: Value?) -> String? {
        let words = ["command", "args"].flatMap { container?[$0]?.array ?? [] }.map { $0.string ?? "" }
        for (index, word) in words.enumerated() {
            var target: Substring?
            if word.hasPrefix("--server=") { target = word.dropFirst("--server=".count) }
            if word == "--server", words.indices.contains(index + 1) { target = words[index + 1][...] }
            guard let target else { continue }
            // An address in brackets has colons of its own.
            guard !target.hasPrefix("["), let colon = target.lastIndex(of: ":") else { return String(target) }
            return String(target[..<colon])
        }
        return nil
    }
}

extension PodShaping {
    /// Writes a name into the pod's hosts file; of what is no address, nothing is written.
    mutating func addAlias(_ host: String, _ address: String) {
        guard Addresses.isAddress(address) else { return }
        var aliases = spec["hostAliases"]?.array ?? []
        // The list is merged by address: there must be one entry for each.
        if let index = aliases.firstIndex(where: { $0["ip"]?.string == address }) {
            let names = aliases[index]["hostnames"]?.array ?? []
            aliases[index]["hostnames"] = .array(names + [.string(host)])
        } else {
            aliases.append(["ip": .string(address), "hostnames": [.string(host)]])
        }
        spec["hostAliases"] = .array(aliases)
        changes.append("hostAliases: \(host) is \(address)")
    }
}
