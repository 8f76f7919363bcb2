// swift-tools-version: 6.1
import PackageDescription

// What reads data from outside, and so is tested and fuzzed by the same functions.
let fuzzDependencies: [Target.Dependency] = [
  "WorkloadSpec", "YAMLNodes", "Diagnostics", "Values", "Secrets", "Planning", "Policies", "Rendering",
  "Engine",
  "DockerAPI", "DockerProvider", "LocalProvider", "Supervisor",
  "ComposeImport", "KubernetesImport", "KubernetesAPI", "NomadAPI", "Wire",
  .product(name: "NIOCore", package: "swift-nio"),
]

// Each module is one room with one door. The dependency lists below are what keeps the arrows pointing
// one way, from the command line down to the language.
let package = Package(
  name: "berth",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "berth", targets: ["berth"]),
    .library(
      name: "WorkloadSpec", targets: ["WorkloadSpec", "YAMLNodes", "Diagnostics", "Secrets", "Values"]),
    .library(name: "Planning", targets: ["Planning"]),
    .library(name: "Policies", targets: ["Policies"]),
    .library(name: "ProviderKit", targets: ["ProviderKit", "HealthChecks"]),
    .library(name: "ProviderContract", targets: ["ProviderContract"]),
    // berth as a library: docs/library.md.
    .library(name: "Engine", targets: ["Engine"]),
    .library(name: "LocalProvider", targets: ["LocalProvider", "Supervisor"]),
    .library(name: "DockerProvider", targets: ["DockerProvider"]),
    .library(name: "KubernetesProvider", targets: ["KubernetesProvider"]),
    .library(name: "NomadProvider", targets: ["NomadProvider"]),
    .library(name: "Rendering", targets: ["Rendering"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
    .package(url: "https://github.com/apple/swift-nio-http2", from: "1.46.0"),
    .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.6"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/LebJe/TOMLKit", from: "0.6.0"),
    .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
    .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2"),
  ],
  targets: [
    .executableTarget(name: "berth", dependencies: ["BerthCommands"]),
    // One small file per command; the configuration; the one place that knows which providers exist.
    .target(
      name: "BerthCommands",
      dependencies: [
        "Rendering", "Engine", "ClusterNodes", "LocalProvider", "DockerProvider", "KubernetesProvider",
        "NomadProvider", "MachineKit", "MockProvider", "ObjectStore", "TmuxProvider", "ComposeImport",
        "KubernetesImport", "SpecImport", "Policies", "Supervisor", "Vault", "Webhook", "Forge", "UserFiles",
        "WorkloadSpec",
        "YAMLNodes", "Diagnostics", "Secrets", "Values",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(
      name: "Rendering",
      dependencies: ["ClusterNodes", "Planning", "WorkloadSpec", "YAMLNodes", "Diagnostics", "Values"]),
    // Delivers events over HTTP. Knows nothing of what they tell.
    .target(
      name: "Webhook",
      dependencies: [
        "Values", "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    // Comments on pull requests, by the API of a forge. Knows nothing of what they tell.
    .target(
      name: "Forge",
      dependencies: [
        "Diagnostics", "UserFiles", "Values", "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(
      name: "Engine",
      dependencies: [
        "ProviderKit", "ClusterNodes", "Policies", "Planning", "WorkloadSpec", "Diagnostics", "Secrets",
        "Values", "UserFiles",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "LocalProvider",
      dependencies: [
        "CProcess", "Supervisor", "ProviderKit", "HealthChecks", "Planning", "WorkloadSpec", "Diagnostics",
        "Values",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    // The program that holds the processes of one instance on this machine. Knows nothing of workloads.
    .target(
      name: "Supervisor",
      dependencies: [
        "CProcess", "HealthChecks", "Values", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "DockerProvider",
      dependencies: [
        "DockerAPI", "ProviderKit", "HealthChecks", "HealthProbes", "ClusterNodes", "Planning",
        "WorkloadSpec", "Diagnostics", "Secrets", "Values",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    // What several wires have in common: how servers are reached, handshakes, lines, limits of time, words for what goes
    // wrong.
    .target(
      name: "Wire",
      dependencies: [
        "UserFiles", "Values",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ]),
    // The Docker Engine API: the connection, the calls, the streams. Knows nothing of workloads.
    .target(
      name: "DockerAPI",
      dependencies: [
        "UserFiles", "Values", "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    // The API of Kubernetes: the connection and who asks, the calls, watches, the streams. Knows nothing of workloads.
    .target(
      name: "KubernetesAPI",
      dependencies: [
        "UserFiles", "Wire", "YAMLNodes", "Diagnostics", "Values",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    // The API of Nomad: the connection, the calls, blocking queries, the streams. Knows nothing of workloads.
    .target(
      name: "NomadAPI",
      dependencies: [
        "UserFiles", "Wire", "Values",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    // What AWS's services have in common: signatures, credentials, requests, refusals. Knows nothing of workloads.
    .target(
      name: "AWSAPI",
      dependencies: [
        "UserFiles", "Wire", "Values",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    // Releases, journal and lock in a bucket of S3, or of a store that speaks its language.
    .target(
      name: "ObjectStore",
      dependencies: [
        "AWSAPI", "ProviderKit", "Planning", "WorkloadSpec", "Diagnostics", "Values", "Wire",
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .target(
      name: "KubernetesProvider",
      dependencies: [
        "KubernetesAPI", "ProviderKit", "HealthChecks", "ClusterNodes", "Planning", "WorkloadSpec",
        "Diagnostics", "Secrets", "Values", "UserFiles",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "NomadProvider",
      dependencies: [
        "NomadAPI", "ProviderKit", "HealthChecks", "Planning", "WorkloadSpec", "Diagnostics", "Secrets",
        "Values", "UserFiles", "Wire",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // What every provider of machines has in common: actions on a machine, tags, readiness, user data.
    .target(
      name: "MachineKit",
      dependencies: [
        "ProviderKit", "HealthChecks", "HealthProbes", "Planning", "WorkloadSpec", "Diagnostics", "Values",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // Machines that are lines of a file.
    .target(
      name: "MockProvider",
      dependencies: [
        "MachineKit", "ProviderKit", "Planning", "WorkloadSpec", "Diagnostics", "Values",
      ]),
    // Machines that are windows of a tmux session.
    .target(
      name: "TmuxProvider",
      dependencies: [
        "MachineKit", "ProviderKit", "Wire", "Planning", "WorkloadSpec", "Diagnostics", "Values",
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    // Turns compose files into specs. Knows nothing of engines.
    .target(
      name: "ComposeImport",
      dependencies: ["SpecImport", "WorkloadSpec", "YAMLNodes", "Diagnostics", "Values", "UserFiles"]),
    // Turns manifests of Kubernetes into specs. Knows nothing of engines.
    .target(
      name: "KubernetesImport",
      dependencies: ["SpecImport", "WorkloadSpec", "YAMLNodes", "Diagnostics", "Secrets", "Values"]),
    // What importers of other tools' files share: names, what is lost, the check of what they made.
    .target(name: "SpecImport", dependencies: ["WorkloadSpec", "YAMLNodes", "Diagnostics"]),
    .target(
      name: "ProviderContract",
      dependencies: [
        "MachineKit", "ProviderKit", "ClusterNodes", "Planning", "WorkloadSpec", "Diagnostics", "Secrets",
        "Values",
      ]),
    .target(
      name: "ProviderKit",
      dependencies: [
        "HealthChecks", "ClusterNodes", "Planning", "WorkloadSpec", "YAMLNodes", "Diagnostics", "Secrets",
        "Values",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // How the health of services is asked for and judged, wherever berth asks. Pure.
    .target(name: "HealthChecks"),
    // Asks services and machines over the network whether they can do their work.
    .target(
      name: "HealthProbes",
      dependencies: [
        "HealthChecks", "ProviderKit", "WorkloadSpec",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ]),
    // Clusters and their nodes as plain values: schemes, roles, phases, order. Pure, and knows nothing of engines.
    .target(name: "ClusterNodes", dependencies: ["Diagnostics"]),
    // The encrypted file of secrets on this machine.
    .target(
      name: "Vault",
      dependencies: [
        "Diagnostics", "Secrets", "Values", "UserFiles",
        .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "Planning",
      dependencies: [
        "WorkloadSpec", "Diagnostics", "Values",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    // What plans are held to: rules over the declared fields and over what plans do. Pure.
    .target(
      name: "Policies", dependencies: ["Planning", "WorkloadSpec", "YAMLNodes", "Diagnostics", "Values"]),
    // The language: decoding, the model, validation, the schema.
    .target(
      name: "WorkloadSpec",
      dependencies: [
        "HealthChecks", "YAMLNodes", "Diagnostics", "Secrets", "Values", "UserFiles", "CYAML", "TOMLKit",
      ]),
    // YAML as nodes that know their places.
    .target(name: "YAMLNodes", dependencies: ["Diagnostics", "Values", "CYAML"]),
    // Codes with their explanations, places in files, what is wrong there.
    .target(name: "Diagnostics", dependencies: ["UserFiles"]),
    // The value of a secret, its key, and what finds the one by the other.
    .target(name: "Secrets"),
    // Plain data and how it is written: JSON, hexadecimal digits, base64, moments, amounts, names of signals.
    .target(name: "Values"),
    // Files that a user names: the one way to open them.
    .target(name: "UserFiles"),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    // What must happen between fork and exec, where Swift code may not run.
    .target(name: "CProcess"),

    .testTarget(name: "UserFilesTests", dependencies: ["UserFiles"]),
    .testTarget(
      name: "WorkloadSpecTests",
      dependencies: [
        "WorkloadSpec", "YAMLNodes", "Diagnostics", "Secrets", "Values", "UserFiles", "TestSupport",
      ]),
    // What the tests of several modules use.
    .target(
      name: "TestSupport",
      dependencies: [
        "WorkloadSpec", "Values", "Wire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Tests/TestSupport"),
    .testTarget(
      name: "PlanningTests",
      dependencies: ["Planning", "ProviderContract", "WorkloadSpec", "Diagnostics", "Values", "TestSupport"]),
    .testTarget(
      name: "PoliciesTests",
      dependencies: [
        "Policies", "Planning", "ProviderContract", "WorkloadSpec", "Diagnostics", "Values", "TestSupport",
      ]),
    .testTarget(
      name: "EngineTests",
      dependencies: [
        "Engine", "ClusterNodes", "Policies", "ProviderContract", "Diagnostics", "Secrets", "Values",
        "TestSupport",
      ]),
    .testTarget(
      name: "SupervisorTests", dependencies: ["Supervisor", "Values", "TestSupport"], exclude: ["Messages"]),
    .testTarget(
      name: "LocalProviderTests",
      dependencies: [
        "LocalProvider", "Supervisor", "Engine", "ProviderContract", "Diagnostics", "Secrets", "Values",
        "TestSupport", "CFaultyDisk",
        .product(name: "GRDB", package: "GRDB.swift"),
      ], exclude: ["Store/Records"]),
    // A disk for SQLite that goes wrong when a test says so.
    .target(
      name: "CFaultyDisk", path: "Tests/CFaultyDisk", linkerSettings: [.linkedLibrary("sqlite3")]),
    .testTarget(name: "ClusterNodesTests", dependencies: ["ClusterNodes", "Diagnostics"]),
    .testTarget(
      name: "HealthChecksTests",
      dependencies: [
        "HealthChecks",
        .product(name: "NIOEmbedded", package: "swift-nio"),
        .product(name: "NIOHTTP2", package: "swift-nio-http2"),
      ]),
    .testTarget(
      name: "ProviderKitTests",
      dependencies: ["ProviderKit", "ProviderContract", "HealthChecks", "Planning", "Secrets", "Values"]),
    .testTarget(
      name: "MockProviderTests",
      dependencies: [
        "MockProvider", "MachineKit", "Engine", "ProviderContract", "Planning", "Diagnostics", "Secrets",
        "Values", "WorkloadSpec", "TestSupport",
      ]),
    .testTarget(
      name: "TmuxProviderTests",
      dependencies: [
        "TmuxProvider", "MachineKit", "ProviderContract", "ProviderKit", "Planning", "WorkloadSpec",
      ]),
    .testTarget(name: "VaultTests", dependencies: ["Vault", "Diagnostics", "Secrets", "Values"]),
    .testTarget(
      name: "ForgeTests",
      dependencies: [
        "Forge", "Diagnostics", "Values", "TestSupport", .product(name: "NIOHTTP1", package: "swift-nio"),
      ],
      exclude: ["Schemas"]),
    .testTarget(
      name: "DockerAPITests",
      dependencies: [
        "DockerAPI", "Values", "Wire",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "Subprocess", package: "swift-subprocess"),
      ]),
    // What the tests of several modules use against a cluster.
    .target(
      name: "KubernetesTestSupport",
      dependencies: [
        "KubernetesAPI", "Values", "Wire",
        .product(name: "AsyncHTTPClient", package: "async-http-client"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ], path: "Tests/KubernetesTestSupport"),
    .testTarget(
      name: "KubernetesAPITests",
      dependencies: [
        "KubernetesAPI", "UserFiles", "Values", "Wire", "TestSupport",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    // What the tests of several modules use of AWS: servers that answer as a test says, and moto.
    .target(
      name: "AWSTestSupport",
      dependencies: [
        .product(name: "NIOCore", package: "swift-nio"), .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], path: "Tests/AWSTestSupport"),
    .testTarget(
      name: "AWSAPITests",
      dependencies: [
        "AWSAPI", "AWSTestSupport", "Values", "Wire", .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
      ]),
    .testTarget(
      name: "ObjectStoreTests",
      dependencies: [
        "ObjectStore", "AWSAPI", "AWSTestSupport", "ProviderContract", "ProviderKit", "Planning",
        "WorkloadSpec",
        "Diagnostics", "TestSupport", "Values", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    // A Nomad agent with a cluster in memory, for the tests of what talks to one.
    .target(
      name: "NomadFake",
      dependencies: [
        "Values",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
        .product(name: "NIOWebSocket", package: "swift-nio"),
      ], path: "Tests/NomadFake"),
    .testTarget(
      name: "NomadAPITests",
      dependencies: [
        "NomadAPI", "NomadFake", "UserFiles", "Values", "Wire", "TestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOSSL", package: "swift-nio-ssl"),
      ]),
    .testTarget(
      name: "KubernetesProviderTests",
      dependencies: [
        "KubernetesProvider", "KubernetesAPI", "Engine", "ClusterNodes", "ProviderContract", "Diagnostics",
        "Secrets", "Values", "Wire", "YAMLNodes", "TestSupport", "KubernetesTestSupport",
        .product(name: "NIOCore", package: "swift-nio"),
        .product(name: "NIOHTTP1", package: "swift-nio"),
        .product(name: "NIOPosix", package: "swift-nio"),
      ], exclude: ["Mapping/Cases"]),
    .testTarget(
      name: "NomadProviderTests",
      dependencies: [
        "NomadProvider", "NomadAPI", "NomadFake", "ProviderContract", "Diagnostics", "Secrets", "Values",
        "TestSupport",
      ], exclude: ["Mapping/Cases"]),
    .testTarget(
      name: "DockerProviderTests",
      dependencies: [
        "DockerProvider", "DockerAPI", "HealthProbes", "Engine", "ClusterNodes", "ProviderContract",
        "YAMLNodes", "Diagnostics",
        "Secrets", "Values", "TestSupport",
      ], exclude: ["Records"]),
    .testTarget(
      name: "ComposeImportTests",
      dependencies: [
        "ComposeImport", "SpecImport", "DockerProvider", "ProviderContract", "Rendering", "WorkloadSpec",
        "YAMLNodes", "Diagnostics", "Values", "TestSupport",
      ],
      exclude: ["Cases", "Schema"]),
    .testTarget(
      name: "KubernetesImportTests",
      dependencies: [
        "KubernetesImport", "SpecImport", "DockerProvider", "KubernetesProvider", "Rendering", "WorkloadSpec",
        "Diagnostics", "TestSupport",
      ],
      exclude: ["Cases", "Schema"]),
    .testTarget(
      name: "RenderingTests",
      dependencies: ["Rendering", "ClusterNodes", "ProviderContract", "Diagnostics", "Values", "TestSupport"]),
    .testTarget(
      name: "CommandTests",
      dependencies: [
        "berth", "BerthCommands", "LocalProvider", "ObjectStore", "AWSTestSupport", "DockerAPI",
        "KubernetesAPI", "KubernetesProvider", "NomadAPI", "NomadFake", "NomadProvider",
        "Webhook", "Policies", "ProviderContract", "ProviderKit", "Planning", "WorkloadSpec", "YAMLNodes",
        "Diagnostics", "Values", "TestSupport", "KubernetesTestSupport",
      ]),
    // What docs/library.md shows, compiled as outside of the package: with what is public only.
    .testTarget(
      name: "LibraryTests",
      dependencies: [
        "Engine", "LocalProvider", "DockerProvider", "KubernetesProvider", "NomadProvider", "Planning",
        "ProviderContract", "ProviderKit", "WorkloadSpec", "Diagnostics",
      ],
      packageAccess: false),
    .testTarget(
      name: "FuzzTests", dependencies: fuzzDependencies, exclude: ["Corpus", "Fuzzer"]),
  ],
  swiftLanguageModes: [.v6]
)

// `make test-one IN=PlanningTests` builds those suites, and what they need, alone.
if let suites = Context.environment["BERTH_SUITES"], !suites.isEmpty {
  let named = Set(suites.split(separator: " ").map(String.init))
  package.targets.removeAll { $0.type == .test && !named.contains($0.name) }
}

// `make fuzz` names libFuzzer's runtime. Then there is a program that feeds what FuzzTests checks, and berth's own
// modules tell it which ways they took.
if let runtime = Context.environment["BERTH_FUZZ_RUNTIME"] {
  package.targets.removeAll { $0.type == .test }
  for target in package.targets where target.type != .system && target.name != "CProcess" {
    target.swiftSettings = [
      .unsafeFlags(
        ["-sanitize=fuzzer", "-parse-as-library", "-enable-testing"], .when(configuration: .release))
    ]
  }
  package.targets += [
    .systemLibrary(name: "CFuzzer", path: "Tests/CFuzzer"),
    .executableTarget(
      name: "fuzz", dependencies: fuzzDependencies + ["CFuzzer"], path: "Tests/FuzzTests",
      exclude: ["Corpus", "CorpusTests.swift"],
      linkerSettings: [.unsafeFlags([runtime]), .linkedLibrary("stdc++", .when(platforms: [.linux]))]),
  ]
}
