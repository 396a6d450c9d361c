// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Writes `Event` objects, counting repetitions instead of repeating them.
extension Cluster {
    /// Who reports an event.
    enum Reporter: String {
        case deployment = "deployment-controller"
        case replicaSet = "replicaset-controller"
        case statefulSet = "statefulset-controller"
        case daemonSet = "daemonset-controller"
        case job = "job-controller"
        case cronJob = "cronjob-controller"
        case scheduler = "default-scheduler"
        case kubelet = "kubelet"
        case volumes = "persistentvolume-controller"
        case provisioner = "sandbox.iflearnerctl.io/provisioner"
        case service = "service-controller"
        case disruption = "controllermanager"
    }

    /// Records something unless it is recorded already: for what lasts rather than happens.
    func recordOnce(
        _ reporter: Reporter, on object: Fields, warning: Bool = false, _ reason: String, _ message: String
    ) {
        guard state.object(eventKey(reporter, object, reason, message, "")) == nil else { return }
        record(reporter, on: object, warning: warning, reason, message)
    }

    private func eventKey(
        _ reporter: Reporter, _ object: Fields, _ reason: String, _ message: String, _ fieldPath: String
    ) -> ObjectKey {
        let identity = "\(object.objectUID)\n\(reason)\n\(message)\n\(reporter.rawValue)\n\(fieldPath)"
        return ObjectKey(
            .events, namespace: object.metadata.namespace.nonEmpty ?? "default",
            name: "\(object.objectName.prefix(236)).\(StableHash.hexadecimal(identity))")
    }

    /// Records that something happened to an object.
    ///
    /// A namespace that is going away takes no more events: that is no error. `warning` marks what people should worry about;
    /// `container` is the field that describes the container of a pod that the event is about.
    func record(
        _ reporter: Reporter, on object: Fields, warning: Bool = false, _ reason: String,
        _ message: String, container: String? = nil
    ) {
        let fieldPath = container ?? ""
        let key = eventKey(reporter, object, reason, message, fieldPath)
        let stamp: Value = .string("\(now)")
        if let known = state.object(key)?.value {
            var event = known
            event["count"] = .int((known["count"]?.int ?? 1) + 1)
            event["lastTimestamp"] = stamp
            do {
                try update(.events, event)
            } catch {
                // A lost count is no reason to fail what is being reported.
            }
            return
        }
        var involved: Value = [
            "apiVersion": object.apiVersion.value ?? "", "kind": object.kind.value ?? "",
            "name": .string(object.objectName), "uid": .string(object.objectUID),
            "resourceVersion": .string(object.metadata.resourceVersion.text),
        ]
        if let namespace = object.metadata.namespace.value { involved["namespace"] = namespace }
        if !fieldPath.isEmpty { involved["fieldPath"] = .string(fieldPath) }
        var source: Value = ["component": .string(reporter.rawValue)]
        if reporter == .kubelet { source["host"] = .string(Self.nodeName) }
        let event: Value = [
            "metadata": ["name": .string(key.name), "namespace": .string(key.namespace)], "involvedObject": involved,
            "reason": .string(reason), "message": .string(String(message.prefix(1024))), "source": source,
            "firstTimestamp": stamp, "lastTimestamp": stamp, "count": 1, "type": warning ? "Warning" : "Normal",
            "eventTime": .null, "reportingComponent": .string(reporter.rawValue),
            "reportingInstance": reporter == .kubelet ? .string(Self.nodeName) : "",
        ]
        do {
            try create(.events, event)
        } catch {
            // The namespace is terminating, or the event exists and has not reached us yet: events are best effort.
        }
    }
}
