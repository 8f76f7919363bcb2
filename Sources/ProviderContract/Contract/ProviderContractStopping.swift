import Planning
import ProviderKit
import WorkloadSpec

extension ProviderContract {
  private static func isResting(_ service: ObservedService) -> Bool {
    service.state == .stopped && !service.isReady && !service.hasCompleted
  }

  /// What operators stop stays stopped.
  static let stoppingCases: [ContractCase] = [
    ContractCase("a stopped service is there and does not run, and the others do", "stop", units: [.service])
    { scene in
      let workload = scene.workload([scene.service("api"), scene.service("proxy", .sidecar)])
      try await scene.apply(workload)
      let untouched = try await scene.life(of: "api")
      let actions = try await scene.operate(.stop(ServiceScope(service: "proxy")), on: workload, run: "run-2")
      try expect(actions.map(\.id.description), is: ["stop 0.proxy"], "the actions")
      try expect(isResting(try await scene.require("proxy")), "a stopped service")
      // Stopping twice is stopping once.
      for action in actions {
        try await scene.provider.perform(action, in: scene.context(workload, run: "run-2"))
      }
      try expect(isResting(try await scene.require("proxy")), "a service that is still stopped")
      try expect(try await scene.life(of: "api"), is: untouched, "the life of the other")
      try expect(
        try await scene.apply(workload, last: workload, run: "run-3").map(\.id.description),
        is: ["start 0.proxy"], "the actions once it stays stopped no longer")
      try expect(try await scene.require("proxy").isReady, "that it is ready again")
    },
    ContractCase(
      "a service that ended in failure can be stopped and stays so", "stop-failed",
      units: [.service, .instance]
    ) {
      scene in
      let workload = scene.workload([scene.harness.failingService("api", role: .main)])
      try await expectError(ActionFailure.self, "creating a service that fails") {
        try await scene.apply(workload)
      }
      try await scene.operate(.stop(.all), on: workload, run: "run-2")
      try expect(isResting(try await scene.require("api")), "a stopped service")
    },
    ContractCase(
      "what is stopped is changed and made without being started", "change-stopped",
      units: [.service, .instance]
    ) {
      scene in
      let old = scene.workload([scene.service("api")])
      try await scene.apply(old)
      try await scene.operate(.stop(.all), on: old, run: "run-2")
      let state = OperatorState(stopped: [.all])
      var last = old
      let edits: [(inout Service) -> Void] = [{ $0.env["CONTRACT"] = "1" }, { $0.restart = .onFailure }]
      for (index, edit) in edits.enumerated() {
        var new = last
        edit(&new.services[0])
        if index == 0 { new.services.append(scene.service("proxy", .sidecar)) }
        let run = "run-\(index + 3)"
        let actions = try await scene.apply(new, last: last, run: run, operatorState: state)
        try expect(!actions.isEmpty && actions.allSatisfy(\.leavesStopped), "actions that start nothing")
        for action in actions { try await scene.provider.perform(action, in: scene.context(new, run: run)) }
        for name in ["api", "proxy"] {
          try expect(isResting(try await scene.require(name)), "a stopped service `\(name)`")
        }
        let plan = try await scene.plan(new, last: new, operatorState: state)
        try expect(plan.actions.map(\.id), is: [], "the actions of a second plan")
        last = new
      }
      let actions = try await scene.operate(.start(.all), on: last, after: state, run: "run-9")
      try expect(
        actions.map(\.id.description),
        is: scene.provider.traits.unit(of: .services) == .service
          ? ["start 0.api", "start 0.proxy"] : ["start 0"],
        "the actions of a start")
      try expect(try await scene.observe().instances.allSatisfy(\.isReady), "that everything is ready")
    },
    ContractCase("a restart gives every service a new life, once in a run", "restart") { scene in
      let workload = scene.workload([scene.service("api")])
      try await scene.apply(workload)
      let before = try await scene.life(of: "api")
      let actions = try await scene.operate(.restart(.all), on: workload, run: "run-2")
      let after = try await scene.life(of: "api")
      try expect(before != after, "a new life")
      for action in actions {
        try await scene.provider.perform(action, in: scene.context(workload, run: "run-2"))
      }
      try expect(try await scene.life(of: "api"), is: after, "the life after the same request")
    },
  ]
}
