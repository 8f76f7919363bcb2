import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: How it is run

  static let process: [ContainerRow] = [
    .stamped("platform", "`platform` of the pull and of the container", \.platform),
    .ifStated(
      "runtime", "`Runtime`", \.runtime, write: { $1.host.runtime = $0 }, live: { $0.host.runtime }),
    .enforced(
      "workingDir", "`WorkingDir`; without it, the image's own",
      write: { $1.config.workingDirectory = $0.service.workingDir.map(ContainerFields.fill) },
      read: { reading, service in
        guard let stated = reading.stamp.spec.workingDir else { return }
        let live = reading.container.config.workingDirectory
        service.workingDir = live == ContainerFields.fill(stated) ? stated : live
      }),
    .ifStated(
      "user", "`User`; without it, the image's own", \.user, write: { $1.config.user = $0 },
      live: { $0.config.user }),
    .enforced(
      "groups", "`GroupAdd`",
      write: { writing, creation throws(ActionFailure) in
        if !writing.service.groups.isUnset { creation.host.addedGroups = writing.service.groups.elements }
      },
      read: { $1.groups = StringSet($0.container.host.addedGroups ?? []) }),
    .ifStated(
      "hostname", "`Hostname`", \.hostname, write: { $1.config.hostname = $0 }, live: { $0.config.hostname }),
    .ifStated(
      "stopSignal", "`StopSignal`; without it, the image's own", \.stopSignal,
      write: { $1.config.stopSignal = $0 }, live: { $0.config.stopSignal }),
    .enforced(
      "init", "`Init`", write: { if $0.service.`init` { $1.host.initProcess = true } },
      read: { $1.`init` = $0.container.host.initProcess == true }),
    .enforced(
      "tty", "`Tty`", write: { if $0.service.tty { $1.config.terminal = true } },
      read: { $1.tty = $0.container.config.terminal == true }),
    .enforced(
      "stdin", "`OpenStdin`", write: { if $0.service.stdin { $1.config.opensInput = true } },
      read: { $1.stdin = $0.container.config.opensInput == true }),
    .ifStated(
      "logging.driver", "`LogConfig`: `Type`", \.logging.driver, live: { $0.host.logConfig?.type }),
    .enforced(
      "logging.options", "`LogConfig`: `Config`",
      write: { writing, creation throws(ActionFailure) in
        guard !writing.service.$logging.isUnset else { return }
        let logging = writing.service.logging
        creation.host.logConfig = LogConfig(
          // An engine takes options with the driver that they are of: nothing stands for its own.
          type: logging.driver ?? "",
          options: Dictionary(logging.options.entries.map { ($0.key, $0.value) }) { $1 })
      },
      read: { reading, service in
        guard !reading.stamp.spec.logging.options.isUnset else { return }
        service.logging.options = StringMap(
          (reading.container.host.logConfig?.options ?? [:]).map { (key: $0.key, value: $0.value) })
      }),
  ]
}
