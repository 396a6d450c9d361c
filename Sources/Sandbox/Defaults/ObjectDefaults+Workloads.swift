// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectDefaults {
    static func fillDeployment(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.fill("replicas", 1)
            spec.edit("strategy") { strategy in
                strategy.fill("type", "RollingUpdate")
                guard strategy["type"] == "RollingUpdate" else { return }
                strategy.edit("rollingUpdate") { rolling in
                    rolling.fill("maxUnavailable", "25%")
                    rolling.fill("maxSurge", "25%")
                }
            }
            spec.fill("revisionHistoryLimit", 10)
            spec.fill("progressDeadlineSeconds", 600)
            fillTemplate(&spec["template"])
        }
    }

    static func fillReplicationController(_ object: inout Value) {
        let labels = object[path: "spec", "template", "metadata", "labels"]
        object.edit("spec") { spec in
            spec.fill("replicas", 1)
            if let labels { spec.fill("selector", labels) }
            fillTemplate(&spec["template"])
        }
        if let labels { object.edit("metadata") { $0.fill("labels", labels) } }
    }

    static func fillDaemonSet(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.edit("updateStrategy") { strategy in
                strategy.fill("type", "RollingUpdate")
                guard strategy["type"] == "RollingUpdate" else { return }
                strategy.edit("rollingUpdate") { rolling in
                    rolling.fill("maxUnavailable", 1)
                    rolling.fill("maxSurge", 0)
                }
            }
            spec.fill("revisionHistoryLimit", 10)
            fillTemplate(&spec["template"])
        }
    }

    static func fillStatefulSet(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.fill("podManagementPolicy", "OrderedReady")
            spec.edit("updateStrategy") { strategy in
                strategy.fill("type", "RollingUpdate")
                guard strategy["type"] == "RollingUpdate" else { return }
                strategy.edit("rollingUpdate") { $0.fill("partition", 0) }
            }
            spec.edit("persistentVolumeClaimRetentionPolicy") { policy in
                policy.fill("whenDeleted", "Retain")
                policy.fill("whenScaled", "Retain")
            }
            spec.fill("replicas", 1)
            spec.fill("revisionHistoryLimit", 10)
            fillTemplate(&spec["template"])
            spec.editEach("volumeClaimTemplates") { claim in
                claim.fill("apiVersion", "v1")
                claim.fill("kind", "PersistentVolumeClaim")
                fillClaim(&claim)
            }
        }
    }

    static func fillJob(_ object: inout Value) {
        let labels = object[path: "spec", "template", "metadata", "labels"]
        object.edit("spec") { spec in
            if spec["completions"] == nil, spec["parallelism"] == nil { spec["completions"] = 1 }
            spec.fill("parallelism", 1)
            let backoffLimit: Value = spec["backoffLimitPerIndex"] == nil ? 6 : .int(Int64(Int32.max))
            spec.fill("backoffLimit", backoffLimit)
            spec.fill("completionMode", "NonIndexed")
            spec.fill("suspend", false)
            spec.fill("manualSelector", false)
            let replacement: Value = spec["podFailurePolicy"] == nil ? "TerminatingOrFailed" : "Failed"
            spec.fill("podReplacementPolicy", replacement)
            fillTemplate(&spec["template"])
        }
        if let labels, labels.mapping?.isEmpty == false { object.edit("metadata") { $0.fill("labels", labels) } }
    }

    static func fillCronJob(_ object: inout Value) {
        object.edit("spec") { spec in
            spec.fill("concurrencyPolicy", "Allow")
            spec.fill("suspend", false)
            spec.fill("successfulJobsHistoryLimit", 3)
            spec.fill("failedJobsHistoryLimit", 1)
            spec.editIfPresent("jobTemplate") { $0.editIfPresent("spec") { fillTemplate(&$0["template"]) } }
        }
    }
}
