// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Formats
import Values
import YAMLText

/// What must hold between the keys of a plan.
struct PlanRules {
    let value: Value
    private let places: [String: YAMLMark]
    private let keyPlaces: [String: YAMLMark]
    private let source: PlanSource
    private(set) var diagnostics: [Diagnostic]

    /// Rules for what a reader has found, added to its own problems.
    init(value: Value, reader: PlanReader) {
        self.value = value
        places = reader.places
        keyPlaces = reader.keyPlaces
        source = reader.source
        diagnostics = reader.diagnostics
    }

    mutating func check() {
        checkIdentity()
        checkModules()
        checkImages()
        checkServices()
        checkNodePorts()
        checkHostPort()
        checkStorage()
        checkPods()
        checkJobs()
        checkEgress()
    }

    // MARK: Asking and telling

    var role: Role? { value["role"]?.string.flatMap(Role.init) }

    /// The modules that the plan names or gets by default; unknown ones are left out.
    var modules: [Module] {
        guard places["modules"] != nil else { return role?.defaultModules ?? [] }
        return (value["modules"]?.array ?? []).compactMap { $0.string.flatMap(Module.init) }
    }

    /// Whether the key was written, well or badly.
    func isWritten(_ path: String) -> Bool { places[path] != nil }

    /// Whether the key was written, and not as the empty text or list.
    func isSet(_ path: String...) -> Bool {
        isWritten(path.joined(separator: ".")) && value[path: path] != "" && value[path: path] != .array([])
    }

    /// Whether a text is empty that must not be; one that is wrong has been reported already.
    func isMissing(_ path: String...) -> Bool {
        let place = location(path.joined(separator: "."))
        return (value[path: path] ?? "") == ""
            && !diagnostics.contains { $0.location == place && $0.severity == .error }
    }

    func text(_ path: String...) -> String? { value[path: path]?.string }

    func location(_ path: String) -> SourceLocation {
        var path = path
        while true {
            if let mark = places[path] { return source.location(of: mark) }
            guard let dot = path.lastIndex(of: ".") else { return SourceLocation(file: source.file) }
            path = String(path[..<dot])
        }
    }

    mutating func refuse(_ message: String, at path: String, hint: String? = nil, first: (String, String)? = nil) {
        diagnostics.append(
            Diagnostic(
                message, at: location(path), hint: hint,
                notes: first.map { [Diagnostic.Note($0.0, at: location($0.1))] } ?? []))
    }

    /// Warns about a key as such, not about its value.
    mutating func warnOfKey(_ message: String, at path: String) {
        diagnostics.append(Diagnostic(message, at: keyPlaces[path].map { source.location(of: $0) }, severity: .warning))
    }

    mutating func warn(_ message: String, at path: String, hint: String? = nil) {
        diagnostics.append(Diagnostic(message, at: location(path), severity: .warning, hint: hint))
    }

    // MARK: Identity

    private mutating func checkIdentity() {
        if isWritten("partyId"), isWritten("federateId") {
            refuse(
                "partyId and federateId are two names for one key", at: "federateId", hint: "keep partyId",
                first: ("partyId is written here", "partyId"))
        }
        if let role {
            for field in PlanSchema.root where field.requirement == .role(role) {
                guard !isWritten(field.key), !(field.key == "partyId" && isWritten("federateId")) else { continue }
                refuse(
                    "a \(role.rawValue) needs '\(field.key)'", at: "role", hint: "add '\(field.key):', \(field.summary)"
                )
            }
            for module in modules {
                for field in PlanSchema.block(module).type.fields ?? [] where field.requirement == .role(role) {
                    let path = "\(module.name).\(field.key)"
                    guard !isWritten(path) else { continue }
                    refuse(
                        "a \(role.rawValue) needs '\(path)'", at: isWritten(module.name) ? module.name : "role",
                        hint: "add '\(field.key):' to the block '\(module.name)': \(field.summary)")
                }
            }
        }
        if let version = text("chartVersion"), !ClusterPlan.knownChartVersions.contains(version) {
            refuse(
                "unknown chartVersion '\(version)'", at: "chartVersion",
                hint: "this build holds \(PlanSchema.chartVersion) of \(PlanSchema.chartName)")
        }
        if let port = value[path: "endpoint", "trainingPort"]?.int, port != 30031, isWritten("endpoint.trainingPort") {
            warn(
                "endpoint.trainingPort: the stock flow images dial 30031, whatever is written here",
                at: "endpoint.trainingPort", hint: "keep 30031 unless the parties have a relay")
        }
    }

