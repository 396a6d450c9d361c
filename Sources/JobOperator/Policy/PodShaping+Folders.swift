// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension PodShaping {
    /// Gives a task the claim of a folder that it may ask for, and refuses what leads to other data.
    mutating func mapFolders() throws(JobRefusal) {
        guard policy.confinesTasks, case .array(var volumes)? = spec["volumes"] else { return }
        var readOnly: Set<String> = []
        for (index, element) in volumes.enumerated() {
            guard var volume = element.mapping else { continue }
            let name = volume["name"]?.string ?? ""
            let sources = volume.keys.filter { $0 != "name" }
            guard sources.count <= 1 else {
                throw JobRefusal(.invalidSpec, "volume '\(Self.shown(name))' has more than one source")
            }
            guard let source = sources.first, let content = volume[source] else { continue }
            try refuseSecrets(source, content, name)
            guard let data = policy.data else { continue }
            let folder = try folder(of: source, content, name, data)
            guard let folder else { continue }
            var claim: Mapping = ["claimName": .string(folder.existingClaim)]
            // A task that asks for less gets less.
            if folder.readOnly || content["readOnly"] == true { claim["readOnly"] = true }
            if folder.readOnly { readOnly.insert(name) }
            volume[source] = nil
            volume["persistentVolumeClaim"] = .mapping(claim)
            guard volumes[index] != .mapping(volume) else { continue }
            volumes[index] = .mapping(volume)
            changes.append(
                "volume '\(Self.shown(name))': \(source == "hostPath" ? "folder \(folder.path)" : "claim") -> claim "
                    + folder.existingClaim + (folder.readOnly ? ", read-only" : ""))
        }
        spec["volumes"] = .array(volumes)
        if !readOnly.isEmpty { mountReadOnly(readOnly) }
    }

    /// The folder whose claim a volume gets; nil for a volume that holds no data of others.
    private func folder(
        of source: String, _ content: Value, _ name: String, _ data: [JobPolicy.DataFolder]
    ) throws(JobRefusal) -> JobPolicy.DataFolder? {
        let place = "volume '\(Self.shown(name))'"
        switch source {
        case "emptyDir", "configMap", "downwardAPI", "projected": return nil
        case "hostPath":
            let path = content["path"]?.string ?? ""
            if let clean = FolderPath(path), let folder = data.first(where: { $0.path == clean }) { return folder }
            throw JobRefusal(
                .dataNotAllowed,
                "\(place): folder '\(Self.shown(path))' is not one that tasks may ask for; to allow it, add its path and "
                    + "a claim to jobs.data of the plan")
        case "persistentVolumeClaim":
            let claim = content["claimName"]?.string ?? ""
            let folders = data.filter { $0.existingClaim == claim }
            // A claim that stands for several folders may be written to if one of them may.
            if let folder = folders.first(where: { !$0.readOnly }) ?? folders.first { return folder }
            throw JobRefusal(
                .dataNotAllowed,
                "\(place): claim '\(Self.shown(claim))' is not one that tasks may mount; to allow it, name it in "
                    + "jobs.data of the plan")
        default:
            throw JobRefusal(
                .dataNotAllowed,
                "\(place): a task may not mount '\(Self.shown(source))'; with jobs.data it gets the folders that are "
                    + "listed there, and no other data")
        }
    }

    /// Secrets of a namespace are for those whom its owners name.
    private func refuseSecrets(_ source: String, _ content: Value, _ name: String) throws(JobRefusal) {
        let leaked: String
        switch source {
        case "secret": leaked = "a Secret"
        case "projected":
            let harmless: Set<String> = ["configMap", "downwardAPI", "clusterTrustBundle"]
            let sources = Self.objects(content["sources"]).flatMap(\.keys)
            guard let other = sources.first(where: { !harmless.contains($0) }) else { return }
            leaked = "'\(Self.shown(other))'"
        default: return
        }
        throw JobRefusal(
            .secretNotAllowed,
            "volume '\(Self.shown(name))': a task may not mount \(leaked) where jobs.allowImages or jobs.data of the plan "
                + "limit tasks")
    }

    private mutating func mountReadOnly(_ names: Set<String>) {
        eachContainer { container, _, _ in
            guard case .array(var mounts)? = container["volumeMounts"] else { return }
            for (index, mount) in mounts.enumerated() where names.contains(mount["name"]?.string ?? "") {
                mounts[index]["readOnly"] = true
            }
            container["volumeMounts"] = .array(mounts)
        }
    }
}
