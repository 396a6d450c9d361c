// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension StoredObject {
    /// Whether the object was written through this version of its resource.
    func isServed(as resource: APIResource) -> Bool { value["apiVersion"]?.string == resource.groupVersion }

    /// The object as a version of its resource shows it.
    func view(as resource: APIResource) -> Value {
        guard !isServed(as: resource) else { return value }
        var view = value
        view["apiVersion"] = .string(resource.groupVersion)
        return view
    }

    /// The object as JSON, as a version of its resource shows it.
    func json(as resource: APIResource) -> [UInt8] { isServed(as: resource) ? json : view(as: resource).json() }

    /// The object as it stands in a list: those of Kubernetes' own kinds leave their kind and version to the list.
    func listItem(of resource: APIResource) -> ArraySlice<UInt8> {
        let bytes = json(as: resource)
        guard resource.definition == nil else { return bytes[...] }
        let prefix = Array("{\"kind\":\"\(resource.kind)\",\"apiVersion\":\"\(resource.groupVersion)\",".utf8)
        guard bytes.starts(with: prefix) else { return bytes[...] }
        // One byte before what is kept becomes the brace that opens the object.
        var item = bytes[(prefix.count - 1)...]
        item[item.startIndex] = 123
        return item
    }
}
