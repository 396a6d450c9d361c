// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Rollout
public import Values

/// What a launcher tells the worker it starts: the job, and where the cluster is.
///
/// It holds no secret.
public struct WorkerInstructions: Sendable {
    /// The job and what was decided about it.
    public var handOver: HandOver
    /// The rendered definitions, which revisions know by digest only.
    public var definitions: [Value]
    /// Where the cluster is.
    public var connection: ConnectionReference

    /// Puts instructions together.
    public init(handOver: HandOver, definitions: [Value], connection: ConnectionReference) {
        self.handOver = handOver
        self.definitions = definitions
        self.connection = connection
    }

    /// The text for the worker's standard input.
    public var json: Value {
        ["handOver": handOver.json, "definitions": .array(definitions), "connection": connection.json]
    }

    /// Reads the text; nil when it is something else.
    public init?(json: Value) {
        guard let handOver = json["handOver"].flatMap(HandOver.init(json:)),
            let connection = json["connection"].flatMap(ConnectionReference.init(json:))
        else { return nil }
        self.init(handOver: handOver, definitions: json["definitions"]?.array ?? [], connection: connection)
    }
}

/// How to reach the same cluster from another folder: which kubeconfig, and which context of it.
public struct ConnectionReference: Sendable, Hashable {
    /// Absolute paths of kubeconfig files, in their order; empty inside a cluster.
    public var kubeconfigs: [String]
    /// The name of the context; nil inside a cluster.
    public var context: String?

    /// Names a connection.
    public init(kubeconfigs: [String], context: String?) {
        self.kubeconfigs = kubeconfigs
        self.context = context
    }

    /// As part of the instructions.
    public var json: Value {
        var fields: Mapping = ["kubeconfigs": .array(kubeconfigs.map(Value.string))]
        if let context { fields["context"] = .string(context) }
        return .mapping(fields)
    }

    /// Reads a part of the instructions; nil when it is something else.
    public init?(json: Value) {
        guard let paths = json["kubeconfigs"]?.array?.compactMap(\.string) else { return nil }
        self.init(kubeconfigs: paths, context: json["context"]?.string)
    }
}
