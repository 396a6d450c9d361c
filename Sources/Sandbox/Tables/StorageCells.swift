// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    private static let classAnnotation = "volume.beta.kubernetes.io/storage-class"

    static let persistentVolumeClaims = TableLayout(
        TableColumn.text("Status", "Volume", "Capacity", "Access Modes", "StorageClass", "VolumeAttributesClass"),
        wide: TableColumn.wide("VolumeMode"),
        cells: { claim, _ in
            let isBound = claim.spec.volumeName.nonEmpty != nil
            return [
                .string(claim.metadata.deletionTimestamp.exists ? "Terminating" : claim.status.phase.text),
                .string(claim.spec.volumeName.text),
                .string(isBound ? claim.status.capacity.storage.text : ""),
                .string(isBound ? Cells.accessModes(claim.status.accessModes) : ""),
                .string(claim.metadata.annotations[classAnnotation].nonEmpty ?? claim.spec.storageClassName.text),
                Cells.setting(claim.spec.volumeAttributesClassName),
            ]
        },
        wideCells: { [Cells.setting($0.spec.volumeMode)] })

    static let persistentVolumes = TableLayout(
        TableColumn.text(
            "Capacity", "Access Modes", "Reclaim Policy", "Status", "Claim", "StorageClass", "VolumeAttributesClass",
            "Reason"),
        wide: TableColumn.wide("VolumeMode"),
        cells: { volume, _ in
            let claim = volume.spec.claimRef
            return [
                .string(volume.spec.capacity.storage.text), .string(Cells.accessModes(volume.spec.accessModes)),
                .string(volume.spec.persistentVolumeReclaimPolicy.text),
                .string(volume.metadata.deletionTimestamp.exists ? "Terminating" : volume.status.phase.text),
                .string(claim.exists ? "\(claim.namespace.text)/\(claim.name.text)" : ""),
                .string(volume.metadata.annotations[classAnnotation].nonEmpty ?? volume.spec.storageClassName.text),
                Cells.setting(volume.spec.volumeAttributesClassName), .string(volume.status.reason.text),
            ]
        },
        wideCells: { [Cells.setting($0.spec.volumeMode)] })

    static let storageClasses = TableLayout(
        exactly: [.objectName]
            + TableColumn.text("Provisioner", "ReclaimPolicy", "VolumeBindingMode", "AllowVolumeExpansion") + [.age]
    ) { storageClass, now in
        let annotations = storageClass.metadata.annotations
        let isDefault =
            annotations["storageclass.kubernetes.io/is-default-class"].text == "true"
            || annotations["storageclass.beta.kubernetes.io/is-default-class"].text == "true"
        return [
            .string(storageClass.metadata.name.text + (isDefault ? " (default)" : "")),
            .string(storageClass.provisioner.text), .string(storageClass.reclaimPolicy.nonEmpty ?? "Delete"),
            .string(storageClass.volumeBindingMode.nonEmpty ?? "Immediate"),
            .bool(storageClass.allowVolumeExpansion.isTrue),
            .string(HumanDuration.since(storageClass.metadata.creationTimestamp.time, now: now)),
        ]
    }

    static let csiDrivers = TableLayout(
        [
            TableColumn(name: "AttachRequired", type: "boolean"), TableColumn(name: "PodInfoOnMount", type: "boolean"),
            TableColumn(name: "StorageCapacity", type: "boolean"), TableColumn(name: "TokenRequests"),
            TableColumn(name: "RequiresRepublish", type: "boolean"), TableColumn(name: "Modes"),
        ]
    ) { driver, _ in
        let spec = driver.spec
        let modes = spec.volumeLifecycleModes.list.map(\.text)
        return [
            .bool(spec.attachRequired.value?.bool ?? true), .bool(spec.podInfoOnMount.isTrue),
            .bool(spec.storageCapacity.isTrue),
            spec.tokenRequests.list.isEmpty
                ? Cells.unset : Cells.joined(spec.tokenRequests.list.map(\.audience.text)),
            .bool(spec.requiresRepublish.isTrue), Cells.joined(modes.isEmpty ? ["Persistent"] : modes),
        ]
    }

    static let csiNodes = TableLayout(TableColumn.numbers("Drivers")) { node, _ in
        [.int(Int64(node.spec.drivers.list.count))]
    }

    static let volumeAttachments = TableLayout(
        [TableColumn(name: "Attacher", format: "name")] + TableColumn.text("PV", "Node")
            + [TableColumn(name: "Attached", type: "boolean")]
    ) { attachment, _ in
        [
            .string(attachment.spec.attacher.text), .string(attachment.spec.source.persistentVolumeName.text),
            .string(attachment.spec.nodeName.text), .bool(attachment.status.attached.isTrue),
        ]
    }

    static let volumeAttributesClasses = TableLayout(TableColumn.text("DriverName")) { attributes, _ in
        [.string(attributes.driverName.text)]
    }
}
