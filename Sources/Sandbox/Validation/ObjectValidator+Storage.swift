// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let accessModes = ["ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"]

    mutating func checkClaim(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, FieldPath("spec"))
        checkClaimSpec(spec, path)
        if let old { checkClaimUpdate(object, old: old) }
    }

    mutating func checkClaimSpec(_ spec: Fields, _ path: FieldPath) {
        if spec.accessModes.list.isEmpty { add(.required(path["accessModes"], "at least 1 access mode is required")) }
        checkLabelSelector(spec.selector, path["selector"])
        checkAccessModes(spec.accessModes, path["accessModes"])
        let storagePath = path["resources"].key("storage")
        if let storage = spec.resources.requests.storage.value {
            if let quantity = Quantity(storage), quantity.isZero || quantity.isNegative {
                add(.invalid(path["resources"].key("storage"), storage, "must be greater than zero"))
            }
        } else {
            add(.required(storagePath))
        }
        if !spec.storageClassName.text.isEmpty {
            check(
                NameRules.subdomain(spec.storageClassName.text), path["storageClassName"],
                .string(spec.storageClassName.text))
        }
        if spec.volumeMode.exists { checkChoice(spec.volumeMode, path["volumeMode"], ["Block", "Filesystem"]) }
    }

    private mutating func checkAccessModes(_ modes: Fields, _ path: FieldPath) {
        for mode in modes.list where !Self.accessModes.contains(mode.text) {
            add(.notSupported(path, mode.value, Self.accessModes))
        }
        if modes.list.count > 1, modes.list.contains(where: { $0.text == "ReadWriteOncePod" }) {
            add(.forbidden(path, "may not use ReadWriteOncePod with other access modes"))
        }
    }

    private mutating func checkClaimUpdate(_ object: Fields, old: Fields) {
        let path = FieldPath("spec")
        func fixed(_ claim: Fields) -> Value {
            var spec = claim.spec.value ?? [:]
            if old.spec.volumeName.text.isEmpty { spec["volumeName"] = nil }
            if old.status.phase.text == "Bound" {
                spec.set(nil, at: ["resources", "requests", "storage"])
                spec["volumeAttributesClassName"] = nil
            }
            // A claim without a class may get one once.
            if !old.spec.storageClassName.exists { spec["storageClassName"] = nil }
            return spec
        }
        let (before, after) = (fixed(old), fixed(object))
        if before != after {
            add(
                .forbidden(
                    path,
                    "spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims\n"
                        + SpecDifference.text(from: before, to: after)))
        }
        guard let oldSize = old.spec.resources.requests.storage.value.flatMap({ Quantity($0) }),
            let newSize = object.spec.resources.requests.storage.value.flatMap({ Quantity($0) }), newSize < oldSize
        else { return }
        let storagePath = path["resources"]["requests"]["storage"]
        let capacity = old.status.capacity.storage.value.flatMap { Quantity($0) }
        if capacity.map({ newSize <= $0 }) ?? true {
            add(.forbidden(storagePath, "field can not be less than status.capacity"))
        }
    }

    mutating func checkVolumeObject(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, FieldPath("spec"))
        if spec.accessModes.list.isEmpty { add(.required(path["accessModes"])) }
        checkAccessModes(spec.accessModes, path["accessModes"])
        if spec.capacity.entries.isEmpty { add(.required(path["capacity"])) }
        if let storage = spec.capacity.storage.value {
            if let quantity = Quantity(storage), quantity.isZero || quantity.isNegative {
                add(.invalid(path["capacity"].key("storage"), storage, "must be greater than zero"))
            }
        } else if !spec.capacity.entries.isEmpty {
            add(.notSupported(path["capacity"], spec.capacity.value, ["storage"]))
        }
        if !spec.persistentVolumeReclaimPolicy.text.isEmpty {
            checkChoice(
                spec.persistentVolumeReclaimPolicy, path["persistentVolumeReclaimPolicy"],
                ["Delete", "Recycle", "Retain"])
        }
        let settings: Set<String> = [
            "accessModes", "capacity", "claimRef", "mountOptions", "nodeAffinity", "persistentVolumeReclaimPolicy",
            "storageClassName", "volumeAttributesClassName", "volumeMode",
        ]
        func source(_ spec: Fields) -> [String] { spec.entries.keys.filter { !settings.contains($0) }.sorted() }
        let sources = source(spec)
        if sources.isEmpty { add(.required(path, "must specify a volume type")) }
        for other in sources.dropFirst() { add(.forbidden(path[other], "may not specify more than 1 volume type")) }
        if spec.hostPath.exists, spec.hostPath.path.text.isEmpty { add(.required(path["hostPath"]["path"])) }
        if spec.nfs.exists {
            for field in ["server", "path"] where spec.nfs[field].text.isEmpty {
                add(.required(path["nfs"][field]))
            }
        }
        guard let old else { return }
        let before = source(old.spec).map { old.spec[$0].value }
        if sources != source(old.spec) || before != sources.map({ spec[$0].value }) {
            add(
                .forbidden(
                    path["persistentvolumesource"], "spec.persistentvolumesource is immutable after creation"))
        }
        checkImmutable(spec.volumeMode, old.spec.volumeMode, FieldPath("volumeMode"))
    }

    mutating func checkStorageClass(_ object: Fields, old: Fields?) {
        if object.provisioner.text.isEmpty {
            add(.required(FieldPath("provisioner")))
        } else {
            check(
                NameRules.qualifiedName(object.provisioner.text.lowercased()), FieldPath("provisioner"),
                .string(object.provisioner.text))
        }
        for key in object.parameters.entries.keys where key.isEmpty {
            add(.invalid(FieldPath("parameters"), .string(key), "field can not be empty."))
        }
        if object.reclaimPolicy.exists {
            checkChoice(object.reclaimPolicy, FieldPath("reclaimPolicy"), ["Delete", "Retain"])
        }
        if object.volumeBindingMode.exists {
            checkChoice(
                object.volumeBindingMode, FieldPath("volumeBindingMode"), ["Immediate", "WaitForFirstConsumer"])
        }
        guard let old else { return }
        for field in ["parameters", "provisioner", "reclaimPolicy"]
        where object[field].value != old[field].value {
            add(.forbidden(FieldPath(field), "updates to \(field) are forbidden."))
        }
        checkImmutable(object.volumeBindingMode, old.volumeBindingMode, FieldPath("volumeBindingMode"))
    }
}
