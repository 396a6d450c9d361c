// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    /// Checks the volumes of a pod and returns their names.
    mutating func checkVolumes(_ volumes: Fields, _ path: FieldPath) -> [String] {
        var names: [String] = []
        for (index, volume) in volumes.list.enumerated() {
            let path = path[index]
            checkVolumeSource(volume, path)
            let name = volume.name.text
            if name.isEmpty {
                add(.required(path["name"]))
            } else {
                let problems = NameRules.label(name)
                check(problems, path["name"], .string(name))
                if problems.isEmpty, names.contains(name) { add(.duplicate(path["name"], .string(name))) }
            }
            names.append(name)
        }
        return names
    }

    private mutating func checkVolumeSource(_ volume: Fields, _ path: FieldPath) {
        let sources = volume.entries.keys.filter { $0 != "name" }
        guard let first = sources.first else { return add(.required(path, "must specify a volume type")) }
        for other in sources.dropFirst() { add(.forbidden(path[other], "may not specify more than 1 volume type")) }
        let source = volume[first]
        let sourcePath = path[first]
        switch first {
        case "emptyDir":
            if let limit = source.sizeLimit.value { checkQuantity(limit, sourcePath["sizeLimit"]) }
        case "hostPath":
            if source.path.text.isEmpty { add(.required(sourcePath["path"])) }
            checkBacksteps(source.path, sourcePath["path"])
            let types = [
                "", "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice",
            ]
            if !types.contains(source.type.text) {
                add(.notSupported(sourcePath["type"], source.type.value, types.sorted()))
            }
        case "secret":
            if source.secretName.text.isEmpty { add(.required(sourcePath["secretName"])) }
            checkItems(source, sourcePath)
        case "configMap":
            if source.name.text.isEmpty { add(.required(sourcePath["name"])) }
            checkItems(source, sourcePath)
        case "persistentVolumeClaim":
            if source.claimName.text.isEmpty { add(.required(sourcePath["claimName"])) }
        case "nfs":
            if source.server.text.isEmpty { add(.required(sourcePath["server"])) }
            if source.path.text.isEmpty { add(.required(sourcePath["path"])) }
            if !source.path.text.hasPrefix("/") {
                add(.invalid(sourcePath["path"], .string(source.path.text), "must be an absolute path"))
            }
        case "projected": checkProjection(source, sourcePath)
        case "downwardAPI": checkMode(source.defaultMode, sourcePath["defaultMode"])
        case "csi":
            if source.driver.text.isEmpty { add(.required(sourcePath["driver"])) }
        default: break
        }
    }

    private mutating func checkProjection(_ source: Fields, _ path: FieldPath) {
        checkMode(source.defaultMode, path["defaultMode"])
        for (index, entry) in source.sources.list.enumerated() {
            let path = path["sources"][index]
            if entry.entries.count > 1 { add(.forbidden(path, "may not specify more than 1 volume type")) }
            for kind in ["secret", "configMap"] where entry[kind].exists {
                if entry[kind].name.text.isEmpty { add(.required(path[kind]["name"])) }
                checkItems(entry[kind], path[kind])
            }
            if entry.serviceAccountToken.exists {
                let token = entry.serviceAccountToken
                if token.path.text.isEmpty { add(.required(path["serviceAccountToken"]["path"])) }
                if let seconds = token.expirationSeconds.number, seconds < 600 {
                    add(
                        .invalid(
                            path["serviceAccountToken"]["expirationSeconds"], token.expirationSeconds.value,
                            "may not specify a duration less than 10 minutes"))
                }
            }
        }
    }

    private mutating func checkItems(_ source: Fields, _ path: FieldPath) {
        checkMode(source.defaultMode, path["defaultMode"])
        for (index, item) in source.items.list.enumerated() {
            let path = path["items"][index]
            if item["key"].text.isEmpty { add(.required(path["key"])) }
            if item.path.text.isEmpty { add(.required(path["path"])) }
            if item.path.text.hasPrefix("/") {
                add(.invalid(path["path"], item.path.value, "must be a relative path"))
            }
            checkBacksteps(item.path, path["path"])
            checkMode(item.mode, path["mode"])
        }
    }

    private mutating func checkBacksteps(_ text: Fields, _ path: FieldPath) {
        if text.text.split(separator: "/").contains("..") { add(.invalid(path, text.value, "must not contain '..'")) }
    }

    private mutating func checkMode(_ mode: Fields, _ path: FieldPath) {
        guard let number = mode.number, !(0...0o777).contains(number) else { return }
        add(.invalid(path, mode.value, "must be a number between 0 and 0777 (octal), both inclusive"))
    }
}
