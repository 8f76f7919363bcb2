import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: What it may use

  static let limits: [TemplateRow] = [
    .limit("cpu", "cpu", \.resources.cpu, reservation: { $0.cpu }) {
      $0.amount
    } read: {
      CPUQuantity(amount: $0)
    },
    .limit("memory", "memory", \.resources.memory, reservation: { $0.memory }) {
      $0.amount
    } read: {
      ByteQuantity(amount: $0)
    },
    .limit("disk", "ephemeral-storage", \.resources.disk, reservation: { _ in nil }) {
      $0.amount
    } read: {
      ByteQuantity(amount: $0)
    },
    .enforced(
      "resources.gpu", "`limits` of the resource that `on.kubernetes.gpuResource` names",
      write: { writing, draft in
        guard let count = writing.service.resources.gpu else { return }
        let name = writing.service.on[KubernetesService.self].gpuResource
        draft.setAmount(name, .string(String(count)))
      },
      read: { reading, service in
        guard reading.stated.resources.gpu != nil else { return }
        let name = reading.stated.on[KubernetesService.self].gpuResource
        service.resources.gpu = ByteQuantity(amount: reading.container.at("resources", "limits", name)).map {
          Int($0.bytes)
        }
      }),
    .recorded(
      "resources.pids", because: "the nodes of a cluster limit how many processes a pod may have"
    ) { $1.resources.pids = $0.stated.resources.pids },
    .recorded("resources.swap", because: "Kubernetes limits what no container may swap out by itself") {
      $1.resources.swap = $0.stated.resources.swap
    },
    .enforced(
      "resources.shm", "an `emptyDir` in memory at `/dev/shm`, with its `sizeLimit`",
      write: { writing, draft in
        guard let size = writing.service.resources.shm else { return }
        let name = ObjectNames.sharedMemory(of: writing.service.name)
        draft.add(["emptyDir": ["medium": "Memory", "sizeLimit": size.amount]], named: name)
        draft.mount(name, at: "/dev/shm")
      },
      read: { reading, service in
        guard reading.stated.resources.shm != nil else { return }
        let name = ObjectNames.sharedMemory(of: reading.stated.name)
        guard reading.container["volumeMounts"]?.element(named: name) != nil else { return }
        service.resources.shm = ByteQuantity(
          amount: reading.pod.volume(named: name)?.at("emptyDir", "sizeLimit"))
      }),
    .recorded("resources.cpuset", because: "the nodes of a cluster choose processors") {
      $1.resources.cpuset = $0.stated.resources.cpuset
    },
    .recorded(
      "resources.oomScore", because: "Kubernetes sets it by what a pod reserves and may use"
    ) { $1.resources.oomScore = $0.stated.resources.oomScore },
    .reservation("memory", "memory", \.resources.reservations.memory) {
      $0.amount
    } read: {
      ByteQuantity(amount: $0)
    },
    .reservation("cpu", "cpu", \.resources.reservations.cpu) {
      $0.amount
    } read: {
      CPUQuantity(amount: $0)
    },
    .recorded("resources.ulimits.name", because: "the nodes of a cluster set limits of processes") {
      $1.resources.ulimits = $0.stated.resources.ulimits
    },
    .recorded("resources.ulimits.soft", because: "the nodes of a cluster set limits of processes") { _, _ in
    },
    .recorded("resources.ulimits.hard", because: "the nodes of a cluster set limits of processes") { _, _ in
    },
  ]
}

extension PodDraft {
  /// Gives the container so much of a resource that it has to itself.
  mutating func setAmount(_ name: String, _ amount: JSON) {
    container[["resources", "limits", name]] = amount
    container[["resources", "requests", name]] = amount
  }
}

extension TemplateRow {
  /// A limit; what a container may use is reserved for it, unless the spec says how much that is.
  fileprivate static func limit<V: SpecValue & Comparable>(
    _ path: String, _ name: String, _ member: WritableKeyPath<ServiceFields, V?> & Sendable,
    reservation: @escaping @Sendable (Reservations) -> V?, write: @escaping @Sendable (V) -> JSON,
    read: @escaping @Sendable (JSON?) -> V?
  ) -> TemplateRow {
    .enforced(
      "resources.\(path)", "`limits`: `\(name)`; and `requests`, where no less is reserved",
      write: { writing, draft in
        guard let limit = writing.service[dynamicMember: member] else { return }
        let reserved = reservation(writing.service.resources.reservations)
        draft.container[["resources", "limits", name]] = write(limit)
        draft.container[["resources", "requests", name]] = write(reserved ?? limit)
        if let reserved, reserved > limit {
          draft.refuse(
            "service `\(writing.service.name)` reserves more of `\(path)` than it may use",
            help: "reserve no more than the limit")
        }
      },
      read: { reading, service in
        guard reading.stated[dynamicMember: member] != nil else { return }
        service[keyPath: member] = read(reading.container.at("resources", "limits", name))
      })
  }

  fileprivate static func reservation<V: SpecValue>(
    _ path: String, _ name: String, _ member: WritableKeyPath<ServiceFields, V?> & Sendable,
    write: @escaping @Sendable (V) -> JSON, read: @escaping @Sendable (JSON?) -> V?
  ) -> TemplateRow {
    .enforced(
      "resources.reservations.\(path)", "`requests`: `\(name)`",
      write: { writing, draft in
        guard let amount = writing.service[dynamicMember: member] else { return }
        draft.container[["resources", "requests", name]] = write(amount)
      },
      read: { reading, service in
        guard reading.stated[dynamicMember: member] != nil else { return }
        service[keyPath: member] = read(reading.container.at("resources", "requests", name))
      })
  }
}
