// swift-tools-version: 6.2
// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import PackageDescription

// MARK: C libraries

/// Debian ships archives of these libraries: linking them in keeps the product one file.
func archive(_ name: String) -> LinkerSetting {
    .unsafeFlags(["-Xlinker", "-l:lib\(name).a"])
}

let libraries: [Target] = [
    .systemLibrary(name: "CYAML"),
    .systemLibrary(name: "CCurl"),
    .systemLibrary(name: "COpenSSL"),
    .systemLibrary(name: "CCrypt"),
    .systemLibrary(name: "CArchive"),
    .systemLibrary(name: "CZlib"),
    .systemLibrary(name: "CMicrohttpd"),
    .systemLibrary(name: "CSQLite"),
    .systemLibrary(name: "CMalloc"),
    .target(name: "CRE2", linkerSettings: [archive("re2")]),
    .target(name: "CSpawn"),
]

// MARK: Swift targets: what each holds is told in docs/architecture.md

let sources: [Target] = [
    .target(name: "Diagnostics"),
    .target(name: "Values"),
    .target(name: "Formats"),
    .target(
        name: "YAMLText", dependencies: ["Values", "Diagnostics", "CYAML"], linkerSettings: [archive("yaml")]),
    .target(name: "Crypto", dependencies: ["COpenSSL", "CCrypt"]),
    .target(name: "Curl", dependencies: ["Crypto", "CCurl"]),
    .target(name: "Processes", dependencies: ["CSpawn", "CMalloc"]),
    .target(name: "Sockets"),
    .target(name: "HTTPServer", dependencies: ["Sockets", "CMicrohttpd"], linkerSettings: [archive("microhttpd")]),
    .target(
        name: "Templating",
        dependencies: ["Values", "YAMLText", "Diagnostics", "Crypto", "CRE2", "CArchive"],
        // The shared library drags seven others into every start, none of which charts need.
        linkerSettings: [archive("archive"), archive("z")]),
    .target(name: "ConfigModel", dependencies: ["Values", "Formats", "YAMLText", "Diagnostics"]),
    .target(
        name: "ClusterAPI",
        dependencies: ["Values", "YAMLText", "Diagnostics", "Crypto", "Processes", "Curl", "CCurl"]),
    .target(
        name: "Records", dependencies: ["Values", "Crypto", "Processes", "ClusterAPI", "CZlib"],
        linkerSettings: [archive("z")]),
    .target(
        name: "Rollout", dependencies: ["Values", "Diagnostics", "Processes", "ClusterAPI", "Records"]),
    .target(
        name: "Deployment",
        dependencies: [
            "Values", "YAMLText", "Diagnostics", "ConfigModel", "Templating", "ClusterAPI", "Records", "Rollout",
            "Crypto", "Processes",
        ],
        plugins: ["EmbedCharts"]),
    .target(
        name: "Sandbox",
        dependencies: ["Values", "YAMLText", "Crypto", "Processes", "HTTPServer", "CSQLite"],
        linkerSettings: [archive("sqlite3")]),
    .target(name: "Telemetry", dependencies: ["Values", "Processes"]),
    .target(
        name: "Relay",
        dependencies: [
            "Values", "Formats", "Curl", "Processes", "Sockets", "HTTPServer", "Telemetry", "Terminal", "CCurl",
        ]),
    .target(
        name: "JobOperator",
        dependencies: [
            "Values", "Formats", "YAMLText", "Diagnostics", "Crypto", "Processes", "Telemetry", "Sockets", "ClusterAPI",
            "HTTPServer",
        ]),
    .target(name: "Arguments", dependencies: ["Diagnostics"]),
    .target(name: "Terminal"),
    .executableTarget(
        name: "iflearnerctl",
        dependencies: [
            "Values", "YAMLText", "Diagnostics", "ConfigModel", "Templating", "ClusterAPI", "Records", "Rollout",
            "Deployment", "Sandbox", "JobOperator", "Crypto", "Processes", "Telemetry", "Sockets", "Arguments",
            "Terminal", "Relay", "Curl", "HTTPServer",
        ],
        // The linker of the toolchain packs relocations, of which Swift's metadata has tens of thousands: a megabyte less to
        // read at each start.
        linkerSettings: [
            .unsafeFlags(
                ["-use-ld=lld", "-Xlinker", "-z", "-Xlinker", "pack-relative-relocs", "-Xlinker", "--icf=safe"],
                .when(configuration: .release))
        ]),
]

// MARK: Build tools

let tools: [Target] = [
    .executableTarget(name: "embed-charts", path: "Plugins/embed-charts"),
    .plugin(name: "EmbedCharts", capability: .buildTool(), dependencies: ["embed-charts"]),
]

// MARK: Tests

