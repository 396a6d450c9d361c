// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    mutating func checkJob(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, FieldPath("spec"))
        // Only the server chooses a Job's selector unless a person takes that over.
        if old == nil, !spec.manualSelector.isTrue, spec.selector.exists, !Self.hasGeneratedSelector(object) {
            add(.invalid(path["selector"], spec.selector.value, "`selector` not auto-generated"))
        }
        checkJobSpec(spec, path)
        guard let old else { return }
        checkJobUpdate(spec, old: old, path)
    }

    private static func hasGeneratedSelector(_ object: Fields) -> Bool {
        let labels = object.spec.selector.matchLabels.entries
        let uid = object.metadata.uid.text
        return labels["batch.kubernetes.io/controller-uid"]?.string == uid || labels["controller-uid"]?.string == uid
    }

    mutating func checkJobSpec(_ spec: Fields, _ path: FieldPath) {
        for field in [
            "parallelism", "completions", "activeDeadlineSeconds", "backoffLimit", "ttlSecondsAfterFinished",
            "backoffLimitPerIndex", "maxFailedIndexes",
        ] {
            checkNonNegative(spec[field], path[field])
        }
        if spec.completionMode.exists {
            checkChoice(spec.completionMode, path["completionMode"], ["NonIndexed", "Indexed"])
        }
        if spec.completionMode.text == "Indexed", !spec.completions.exists {
            add(.required(path["completions"], "when completion mode is Indexed"))
        }
        if spec.podReplacementPolicy.exists {
            checkChoice(spec.podReplacementPolicy, path["podReplacementPolicy"], ["Failed", "TerminatingOrFailed"])
        }
        checkTemplate(spec.template, path["template"])
        switch spec.template.spec.restartPolicy.text {
        case "OnFailure", "Never": break
        case "", "Always":
            add(
                FieldError(
                    .required, path["template"]["spec"]["restartPolicy"].description,
                    detail: "valid values: \"OnFailure\", \"Never\""))
        default:
            let policy = spec.template.spec.restartPolicy
            add(.notSupported(path["template"]["spec"]["restartPolicy"], policy.value, ["OnFailure", "Never"]))
        }
    }

    private mutating func checkJobUpdate(_ spec: Fields, old: Fields, _ path: FieldPath) {
        let isElastic = spec.completionMode.text == "Indexed" && spec.completions.number == spec.parallelism.number
        if !isElastic { checkImmutable(spec.completions, old.spec.completions, path["completions"]) }
        checkImmutable(spec.selector, old.spec.selector, path["selector"])
        let isStartable = old.spec.suspend.isTrue && !old.status.startTime.exists
        if !isStartable || !Self.differsInSchedulingOnly(spec.template, old.spec.template) {
            checkImmutable(spec.template, old.spec.template, path["template"])
        }
        for field in ["completionMode", "podFailurePolicy", "backoffLimitPerIndex", "managedBy", "successPolicy"] {
            checkImmutable(spec[field], old.spec[field], path[field])
        }
    }

    /// While a Job has not started, where its pods run may change.
    private static func differsInSchedulingOnly(_ new: Fields, _ old: Fields) -> Bool {
        func reduced(_ template: Fields) -> Value {
            var value = template.value ?? [:]
            for field in ["nodeSelector", "tolerations", "affinity", "schedulingGates"] {
                value.set(nil, at: ["spec", field])
            }
            for field in ["labels", "annotations"] { value.set(nil, at: ["metadata", field]) }
            return value
        }
        return reduced(new) == reduced(old)
    }

    mutating func checkCronJob(_ object: Fields) {
        let (spec, path) = (object.spec, FieldPath("spec"))
        if spec.schedule.text.isEmpty {
            add(.required(path["schedule"]))
        } else if let problem = CronScheduleCheck.problem(in: spec.schedule.text) {
            add(.invalid(path["schedule"], spec.schedule.value, problem))
        }
        checkNonNegative(spec.startingDeadlineSeconds, path["startingDeadlineSeconds"])
        checkChoice(spec.concurrencyPolicy, path["concurrencyPolicy"], ["Allow", "Forbid", "Replace"])
        checkNonNegative(spec.successfulJobsHistoryLimit, path["successfulJobsHistoryLimit"])
        checkNonNegative(spec.failedJobsHistoryLimit, path["failedJobsHistoryLimit"])
        checkJobSpec(spec.jobTemplate.spec, path["jobTemplate"]["spec"])
        let name = object.metadata.name
        if name.text.utf8.count > 52 {
            add(.invalid(FieldPath("metadata.name"), name.value, "must be no more than 52 characters"))
        }
    }
}

/// The schedule of a CronJob.
enum CronScheduleCheck {
    private static let ranges: [(name: String, range: ClosedRange<Int>, words: [String])] = [
        ("minute", 0...59, []), ("hour", 0...23, []), ("day of month", 1...31, []),
        ("month", 1...12, ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]),
        ("day of week", 0...6, ["sun", "mon", "tue", "wed", "thu", "fri", "sat"]),
    ]

    /// What is wrong with a schedule; nil when it is one.
    static func problem(in text: String) -> String? {
        if text.hasPrefix("@") {
            let names = ["@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly"]
            return names.contains(text) || text.hasPrefix("@every ") ? nil : "unrecognized descriptor: \(text)"
        }
        let fields = text.split(separator: " ")
        guard fields.count == 5 else {
            let list = fields.joined(separator: " ")
            return "expected exactly 5 fields, found \(fields.count): [\(list)]"
        }
        for (field, rule) in zip(fields, ranges) {
            for part in field.split(separator: ",", omittingEmptySubsequences: false) {
                if let problem = problem(in: String(part), rule.range, rule.words) { return problem }
            }
        }
        return nil
    }

    private static func problem(in part: String, _ range: ClosedRange<Int>, _ words: [String]) -> String? {
        let halves = part.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard halves.count <= 2 else { return "too many slashes: \(part)" }
        if halves.count == 2, Int(halves[1]).map({ $0 > 0 }) != true {
            return "failed to parse int from \(halves[1]): strconv.Atoi: parsing \"\(halves[1])\": invalid syntax"
        }
        if halves[0] == "*" || halves[0] == "?" { return nil }
        let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false).map(String.init)
        guard ends.count <= 2 else { return "too many hyphens: \(part)" }
        var numbers: [Int] = []
        for end in ends {
            let word = words.firstIndex(of: end.lowercased()).map { $0 + range.lowerBound }
            guard let number = word ?? Int(end) else {
                return "failed to parse int from \(end): strconv.Atoi: parsing \"\(end)\": invalid syntax"
            }
            numbers.append(number)
        }
        if numbers[0] < range.lowerBound {
            return "beginning of range (\(numbers[0])) below minimum (\(range.lowerBound)): \(part)"
        }
        let last = numbers[numbers.count - 1]
        if last > range.upperBound { return "end of range (\(last)) above maximum (\(range.upperBound)): \(part)" }
        return numbers[0] > last ? "beginning of range (\(numbers[0])) beyond end of range (\(last)): \(part)" : nil
    }
}
