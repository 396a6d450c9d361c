// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a client can read, by its `Accept` header.
struct Accept: Sendable {
    /// The form of an answer.
    enum Form: Sendable, Equatable {
        case json
        case yaml
        /// A `Table` of a version of `meta.k8s.io`.
        case table(String)
        /// `PartialObjectMetadata`, or a list of them, of a version of `meta.k8s.io`.
        case metadata(String)
        /// Aggregated discovery of a version of `apidiscovery.k8s.io`.
        case discovery(String)
    }

    /// One media type with its parameters.
    private struct Clause {
        let type: String
        let parameters: [String: String]
    }

    private let clauses: [Clause]

    /// Reads the header; a missing one accepts everything.
    init(_ header: String?) {
        let text = header.flatMap { $0.isEmpty ? nil : $0 } ?? "*/*"
        clauses = text.split(separator: ",").map { part in
            let pieces = part.split(separator: ";").map { piece in piece.filter { $0 != " " } }
            var parameters: [String: String] = [:]
            for piece in pieces.dropFirst() {
                let sides = piece.split(separator: "=", maxSplits: 1)
                if sides.count == 2 { parameters[String(sides[0])] = String(sides[1]) }
            }
            return Clause(type: pieces.first?.lowercased() ?? "", parameters: parameters)
        }
    }

    /// The form to answer with; nil when the client can read none of ours.
    ///
    /// Clients that prefer protobuf always accept JSON too.
    func form(transformed: Bool = true, discovery: Bool = false, newest: Bool = true) -> Form? {
        for clause in clauses {
            switch clause.type {
            case "application/json", "*/*", "application/*":
                guard let kind = clause.parameters["as"] else { return .json }
                guard clause.parameters["g"] != nil, let version = clause.parameters["v"] else { continue }
                switch (kind, clause.parameters["g"]) {
                case ("Table", "meta.k8s.io") where transformed && ["v1", "v1beta1"].contains(version):
                    return .table(version)
                case ("PartialObjectMetadata", "meta.k8s.io") where transformed,
                    ("PartialObjectMetadataList", "meta.k8s.io") where transformed:
                    return .metadata(version)
                case ("APIGroupDiscoveryList", "apidiscovery.k8s.io")
                where discovery && (version == "v2beta1" || (version == "v2" && newest)):
                    return .discovery(version)
                default: continue
                }
            case "application/yaml": return .yaml
            default: continue
            }
        }
        // A typed client that names nothing but protobuf can read nothing else; kubectl and client-go always add JSON.
        return nil
    }
}