let tests: [Target] = [
    .target(name: "TestSupport", dependencies: ["ClusterAPI", "Processes", "Sandbox"], path: "Tests/TestSupport"),
    .testTarget(name: "DiagnosticsTests", dependencies: ["Diagnostics"]),
    .testTarget(name: "ValuesTests", dependencies: ["Values"]),
    .testTarget(name: "FormatsTests", dependencies: ["Formats"]),
    .testTarget(name: "YAMLTextTests", dependencies: ["YAMLText", "Values", "Diagnostics"]),
    .testTarget(name: "CryptoTests", dependencies: ["Crypto"]),
    .testTarget(name: "CurlTests", dependencies: ["Curl"]),
    .testTarget(name: "ProcessesTests", dependencies: ["Processes"]),
    .testTarget(
        name: "ChartsTests",
        dependencies: [
            "Templating", "ConfigModel", "JobOperator", "Formats", "Crypto", "Processes", "Values", "YAMLText",
            "Diagnostics",
        ],
        exclude: ["Plans", "Golden"]),
    .testTarget(
        name: "TemplatingTests", dependencies: ["Templating", "Values", "YAMLText", "Diagnostics"], exclude: ["Golden"]),
    .testTarget(
        name: "ConfigModelTests", dependencies: ["ConfigModel", "Values", "YAMLText", "Diagnostics"],
        exclude: ["Plans"]),
    .testTarget(
        name: "ClusterAPITests",
        dependencies: ["ClusterAPI", "Values", "YAMLText", "Diagnostics", "Crypto", "HTTPServer", "Processes"],
        exclude: ["Fixtures"]),
    .testTarget(name: "SocketsTests", dependencies: ["Sockets"]),
    .testTarget(name: "HTTPServerTests", dependencies: ["HTTPServer"]),
    .testTarget(
        name: "SandboxTests",
        dependencies: ["Sandbox", "Values", "YAMLText", "Crypto", "HTTPServer", "Processes", "CCurl"],
        exclude: ["Tables/Fixtures", "Server/Fixtures"]),
    .testTarget(
        name: "RolloutTests",
        dependencies: [
            "Rollout", "Records", "ClusterAPI", "Sandbox", "Values", "YAMLText", "Crypto", "Processes", "TestSupport",
        ]),
    .testTarget(
        name: "DeploymentTests",
        dependencies: [
            "Deployment", "Rollout", "Records", "ClusterAPI", "Templating", "ConfigModel", "Sandbox", "Values",
            "YAMLText", "Crypto", "Processes", "TestSupport",
        ]),
    .testTarget(
        name: "JobOperatorTests",
        dependencies: [
            "JobOperator", "ClusterAPI", "Sandbox", "Values", "Formats", "YAMLText", "Diagnostics", "Processes",
            "HTTPServer", "Telemetry", "Sockets", "TestSupport",
        ]),
    .testTarget(name: "TelemetryTests", dependencies: ["Telemetry", "Processes", "Values"]),
    .testTarget(
        name: "RelayTests",
        dependencies: ["Relay", "Curl", "Crypto", "HTTPServer", "Processes", "Sockets", "Telemetry", "Values"],
        exclude: ["Programs"]),
    .testTarget(name: "ArgumentsTests", dependencies: ["Arguments"]),
    .testTarget(name: "TerminalTests", dependencies: ["Terminal"]),
    .testTarget(
        name: "EndToEndTests",
        dependencies: [
            "iflearnerctl", "ClusterAPI", "Sandbox", "Values", "YAMLText", "Processes", "Crypto", "HTTPServer",
            "TestSupport",
        ]),
]

// MARK: Settings of every Swift target

let settings: [SwiftSetting] = [
    .swiftLanguageMode(.v6),
    .treatAllWarnings(as: .error),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
]
for target in sources + tests + tools where target.type != .plugin {
    target.swiftSettings = (target.swiftSettings ?? []) + settings
}

/// How release builds are optimised, where not for speed.
///
/// The optimiser of Swift 6.3.1 miscompiles Rollout: results of concurrent writes were taken for those of other objects, and
/// waits ended at once. It waits for the network all day, so it does without, and so does JobOperator, which is built of the
/// same kind of code. What is large and has no inner loops is built for size.
let optimisation = [
    "Rollout": "-Onone", "JobOperator": "-Onone", "Sandbox": "-Osize", "ClusterAPI": "-Osize", "ConfigModel": "-Osize",
    "Deployment": "-Osize",
    "Records": "-Osize", "Crypto": "-Osize", "Curl": "-Osize", "HTTPServer": "-Osize", "Sockets": "-Osize",
    "Relay": "-Osize",
    "Telemetry": "-Osize", "Arguments": "-Osize", "Processes": "-Osize",
    "iflearnerctl": "-Osize",
]
for target in sources {
    // A section for each function, so that the linker leaves out what nothing calls.
    let flags = ["-Xfrontend", "-function-sections"] + [optimisation[target.name]].compactMap(\.self)
    target.swiftSettings = (target.swiftSettings ?? []) + [.unsafeFlags(flags, .when(configuration: .release))]
}

/// `TARGETS=TemplatingTests swift test` builds and tests one target and what it needs: seconds instead of minutes.
func selected(_ targets: [Target], _ names: String?) -> [Target] {
    guard let names else { return targets }
    var wanted = Set(names.split(separator: ",").map(String.init))
    var grown = true
    while grown {
        grown = false
        for target in targets where wanted.contains(target.name) {
            for dependency in target.dependencies {
                if case .byNameItem(let name, _) = dependency, wanted.insert(name).inserted { grown = true }
            }
            for plugin in target.plugins ?? [] {
                if case .plugin(let name, _) = plugin, wanted.insert(name).inserted { grown = true }
            }
        }
    }
    return targets.filter { wanted.contains($0.name) }
}

let package = Package(
    name: "iflearnerctl",
    targets: selected(libraries + sources + tools + tests, Context.environment["TARGETS"])
)
