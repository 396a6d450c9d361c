// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What the simulated node does with a pod: whether its images can be pulled, whether its containers keep running.
///
/// Pods say it themselves: by the annotation `sandbox.iflearnerctl.io/fail`, by `sandbox.iflearnerctl.io/run-for`, or by a marker in an
/// image reference: `does-not-exist`, `:broken` and `pull-error` cannot be pulled, `crash` does not stay up.
struct PodScript: Equatable {
    /// What goes wrong, by the annotation.
    enum Failure: Equatable {
        case imagePull
        case crash
        case unschedulable
        case outOfMemory
        case neverReady
        case slow(Duration)
    }

    /// How a container ends.
    struct Ending: Equatable {
        var exitCode: Int
        var reason: String
        /// What it leaves behind to say why; empty for nothing.
        var message = ""
        /// How long it runs before.
        var after: Duration
    }

    static let failAnnotation = "sandbox.iflearnerctl.io/fail"
    static let durationAnnotation = "sandbox.iflearnerctl.io/run-for"

    /// Why the image cannot be pulled, as the runtime says; nil when it can.
    var pullError: String?
    /// How the container ends; nil when it stays up.
    var ending: Ending?
    /// How long after its start the container is ready; nil means never.
    var readyAfter: Duration?

    /// Works out the script of one container of a pod.
    init(_ pod: Fields, _ container: Fields, isInit: Bool, timing: KubeletTiming) {
        let image = container.image.text
        let failure = isInit ? nil : Self.failure(of: pod)
        pullError = Self.pullError(image, forced: failure == .imagePull)
        readyAfter = timing.readiness(of: container)
        let duration = pod.metadata.annotations[Self.durationAnnotation].nonEmpty.flatMap(Self.duration)
        if failure == .outOfMemory {
            ending = Ending(exitCode: 137, reason: "OOMKilled", after: timing.crash)
        } else if failure == .crash || image.contains("crash") {
            ending = Ending(exitCode: 1, reason: "Error", after: timing.crash)
        } else if isInit {
            let lasts = container.restartPolicy.text == "Always"
            ending = lasts ? nil : Ending(exitCode: 0, reason: "Completed", after: timing.initContainer)
        } else if let duration {
            ending = Ending(exitCode: 0, reason: "Completed", after: duration)
        } else if pod.controllerReference?.kind.text == "Job" {
            ending = Ending(exitCode: 0, reason: "Completed", after: timing.job)
        }
        switch failure {
        case .neverReady: readyAfter = nil
        case .slow(let delay): readyAfter = delay
        default: break
        }
    }

    /// What the annotation of a pod says shall go wrong; nil when it says nothing that is known.
    static func failure(of pod: Fields) -> Failure? {
        guard let text = pod.metadata.annotations[failAnnotation].nonEmpty else { return nil }
        switch text {
        case "ImagePullBackOff": return .imagePull
        case "CrashLoopBackOff": return .crash
        case "Unschedulable": return .unschedulable
        case "OOMKilled": return .outOfMemory
        case "NeverReady": return .neverReady
        default:
            guard text.hasPrefix("slow:") else { return nil }
            return duration(String(text.dropFirst(5))).map { .slow($0) }
        }
    }

    /// Reads `30s`, `1500ms`, `2m`; nil for anything else.
    static func duration(_ text: String) -> Duration? {
        let digits = text.prefix(while: \.isNumber)
        guard let number = Int64(digits), number < 1_000_000_000 else { return nil }
        switch text.dropFirst(digits.count) {
        case "ms": return .milliseconds(number)
        case "s", "": return .seconds(number)
        case "m": return .seconds(number * 60)
        case "h": return .seconds(number * 3600)
        default: return nil
        }
    }

    private static func pullError(_ image: String, forced: Bool) -> String? {
        let isMissing = forced || image.contains("does-not-exist") || image.contains(":broken")
        guard isMissing || image.contains("pull-error") else { return nil }
        let reference = ImageReference(image)?.canonical ?? image
        let failed = "failed to pull and unpack image \"\(reference)\": failed to resolve reference \"\(reference)\""
        if isMissing { return "rpc error: code = NotFound desc = \(failed): \(reference): not found" }
        let host = reference.prefix { $0 != "/" }
        return
            "rpc error: code = Unavailable desc = \(failed): failed to do request: Head \"https://\(host)/v2/\": dial tcp: lookup \(host): no such host"
    }
}

/// A container image's name, as the runtime understands it.
struct ImageReference: Equatable {
    /// The reference with registry and tag.
    let canonical: String

    /// Reads a reference; nil when its format is invalid.
    init?(_ text: String) {
        guard !text.isEmpty, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        let parts = text.split(separator: "@", maxSplits: 1, omittingEmptySubsequences: false)
        var name = parts[0]
        var suffix = parts.count > 1 ? "@\(parts[1])" : ""
        let last = name.lastIndex(of: "/").map { name.index(after: $0) } ?? name.startIndex
        if let colon = name[last...].firstIndex(of: ":") {
            guard name.index(after: colon) < name.endIndex else { return nil }
            suffix = String(name[colon...]) + suffix
            name = name[..<colon]
        } else if suffix.isEmpty {
            suffix = ":latest"
        }
        var components = name.split(separator: "/", omittingEmptySubsequences: false)
        let hasHost =
            components.count > 1
            && (components[0].contains(".") || components[0].contains(":") || components[0] == "localhost")
        let path = hasHost ? components.dropFirst() : components[...]
        guard !path.isEmpty,
            path.allSatisfy({ part in
                !part.isEmpty
                    && part.utf8.allSatisfy { byte in
                        (97...122).contains(byte) || (48...57).contains(byte) || byte == 45 || byte == 46 || byte == 95
                    }
            })
        else { return nil }
        if !hasHost { components = ["docker.io"] + (components.count == 1 ? ["library"] : []) + components }
        canonical = components.joined(separator: "/") + suffix
    }
}
