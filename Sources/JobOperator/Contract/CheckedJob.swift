// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Formats
import Values

/// A job whose `spec` is what it must be (D10, D11, D21): whatever works with it need not ask again.
///
/// The API server checks little of it, and users write anything: every value is looked at before it is used, and what
/// does not fit is a sentence in the status instead of a crash that would stop the jobs of everybody else.
struct CheckedJob: Sendable, Hashable {
    /// The job as the server has it.
    let job: IflearnerJob
    /// `spec.role`.
    let role: JobRole
    /// `spec.host`: a DNS name, or one with `*` for its first label.
    let host: String
    /// The labels and annotations of the template.
    let labels: Mapping
    let annotations: Mapping
    /// The template's `spec`, without nulls.
    let podSpec: Mapping
    /// The containers; there is at least one.
    let containers: [Mapping]

    var key: JobKey { job.key }

    /// Checks a job.
    init(_ job: IflearnerJob) throws(JobRefusal) {
        self.job = job
        try Self.checkName(job.key.name)
        let spec = try SpecReader.root(job.object["spec"], "spec")
        let roleWord = try spec.text("role")
        guard let role = JobRole(rawValue: roleWord) else {
            throw spec.wrong("role", "is '\(SpecReader.shown(roleWord))': it must be server or client")
        }
        self.role = role
        host = try spec.text("host")
        if let fault = Self.hostFault(host) { throw spec.wrong("host", "is '\(SpecReader.shown(host))': it \(fault)") }
        _ = try spec.optionalText("schedulername")
        let template = try spec.below("template")
        let metadata = try template.optionalBelow("metadata")
        labels = try metadata?.texts("labels") ?? Mapping()
        annotations = try metadata?.texts("annotations") ?? Mapping()
        let pod = try template.below("spec")
        containers = try pod.list("containers") ?? []
        guard !containers.isEmpty else {
            throw pod.wrong("containers", pod.has("containers") ? "is empty: a pod needs one" : "is missing")
        }
        for (index, container) in containers.enumerated() {
            let reader = SpecReader(path: "\(pod.path).containers[\(index)]", fields: container)
            for key in ["name", "image"] { _ = try reader.text(key) }
            _ = try reader.list("volumeMounts")
        }
        _ = try pod.list("initContainers")
        _ = try pod.list("volumes")
        podSpec = pod.fields
    }

    /// Every object of the job bears its name, and a Service's is the narrowest: a label that begins with a letter.
    private static func checkName(_ name: String) throws(JobRefusal) {
        let count = name.utf8.count
        guard count <= 63 else {
            throw JobRefusal(
                .nameTooLong,
                "metadata.name has \(count) characters: at most 63 are possible, for its Service has the same name")
        }
        guard Names.dnsLabelFault(name, longest: 63) == nil, name.utf8.first.map(Names.isLowercase) == true else {
            throw JobRefusal(
                .invalidSpec,
                "metadata.name is '\(SpecReader.shown(name))': its Service has the same name, which must begin with a "
                    + "lowercase letter and have nothing but lowercase letters, digits and '-'")
        }
    }

    private static func hostFault(_ host: String) -> String? {
        guard !Addresses.isAddress(host) else { return "must be a DNS name and not an IP address" }
        let name = host.hasPrefix("*.") ? String(host.dropFirst(2)) : host
        // A wildcard covers one label of a domain: `*.` alone, or of nothing, is none.
        return Names.dnsSubdomainFault(name)
    }
}
