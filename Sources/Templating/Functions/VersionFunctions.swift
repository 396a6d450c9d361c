// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Semantic versions.
enum VersionFunctions {
    static let all: [Function] = [
        Function("semver", [.string]) { _, values in .object(VersionObject(try version(values.text(0)))) },
        Function("semverCompare", [.string, .string]) { _, values in
            guard let constraint = VersionConstraint(values.text(0).text) else {
                throw GoError("improper constraint: \(values.text(0).text)")
            }
            return .bool(constraint.allows(try version(values.text(1))))
        },
    ]

    static func version(_ text: Bytes) throws -> SemanticVersion {
        guard let version = SemanticVersion(text.text) else { throw GoError("invalid semantic version") }
        return version
    }
}

/// What `semver` gives.
final class VersionObject: GoObject {
    private let version: SemanticVersion

    init(_ version: SemanticVersion) {
        self.version = version
    }

    override var type: GoType { .named("*semver.Version", kind: .pointer) }
    override var printed: Bytes { Bytes(version.description) }
    override var encoded: GoValue { .text(version.description) }

    override func equals(_ other: GoObject) -> Bool {
        (other as? VersionObject).map { $0.version == version } ?? false
    }

    override func method(_ name: Bytes) -> Method? {
        switch name.text {
        case "Major": Method { [version] _ in .uint64(version.major) }
        case "Minor": Method { [version] _ in .uint64(version.minor) }
        case "Patch": Method { [version] _ in .uint64(version.patch) }
        case "Prerelease": Method { [version] _ in .text(version.prerelease) }
        case "Metadata": Method { [version] _ in .text(version.metadata) }
        case "Original": Method { [version] _ in .text(version.original) }
        case "String": Method { [version] _ in .text(version.description) }
        case "Compare":
            Method([.named("*semver.Version", kind: .pointer)]) { [version] values in
                .int(version.compare(try Self.other(values)))
            }
        case "Equal":
            Method([.named("*semver.Version", kind: .pointer)]) { [version] values in
                .bool(version.compare(try Self.other(values)) == 0)
            }
        case "LessThan":
            Method([.named("*semver.Version", kind: .pointer)]) { [version] values in
                .bool(version.compare(try Self.other(values)) < 0)
            }
        case "GreaterThan":
            Method([.named("*semver.Version", kind: .pointer)]) { [version] values in
                .bool(version.compare(try Self.other(values)) > 0)
            }
        default: nil
        }
    }

    private static func other(_ values: [GoValue]) throws -> SemanticVersion {
        guard case .object(let object) = values[0], let other = object as? VersionObject else {
            throw GoError.nilPointer()
        }
        return other.version
    }
}
