// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Which side of a federation a plan describes.
public enum Role: String, Sendable, Hashable, CaseIterable {
    /// The coordinator's side, with flow-server.
    case server
    /// A party's side, with flow-federate.
    case federate

    /// The modules that a plan of this role may name, in the order they are installed.
    public var modules: [Module] {
        Module.allCases.filter { $0 != (self == .server ? .flowFederate : .flowServer) }
    }

    /// The modules of a plan that does not say which: a federate only dials out, and needs no ingress controller.
    public var defaultModules: [Module] { self == .server ? modules : modules.filter { $0 != .ingressNginx } }
}

/// A component that a plan can name under `modules`; the cases stand in the order of installation.
public enum Module: String, Sendable, Hashable, CaseIterable {
    /// The database of the flow services.
    case mysql
    /// The scheduler of the server side.
    case flowServer = "flow-server"
    /// The scheduler of a federate.
    case flowFederate = "flow-federate"
    /// The IflearnerJob resource and its controller.
    case `operator`
    /// The ingress controller that parties reach on the training port.
    case ingressNginx = "ingress-nginx"

    /// The name in plans, values and records.
    public var name: String { rawValue }
}
