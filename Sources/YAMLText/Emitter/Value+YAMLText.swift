// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// The order of keys in YAML that is written.
public enum YAMLKeyOrder: Sendable, Hashable {
    /// As in the value: what a person wrote stays where it was.
    case given
    /// As Helm's `toYaml` sorts: runs of digits count as numbers, other characters sort before letters.
    case natural
}

/// The layout of YAML that is written.
public enum YAMLStyle: Sendable, Hashable {
    /// As Helm's `toYaml`: sequences start at the column of their key, long text is folded after column 80.
    case helm
    /// As Helm's `toYamlPretty`: sequences are indented below their key, nothing is folded.
    case indented
}

extension Value {
    /// The value as YAML text in UTF-8, ending in a line break.
    ///
    /// Prints byte for byte what Helm's `toYaml` prints (Go's yaml v2 after a detour through JSON): sequences are not
    /// indented below their key, text is folded at the first space after column 80, doubles without a fraction print as
    /// integers.
    public func yaml(keys: YAMLKeyOrder = .natural, style: YAMLStyle = .helm) -> [UInt8] {
        var emitter = YAMLEmitter(keys: keys, style: style)
        emitter.document(self)
        return emitter.output
    }

    /// The value as YAML text, ending in a line break; see `yaml(keys:style:)`.
    public func yamlString(keys: YAMLKeyOrder = .natural, style: YAMLStyle = .helm) -> String {
        String(decoding: yaml(keys: keys, style: style), as: UTF8.self)
    }
}
