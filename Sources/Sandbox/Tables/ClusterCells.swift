// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    static let nodes = TableLayout(
        exactly: [.objectName] + TableColumn.text("Status", "Roles") + [.age] + TableColumn.text("Version")
            + TableColumn.wide("Internal-IP", "External-IP", "OS-Image", "Kernel-Version", "Container-Runtime")
    ) { node, now in
        let prefix = "node-role.kubernetes.io/"
        let roles = node.metadata.labels.entries.keys.filter { $0.hasPrefix(prefix) }.map {
            String($0.dropFirst(prefix.count))
        }
        let ready = node.condition("Ready")
        var status = ready.exists ? (ready.status.text == "True" ? "Ready" : "NotReady") : "Unknown"
        if node.spec.unschedulable.isTrue { status += ",SchedulingDisabled" }
        func address(_ type: String) -> Value {
            Cells.text(node.status.addresses.list.first { $0.type.text == type }?.address ?? Fields(nil))
        }
        let info = node.status.nodeInfo
        return [
            .string(node.metadata.name.text), .string(status), Cells.joined(roles.sorted()),
            .string(HumanDuration.since(node.metadata.creationTimestamp.time, now: now)),
            .string(info.kubeletVersion.text), address("InternalIP"), address("ExternalIP"),
            .string(info.osImage.nonEmpty ?? "<unknown>"), .string(info.kernelVersion.nonEmpty ?? "<unknown>"),
            .string(info.containerRuntimeVersion.nonEmpty ?? "<unknown>"),
        ]
    }

    static let namespaces = TableLayout(TableColumn.text("Status")) { namespace, _ in
        [.string(namespace.status.phase.text)]
    }

    static let componentStatuses = TableLayout(
        exactly: [.objectName] + TableColumn.text("Status", "Message", "Error")
    ) { component, _ in
        let healthy = component.conditions.list.first { $0.type.text == "Healthy" } ?? Fields(nil)
        let status = healthy.status.text == "True" ? "Healthy" : "Unhealthy"
        return [
            .string(component.metadata.name.text), .string(status), .string(healthy.message.text),
            .string(healthy.error.text),
        ]
    }

    static let leases = TableLayout(TableColumn.text("Holder")) { lease, _ in
        [.string(lease.spec.holderIdentity.text)]
    }

    static let priorityClasses = TableLayout(
        exactly: [.objectName] + TableColumn.numbers("Value")
            + [TableColumn(name: "Global-Default", type: "boolean"), .age] + TableColumn.text("PreemptionPolicy")
    ) { priority, now in
        [
            .string(priority.metadata.name.text), Cells.number(priority["value"]),
            .bool(priority.globalDefault.isTrue),
            .string(HumanDuration.since(priority.metadata.creationTimestamp.time, now: now)),
            .string(priority.preemptionPolicy.text),
        ]
    }

    static let runtimeClasses = TableLayout(TableColumn.text("Handler")) { runtime, _ in
        [.string(runtime.handler.text)]
    }

    static let apiServices = TableLayout(TableColumn.text("Service", "Available")) { service, _ in
        let backend = service.spec.service
        let available = service.condition("Available")
        let answer = available.status.nonEmpty ?? "Unknown"
        return [
            .string(backend.exists ? "\(backend.namespace.text)/\(backend.name.text)" : "Local"),
            .string(answer == "True" ? answer : answer + (available.reason.nonEmpty.map { " (\($0))" } ?? "")),
        ]
    }

    static let certificateSigningRequests = TableLayout(
        exactly: [.objectName, .age] + TableColumn.text("SignerName", "Requestor", "RequestedDuration", "Condition")
    ) { request, now in
        let duration = request.spec.expirationSeconds.number
        let conditions = request.status.conditions.list.map(\.type.text)
        let verdict =
            conditions.contains("Denied") ? "Denied" : conditions.contains("Approved") ? "Approved" : "Pending"
        let failed = conditions.contains("Failed") ? ",Failed" : ""
        let issued = request.status.certificate.nonEmpty == nil ? "" : ",Issued"
        return [
            .string(request.metadata.name.text),
            .string(HumanDuration.since(request.metadata.creationTimestamp.time, now: now)),
            Cells.text(request.spec.signerName), .string(request.spec.username.text),
            duration.map { .string(HumanDuration.text(.seconds($0))) } ?? Cells.none,
            .string(verdict + failed + issued),
        ]
    }

    static let flowSchemas = TableLayout(
        exactly: [.objectName] + TableColumn.text("PriorityLevel", "MatchingPrecedence", "DistinguisherMethod")
            + [.age] + TableColumn.text("MissingPL")
    ) { schema, now in
        [
            .string(schema.metadata.name.text), Cells.text(schema.spec.priorityLevelConfiguration.name),
            Cells.number(schema.spec.matchingPrecedence), Cells.text(schema.spec.distinguisherMethod.type),
            .string(HumanDuration.since(schema.metadata.creationTimestamp.time, now: now)),
            .string(schema.condition("Dangling").status.nonEmpty ?? "?"),
        ]
    }

    static let priorityLevels = TableLayout(
        TableColumn.text("Type", "NominalConcurrencyShares", "Queues", "HandSize", "QueueLengthLimit")
    ) { level, _ in
        let limited = level.spec.limited
        let queuing = limited.limitResponse.queuing
        return [
            .string(level.spec.type.text), count(limited.nominalConcurrencyShares), count(queuing.queues),
            count(queuing.handSize), count(queuing.queueLengthLimit),
        ]
    }

    static let resourceClaims = TableLayout(TableColumn.text("State")) { claim, _ in
        var states: [String] = claim.metadata.deletionTimestamp.exists ? ["deleted"] : []
        states.append(claim.status.allocation.exists ? "allocated" : "pending")
        if !claim.status.reservedFor.list.isEmpty { states.append("reserved") }
        return [Cells.joined(states)]
    }

    static let resourceSlices = TableLayout(TableColumn.text("Node", "Driver", "Pool")) { slice, _ in
        [
            .string(slice.spec.nodeName.nonEmpty ?? "<all>"), .string(slice.spec.driver.text),
            .string(slice.spec.pool.name.text),
        ]
    }

    private static func count(_ field: Fields) -> Value { field.number.map { .string("\($0)") } ?? Cells.none }
}
