import Engine
import Planning
import WorkloadSpec

extension Story {
  /// What was there before berth, and is taken over.
  static let adoptions: [Story] = [
    Story(
      name: "what is there is adopted as it is", before: { $0.addProject(Examples.web) },
      goal: .spec(Examples.web, services: nil), adopts: true),
    Story(
      name: "what is there is adopted and changed",
      before: { bench in
        bench.addProject(
          Examples.web { workload in
            workload.services[1].env = ["LEVEL": "debug"]
            workload.services[2].command = ["/bin/older"]
          })
      },
      goal: .spec(Examples.web, services: nil), adopts: true),
    Story(
      name: "a part is adopted, and the rest is made",
      before: { bench in bench.addProject(Examples.web { $0.services.remove(at: 2) }) },
      goal: .spec(Examples.web, services: nil), adopts: true),
    Story(
      name: "three replicas are adopted", before: { $0.addProject(Examples.three) },
      goal: .spec(Examples.three, services: nil), adopts: true),
    Story(
      name: "a service is adopted beside those that are there",
      before: { bench in
        try await bench.apply(Examples.web { $0.services.removeAll { $0.name == "logs" } })
        bench.addProject(Examples.web { $0.services.removeAll { $0.name != "logs" } })
      },
      goal: .spec(Examples.web, services: nil), adopts: true),
    Story(
      name: "what was adopted changes",
      before: { bench in
        bench.addProject(Examples.web)
        try await bench.apply(.spec(Examples.web, services: nil), adopts: true)
      },
      goal: .spec(Examples.web("api") { $0.command = ["/bin/api2"] }, services: nil)),
  ]
}

extension Bench {
  /// Has a project live on the engine that berth did not make: all services of a workload, but for what has run to its end.
  func addProject(_ workload: Workload, named source: String = "project") {
    provider.meddle { world in
      for ordinal in 0..<(workload.replicas ?? 1) {
        for service in workload.services where !service.role.isRunToEnd {
          world.addStranger(service, of: source, ordinal: ordinal)
        }
      }
    }
  }
}
