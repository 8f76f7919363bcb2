import Engine
import Planning
import ProviderContract
import WorkloadSpec

extension Story {
  /// What happens to workloads that hold a machine: each instance is changed as a whole.
  static let machines: [Story] =
    [
      Story(name: "first apply of machines", goal: .spec(Examples.machines(), services: nil)),
      machines("of their image", Examples.machines(version: 2)),
      machines("of their type", Examples.machines { $0.machine?.type = "large" }),
      machines("of their disk", Examples.machines { $0.machine?.disk = ByteQuantity("80Gi") }),
      machines("of their labels", Examples.machines { $0.labels = ["team": "platform"] }),
      machines("that only the record differs by", Examples.machines { $0.machine?.spread = true }),
      machines("and of their number", Examples.machines(version: 2, replicas: 3)),
      Story(
        name: "machines are replaced at once",
        before: { try await $0.apply(Examples.machines(.recreate)) },
        goal: .spec(Examples.machines(.recreate, version: 2), services: nil)),
      Story(name: "more machines", before: { try await $0.apply(Examples.machines()) }, goal: .scale(4)),
      Story(name: "fewer machines", before: { try await $0.apply(Examples.machines()) }, goal: .scale(1)),
      Story(
        name: "a machine is lost, and one is not as it was made",
        before: { bench in
          try await bench.apply(Examples.machines())
          bench.provider.meddle { world in
            world.remove(InstanceID(0), of: bench.key)
            world.editElement("machine", in: InstanceID(1), of: bench.key) { workload in
              workload.machine?.type = "large"
            }
          }
        }, goal: .spec(Examples.machines(), services: nil)),
      Story(
        name: "machines that do not start are taken back",
        before: { bench in
          bench.provider.meddle { $0.failingCommands = [["image-2"]] }
          try await bench.apply(Examples.machines())
        }, goal: .spec(Examples.machines(version: 2), services: nil), isAtomic: true, alwaysActs: true),
      Story(
        name: "machines go back to an old release",
        before: { bench in
          try await bench.apply(Examples.machines())
          try await bench.apply(Examples.machines(version: 2))
        }, goal: .release(1)),
      Story(
        name: "one machine stops", before: { try await $0.apply(Examples.machines()) },
        goal: .operation(.stop(ServiceScope(ordinal: 1)))),
      Story(
        name: "machines start",
        before: { bench in
          try await bench.apply(Examples.machines())
          try await bench.apply(.operation(.stop(.all)))
        }, goal: .operation(.start(.all))),
      Story(
        name: "a canary among machines", before: { try await $0.apply(Examples.machines(.canary)) },
        goal: .spec(Examples.machines(.canary, version: 2), services: nil), pauses: true),
      Story(
        name: "a canary among machines is promoted",
        before: { bench in
          try await bench.apply(Examples.machines(.canary))
          try await bench.apply(Examples.machines(.canary, version: 2), pauses: true)
        }, goal: .promote),
      Story(
        name: "a canary among machines is aborted",
        before: { bench in
          try await bench.apply(Examples.machines(.canary))
          try await bench.apply(Examples.machines(.canary, version: 2), pauses: true)
        }, goal: .abort),
      Story(
        name: "machines are destroyed", before: { try await $0.apply(Examples.machines()) },
        goal: .destroy(volumes: false)),
    ]

  /// What happens to workloads that hold objects: each is changed by itself.
  static let objects: [Story] =
    [
      Story(name: "first apply of objects", goal: .spec(Examples.objects(), services: nil)),
      objects(
        "of what one says",
        Examples.objects { $0.objects[0].content = Tree(["data": ["LEVEL": "debug", "WORKERS": "4"]]) }),
      objects("of their labels", Examples.objects { $0.labels = ["team": "platform"] }),
      objects(
        "with one more, on which another depends",
        Examples.objects { workload in
          workload.objects.append(Examples.object("Secret", "key", [:]))
          workload.objects[0].dependsOn = ["Secret/key"]
        }),
      objects(
        "without one",
        Examples.objects { workload in
          workload.objects.removeFirst()
          workload.objects[0].dependsOn = []
        }),
      objects("that only the record differs by", Examples.objects { $0.objects[1].dependsOn = [] }),
      Story(
        name: "one object of several changes", before: { try await $0.apply(Examples.objects()) },
        goal: .spec(
          Examples.objects { workload in
            workload.objects[0].content = Tree(["data": [:]])
            workload.objects[1].content = Tree(["spec": [:]])
          }, services: ["Widget/spinner"])),
      Story(
        name: "an object is lost, and one is not as it was made",
        before: { bench in
          try await bench.apply(Examples.objects())
          bench.provider.meddle { world in
            world.remove("ConfigMap/settings", from: InstanceID(0), of: bench.key)
            world.editElement("Widget/spinner", in: InstanceID(0), of: bench.key) { workload in
              workload.objects[0].content = Tree(["spec": ["count": 4, "tags": ["a", "b"]]])
            }
          }
        }, goal: .spec(Examples.objects(), services: nil)),
      Story(
        name: "objects that do not come are taken back",
        before: { bench in
          bench.provider.meddle { $0.failingCommands = [["Widget/broken"]] }
          try await bench.apply(Examples.objects())
        },
        goal: .spec(
          Examples.objects { workload in
            workload.objects[0].content = Tree(["data": ["LEVEL": "debug"]])
            workload.objects.append(Examples.object("Widget", "broken", [:]))
          }, services: nil), isAtomic: true, alwaysActs: true),
      Story(
        name: "objects go back to an old release",
        before: { bench in
          try await bench.apply(Examples.objects())
          try await bench.apply(Examples.objects { $0.objects[0].content = Tree(["data": [:]]) })
        }, goal: .release(1)),
      Story(
        name: "objects are destroyed", before: { try await $0.apply(Examples.objects()) },
        goal: .destroy(volumes: false)),
    ]

  private static func machines(_ how: String, _ workload: Workload) -> Story {
    Story(
      name: "update of machines, \(how)", before: { try await $0.apply(Examples.machines()) },
      goal: .spec(workload, services: nil))
  }

  private static func objects(_ how: String, _ workload: Workload) -> Story {
    Story(
      name: "update of objects, \(how)", before: { try await $0.apply(Examples.objects()) },
      goal: .spec(workload, services: nil))
  }
}
