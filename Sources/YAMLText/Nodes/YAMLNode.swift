// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// One node of a YAML document, with the place where it was written.
///
/// Aliases are already replaced by what they name, and then carry the mark of the anchored node: that is the text a
/// person has to change. Merge keys (`<<`) are still ordinary pairs; ``value(_:)`` resolves them.
public struct YAMLNode: Sendable {
    /// What the node holds.
    public enum Content: Sendable {
        /// A text, not yet resolved to a number, a boolean or null.
        case scalar(YAMLScalar)
        /// A list.
        case sequence([YAMLNode])
        /// Keys and values in the order of the text; a key may occur twice.
        case mapping([YAMLPair])
    }

    /// What the node holds.
    public var content: Content
    /// The full tag (`tag:yaml.org,2002:int`, `!mine`), nil where none is written.
    public var tag: String?
    /// Where the node starts.
    public var mark: YAMLMark

    /// Makes a node.
    public init(_ content: Content, tag: String? = nil, mark: YAMLMark) {
        self.content = content
        self.tag = tag
        self.mark = mark
    }
}

/// A key with its value.
public struct YAMLPair: Sendable {
    /// The key; any node in YAML, nearly always a scalar.
    public var key: YAMLNode
    /// The value; an empty plain scalar where nothing is written.
    public var value: YAMLNode

    /// Makes a pair.
    public init(key: YAMLNode, value: YAMLNode) {
        self.key = key
        self.value = value
    }
}

/// The text of a scalar and how it was written.
public struct YAMLScalar: Sendable, Hashable {
    /// How a scalar is written.
    public enum Style: UInt8, Sendable {
        /// Without quotes: the only style that may mean a number, a boolean or null.
        case plain
        /// `'text'`.
        case singleQuoted
        /// `"text"`.
        case doubleQuoted
        /// `|`.
        case literal
        /// `>`.
        case folded
    }

    /// The text, with quotes removed and escapes resolved.
    public var text: String
    /// How it was written.
    public var style: Style

    /// Makes a scalar.
    public init(_ text: String, style: Style = .plain) {
        self.text = text
        self.style = style
    }
}

extension YAMLNode {
    /// The scalar, when the node is one.
    public var scalar: YAMLScalar? {
        if case .scalar(let scalar) = content { scalar } else { nil }
    }

    /// The items, when the node is a list.
    public var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    /// The pairs in the order of the text, when the node is a mapping.
    public var pairs: [YAMLPair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// True for a plain `null`, `~` or nothing at all.
    public var isNull: Bool {
        guard let scalar, scalar.style == .plain, tag == nil else { return tag == YAMLTag.null }
        return ScalarResolver.isNull(scalar.text)
    }

    /// The value of a key of a mapping (the last, where it is written twice), nil for anything else.
    public subscript(key: String) -> YAMLNode? {
        pairs?.last { $0.key.scalar?.text == key }?.value
    }
}

/// The tags that mean something to Kubernetes and Helm.
enum YAMLTag {
    static let prefix = "tag:yaml.org,2002:"
    static let null = "tag:yaml.org,2002:null"
    static let bool = "tag:yaml.org,2002:bool"
    static let int = "tag:yaml.org,2002:int"
    static let float = "tag:yaml.org,2002:float"
    static let string = "tag:yaml.org,2002:str"
    static let timestamp = "tag:yaml.org,2002:timestamp"
    static let binary = "tag:yaml.org,2002:binary"
    static let merge = "tag:yaml.org,2002:merge"

    /// `!!int` for `tag:yaml.org,2002:int`: as it is written in files.
    static func short(_ tag: String) -> String {
        tag.hasPrefix(prefix) ? "!!" + tag.dropFirst(prefix.count) : tag
    }
}
