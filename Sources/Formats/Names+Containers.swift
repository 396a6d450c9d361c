// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Names in the specs of containers.
extension Names {
    /// Why a text is not the name of an environment variable; the rest of a sentence.
    public static func variableFault(_ text: String) -> String? {
        let isGood =
            !(text.utf8.first.map(isDigit) ?? true)
            && text.utf8.allSatisfy { isLetter($0) || isDigit($0) || "_-.".utf8.contains($0) }
        return isGood ? nil : "is not the name of a variable: letters, digits, '_', '-' and '.', no digit first"
    }

    /// Why a text is not what a container can ask for; the rest of a sentence.
    ///
    /// Kubernetes knows three resources itself, and devices by their vendors.
    public static func resourceFault(_ text: String) -> String? {
        if let fault = qualifiedNameFault(text) { return fault }
        guard !["cpu", "memory", "ephemeral-storage"].contains(text), !isDevice(text) else { return nil }
        return "is not a resource: cpu, memory, ephemeral-storage, or a device such as nvidia.com/gpu"
    }

    /// Whether a resource is given to one container alone: an extended resource, or huge pages.
    public static func isDevice(_ resource: String) -> Bool {
        resource.hasPrefix("hugepages-") || resource.contains("/") && !resource.hasPrefix("kubernetes.io/")
    }
}
