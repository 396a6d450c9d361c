// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// What a job's certificates lack (D14, D15, D18).
///
/// Without them a client's pod hangs in ContainerCreating, and an Ingress shows a certificate that no trainer trusts; both
/// look healthy. The job's objects are made all the same: whoever adds what is missing has nothing else to do.
struct CertificateCheck: Sendable {
    let lookup: PrerequisiteLookup

    private enum Finding {
        case present, unreadable
        case lacking(JobCondition)
    }

    /// The condition CertificatesPresent.
    ///
    /// A pod that has started has mounted its certificates: they were there.
    func condition(for job: CheckedJob, hasIngress: Bool, hasStarted: Bool) async -> JobCondition {
        var findings: [Finding] = []
        if job.role == .client, !hasStarted {
            for root in JobContract.trustRoots { findings.append(await trustRoot(root, job.key.namespace)) }
        }
        if hasIngress { findings.append(await tlsSecret(for: job)) }
        for case .lacking(let condition) in findings { return condition }
        if findings.contains(where: { if case .unreadable = $0 { true } else { false } }) {
            return JobCondition(
                .certificatesPresent, .unknown, "NotReadable", "the controller may not read the certificates' objects")
        }
        return JobCondition(.certificatesPresent, .yes, "Found", "")
    }

    private func trustRoot(_ root: JobContract.TrustRoot, _ namespace: String) async -> Finding {
        let object = ObjectKey(.configMap, namespace: namespace, name: root.configMap)
        let command =
            "kubectl create configmap \(root.configMap) -n \(namespace) --from-file=\(root.key)=<certificate of the CA>"
        return finding(
            await lookup.presence(of: object, keys: [root.key]), object, "ConfigMapMissing",
            "the trainer's pod cannot start without it", command)
    }

    private func tlsSecret(for job: CheckedJob) async -> Finding {
        let name = JobContract.tlsSecret(for: job.role)
        let object = ObjectKey(.secret, namespace: job.key.namespace, name: name)
        let command =
            "kubectl create secret tls \(name) -n \(job.key.namespace) --cert=<certificate> --key=<private key>"
        return finding(
            await lookup.presence(of: object, keys: ["tls.crt", "tls.key"]), object, "TLSSecretMissing",
            "the Ingress shows a certificate that no trainer trusts", command)
    }

    private func finding(
        _ presence: PrerequisiteLookup.Presence, _ object: ObjectKey, _ reason: String, _ effect: String,
        _ command: String
    ) -> Finding {
        switch presence {
        case .present: .present
        case .unreadable: .unreadable
        case .missing:
            .lacking(
                JobCondition(
                    .certificatesPresent, .no, reason,
                    "there is no \(object.longDescription): \(effect); "
                        + "make it: \(command)"))
        case .incomplete(let keys):
            .lacking(
                JobCondition(
                    .certificatesPresent, .no, reason,
                    "\(object.longDescription) has no "
                        + "\(keys.joined(separator: ", ")): \(effect); delete it and make it: \(command)"))
        }
    }
}
