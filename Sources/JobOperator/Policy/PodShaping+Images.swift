// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats
import Values

extension PodShaping {
    /// Lets images through that are allowed, by the name that the task has for them, and takes them from their mirrors.
    ///
    /// The name after mirroring does not count: with a `registry` in front of everything, whoever allows that registry
    /// would allow every image. The server's own image comes mirrored already, and counts as what it is a copy of, too.
    mutating func mapImages() throws(JobRefusal) {
        let policy = policy
        try eachContainer { (container, place, changes) throws(JobRefusal) in
            let image = container["image"]?.string ?? ""
            let target = try Self.mapped(image, of: "\(place)", policy, &changes)
            if target != image { container["image"] = .string(target) }
        }
        guard case .array(var volumes)? = spec["volumes"] else { return }
        for (index, volume) in volumes.enumerated() {
            // An image that is mounted is pulled as one that is run.
            guard let image = volume["image"]?["reference"]?.string else { continue }
            let place = "volume '\(Self.shown(volume["name"]?.string ?? ""))'"
            let target = try Self.mapped(image, of: place, policy, &changes)
            if target != image { volumes[index].set(.string(target), at: ["image", "reference"]) }
        }
        spec["volumes"] = .array(volumes)
    }

    private static func mapped(
        _ image: String, of place: String, _ policy: JobPolicy, _ changes: inout [String]
    ) throws(JobRefusal) -> String {
        let target = policy.mirrors.target(of: image)
        if let allowed = policy.allowImages {
            guard let name = ImageName(image) else {
                let fault = image.isEmpty ? "names no image" : "'\(shown(image))' \(ImageName.fault(image) ?? "")"
                throw JobRefusal(.imageNotAllowed, "\(place): \(fault); images are limited by jobs.allowImages")
            }
            let names = [name, policy.mirrors.origin(of: image).flatMap { ImageName($0) }].compactMap { $0 }
            guard names.contains(where: { name in allowed.contains { $0.covers(name) } }) else {
                let folder = name.path.split(separator: "/").dropLast().map { $0 + "/" }.joined()
                throw JobRefusal(
                    .imageNotAllowed,
                    "\(place): image '\(shown(image))' is not one that tasks may name; to allow it, add "
                        + "'\(shown(name.host + "/" + folder))' to jobs.allowImages of the plan")
            }
        }
        if target != image { changes.append("image of \(place): \(shown(image)) -> \(shown(target))") }
        return target
    }

    /// Adds the Secrets that images are pulled with.
    mutating func addPullSecrets() {
        var secrets = spec["imagePullSecrets"]?.array ?? []
        for name in policy.imagePullSecrets where !secrets.contains(where: { $0["name"]?.string == name }) {
            secrets.append(["name": .string(name)])
            changes.append("imagePullSecrets: added \(name)")
        }
        if !secrets.isEmpty { spec["imagePullSecrets"] = .array(secrets) }
    }
}
