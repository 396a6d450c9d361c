// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The beginning of image references, as an allow-list names it: `harbor.example/`, `ghcr.io/iflytek/`, `python:3.9`.
///
/// It covers whole parts only: `ghcr.io/iflytek` covers `ghcr.io/iflytek/iflearner`, not `ghcr.io/iflytek-evil/x`. With a tag
/// or a digest it covers images with exactly that one.
public struct ImagePrefix: Sendable, Hashable {
    /// What was written.
    public let text: String
    private let host: String
    private let parts: [Substring]
    private let tag: String?
    private let digest: String?

    /// Reads a beginning; nil when ``fault(_:)`` has something to say.
    ///
    /// A first part with a dot or a port is a registry's host, else the images are Docker Hub's, as in image references.
    public init?(_ text: String) {
        guard Self.fault(text) == nil else { return nil }
        self.text = text
        let isFolder = text.hasSuffix("/")
        let name = isFolder ? String(text.dropLast()) : text
        if Self.isRegistry(name) {
            (host, parts, tag, digest) = (ImageName(name + "/x")?.host ?? "", [], nil, nil)
            return
        }
        // A folder of Docker Hub is written out by what lies in it, for `iflytek` alone would be an official image.
        guard let image = ImageName(isFolder ? name + "/x" : name) else { return nil }
        let path = image.path.split(separator: "/")
        (host, parts) = (image.host, isFolder ? path.dropLast() : path)
        (tag, digest) = (image.tag, image.digest)
    }

    /// Whether an image begins so.
    public func covers(_ image: ImageName) -> Bool {
        guard image.host == host else { return false }
        let path = image.path.split(separator: "/", omittingEmptySubsequences: false)
        guard tag != nil || digest != nil else { return path.starts(with: parts) }
        return path.elementsEqual(parts) && (tag == nil || image.tag == tag)
            && (digest == nil || image.digest == digest)
    }

    /// Why a text is not the beginning of image references; the rest of a sentence.
    public static func fault(_ text: String) -> String? {
        if text.contains("*") { return "is a pattern: a beginning is enough, without '*'" }
        let name = text.hasSuffix("/") ? String(text.dropLast()) : text
        if isRegistry(name) { return ImageName.fault(name + "/x") }
        if text.hasSuffix("/"), name.contains("@") { return "has a digest and a '/' behind it" }
        return ImageName.fault(text.hasSuffix("/") ? name + "/x" : name)
    }

    /// A part alone that can be nothing but a host: no official image of Docker Hub has a dot or a port in its name.
    private static func isRegistry(_ name: String) -> Bool {
        guard !name.contains("/"), !name.contains("@") else { return false }
        let host = name.prefix { $0 != ":" }
        return host.contains(".") || host == "localhost"
    }
}
