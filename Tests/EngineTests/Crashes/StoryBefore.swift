import Engine
import Planning
import ProviderContract
import WorkloadSpec

extension Story {
  /// Workloads with services that run once per run, before any instance changes.
  static let befores: [Story] = [
    Story(name: "first apply with befores", goal: .spec(Examples.migrated(), services: nil)),
    Story(
      name: "an update with befores", before: { try await $0.apply(Examples.migrated()) },
      goal: .spec(Examples.migrated(version: 2), services: nil)),
    Story(
      name: "an update of a before alone", before: { try await $0.apply(Examples.migrated()) },
      goal: .spec(Examples.migrated { $0.services[1].command.append("--new") }, services: nil)),
    Story(
      name: "an update without a before", before: { try await $0.apply(Examples.migrated()) },
      goal: .spec(Examples.migrated(version: 2) { $0.services.remove(at: 0) }, services: nil)),
    Story(
      name: "an update without befores", before: { try await $0.apply(Examples.migrated()) },
      goal: .spec(Examples.migrated { $0.services.removeFirst(2) }, services: nil)),
    Story(
      name: "more instances with befores", before: { try await $0.apply(Examples.migrated()) },
      goal: .spec(Examples.migrated { $0.replicas = 4 }, services: nil)),
    Story(
      name: "a surge with befores",
      before: { try await $0.apply(Examples.migrated { $0.strategy.maxUnavailable = 0 }) },
      goal: .spec(Examples.migrated(version: 2) { $0.strategy.maxUnavailable = 0 }, services: nil)),
    Story(
      name: "a canary with befores",
      before: {
        try await $0.apply(
          Examples.migrated {
            $0.strategy.type = .canary; $0.strategy.maxUnavailable = 0
          })
      },
      goal: .spec(
        Examples.migrated(version: 2) {
          $0.strategy.type = .canary; $0.strategy.maxUnavailable = 0
        }, services: nil),
      pauses: true),
    Story(
      name: "apply after a before that failed",
      before: { bench in
        try await bench.apply(Examples.migrated())
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(Examples.migrated(version: 2) { $0.services[1].command = ["/bin/broken"] })
      }, goal: .spec(Examples.migrated(version: 2), services: nil)),
    Story(
      name: "apply of the release after a before that failed",
      before: { bench in
        try await bench.apply(Examples.migrated())
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(Examples.migrated { $0.services[1].command = ["/bin/broken"] })
      }, goal: .spec(Examples.migrated(), services: nil)),
    Story(
      name: "rollback with befores",
      before: { bench in
        try await bench.apply(Examples.migrated())
        try await bench.apply(Examples.migrated(version: 2))
      }, goal: .release(1)),
    Story(
      name: "scale with befores", before: { try await $0.apply(Examples.migrated()) }, goal: .scale(3)),
    Story(
      name: "destroy with befores", before: { try await $0.apply(Examples.migrated()) },
      goal: .destroy(volumes: false)),
    Story(
      name: "a first apply whose before fails and is taken back",
      before: { bench in bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] } },
      goal: .spec(Examples.migrated { $0.services[1].command = ["/bin/broken"] }, services: nil),
      isAtomic: true, alwaysActs: true),
    Story(
      name: "an update that fails after its befores and is taken back",
      before: { bench in
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(Examples.migrated())
      },
      goal: .spec(Examples.migrated(version: 2) { $0.services[2].command = ["/bin/broken"] }, services: nil),
      isAtomic: true, alwaysActs: true),
  ]
}

extension Examples {
  /// Two services that run once per run, the second after the first, before a main with a sidecar.
  static func migrated(version: Int = 1, _ edit: (inout Workload) -> Void = { _ in }) -> Workload {
    workload(
      [
        service("check", .before),
        service("migrate", .before) {
          $0.dependsOn = ["check"]
          $0.env = ["VERSION": "\(version)"]
        },
        service("api") {
          $0.dependsOn = ["migrate"]
          $0.env = ["VERSION": "\(version)"]
        }, service("proxy", .sidecar),
      ], replicas: 2
    ) {
      $0.strategy.maxUnavailable = 1
      edit(&$0)
    }
  }
}
