import Engine
import Planning
import ProviderContract
import TestSupport
import Testing
import WorkloadSpec

/// Something that happens to a workload, of which the last step may be broken off at any point.
struct Story: Sendable, CustomTestStringConvertible {
  let name: String
  /// What comes before.
  var before: @Sendable (Bench) async throws -> Void = { _ in }
  /// The last step.
  let goal: Goal
  /// Whether the last step stops a rollout halfway.
  var pauses = false
  /// Whether the last step takes over what is there.
  var adopts = false
  /// Whether the last step goes back when it fails.
  var isAtomic = false
  /// Whether the last step does something each time: a restart does, and so does what fails and goes back.
  var alwaysActs = false

  var testDescription: String { name }

  /// The steps at which it is broken off: every one, or, of rollouts, which have by far the most, a part.
  func sample(_ steps: ClosedRange<Int>) -> [Int] {
    let size = Thoroughness.isFull || !isRollout ? 1 : 6
    return steps.filter { $0 % size == name.utf8.count % size || $0 == steps.upperBound }
  }

  /// The steps at which a story that is one of many is broken off: a part of them, another one for each story.
  func sample(_ steps: ClosedRange<Int>, oneIn size: Int) -> [Int] {
    let size = Thoroughness.isFull ? 1 : size
    return steps.filter { $0 % size == name.utf8.reduce(0) { $0 &+ Int($1) } % size }
  }

  private var isRollout: Bool { Self.rollouts.contains { $0.name == name } }

  static let all: [Story] =
    [
      Story(name: "first apply of hello", goal: .spec(Examples.hello, services: nil)),
      Story(name: "first apply of web", goal: .spec(Examples.web, services: nil)),
      Story(name: "first apply of three replicas", goal: .spec(Examples.three, services: nil)),
      Story(name: "first apply of a stateful set", goal: .spec(Examples.set, services: nil)),
      update("in place", Examples.web { $0.labels = ["team": "checkout"] }),
      update("by a restart", Examples.web("envoy") { $0.env = ["MODE": "edge"] }),
      update("by a replacement", Examples.web("api") { $0.command = ["/bin/api2"] }),
      update("of an init", Examples.web("migrate") { $0.command = ["/bin/migrate2"] }),
      update("of a config file", Examples.web("api") { $0.configFiles[0].content = "workers: 8\n" }),
      update("with a new sidecar", Examples.web { $0.services.append(Examples.service("cache", .sidecar)) }),
      update("without a sidecar", Examples.web { $0.services.removeAll { $0.name == "logs" } }),
      update(
        "of everything",
        Examples.web { workload in
          workload.labels = ["team": "checkout"]
          for index in workload.services.indices { workload.services[index].command.append("--new") }
          workload.services.removeAll { $0.name == "logs" }
          workload.services.append(Examples.service("cache", .sidecar))
          workload.services[1].volumes[0].access = .many
          workload.replicas = 2
        }),
      update("that only the record differs by", Examples.web("api") { $0.pullPolicy = .always }),
      Story(
        name: "one service of several changes", before: { try await $0.apply(Examples.web) },
        goal: .spec(
          Examples.web {
            $0.services[1].command = ["/bin/api2"]; $0.services[2].env = ["A": "1"]
          }, services: ["envoy"])),
      Story(
        name: "three replicas roll", before: { try await $0.apply(Examples.three) },
        goal: .spec(
          Examples.workload([Examples.service("api") { $0.env = ["A": "1"] }], replicas: 3), services: nil)),
      Story(
        name: "three replicas become one", before: { try await $0.apply(Examples.three) },
        goal: .spec(Examples.workload([Examples.service("api")], replicas: 1), services: nil)),
      Story(
        name: "three replicas become five", before: { try await $0.apply(Examples.three) },
        goal: .spec(Examples.workload([Examples.service("api")], replicas: 5), services: nil)),
      Story(
        name: "a stateful set shrinks", before: { try await $0.apply(Examples.set) },
        goal: .spec(
          Examples.workload(Examples.set.services, replicas: 1) { $0.kind = .statefulSet }, services: nil)),
      Story(
        name: "drift is mended",
        before: { bench in
          try await bench.apply(Examples.web)
          bench.provider.meddle { world in
            world.kill("envoy", in: InstanceID(0), of: bench.key)
            world.edit("api", in: InstanceID(0), of: bench.key) { $0.env["LEVEL"] = "debug" }
            world.remove("logs", from: InstanceID(0), of: bench.key)
          }
        }, goal: .spec(Examples.web, services: nil)),
      Story(
        name: "a dead instance is made anew",
        before: { bench in
          try await bench.apply(Examples.web)
          bench.provider.meddle { $0.kill(InstanceID(0), of: bench.key) }
        }, goal: .spec(Examples.web, services: nil)),
      Story(
        name: "what does not run is changed in place",
        before: { bench in
          try await bench.apply(Examples.web)
          bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
        }, goal: .spec(Examples.web { $0.labels = ["team": "checkout"] }, services: nil)),
      Story(
        name: "a secret has a new value",
        before: { bench in
          try await bench.apply(Examples.web)
          bench.secrets.set("test:token", to: "two")
        }, goal: .spec(Examples.web, services: nil)),
      Story(
        name: "rollback to the first release",
        before: { bench in
          try await bench.apply(Examples.web)
          try await bench.apply(Examples.web("api") { $0.command = ["/bin/api2"] })
        }, goal: .release(1)),
      Story(
        name: "apply after a failed run",
        before: { bench in
          try await bench.apply(Examples.web)
          bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
          try await bench.apply(Examples.web("api") { $0.command = ["/bin/broken"] })
        }, goal: .spec(Examples.web, services: nil)),
      Story(
        name: "destroy", before: { try await $0.apply(Examples.web) }, goal: .destroy(volumes: false)),
      Story(
        name: "destroy with volumes", before: { try await $0.apply(Examples.set) },
        goal: .destroy(volumes: true)),
      Story(
        name: "apply after a destroy",
        before: { bench in
          try await bench.apply(Examples.web)
          try await bench.apply(.destroy(volumes: false))
        }, goal: .spec(Examples.web, services: nil)),
    ] + operations + rollouts + returns + writers + befores + adoptions

