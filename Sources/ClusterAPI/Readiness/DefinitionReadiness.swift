// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges what extends or divides the API: definitions, API services, namespaces, autoscalers.
enum DefinitionReadiness {
    static func definition(_ object: KubernetesObject) -> Readiness {
        if let names = object.condition("NamesAccepted"), names.status == .no {
            return .failed(names.reason.isEmpty ? "NamesNotAccepted" : names.reason, names.message)
        }
        let established = object.condition("Established")
        if established?.status == .yes { return .ready }
        if let established, established.status == .no, established.reason != "Installing", !established.reason.isEmpty {
            return .failing(established.reason, established.message)
        }
        return .progressing("Installing", "the API for it is being set up")
    }

    static func apiService(_ object: KubernetesObject) -> Readiness {
        let available = object.condition("Available")
        if available?.status == .yes { return .ready }
        return .progressing(available?.reason ?? "NotAvailable", available?.message ?? "its server was not asked yet")
    }

    static func namespace(_ object: KubernetesObject) -> Readiness {
        guard object.deletionTimestamp != nil || object["status", "phase"]?.string == "Terminating" else {
            return .ready
        }
        let remaining = object.conditions.filter {
            $0.status == .yes && ($0.type.hasSuffix("Remaining") || $0.type.hasSuffix("Failure"))
        }
        let message = remaining.map(\.message).filter { !$0.isEmpty }.joined(separator: "; ")
        return .progressing("Terminating", message.isEmpty ? "it is being deleted" : "it is being deleted: \(message)")
    }

    static func autoscaler(_ object: KubernetesObject) -> Readiness {
        guard let active = object.condition("ScalingActive"), active.status == .no, active.reason != "ScalingDisabled"
        else { return .ready }
        return .ready(warning: "it cannot scale: \(active.message.isEmpty ? active.reason : active.message)")
    }
}
