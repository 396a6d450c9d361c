// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let configMaps = TableLayout(TableColumn.text("Data")) { map, _ in
        [.int(Int64(map.data.entries.count + map.binaryData.entries.count))]
    }

    static let secrets = TableLayout(TableColumn.text("Type", "Data")) { secret, _ in
        [.string(secret.type.text), .int(Int64(secret.data.entries.count))]
    }

    static let resourceQuotas = TableLayout(TableColumn.text("Request", "Limit")) { quota, _ in
        var requests: [String] = []
        var limits: [String] = []
        for (name, hard) in quota.status.hard.entries.sortedByKey {
            let used = quota.status.used[name].nonEmpty ?? "0"
            let text = "\(name): \(used)/\(hard.string ?? "")"
            if name.hasPrefix("limits.") { limits.append(text) } else { requests.append(text) }
        }
        return [.string(requests.joined(separator: ", ")), .string(limits.joined(separator: ", "))]
    }

    static let roleBindings = TableLayout(
        TableColumn.text("Role"), wide: TableColumn.wide("Users", "Groups", "ServiceAccounts"),
        cells: { binding, _ in [.string("\(binding.roleRef.kind.text)/\(binding.roleRef.name.text)")] },
        wideCells: { binding in
            func subjects(_ kind: String, _ text: (Fields) -> String) -> Value {
                .string(
                    binding.subjects.list.filter { $0.kind.text == kind }.map(text).joined(separator: ", "))
            }
            return [
                subjects("User", \.name.text), subjects("Group", \.name.text),
                subjects("ServiceAccount") { "\($0.namespace.text)/\($0.name.text)" },
            ]
        })

    static let webhookConfigurations = TableLayout(TableColumn.numbers("Webhooks")) { configuration, _ in
        [.int(Int64(configuration.webhooks.list.count))]
    }

    static func admissionPolicies(counting field: String) -> TableLayout {
        let heading = field.prefix(1).uppercased() + field.dropFirst()
        return TableLayout(TableColumn.numbers(heading) + TableColumn.text("ParamKind")) { policy, _ in
            let kind = policy.spec.paramKind
            return [
                .int(Int64(policy.spec[field].list.count)),
                kind.exists ? .string("\(kind.apiVersion.text)/\(kind.kind.text)") : Cells.unset,
            ]
        }
    }

    static let admissionPolicyBindings = TableLayout(TableColumn.text("PolicyName", "ParamRef")) { binding, _ in
        let reference = binding.spec.paramRef
        let name = reference.namespace.nonEmpty.map { "\($0)/\(reference.name.text)" } ?? reference.name.text
        return [
            .string(binding.spec.policyName.text), reference.exists ? .string(name) : Cells.unset,
        ]
    }

    static let events = TableLayout(
        exactly: TableColumn.text("Last Seen", "Type", "Reason", "Object") + TableColumn.wide("Subobject", "Source")
            + TableColumn.text("Message") + TableColumn.wide("First Seen", "Count")
            + [TableColumn(name: "Name", format: "name", priority: 1)]
    ) { event, now in
        // The same event in core/v1 and in events.k8s.io/v1, which renamed these fields.
        let object = event.involvedObject.exists ? event.involvedObject : event.regarding
        let message = event.message.nonEmpty ?? event.note.text
        let counted = event.count.number ?? event.deprecatedCount.number ?? 0
        let first =
            event.firstTimestamp.time ?? event.deprecatedFirstTimestamp.time ?? event.eventTime.time
        let last =
            event.series.lastObservedTime.time ?? event.lastTimestamp.time ?? event.deprecatedLastTimestamp.time
            ?? first
        let source = event.source.exists ? event.source : event.deprecatedSource
        let origin = source.component.nonEmpty ?? event.reportingComponent.nonEmpty ?? event.reportingController.text
        let host = source.host.nonEmpty ?? event.reportingInstance.nonEmpty
        return [
            .string(HumanDuration.since(last, now: now)), .string(event.type.text), .string(event.reason.text),
            .string("\(object.kind.text.lowercased())/\(object.name.text)"), .string(object.fieldPath.text),
            .string(host.map { "\(origin), \($0)" } ?? origin), .string(message),
            .string(HumanDuration.since(first, now: now)),
            .string("\(event.series.count.number ?? max(counted, 1))"), .string(event.metadata.name.text),
        ]
    }
}
