import Planning
import ProviderKit
import Values
import WorkloadSpec

extension ProviderContract {
  private static func workload(
    _ scene: ContractScene, _ type: StrategyType, version: Int, replicas: Int = 1
  ) -> Workload {
    scene.workload(
      [
        scene.service("prepare", .`init`), scene.service("api", version: version),
        scene.service("proxy", .sidecar),
      ], replicas: replicas
    ) {
      $0.strategy.type = type
      $0.strategy.maxUnavailable = 0
    }
  }

  private static let first = InstanceID(0)
  private static let second = InstanceID(0, generation: 1)

  /// Instances that give way to others, on engines where berth itself makes them.
  static let rolloutCases: [ContractCase] = [
    ContractCase(
      "a new instance works before the old one goes", "surge", needs: .rolling, units: [.service, .instance]
    ) { scene in
      let old = workload(scene, .rolling, version: 1)
      try await scene.apply(old)
      let new = workload(scene, .rolling, version: 2)
      let actions = try await scene.plan(new, last: old).actions.filter(\.kind.isPerformed)
      let coming = actions.prefix { $0.kind == .create }
      try expect(coming.allSatisfy { $0.subject.instance == second }, "a second instance")
      for action in coming {
        try await scene.provider.perform(action, in: scene.context(new, run: "run-2"))
      }
      let both = try await scene.observe().instances
      try expect(both.map(\.id), is: [first, second], "the instances")
      try expect(both.allSatisfy(\.isReady), "that both are ready")
      try expect(both[0].service("api")?.stamp.run, is: RunID("run-1"), "the run in the old one's stamp")
      try expect(
        both[1].service("api")?.stamp,
        is: scene.context(new, run: "run-2").stamp(for: new.services[1], in: second), "the new one's stamp")
      let life = both[1].service("api")?.processID
      for action in actions.dropFirst(coming.count) {
        try await scene.provider.perform(action, in: scene.context(new, run: "run-2"))
      }
      let left = try await scene.observe().instances
      try expect(left.map(\.id), is: [second], "the instances that are left")
      try expect(left[0].service("api")?.processID, is: life, "the process of the new one")
      try expect(
        try await scene.plan(new, last: new).actions.map(\.id), is: [], "the actions of a second plan")
    },
    ContractCase(
      "two sets stand side by side, and either can go", "blue-green", needs: .blueGreen,
      units: [.service, .instance]
    ) { scene in
      let old = workload(scene, .blueGreen, version: 1, replicas: 2)
      try await scene.apply(old)
      let new = workload(scene, .blueGreen, version: 2, replicas: 2)
      let pause = Pause(by: "contract", since: Timestamp(milliseconds: 0))
      let paused = try await scene.plan(new, last: old, pause: pause)
      for action in paused.actions where action.kind.isPerformed {
        try await scene.provider.perform(action, in: scene.context(new, run: "run-2"))
      }
      let both = try await scene.observe().instances
      try expect(both.count, is: 4, "the number of instances")
      try expect(both.allSatisfy(\.isReady), "that all are ready")
      let ports = both.flatMap(\.services).flatMap(\.endpoints).map(\.hostPort)
      try expect(Set(ports).count, is: ports.count, "the number of different ports")
      try await scene.apply(old, last: old, run: "run-3", operatorState: paused.operatorState)
      try expect(
        try await scene.observe().instances.map(\.id), is: [InstanceID(0), InstanceID(1)],
        "the instances that are left")
    },
    ContractCase(
      "what a successor is given leaves the old one's alone", "surge-volumes", needs: .volumes,
      units: [.service]
    ) {
      scene in
      func mounting(_ workload: Workload) -> Workload {
        var volume = Volume()
        volume.name = "cache"
        volume.mountPath = "/cache"
        volume.type = .ephemeral
        var workload = workload
        workload.services[1].volumes = [volume]
        return workload
      }
      let old = mounting(workload(scene, .rolling, version: 1))
      try await scene.apply(old)
      let new = mounting(workload(scene, .rolling, version: 2))
      try await scene.apply(new, last: old, run: "run-2")
      let instance = try require(try await scene.observe().instance(second), "the new instance")
      try expect(instance.isReady, "that it is ready")
      try expect(
        try await scene.plan(new, last: new).actions.map(\.id), is: [], "the actions of a second plan")
    },
  ]
}
