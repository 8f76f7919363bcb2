// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that what only the measurements need never becomes a dependency of berth.
let package = Package(
  name: "Benchmarks",
  platforms: [.macOS(.v15)],
  dependencies: [
    .package(name: "berth", path: ".."),
    // A peer: what most Swift programs read YAML with.
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    .executableTarget(
      name: "bench",
      dependencies: [
        .product(name: "WorkloadSpec", package: "berth"), .product(name: "Planning", package: "berth"),
        .product(name: "Yams", package: "Yams"), "CYAMLBench",
      ]),
    .systemLibrary(
      name: "CYAMLBench", pkgConfig: "yaml-0.1",
      providers: [.apt(["libyaml-dev"]), .brew(["libyaml"])]),
  ],
  swiftLanguageModes: [.v6]
)
