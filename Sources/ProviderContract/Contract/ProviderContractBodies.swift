import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  // MARK: Machines and objects

  static let bodiesCases: [ContractCase] = [
    ContractCase("machines come, are left alone, are replaced and go", "machines", needs: .machines) {
      scene in
      let two = scene.machines(version: 1)
      try await scene.apply(two)
      let made = try await scene.observe().instances
      try expect(made.count, is: 2, "the number of machines")
      try expect(made.allSatisfy(\.isReady), "that all are ready")
      try expect(told(made).allSatisfy { $0 == two.elements }, "what each is, as far as it tells")
      try expect(try await scene.plan(two, last: two).actions.map(\.id), is: [], "a second plan")
      let next = scene.machines(version: 2)
      let plan = try await scene.plan(next, last: two)
      try expect(plan.actions.contains { $0.kind.makesAnew }, "a machine that is made anew")
      try await scene.apply(next, last: two, run: "run-2")
      let replaced = try await scene.observe().instances
      try expect(told(replaced).allSatisfy { $0 == next.elements }, "what each is, as far as it tells")
      try expect(try await scene.plan(next, last: next).actions.map(\.id), is: [], "a plan after that")
      try expect(replaced.count, is: 2, "the number of machines")
      try await scene.apply(scene.machines(version: 2, replicas: 1), last: next, run: "run-3")
      try expect(try await scene.observe().instances.count, is: 1, "the number of machines")
    },
    ContractCase("what one machine is stamped with says what it was made from", "stamps", needs: .machines) {
      scene in
      let one = scene.machines(version: 1, replicas: 1)
      try await scene.apply(one)
      let instance = try require(try await scene.observe().instance(at: 0), "the machine")
      let machine = try require(instance.services.first, "what is in it")
      try expect(
        machine.stamp, is: scene.context(one, run: "run-1").stamp(for: one.elements[0], in: instance.id),
        "the stamp")
    },
    ContractCase("objects come in order, change one by one, and go", "objects", needs: .objects) { scene in
      var two = scene.objects([
        scene.harness.object("first", version: 1), scene.harness.object("second", version: 1),
      ])
      two.objects[1].dependsOn = [two.objects[0].name]
      let made = try await scene.apply(two).compactMap(\.subject.service)
      try expect(made, is: two.objects.map(\.name), "the order")
      try expect(try await scene.plan(two, last: two).actions.map(\.id), is: [], "a second plan")
      var next = two
      next.objects[1].content = scene.harness.object("second", version: 2).content
      let changed = try await scene.apply(next, last: two, run: "run-2")
      try expect(changed.compactMap(\.subject.service), is: [two.objects[1].name], "what is changed")
      let live = try require(try await scene.observe().instance(at: 0), "the objects")
      try expect(
        live.service(two.objects[1].name)?.live.spec.as(Manifest.self)?.content, is: next.objects[1].content,
        "what the changed one says")
      var fewer = next
      fewer.objects.removeLast()
      try await scene.apply(fewer, last: next, run: "run-3")
      let left = try require(try await scene.observe().instance(at: 0), "the objects that are left")
      try expect(left.services.map(\.name), is: [two.objects[0].name], "what is left")
    },
  ]
}

/// What machines are, of those that tell all of it.
private func told(_ instances: [ObservedInstance]) -> [[AnyElement]] {
  instances.map { $0.services.map(\.live) }.filter { $0.allSatisfy(\.unobservable.isEmpty) }.map {
    $0.map(\.spec)
  }
}

extension ContractScene {
  func machines(version: Int, replicas: Int = 2) -> Workload {
    workload([], replicas: replicas) {
      $0.kind = .machineGroup
      $0.strategy = Strategy()
      $0.machine = harness.machine(version: version)
    }
  }

  func objects(_ objects: [Manifest]) -> Workload {
    workload([]) {
      $0.kind = .objectSet
      $0.objects = objects
    }
  }
}