  /// What operators do.
  static let operations: [Story] = [
    Story(
      name: "stop", before: { try await $0.apply(Examples.web) }, goal: .operation(.stop(.all))),
    Story(
      name: "stop one service of three instances", before: { try await $0.apply(Examples.three) },
      goal: .operation(.stop(ServiceScope(service: "api")))),
    Story(
      name: "stop one instance", before: { try await $0.apply(Examples.three) },
      goal: .operation(.stop(ServiceScope(ordinal: 1)))),
    Story(
      name: "stop a stateful set", before: { try await $0.apply(Examples.set) },
      goal: .operation(.stop(.all))),
    Story(
      name: "stop what has failed",
      before: { bench in
        try await bench.apply(Examples.web)
        bench.provider.meddle { $0.kill("envoy", in: InstanceID(0), of: bench.key) }
      }, goal: .operation(.stop(ServiceScope(service: "envoy")))),
    Story(
      name: "start",
      before: { bench in
        try await bench.apply(Examples.web)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .operation(.start(.all))),
    Story(
      name: "start one service of what is stopped",
      before: { bench in
        try await bench.apply(Examples.web)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .operation(.start(ServiceScope(service: "api")))),
    Story(
      name: "apply to what is stopped",
      before: { bench in
        try await bench.apply(Examples.web)
        try await bench.apply(.operation(.stop(.all)))
      },
      goal: .spec(
        Examples.web { workload in
          workload.labels = ["team": "checkout"]
          workload.services[1].command = ["/bin/api2"]
          workload.services.append(Examples.service("cache", .sidecar))
          workload.services[1].volumes[0].access = .many
          workload.replicas = 2
        }, services: nil)),
    Story(
      name: "start what was changed while it was stopped",
      before: { bench in
        try await bench.apply(Examples.web)
        try await bench.apply(.operation(.stop(.all)))
        try await bench.apply(Examples.web("migrate") { $0.command = ["/bin/migrate2"] })
      }, goal: .operation(.start(.all))),
    Story(
      name: "scale up", before: { try await $0.apply(Examples.sharedWeb) }, goal: .scale(3)),
    Story(
      name: "scale a stateful set down", before: { try await $0.apply(Examples.set) }, goal: .scale(1)),
    Story(
      name: "scale what is stopped",
      before: { bench in
        try await bench.apply(Examples.set)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .scale(3)),
    Story(
      name: "destroy what is stopped",
      before: { bench in
        try await bench.apply(Examples.web)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .destroy(volumes: false)),
    Story(
      name: "suspend", before: { try await $0.apply(Examples.hello) },
      goal: .operation(.suspend(Examples.suspension))),
    Story(
      name: "unsuspend",
      before: { bench in
        try await bench.apply(Examples.hello)
        try await bench.apply(.operation(.suspend(Examples.suspension)))
      }, goal: .operation(.unsuspend)),
  ]

  /// Instances that give way to others.
  static let rollouts: [Story] = [
    Story(
      name: "a surge", before: { try await $0.apply(Examples.pair(.rolling)) },
      goal: .spec(Examples.pair(.rolling, version: 2), services: nil)),
    Story(
      name: "a surge after one that failed",
      before: { bench in
        try await bench.apply(Examples.pair(.rolling))
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(
          Examples.pair(.rolling, version: 2) { $0.services[2].command = ["/bin/broken"] })
      }, goal: .spec(Examples.pair(.rolling, version: 3), services: nil)),
    Story(
      name: "a surge that is taken back",
      before: { bench in
        try await bench.apply(Examples.pair(.rolling))
        bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("delete 0.envoy")))]))
        try await bench.apply(Examples.pair(.rolling, version: 2))
      }, goal: .spec(Examples.pair(.rolling), services: nil)),
    Story(
      name: "a surge with fewer replicas",
      before: { try await $0.apply(Examples.pair(.rolling, replicas: 3)) },
      goal: .spec(Examples.pair(.rolling, version: 2), services: nil)),
    Story(
      name: "blue-green", before: { try await $0.apply(Examples.pair(.blueGreen)) },
      goal: .spec(Examples.pair(.blueGreen, version: 2), services: nil)),
    Story(
      name: "a canary that is not watched", before: { try await $0.apply(Examples.pair(.canary)) },
      goal: .spec(Examples.pair(.canary, version: 2), services: nil)),
    Story(
      name: "a canary", before: { try await $0.apply(Examples.pair(.canary)) },
      goal: .spec(Examples.pair(.canary, version: 2), services: nil), pauses: true),
    Story(
      name: "blue-green that pauses", before: { try await $0.apply(Examples.pair(.blueGreen)) },
      goal: .spec(Examples.pair(.blueGreen, version: 2), services: nil), pauses: true),
    Story(name: "a canary is promoted", before: { try await $0.pause(.canary) }, goal: .promote),
    Story(name: "blue-green is promoted", before: { try await $0.pause(.blueGreen) }, goal: .promote),
    Story(
      name: "a canary is finished by its spec", before: { try await $0.pause(.canary) },
      goal: .spec(Examples.pair(.canary, version: 2), services: nil)),
    Story(name: "a canary is aborted", before: { try await $0.pause(.canary) }, goal: .abort),
    Story(name: "blue-green is aborted", before: { try await $0.pause(.blueGreen) }, goal: .abort),
    Story(
      name: "a broken promotion is aborted",
      before: { bench in
        try await bench.pause(.canary)
        bench.provider.plan(FaultPlan([Fault(.fail, at: .action(ActionID("delete 1.envoy")))]))
        try await bench.apply(.promote)
      }, goal: .abort),
    Story(
      name: "a rollback ends a canary", before: { try await $0.pause(.canary) }, goal: .release(1)),
    Story(
      name: "stop while a canary is paused", before: { try await $0.pause(.canary) },
      goal: .operation(.stop(.all))),
    Story(
      name: "start while a canary is paused",
      before: { bench in
        try await bench.pause(.canary)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .operation(.start(.all))),
    Story(
      name: "promote what is stopped",
      before: { bench in
        try await bench.pause(.canary)
        try await bench.apply(.operation(.stop(.all)))
      }, goal: .promote),
    Story(
      name: "destroy while a canary is paused", before: { try await $0.pause(.canary) },
      goal: .destroy(volumes: false)),
  ]

