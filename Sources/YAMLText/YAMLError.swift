// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a text cannot be read as YAML.
public struct YAMLError: Error, Sendable, Hashable {
    /// What kind of reason it is.
    public enum Kind: Sendable, Hashable {
        /// More bytes than the limit.
        case tooLarge
        /// Not UTF-8, or characters that YAML does not allow.
        case encoding
        /// Not YAML.
        case syntax
        /// An unknown or self-containing anchor, or aliases that stand for too much.
        case alias
        /// Nested too deeply.
        case depth
        /// More than one document where one is expected.
        case documents
        /// Well-formed, but no value: a bad `!!int`, `.nan`, a key that is a list, a merge of something else.
        case value
    }

    /// What kind of reason it is.
    public let kind: Kind
    /// The reason for people, with its place.
    public let diagnostic: Diagnostic
    /// The reason in the words of Go's yaml package (`yaml: line 2: did not find expected key`), which Helm and kubectl
    /// quote.
    public let goMessage: String
}
