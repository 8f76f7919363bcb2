import ProviderKit
import Values
import WorkloadSpec

extension NomadTable {
  // MARK: How it is connected

  static let network: [TaskRow] = [
    .enforced(
      "network.mode", "`network_mode` of the task: `host` or `none`; without it, the network of the instance",
      write: { writing, draft in
        let mode = writing.service.network.mode
        guard mode != .instance else { return }
        guard writing.driver.runsImages else {
          if mode == .none || writing.writing.network.isShared {
            draft.refuse(
              "service `\(writing.service.name)` wants another network than its instance, and the driver \(writing.driver.rawValue) has one for all tasks",
              help: "leave out `network.mode`, and write `on: {nomad: {network: host}}` at the workload")
          }
          return
        }
        draft[option: "network_mode"] = .string(mode.rawValue)
      },
      read: { reading, service in
        if let mode = reading.option("network_mode")?.string.flatMap(NetworkMode.init) {
          service.network.mode = mode
        } else if !reading.driver.runsImages {
          service.network.mode = reading.stated.network.mode
        }
      }),
    .enforced(
      "network.aliases", "`extra_hosts` of all tasks, at the loopback address that they share",
      write: { writing, draft in
        draft.add(hosts: writing.service.network.aliases.elements.map { ($0, "127.0.0.1") })
      },
      read: { reading, service in
        guard !reading.stated.network.aliases.isUnset else { return }
        let services = reading.job.stamp.services.map(\.spec)
        let others = Set(
          services.map(\.name)
            + services.filter { $0.name != reading.stated.name }.flatMap(\.network.aliases.elements)
            + reading.stated.network.extraHosts.entries.map(\.key))
        service.network.aliases = StringSet(
          reading.hosts.filter { $0.value == "127.0.0.1" && !others.contains($0.key) }.keys)
      }),
    .enforced(
      "network.extraHosts", "`extra_hosts`",
      write: { writing, draft in
        for entry in writing.service.network.extraHosts.entries where !IPAddress.isValid(entry.value) {
          draft.refuse(
            "`\(entry.key)` of service `\(writing.service.name)` leads to `\(entry.value)`, and Nomad takes addresses alone",
            help: "write an address")
        }
        draft.add(hosts: writing.service.network.extraHosts.entries.map { ($0.key, $0.value) })
      },
      read: { reading, service in
        let live = reading.hosts
        let hosts = StringMap(
          reading.stated.network.extraHosts.entries.compactMap { entry in
            live[entry.key].map { (key: entry.key, value: $0) }
          })
        if !hosts.isUnset { service.network.extraHosts = hosts }
      }),
    .dns("servers", "`Servers`", \.servers),
    .dns("search", "`Searches`", \.search),
    .dns("options", "`Options`", \.options),
    .map(
      "network.sysctls", "`sysctl`", \.network.sysctls, docker: "sysctl", podman: "sysctl"),
    .refused("network.join.name", because: "an instance is in the network that its job names"),
    .refused("network.join.aliases", because: "an instance is in the network that its job names"),
    .refused("network.join.address", because: "an instance is in the network that its job names"),
  ]
}

extension JobDraft {
  /// Has names lead to addresses within the task.
  mutating func add(hosts: [(name: String, address: String)]) {
    let known = Set(self[option: "extra_hosts"]?.list ?? [])
    let lines = hosts.map { SpecText.escapeOption("\($0.name):\($0.address)") }.filter { !known.contains($0) }
    add(lines.map(JSON.string), toOption: "extra_hosts")
  }
}

extension TaskReading {
  /// The names that the task knows, each with its address.
  var hosts: [String: String] {
    var hosts: [String: String] = [:]
    for line in option("extra_hosts")?.list ?? [] {
      let halves = SpecText.unescapeOption(line).split(separator: ":", maxSplits: 1).map(String.init)
      if halves.count == 2 { hosts[halves[0]] = halves[1] }
    }
    return hosts
  }
}

extension TaskRow {
  /// How an instance finds names.
  fileprivate static func dns(
    _ name: String, _ key: String, _ member: WritableKeyPath<NameService, [String]> & Sendable
  ) -> TaskRow {
    let place = key.filter { $0 != "`" }
    return .enforced(
      "network.dns.\(name)", "\(key) under `DNS` of the network, which all tasks of an instance have",
      write: { writing, draft in
        let texts = writing.service.network.dns[keyPath: member]
        if !texts.isEmpty {
          draft.set(
            ["Network", "DNS", place], .texts(texts), "network.dns.\(name)", of: writing.service.name)
        }
      },
      read: { reading, service in
        guard !reading.stated.network.dns[keyPath: member].isEmpty,
          let live = reading.job.network?.at("DNS", place)?.list
        else { return }
        service.network.dns[keyPath: member] = live
      })
  }
}
