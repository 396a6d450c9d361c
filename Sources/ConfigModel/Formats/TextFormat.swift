// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Formats

/// The formats of texts in a plan: each has a name for people, a check, and a pattern for the JSON Schema.
enum TextFormat: Sendable, Hashable {
    case any
    case dnsLabel
    case dnsSubdomain
    case federateID
    case host
    case hostPort
    case address
    case cidr
    case registry
    case registryHost
    case image
    case imageTag
    case imagePrefix
    case resource
    case quantity
    case storageSize
    case duration
    case labelKey
    case labelValue
    case annotationKey
    case absolutePath
    case cleanPath
    case environmentName
    case proxyURL
    case noProxy
    case identifier
    case schedule

    /// The name for people.
    var name: String {
        switch self {
        case .any: "text"
        case .dnsLabel: "DNS label"
        case .dnsSubdomain: "DNS name"
        case .federateID: "federate id"
        case .host: "host name or IP address"
        case .hostPort: "host:port"
        case .address: "IP address"
        case .cidr: "CIDR range"
        case .registry: "registry"
        case .registryHost: "registry host"
        case .image: "image reference"
        case .imageTag: "image tag"
        case .imagePrefix: "beginning of an image reference"
        case .resource: "resource"
        case .quantity: "quantity"
        case .storageSize: "storage size"
        case .duration: "duration"
        case .labelKey: "label key"
        case .labelValue: "label value"
        case .annotationKey: "annotation key"
        case .absolutePath, .cleanPath: "absolute path"
        case .environmentName: "variable name"
        case .proxyURL: "URL"
        case .noProxy: "host, .domain, address or range"
        case .identifier: "MySQL identifier"
        case .schedule: "cron schedule"
        }
    }

    /// Why a text is not of the format, or nil when it is: the rest of a sentence that starts with the text.
    func fault(in text: String) -> String? {
        switch self {
        case .any: nil
        case .dnsLabel: Names.dnsLabelFault(text, longest: 63)
        case .federateID: Names.dnsLabelFault(text, longest: 10)
        case .dnsSubdomain: Names.dnsSubdomainFault(text)
        case .host: Addresses.isHost(text) ? nil : "is not a host name or an IP address"
        case .hostPort: Addresses.hostPortFault(text)
        case .address: Addresses.isAddress(text) ? nil : "is not an IP address"
        case .cidr: Addresses.isRange(text) ? nil : "is not an address range such as 192.0.2.0/24"
        case .registry: ImageName.registryFault(text)
        case .registryHost:
            ImageName.registryFault(text) ?? (text.contains("/") ? "must be a host alone, without a path" : nil)
        case .image: ImageName.fault(text)
        case .imageTag:
            ImageName.isTag(text) ? nil : "is not an image tag: at most 128 of letters, digits, '_', '.' and '-'"
        case .imagePrefix: ImagePrefix.fault(text)
        case .resource: Names.resourceFault(text)
        case .quantity:
            Quantity.isValid(text) && !text.hasPrefix("-") ? nil : "is not a quantity such as 500m, 2 or 1Gi"
        case .storageSize: Quantity.isPositive(text) ? nil : "is not a storage size such as 10Gi"
        case .duration: Durations.seconds(text) == nil ? "is not a duration such as 30s, 10m or 6h" : nil
        case .labelKey, .annotationKey: Names.qualifiedNameFault(text)
        case .labelValue: Names.labelValueFault(text)
        case .absolutePath: Names.isAbsolutePath(text) ? nil : "is not an absolute path without '..'"
        case .cleanPath: TrainingFormats.cleanPathFault(text)
        case .environmentName: Names.variableFault(text)
        case .proxyURL: TrainingFormats.proxyFault(text)
        case .noProxy: TrainingFormats.noProxyFault(text)
        case .identifier:
            Names.isIdentifier(text) ? nil : "is not a MySQL name: at most 64 of letters, digits, '_' and '-'"
        case .schedule: Names.isSchedule(text) ? nil : "is not a schedule of five fields, such as 0 2 * * *"
        }
    }

    /// Whether a text of the format may hold a login, by mistake: then it is never shown.
    var mayHoldLogin: Bool { self == .proxyURL }

    /// A pattern for editors: never stricter than ``fault(in:)``.
    var pattern: String? {
        switch self {
        case .dnsLabel: "^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$"
        case .federateID: "^[a-z0-9]([-a-z0-9]{0,8}[a-z0-9])?$"
        case .dnsSubdomain: "^[a-z0-9]([-.a-z0-9]{0,251}[a-z0-9])?$"
        case .hostPort: "^.+:[0-9]{1,5}$"
        case .cidr: "^[0-9a-fA-F.:]+/[0-9]{1,3}$"
        case .imageTag: "^[A-Za-z0-9_][-.A-Za-z0-9_]{0,127}$"
        case .quantity, .storageSize: "^[+]?[0-9.]+([eE][-+]?[0-9]+|[numkKMGTPE]i?)?$"
        case .duration: "^([0-9]+(ms|s|m|h|d))+$"
        case .absolutePath, .cleanPath: "^/"
        case .environmentName: "^[-._A-Za-z][-._A-Za-z0-9]*$"
        case .proxyURL: "^https?://[^/@]+:[0-9]{1,5}/?$"
        default: nil
        }
    }
}
