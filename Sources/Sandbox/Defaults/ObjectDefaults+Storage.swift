// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectDefaults {
    static func fillStorage(_ object: inout Value, _ kind: String) {
        switch kind {
        case "PersistentVolumeClaim": fillClaim(&object)
        case "PersistentVolume":
            object.edit("spec") { spec in
                spec.fill("persistentVolumeReclaimPolicy", "Retain")
                spec.fill("volumeMode", "Filesystem")
                spec.editIfPresent("hostPath") { $0.fill("type", "") }
            }
            object.edit("status") { $0.fill("phase", "Pending") }
        case "StorageClass":
            object.fill("reclaimPolicy", "Delete")
            object.fill("volumeBindingMode", "Immediate")
        case "CSIDriver":
            object.edit("spec") { spec in
                spec.fill("attachRequired", true)
                spec.fill("podInfoOnMount", false)
                spec.fill("storageCapacity", false)
                spec.fill("fsGroupPolicy", "ReadWriteOnceWithFSType")
                spec.fill("volumeLifecycleModes", ["Persistent"])
                spec.fill("requiresRepublish", false)
                spec.fill("seLinuxMount", false)
            }
        default: break
        }
    }

    static func fillClaim(_ object: inout Value) {
        object.edit("status") { $0.fill("phase", "Pending") }
        object.edit("spec") { $0.fill("volumeMode", "Filesystem") }
    }
}
