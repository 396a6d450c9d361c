// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Builds the nodes of documents from events, replacing aliases and counting what they cost.
struct Composer {
    let source: SourceText
    let limits: YAMLLimits

    private var stack: [Frame] = []
    private var anchors: [String: Anchored] = [:]
    private var aliasedNodes = 0
    private var root: YAMLNode?

    init(source: SourceText, limits: YAMLLimits) {
        self.source = source
        self.limits = limits
    }

    /// A list or mapping that is still open.
    private struct Frame {
        var isMapping: Bool
        var tag: String?
        var anchor: String?
        var mark: YAMLMark
        var items: [YAMLNode] = []
        var pairs: [YAMLPair] = []
        var key: YAMLNode?
        var size = 1
        var height = 1
    }

    /// A finished node that an alias may stand for; its size counts all nodes in it, aliases expanded.
    private struct Anchored {
        var node: YAMLNode
        var size: Int
        var height: Int
    }

    /// The next document, or nil at the end of the stream.
    ///
    /// An empty document is a null scalar.
    mutating func nextDocument(_ reader: inout EventReader) throws(YAMLError) -> YAMLNode? {
        stack = []
        anchors = [:]
        aliasedNodes = 0
        root = nil
        while true {
            let (event, mark) = try reader.next()
            switch event {
            case .streamStart, .documentStart: continue
            case .documentEnd: return root
            case .streamEnd: return nil
            case .scalar(let scalar, let tag, let anchor):
                place(YAMLNode(.scalar(scalar), tag: tag, mark: mark), size: 1, height: 0, anchor: anchor)
            case .sequenceStart(let tag, let anchor):
                try open(Frame(isMapping: false, tag: tag, anchor: anchor, mark: mark))
            case .mappingStart(let tag, let anchor):
                try open(Frame(isMapping: true, tag: tag, anchor: anchor, mark: mark))
            case .containerEnd:
                guard let frame = stack.popLast() else { continue }
                let content: YAMLNode.Content = frame.isMapping ? .mapping(frame.pairs) : .sequence(frame.items)
                place(
                    YAMLNode(content, tag: frame.tag, mark: frame.mark), size: frame.size, height: frame.height,
                    anchor: frame.anchor)
            case .alias(let name):
                try expand(name, at: mark)
            }
        }
    }

    private mutating func open(_ frame: Frame) throws(YAMLError) {
        guard stack.count < limits.depth else { throw tooDeep(at: frame.mark) }
        stack.append(frame)
    }

    private mutating func place(_ node: YAMLNode, size: Int, height: Int, anchor: String?) {
        if let anchor { anchors[anchor] = Anchored(node: node, size: size, height: height) }
        guard let top = stack.indices.last else {
            root = node
            return
        }
        stack[top].size += size
        stack[top].height = max(stack[top].height, height + 1)
        if !stack[top].isMapping {
            stack[top].items.append(node)
        } else if let key = stack[top].key {
            stack[top].pairs.append(YAMLPair(key: key, value: node))
            stack[top].key = nil
        } else {
            stack[top].key = node
        }
    }

    private mutating func expand(_ name: String, at mark: YAMLMark) throws(YAMLError) {
        if let open = stack.last(where: { $0.anchor == name }) {
            throw source.error(
                .alias, "anchor '\(name)' contains itself", at: mark,
                notes: [("the anchor is defined here", open.mark)],
                go: "anchor '\(name)' value contains itself")
        }
        guard let anchored = anchors[name] else {
            throw source.error(
                .alias, "unknown anchor '\(name)'", at: mark,
                hint: "define it above with '&\(name)', or quote a value that starts with '*'",
                go: "unknown anchor '\(name)' referenced")
        }
        aliasedNodes += anchored.size
        guard aliasedNodes <= limits.aliasedNodes else {
            throw source.error(
                .alias, "aliases stand for more than \(limits.aliasedNodes) values", at: mark,
                hint: "write the values out, without aliases to aliases", go: "document contains excessive aliasing")
        }
        guard stack.count + anchored.height <= limits.depth else { throw tooDeep(at: mark) }
        place(anchored.node, size: anchored.size, height: anchored.height, anchor: nil)
    }

    private func tooDeep(at mark: YAMLMark) -> YAMLError {
        source.error(
            .depth, "lists and mappings are nested deeper than \(limits.depth) levels", at: mark,
            go: "exceeded max depth of \(limits.depth)")
    }
}
