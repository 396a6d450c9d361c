// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The templates that can be called by name.
///
/// A set made by `tpl` sees those of the set around it.
final class TemplateSet {
    private var templates: [ByteKey: Template] = [:]
    /// Templates refer to their files without owning them.
    private var files: [TemplateFile] = []
    private let outer: TemplateSet?

    init(inside outer: TemplateSet? = nil) {
        self.outer = outer
    }

    /// Adds what a file defines.
    ///
    /// Later definitions win, except that a blank one never replaces another.
    func add(_ file: TemplateFile) {
        files.append(file)
        for template in file.templates where !(template.isBlank && self[template.name] != nil) {
            templates[ByteKey(template.name)] = template
        }
    }

    subscript(name: Bytes) -> Template? {
        templates[ByteKey(name)] ?? outer?[name]
    }
}