  /// Runs that fail, and go back by themselves.
  static let returns: [Story] = [
    Story(
      name: "a first apply that fails and is taken back",
      before: { bench in bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] } },
      goal: .spec(Examples.pair(.rolling) { $0.services[2].command = ["/bin/broken"] }, services: nil),
      isAtomic: true, alwaysActs: true),
    Story(
      name: "an update that fails and is taken back",
      before: { bench in
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(Examples.web { $0.labels = ["team": "docs"] })
      },
      goal: .spec(
        Examples.web { workload in
          workload.labels = ["team": "checkout"]
          workload.services[1].env = ["LEVEL": "debug"]
          workload.services[2].command = ["/bin/broken"]
          workload.services.append(Examples.service("cache", .sidecar))
        }, services: nil), isAtomic: true, alwaysActs: true),
    Story(
      name: "a surge that fails and is taken back",
      before: { bench in
        bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
        try await bench.apply(Examples.pair(.rolling))
      },
      goal: .spec(
        Examples.pair(.rolling, version: 2) { $0.services[2].command = ["/bin/broken"] }, services: nil),
      isAtomic: true, alwaysActs: true),
  ]

  /// Volumes to which one instance at a time may write.
  static let writers: [Story] =
    [StrategyType.rolling, .recreate, .blueGreen, .canary].map { type in
      Story(
        name: "a database by \(type.rawValue)", before: { try await $0.apply(Examples.database(type)) },
        goal: .spec(Examples.database(type, version: 2), services: nil))
    } + [
      Story(
        name: "a database is scaled to none", before: { try await $0.apply(Examples.database()) },
        goal: .scale(0)),
      Story(
        name: "a database comes back from none",
        before: { bench in
          try await bench.apply(Examples.database())
          try await bench.apply(.scale(0))
        }, goal: .scale(1)),
      Story(
        name: "a database that has two instances",
        before: { bench in
          try await bench.apply(Examples.database())
          bench.leaveSecond(InstanceID(0, generation: 1))
        }, goal: .spec(Examples.database(version: 2), services: nil)),
      Story(
        name: "a database whose first instance is lost beside another one",
        before: { bench in
          try await bench.apply(Examples.database())
          bench.leaveSecond(InstanceID(1))
          bench.provider.meddle { $0.remove(InstanceID(0), of: bench.key) }
        }, goal: .release(1)),
      Story(
        name: "a database is shared, and has more instances",
        before: { try await $0.apply(Examples.database()) },
        goal: .spec(
          Examples.database(version: 2) { workload in
            workload.services[0].volumes[0].access = .many
            workload.replicas = 3
          }, services: nil)),
      Story(
        name: "a database is shared no longer",
        before: { bench in
          try await bench.apply(Examples.database())
          try await bench.apply(
            Examples.database(version: 2) { workload in
              workload.services[0].volumes[0].access = .many
              workload.replicas = 3
            })
        }, goal: .release(1)),
      Story(
        name: "a database gets another name",
        before: { try await $0.apply(Examples.database()) },
        goal: .spec(
          Examples.database { workload in
            workload.services[0].name = "postgres"
            workload.services[1].dependsOn = ["postgres"]
          }, services: nil)),
      Story(
        name: "a service hands its volume over to one that it needs",
        before: { try await $0.apply(Examples.database()) },
        goal: .spec(
          Examples.database { workload in
            var store = workload.services[0]
            store.name = "store"
            store.role = .sidecar
            workload.services[0].volumes = []
            workload.services[0].dependsOn = ["store"]
            workload.services.append(store)
          }, services: nil)),
      Story(
        name: "an update of a database fails and is taken back",
        before: { bench in
          bench.provider.meddle { $0.failingCommands = [["/bin/broken"]] }
          try await bench.apply(Examples.database())
        },
        goal: .spec(Examples.database { $0.services[0].command = ["/bin/broken"] }, services: nil),
        isAtomic: true, alwaysActs: true),
    ]

  /// Stories with few steps.
  static let short = all.filter {
    ["first apply of hello", "update by a replacement", "drift is mended", "destroy", "a canary is aborted"]
      .contains($0.name) && (Thoroughness.isFull || !$0.isRollout)
  }

  private static func update(_ how: String, _ workload: Workload) -> Story {
    Story(
      name: "update \(how)", before: { try await $0.apply(Examples.web) },
      goal: .spec(workload, services: nil))
  }
}

extension Bench {
  /// Applies a workload, and a new version of it that pauses halfway.
  func pause(_ type: StrategyType) async throws {
    try await apply(Examples.pair(type))
    try await apply(Examples.pair(type, version: 2), pauses: true)
  }

  /// Leaves a second instance beside the first one, as a surge of an earlier version may have.
  func leaveSecond(_ id: InstanceID) {
    provider.meddle { world in
      world.meddle(with: key) { observation in
        guard var second = observation.instances.first else { return }
        second.id = id
        for index in second.services.indices {
          let stamp = second.services[index].stamp
          second.services[index].stamp = Stamp(
            key: stamp.key, instance: id, service: stamp.service, run: stamp.run, digest: stamp.digest)
        }
        observation.instances.append(second)
      }
    }
  }
}
