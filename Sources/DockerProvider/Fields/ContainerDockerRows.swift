import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: What only Docker knows

  static func onDocker(_ facts: EngineFacts) -> [ContainerRow] {
    namespaces + [
      .enforced(
        "on.docker.domainName", "`Domainname`",
        write: { $1.config.domainName = $0.service.on[DockerService.self].domainName },
        read: { reading, service in
          guard let name = reading.container.config.domainName, !name.isEmpty else { return }
          service.on[DockerService.self].domainName = name
        }),
      facts.cpuObstacle.map {
        .untold("on.docker.cpuShares", "nothing", because: $0) { reading, service in
          guard let shares = reading.service.on[DockerService.self].cpuShares else { return }
          service.on[DockerService.self].cpuShares = shares
        }
      }
        ?? .enforced(
          "on.docker.cpuShares", "`CpuShares`",
          write: { $1.host.cpuShares = ContainerFields.cpuShares($0.service) },
          update: { $1.cpuShares = ContainerFields.cpuShares($0) },
          read: { reading, service in
            guard let shares = reading.container.host.cpuShares, shares > 0 else { return }
            service.on[DockerService.self].cpuShares = Int(shares)
          }),
      .enforced(
        "volumes.on.docker.noCopy", "`NoCopy` of the mount",
        write: { writing, creation throws(ActionFailure) in
          for volume in writing.service.volumes where volume.on[DockerVolume.self].noCopy {
            creation.host.changeMount(of: volume) { mount in
              var options = mount.volumeOptions ?? MountSpec.VolumeOptions()
              options.noCopy = true
              mount.volumeOptions = options
            }
          }
        },
        read: { reading, service in
          for mount in reading.container.host.mounts ?? [] where mount.volumeOptions?.noCopy == true {
            for index in service.volumes.indices
            where ContainerFields.fill(service.volumes[index].mountPath) == mount.target {
              service.volumes[index].on[DockerVolume.self].noCopy = true
            }
          }
        }),
    ]
  }

  private static let namespaces: [ContainerRow] = [
    .onDocker("ipc", "`IpcMode`", \.ipc, write: { $1.host.ipcMode = $0 }, live: { $0.host.ipcMode }),
    .onDocker("pid", "`PidMode`", \.pid, write: { $1.host.pidMode = $0 }, live: { $0.host.pidMode }),
    .onDocker("uts", "`UTSMode`", \.uts, write: { $1.host.utsMode = $0 }, live: { $0.host.utsMode }),
    .onDocker(
      "userns", "`UsernsMode`", \.userns, write: { $1.host.userMode = $0 }, live: { $0.host.userMode }),
    .onDocker(
      "cgroupns", "`CgroupnsMode`", \.cgroupns, write: { $1.host.groupMode = $0 }, live: { $0.host.groupMode }
    ),
    .onDocker(
      "cgroupParent", "`CgroupParent`", \.cgroupParent, write: { $1.host.groupParent = $0 },
      live: { $0.host.groupParent }),
    .onDocker(
      "macAddress", "`MacAddress`", \.macAddress, write: { $1.config.macAddress = $0 },
      live: { $0.config.macAddress }),
    .onDocker(
      "swappiness", "`MemorySwappiness`", \.swappiness, write: { $1.host.swappiness = $0 },
      live: { $0.host.swappiness }),
    .onDocker(
      "blockWeight", "`BlkioWeight`", \.blockWeight, write: { $1.host.blockWeight = $0 },
      live: { $0.host.blockWeight }),
    .enforced(
      "on.docker.storage", "`StorageOpt`",
      write: { writing, creation throws(ActionFailure) in
        let options = writing.service.on[DockerService.self].storage.entries
        guard !options.isEmpty else { return }
        creation.host.storageOptions = Dictionary(options.map { ($0.key, $0.value) }) { $1 }
      },
      read: { reading, service in
        let options = reading.container.host.storageOptions ?? [:]
        guard !options.isEmpty else { return }
        service.on[DockerService.self].storage = StringMap(options.map { (key: $0.key, value: $0.value) })
      }),
    .enforced(
      "on.docker.deviceRules", "`DeviceCgroupRules`",
      write: { writing, creation throws(ActionFailure) in
        let rules = writing.service.on[DockerService.self].deviceRules
        if !rules.isEmpty { creation.host.deviceRules = rules }
      },
      read: { reading, service in
        let rules = reading.container.host.deviceRules ?? []
        if !rules.isEmpty { service.on[DockerService.self].deviceRules = rules }
      }),
    .enforced(
      "on.docker.oomKillDisabled", "`OomKillDisable`",
      write: { if $0.service.on[DockerService.self].oomKillDisabled { $1.host.disablesOOMKill = true } },
      read: {
        if $0.container.host.disablesOOMKill == true { $1.on[DockerService.self].oomKillDisabled = true }
      }),
    .enforced(
      "volumes.on.docker.propagation", "`Propagation` of a bind",
      write: { writing, creation throws(ActionFailure) in
        for volume in writing.service.volumes {
          guard let propagation = volume.on[DockerVolume.self].propagation else { continue }
          creation.host.changeMount(of: volume) {
            $0.bindOptions = MountSpec.BindOptions(propagation: propagation.rawValue)
          }
        }
      },
      read: { reading, service in
        for mount in reading.container.host.mounts ?? [] {
          guard let propagation = mount.bindOptions?.propagation.flatMap(MountPropagation.init) else {
            continue
          }
          for index in service.volumes.indices
          where ContainerFields.fill(service.volumes[index].mountPath) == mount.target {
            service.volumes[index].on[DockerVolume.self].propagation = propagation
          }
        }
      }),
  ]
}

extension ContainerRow {
  /// What only Docker knows of a service and has a value of its own for where none is stated.
  fileprivate static func onDocker<V: SpecValue>(
    _ path: String, _ words: String, _ member: WritableKeyPath<DockerService, V?> & Sendable,
    write: @escaping @Sendable (V, inout ContainerCreation) -> Void,
    live: @escaping @Sendable (Container) -> V?
  ) -> ContainerRow {
    .enforced(
      "on.docker." + path, words,
      write: { writing, creation throws(ActionFailure) in
        guard let value = writing.service.on[DockerService.self][keyPath: member] else { return }
        write(value, &creation)
      },
      read: { reading, service in
        guard reading.stamp.spec.on[DockerService.self][keyPath: member] != nil else { return }
        service.on[DockerService.self][keyPath: member] = live(reading.container)
      })
  }
}

extension HostConfig {
  /// Changes how a volume is mounted.
  fileprivate mutating func changeMount(
    of volume: WorkloadSpec.Volume, _ change: (inout MountSpec) -> Void
  ) {
    let target = ContainerFields.fill(volume.mountPath)
    for index in (mounts ?? []).indices where mounts?[index].target == target {
      guard var mount = mounts?[index] else { continue }
      change(&mount)
      mounts?[index] = mount
    }
  }
}
