// swift-tools-version: 6.1
import PackageDescription

// Each module is one room with one door. The dependency lists below are what keeps the arrows pointing
// one way, from the command line down to the language.
let package = Package(
  name: "berth",
  platforms: [.macOS(.v15)],
  products: [
    .executable(name: "berth", targets: ["berth"]),
    .library(name: "WorkloadSpec", targets: ["WorkloadSpec"]),
    .library(name: "Planning", targets: ["Planning"]),
    .library(name: "ProviderKit", targets: ["ProviderKit"]),
    .library(name: "ProviderContract", targets: ["ProviderContract"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
  ],
  targets: [
    .executableTarget(
      name: "berth",
      dependencies: [
        "Rendering", "Engine", "LocalProvider",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    .target(name: "Rendering", dependencies: ["Planning", "WorkloadSpec"]),
    .target(
      name: "Engine",
      dependencies: [
        "ProviderKit", "Planning", "WorkloadSpec", .product(name: "Crypto", package: "swift-crypto"),
      ]),
    .target(
      name: "LocalProvider",
      dependencies: [
        "CProcess", "ProviderKit", "Planning", "WorkloadSpec",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .target(name: "ProviderContract", dependencies: ["ProviderKit", "Planning", "WorkloadSpec"]),
    .target(name: "ProviderKit", dependencies: ["Planning", "WorkloadSpec"]),
    .target(
      name: "Planning",
      dependencies: [
        "WorkloadSpec",
        .product(name: "Crypto", package: "swift-crypto"),
        .product(name: "HeapModule", package: "swift-collections"),
      ]),
    .target(name: "WorkloadSpec", dependencies: ["CYAML"]),
    .systemLibrary(
      name: "CYAML", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
    // What must happen between fork and exec, where Swift code may not run.
    .target(name: "CProcess"),

    .testTarget(name: "WorkloadSpecTests", dependencies: ["WorkloadSpec"]),
    .testTarget(name: "PlanningTests", dependencies: ["Planning", "ProviderContract"]),
    .testTarget(name: "EngineTests", dependencies: ["Engine", "ProviderContract"]),
    .testTarget(
      name: "LocalProviderTests",
      dependencies: [
        "LocalProvider", "Engine", "ProviderContract", .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "RenderingTests", dependencies: ["Rendering", "ProviderContract"]),
    .testTarget(name: "CommandTests", dependencies: ["berth", "WorkloadSpec"]),
  ],
  swiftLanguageModes: [.v6]
)
