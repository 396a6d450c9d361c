// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The media type of a request body.
enum ContentType {
    case json
    case yaml
    case protobuf
    case patch(PatchKind)

    /// Reads the header; a missing one means JSON.
    ///
    /// Nil for a type that is not understood.
    init?(_ header: String?) {
        let text = (header ?? "").prefix { $0 != ";" }.filter { $0 != " " }.lowercased()
        switch text {
        case "", "application/json": self = .json
        case "application/yaml": self = .yaml
        case "application/vnd.kubernetes.protobuf": self = .protobuf
        default:
            guard let kind = PatchKind(rawValue: text) else { return nil }
            self = .patch(kind)
        }
    }
}
