import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: What it may use

  static let limits: [TaskRow] = [
    .enforced(
      "resources.cpu",
      "`CPU` in MHz, with so many to a core as the target says: Nomad sets that much aside, and gives more where a node has some left, unless `on.nomad.cpuHardLimit` is set",
      write: { writing, draft in
        guard let cpu = writing.service.resources.cpu else { return }
        draft.task[["Resources", "CPU"]] = .int(cpu.megahertz(writing.writing.target.coreMHz))
        if let reserved = writing.service.resources.reservations.cpu, reserved > cpu {
          draft.refuse(
            "service `\(writing.service.name)` reserves more processor time than it may use",
            help: "reserve no more than the limit")
        }
      },
      read: { reading, service in
        guard let stated = reading.stated.resources.cpu else { return }
        service.resources.cpu = .live(
          stated, reading.task.at("Resources", "CPU"), reading.job.writing.target.coreMHz)
      }),
    .enforced(
      "resources.memory",
      "`MemoryMB`, in whole MiB, rounded up; `MemoryMaxMB` where less is reserved, on clusters that allow it",
      write: { writing, draft in
        guard let limit = writing.service.resources.memory else { return }
        let reserved = writing.service.resources.reservations.memory
        if let reserved, reserved > limit {
          draft.refuse(
            "service `\(writing.service.name)` reserves more memory than it may use",
            help: "reserve no more than the limit")
        }
        draft.task[["Resources", reserved == nil ? "MemoryMB" : "MemoryMaxMB"]] = .int(limit.mebibytes)
      },
      read: { reading, service in
        guard let stated = reading.stated.resources.memory else { return }
        let key = reading.stated.resources.reservations.memory == nil ? "MemoryMB" : "MemoryMaxMB"
        service.resources.memory = .live(stated, reading.task.at("Resources", key))
      }),
    .enforced(
      "resources.disk", "`EphemeralDisk` of the group: `SizeMB`, for all its tasks and their output together",
      write: { writing, draft in
        if let disk = writing.service.resources.disk { draft.add(disk: disk.mebibytes) }
      },
      read: { reading, service in
        guard let stated = reading.stated.resources.disk else { return }
        service.resources.disk = reading.amount(of: stated)
      }),
    .enforced(
      "resources.gpu", "`Devices` of the task, by the name that `on.nomad.gpuDevice` says",
      write: { writing, draft in
        guard let count = writing.service.resources.gpu else { return }
        draft.task[["Resources", "Devices"]] = [
          ["Name": .string(writing.own.gpuDevice), "Count": .int(Int64(count))]
        ]
      },
      read: { reading, service in
        guard reading.stated.resources.gpu != nil else { return }
        let device = reading.device(reading.own.gpuDevice)
        service.resources.gpu = device?["Count"]?.int.map { Int($0) }
      }),
    .option(
      "resources.pids", "`pids_limit`", \.resources.pids, docker: "pids_limit", podman: "pids_limit",
      write: { count, _ in count.map { .int(Int64($0)) } }, read: { live, _, _ in live.int.map { Int($0) } }),
    .recorded("resources.swap", because: "Nomad lets no task swap out more than its node says") {
      $1.resources.swap = $0.stated.resources.swap
    },
    .option(
      "resources.shm", "`shm_size`", \.resources.shm, docker: "shm_size", podman: "shm_size",
      write: { size, _ in size.map { .int($0.bytes) } },
      read: { live, _, _ in live.int.map { ByteQuantity(bytes: $0) } }),
    .text(
      "resources.cpuset", "`cpuset_cpus`", \.resources.cpuset, docker: "cpuset_cpus", podman: nil),
    .option(
      "resources.oomScore", "`oom_score_adj`", \.resources.oomScore, docker: "oom_score_adj", podman: nil,
      write: { score, _ in score.map { .int(Int64($0)) } }, read: { live, _, _ in live.int.map { Int($0) } }),
    .enforced(
      "resources.reservations.memory", "`MemoryMB`",
      write: { writing, draft in
        if let amount = writing.service.resources.reservations.memory {
          draft.task[["Resources", "MemoryMB"]] = .int(amount.mebibytes)
        }
      },
      read: { reading, service in
        guard let stated = reading.stated.resources.reservations.memory else { return }
        service.resources.reservations.memory = .live(stated, reading.task.at("Resources", "MemoryMB"))
      }),
    TaskRow(
      field: FieldRow(
        "services.resources.reservations.cpu",
        .recorded(because: "Nomad sets the processor time aside that `resources.cpu` states"), cost: .inPlace,
        "nothing"), write: nil,
      read: { $1.resources.reservations.cpu = $0.stated.resources.reservations.cpu }),
    .enforced(
      "resources.ulimits.name", "`ulimit`",
      write: { writing, draft in
        let limits = writing.service.resources.ulimits
        guard !limits.isEmpty else { return }
        let map = JSON.object(
          limits.map { JSON.Member($0.name, .string("\($0.soft):\($0.ceiling)")) })
        draft[option: "ulimit"] = writing.driver == .docker ? [map] : map
      },
      read: { reading, service in
        let live = reading.option("ulimit")?.optionMap ?? [:]
        service.resources.ulimits = live.compactMap { name, text in
          let numbers = text.split(separator: ":").map { Int($0) }
          guard let soft = numbers.first ?? nil else { return nil }
          var limit = Ulimit()
          (limit.name, limit.soft) = (name, soft)
          let ceiling = numbers.count > 1 ? numbers[1] ?? soft : soft
          let stated = reading.stated.resources.ulimits.first { $0.name == name }
          limit.hard = stated.map { $0.ceiling == ceiling ? $0.hard : ceiling } ?? ceiling
          return limit
        }.sorted { $0.name < $1.name }
      }),
    .within("resources.ulimits.soft", "before the colon"),
    .within("resources.ulimits.hard", "behind the colon"),
  ]
}

extension TaskReading {
  /// A device that the task asks for.
  func device(_ name: String) -> JSON? {
    task.at("Resources", "Devices")?.array?.first { $0["Name"]?.string == name }
  }

  /// What is live of an amount of the disk that all tasks of the group share: as it was stated, if the whole is.
  func amount(of stated: ByteQuantity) -> ByteQuantity? {
    let path = ["EphemeralDisk", "SizeMB"]
    guard let live = job.group[path]?.int else { return nil }
    let made = JobDisk.size(of: job.stamp.services.map(\.spec), with: job.group) ?? live
    if live == made { return stated }
    let (rest, overflow) = stated.mebibytes.addingReportingOverflow(live - made)
    return overflow || rest <= 0 ? nil : ByteQuantity(mebibytes: rest)
  }
}

/// How much of a node's disk an instance asks for.
enum JobDisk {
  /// The sum of what services state, with their output; `nil` if none states anything.
  ///
  /// - Parameter group: has the files of output that its tasks keep.
  static func size(of services: [Service], with group: JSON) -> Int64? {
    let sum = services.reduce(0) { $0 + ($1.resources.disk?.mebibytes ?? 0) }
    guard sum > 0 else { return nil }
    return (group["Tasks"]?.array ?? []).reduce(sum) { sum, task in
      let log = task["LogConfig"]
      return sum + (log?["MaxFiles"]?.int ?? 10) * (log?["MaxFileSizeMB"]?.int ?? 10)
    }
  }
}
