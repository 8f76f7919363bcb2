import Diagnostics
import DockerProvider
import Foundation
import ProviderContract
import Testing
import Values

@testable import ComposeImport

/// Made-up projects, read by an import and by the real `docker compose`. Skipped where BERTH_TEST_COMPOSE names no
/// program; `make compare-compose` compares many.
@Suite(.enabled(if: ComposePlugin.isThere)) struct ComposeFileComparisonTests {
  private static let batchSize = 20
  private static let environment = [
    "OUTER": "out $er", "TAG": "", "TOKEN": "secret", "PATH": "/usr/bin:/bin",
  ]

  @Test(
    "Projects become what compose makes of them",
    arguments: Array(stride(from: 0, to: ComparisonSettings.composeFiles, by: batchSize)))
  func projectsBecomeWhatComposeMakesOfThem(from first: Int) throws {
    for index in first..<min(first + Self.batchSize, ComparisonSettings.composeFiles) {
      var maker = ComposeFileMaker(ComparisonSettings.numbers(for: index))
      let files = maker.project()
      try ComparisonSettings.withFolder { folder in
        for file in files {
          try file.text.write(toFile: "\(folder)/\(file.name)", atomically: false, encoding: .utf8)
        }
        try Self.compare(files.map(\.name), in: folder, shown: files.map(\.text).joined(separator: "---\n"))
      }
    }
  }

  private static func compare(_ files: [String], in folder: String, shown: String) throws {
    var options = ComposeOptions()
    options.name = "app"
    options.engines = [DockerFields.all]
    options.resolvesVariables = true
    options.environment = environment
    let result = ComposeImporter.run(files.map { "\(folder)/\($0)" }, options: options)
    // What compose refuses, an import may take: it warns of a key that compose does not know.
    guard case .services(let services) = try ComposePlugin.config(files, in: folder, environment: environment)
    else { return }
    guard !result.diagnostics.hasErrors else {
      let messages = result.diagnostics.filter { $0.severity == .error }.map(\.message)
      #expect(
        KnownDifference.explaining(result.diagnostics) != nil,
        "only the import refuses: \(messages)\n\(shown)")
      return
    }
    let specs = ServiceFacts.services(of: result)
    #expect(Set(specs.keys) == Set(services.keys), "\(shown)")
    for (name, service) in services {
      let differences = ServiceFacts(compose: service).differences(from: specs[name] ?? ServiceFacts())
      #expect(differences.isEmpty, "\(name): \(differences.joined(separator: "\n"))\n\(shown)")
      for key in untold(of: service, named: name, by: result.diagnostics) {
        Issue.record("nothing tells that `\(key)` of \(name) is lost\n\(shown)")
      }
    }
  }

  // MARK: What is lost

  /// Keys that are carried over, or mean nothing for a spec, as the documentation lists them.
  private static let carried: Set<String> = [
    "image", "command", "entrypoint", "environment", "ports", "volumes", "tmpfs", "labels", "annotations",
    "mem_limit", "cpus",
    "deploy", "healthcheck", "stop_grace_period", "restart", "pull_policy", "depends_on", "configs",
    "secrets", "networks",
    "expose", "attach", "profiles", "user", "working_dir", "group_add", "stop_signal", "init", "tty",
    "stdin_open",
    "platform", "logging", "privileged", "read_only", "cap_add", "cap_drop", "security_opt", "devices",
    "pids_limit",
    "shm_size", "mem_reservation", "cpuset", "oom_score_adj", "ulimits", "cpu_shares", "hostname",
    "container_name",
    "domainname", "extra_hosts", "dns", "sysctls", "ipc", "pid",
  ]

  /// What compose does, the spec does not say, and no message tells.
  private static func untold(of service: Value, named name: String, by diagnostics: Diagnostics) -> [String] {
    let messages = diagnostics.map(\.message)
    func isTold(_ what: String) -> Bool { messages.contains { $0.contains(what) } }
    var untold = (service.members ?? []).filter { member in
      !carried.contains(member.key) && !isNothing(member.value) && !isTold("`\(member.key)` of `\(name)`")
    }.map(\.key)
    // Where a path stands with a slash at its end and without, compose hands on both, which no engine takes; an
    // import takes the later one.
    let volumes = Dictionary(
      (service["volumes"]?.list ?? []).map { ($0["target"]?.string?.trimmingSuffix("/") ?? "", $0) },
      uniquingKeysWith: { $1 })
    for volume in volumes.values {
      if volume["bind"]?["selinux"]?.string != nil, !isTold("SELinux") { untold.append("selinux") }
    }
    if service["deploy"]?["labels"] != nil, !isTold("`labels` in `deploy`") { untold.append("deploy.labels") }
    return untold
  }

  private static func isNothing(_ value: Value) -> Bool {
    switch value {
    case .null, .bool(false), .int(0), .string("0"), .string(""): true
    case .list(let elements): elements.isEmpty
    case .map(let members): members.isEmpty
    default: false
    }
  }
}

extension String {
  /// The text without a suffix.
  fileprivate func trimmingSuffix(_ suffix: String) -> String {
    hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
  }
}
