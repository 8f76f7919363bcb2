import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: What it may use

  static func limits(_ facts: EngineFacts) -> [ContainerRow] {
    memory(facts) + [
      facts.cpuObstacle.map {
        .untold("resources.cpu", "nothing", because: $0) { $1.resources.cpu = $0.service.resources.cpu }
      }
        ?? .enforced(
          "resources.cpu", "`NanoCpus`",
          write: { $1.host.nanoCPUs = ContainerFields.nanoCPUs($0.service.resources) },
          update: { $1.nanoCPUs = ContainerFields.nanoCPUs($0.resources) },
          read: { $1.resources.cpu = ContainerFields.cpu($0.container.host) }),
      .untold(
        "resources.disk", "nothing", because: "Docker limits no container's file system"
      ) { $1.resources.disk = $0.service.resources.disk },
      .enforced(
        "resources.gpu", "`DeviceRequests` with the capability `gpu`",
        write: { writing, creation throws(ActionFailure) in
          guard let count = writing.service.resources.gpu else { return }
          creation.host.deviceRequests = [DeviceRequest(count: count, capabilities: [["gpu"]])]
        }, read: { $1.resources.gpu = ContainerFields.gpu($0.container.host) }),
      facts.obstacles["resources.pids"].map {
        .untold("resources.pids", "nothing", because: $0) { $1.resources.pids = $0.service.resources.pids }
      }
        ?? .enforced(
          "resources.pids", "`PidsLimit`",
          write: { $1.host.pidsLimit = $0.service.resources.pids.map { Int64($0) } },
          update: { $1.pidsLimit = $0.resources.pids.map { Int64($0) } },
          read: {
            $1.resources.pids = $0.container.host.pidsLimit.flatMap { $0 > 0 ? Int($0) : nil }
          }),
      .ifStated(
        "resources.shm", "`ShmSize`", \.resources.shm, write: { $1.host.sharedMemory = $0.bytes },
        live: { $0.host.sharedMemory.map { ByteQuantity(bytes: $0) } }),
      facts.obstacles["resources.cpuset"].map {
        .untold("resources.cpuset", "nothing", because: $0) {
          $1.resources.cpuset = $0.service.resources.cpuset
        }
      }
        ?? .enforced(
          "resources.cpuset", "`CpusetCpus`",
          write: { $1.host.cpuset = $0.service.resources.cpuset },
          update: { $1.cpuset = $0.resources.cpuset },
          read: {
            $1.resources.cpuset = $0.container.host.cpuset.flatMap { $0.isEmpty ? nil : $0 }
          }),
      .ifStated(
        "resources.oomScore", "`OomScoreAdj`", \.resources.oomScore, write: { $1.host.oomScore = $0 },
        live: { $0.host.oomScore }),
      .untold(
        "resources.reservations.cpu", "nothing", because: "Docker reserves no processor time"
      ) { reading, service in
        guard let cpu = reading.service.resources.reservations.cpu else { return }
        service.resources.reservations.cpu = cpu
      },
      .enforced(
        "resources.ulimits.name", "`Ulimits`: `Name`",
        write: { writing, creation throws(ActionFailure) in
          let limits = writing.service.resources.ulimits
          guard !limits.isEmpty else { return }
          creation.host.ulimits = limits.map {
            UlimitConfig(name: $0.name, soft: $0.soft, hard: $0.ceiling)
          }
        },
        read: { reading, service in
          let stated = reading.stamp.spec.resources.ulimits
          let limits = (reading.container.host.ulimits ?? []).map { config in
            var limit = Ulimit()
            (limit.name, limit.soft) = (config.name, config.soft)
            let isStated = stated.first { $0.name == config.name }?.hard != nil
            limit.hard = config.hard == config.soft && !isStated ? nil : config.hard
            return limit
          }
          // An engine may have limits of its own for all containers.
          service.resources.ulimits = limits.filter { limit in stated.contains { $0.name == limit.name } }
            .sorted { $0.precedes($1) }
        }),
      .enforced("resources.ulimits.soft", "`Ulimits`: `Soft`", read: { _, _ in }),
      .enforced("resources.ulimits.hard", "`Ulimits`: `Hard`", read: { _, _ in }),
    ]
  }

  private static func memory(_ facts: EngineFacts) -> [ContainerRow] {
    guard let obstacle = facts.memoryObstacle else {
      return [
        .enforced(
          "resources.memory", "`Memory`",
          write: { $1.host.memory = $0.service.resources.memory?.bytes },
          update: { $1.memory = $0.resources.memory?.bytes },
          read: { $1.resources.memory = ContainerFields.memory($0.container.host) }),
        .enforced(
          "resources.swap", "`MemorySwap`, which is `Memory` and that; without it, as much as `Memory`",
          write: { $1.host.memorySwap = ContainerFields.memoryAndSwap($0.service.resources) },
          update: { $1.memorySwap = ContainerFields.memoryAndSwap($0.resources) },
          read: { reading, service in
            guard reading.stamp.spec.resources.swap != nil else { return }
            service.resources.swap = ContainerFields.swap(reading.container.host)
          }),
        .enforced(
          "resources.reservations.memory", "`MemoryReservation`",
          write: { $1.host.memoryReservation = $0.service.resources.reservations.memory?.bytes },
          update: { $1.memoryReservation = $0.resources.reservations.memory?.bytes },
          read: { reading, service in
            guard let bytes = reading.container.host.memoryReservation, bytes > 0 else { return }
            service.resources.reservations.memory = ByteQuantity(bytes: bytes)
          }),
      ]
    }
    return [
      .untold("resources.memory", "nothing", because: obstacle) {
        $1.resources.memory = $0.service.resources.memory
      },
      .untold("resources.swap", "nothing", because: obstacle) {
        $1.resources.swap = $0.service.resources.swap
      },
      .untold("resources.reservations.memory", "nothing", because: obstacle) { reading, service in
        guard let memory = reading.service.resources.reservations.memory else { return }
        service.resources.reservations.memory = memory
      },
    ]
  }
}