    // MARK: Modules

    private mutating func checkModules() {
        let named = (value["modules"]?.array ?? []).map(\.string)
        for (index, name) in named.enumerated() {
            guard let name else { continue }
            if let first = named[..<index].firstIndex(of: name) {
                refuse(
                    "module '\(name)' is named twice", at: "modules[\(index)]",
                    first: ("it is named first here", "modules[\(first)]"))
            } else if let role, let module = Module(rawValue: name), !role.modules.contains(module) {
                refuse(
                    "module '\(name)' is not for a \(role.rawValue)", at: "modules[\(index)]",
                    hint: "the modules of a \(role.rawValue) are \(role.modules.map(\.name).joined(separator: ", "))")
            }
        }
        guard let role else { return }
        if isWritten("modules"), named.isEmpty, value["modules"] != nil {
            refuse(
                "modules is empty", at: "modules",
                hint: "name what to install, or remove the key for all of a \(role.rawValue)")
        }
        let flow: Module = role == .server ? .flowServer : .flowFederate
        if modules.contains(flow), !modules.contains(.mysql), !isWritten("mysql.external") {
            refuse(
                "'\(flow.name)' needs a database", at: "modules",
                hint: "add 'mysql' to modules, or say in mysql.external where one is")
        }
        let existing = value[path: "ingress-nginx", "existingController", "selector"]?.mapping ?? [:]
        if modules.contains(.ingressNginx), value[path: "ingress", "existing"] == true, existing.isEmpty {
            refuse(
                "ingress.existing uses a controller that is there already, but modules has ingress-nginx",
                at: "ingress.existing",
                hint:
                    "remove ingress-nginx from modules, or say in ingress-nginx.existingController.selector which pods get a Service"
            )
        }
        // A misspelt module must not make its block look superfluous.
        guard !named.contains(nil) else { return }
        for module in Module.allCases where isWritten(module.name) && !modules.contains(module) {
            // mysql.external is read without the module.
            guard !(module == .mysql && isWritten("mysql.external")) else { continue }
            warnOfKey("'\(module.name)' is configured, but modules does not name it", at: module.name)
        }
    }

    // MARK: Images

    private mutating func checkImages() {
        let parts = [[Module.flowServer.name, "aggregator"], [Module.flowFederate.name, "relay"]]
        for path in parts + Module.allCases.map({ [$0.name] }) {
            let block = path.joined(separator: ".")
            guard let image = value[path: path + ["image"]]?.string, !image.isEmpty, let name = ImageName(image),
                isWritten("\(block).image")
            else { continue }
            if isWritten("\(block).imageTag"), value[path: path + ["imageTag"]]?.string?.isEmpty == false,
                name.tag != nil || name.digest != nil
            {
                refuse(
                    "\(block).image has a \(name.digest == nil ? "tag" : "digest") already", at: "\(block).imageTag",
                    hint: "remove imageTag, or the end of image", first: ("image is written here", "\(block).image"))
            }
        }
        let tag = text("mysql", "imageTag") ?? ""
        let effective = tag.isEmpty ? ImageName(text("mysql", "image") ?? "")?.tag ?? "" : tag
        if effective == "9" || effective.hasPrefix("9.") {
            refuse(
                "MySQL \(effective) cannot serve the flow images: they log in by mysql_native_password, which MySQL 9 removed",
                at: tag.isEmpty ? "mysql.image" : "mysql.imageTag", hint: "use 8.0 or 8.4")
        }
    }
}
