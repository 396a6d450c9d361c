// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension JobPolicy {
    /// The annotation of a pod that lists what was changed, a line for each change.
    public static let changesAnnotation = "iflearnerctl.io/changes"

    /// Fits a pod to the cluster: fills what the task leaves out, and keeps it where a task is to stay.
    ///
    /// What a task states is never overridden, except its images and folders, which are mapped, and what would lead it out
    /// of its pod, which is refused. Shaping what is shaped already changes nothing.
    ///
    /// - Parameters:
    ///   - draft: The pod; its `app` label is its own.
    ///   - job: What it is made for.
    ///   - address: What the task's server is reached at, where ``aliasedHost(of:for:)`` asks for it.
    ///   - hasSeccompField: Whether the cluster knows `seccompProfile`, which came with Kubernetes 1.19.
    /// - Throws: why the policy does not allow the task; the draft is unchanged then.
    public func shape(
        _ draft: inout PodDraft, for job: IflearnerJob, address: String? = nil, hasSeccompField: Bool = true
    ) throws(JobRefusal) {
        var shaping = try PodShaping(self, draft)
        try shaping.confine()
        try shaping.check()
        try shaping.mapImages()
        try shaping.mapFolders()
        shaping.addPullSecrets()
        shaping.addResources()
        shaping.addScheduling()
        shaping.addSharedMemory()
        shaping.addVariables()
        shaping.addLabels()
        shaping.addSecurityContexts(hasSeccompField: hasSeccompField)
        if let address, let host = aliasedHost(of: draft, for: job) { shaping.addAlias(host, address) }
        draft = shaping.finished
    }
}

/// A pod while it is shaped.
struct PodShaping {
    let policy: JobPolicy
    var labels: [String: String]
    var annotations: [String: String]
    var spec: Mapping
    /// What was changed, in lines for people.
    var changes: [String]

    /// Takes up a draft whose parts are of the types that shaping relies on.
    init(_ policy: JobPolicy, _ draft: PodDraft) throws(JobRefusal) {
        self.policy = policy
        labels = draft.labels
        annotations = draft.annotations
        spec = try TemplateShape.checked(draft.spec)
        // What an earlier shaping has changed stays told.
        let told = draft.annotations[JobPolicy.changesAnnotation] ?? ""
        changes = told.split(separator: "\n").map(String.init)
    }

    /// The draft as it is now.
    var finished: PodDraft {
        var draft = PodDraft(labels: labels, annotations: annotations, spec: .mapping(spec))
        draft.annotations[JobPolicy.changesAnnotation] = changes.isEmpty ? nil : Self.joined(changes)
        return draft
    }

    /// All annotations together may have 256 KiB.
    private static func joined(_ lines: [String]) -> String {
        let most = 200
        let kept = lines.count > most ? lines.prefix(most) + ["and more"] : lines[...]
        return kept.joined(separator: "\n")
    }

    // MARK: Parts of a pod

    /// A container, and what messages call it.
    struct ContainerPlace: CustomStringConvertible {
        let isInit: Bool
        /// Whether it is the first, in which the training runs (C5).
        let isTrainer: Bool
        let name: String

        var description: String { (isInit ? "init container" : "container") + " '\(PodShaping.shown(name))'" }
    }

    /// Changes every container, and notes what was changed.
    mutating func eachContainer(
        _ change: (inout Mapping, ContainerPlace, inout [String]) throws(JobRefusal) -> Void
    ) throws(JobRefusal) {
        for list in ["initContainers", "containers"] {
            guard case .array(var elements)? = spec[list] else { continue }
            for index in elements.indices {
                guard case .mapping(var container) = elements[index] else { continue }
                let place = ContainerPlace(
                    isInit: list == "initContainers", isTrainer: list == "containers" && index == 0,
                    name: container["name"]?.string ?? "")
                try change(&container, place, &changes)
                elements[index] = .mapping(container)
            }
            spec[list] = .array(elements)
        }
    }

    /// The same where nothing is refused.
    mutating func eachContainer(_ change: (inout Mapping, ContainerPlace, inout [String]) -> Void) {
        do throws(JobRefusal) {
            try eachContainer { (container, place, changes) throws(JobRefusal) in change(&container, place, &changes) }
        } catch {
            // The closure above throws nothing.
            preconditionFailure("\(error)")
        }
    }

    /// The elements of a list of objects; none where there is no list.
    static func objects(_ value: Value?) -> [Mapping] { value?.array?.compactMap(\.mapping) ?? [] }

    /// A text of a task in a message or an annotation: short, and in one line.
    static func shown(_ text: String) -> String {
        let line = String(
            String.UnicodeScalarView(
                text.unicodeScalars.prefix(300).map { scalar in
                    switch scalar.properties.generalCategory {
                    case .control, .format, .lineSeparator, .paragraphSeparator: "\u{B7}"
                    default: scalar
                    }
                }))
        return line.unicodeScalars.count < text.unicodeScalars.count ? line + "…" : line
    }
}
