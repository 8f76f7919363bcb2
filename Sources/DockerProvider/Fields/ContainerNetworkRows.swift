import DockerAPI
import Planning
import ProviderKit
import WorkloadSpec

extension ContainerTable {
  // MARK: How it is connected

  static let network: [ContainerRow] = [
    .enforced(
      "network.mode", "`NetworkMode`",
      read: { reading, service in
        guard let mode = reading.container.host.networkMode.flatMap(NetworkMode.init(rawValue:)),
          mode != .instance
        else { return }
        service.network.mode = mode
      }),
    .stamped(
      "network.aliases",
      "`Aliases` in the instance's network, or `Links` to itself where it is alone; that it is not found by one is drift",
      \.network.aliases),
    .enforced(
      "network.extraHosts", "`ExtraHosts`",
      write: { writing, creation throws(ActionFailure) in
        let hosts = writing.service.network.extraHosts.entries
        if !hosts.isEmpty { creation.host.extraHosts = hosts.map { "\($0.key):\($0.value)" } }
      },
      read: { reading, service in
        let hosts = reading.container.host.extraHosts ?? []
        guard !hosts.isEmpty else { return }
        service.network.extraHosts = StringMap(
          hosts.compactMap { text in
            text.firstIndex(of: ":").map {
              (key: String(text[..<$0]), value: String(text[text.index(after: $0)...]))
            }
          })
      }),
    .dns("servers", "`Dns`", \.servers, \.nameServers),
    .dns("search", "`DnsSearch`", \.search, \.nameSearch),
    .dns("options", "`DnsOptions`", \.options, \.nameOptions),
    .enforced(
      "network.sysctls", "`Sysctls`",
      write: { writing, creation throws(ActionFailure) in
        let settings = writing.service.network.sysctls.entries
        guard !settings.isEmpty else { return }
        creation.host.sysctls = Dictionary(settings.map { ($0.key, $0.value) }) { $1 }
      },
      read: { reading, service in
        let settings = reading.container.host.sysctls ?? [:]
        guard !settings.isEmpty else { return }
        service.network.sysctls = StringMap(settings.map { (key: $0.key, value: $0.value) })
      }),
    .stamped(
      "network.join.name", "berth connects the container before it starts; that it is not there is drift",
      \.network.join),
    .stamped(
      "network.join.aliases", "`Aliases` in that network; that it is not found by one is drift",
      \.network.join),
    .stamped("network.join.address", "`IPAMConfig` in that network", \.network.join),
  ]
}

extension ContainerRow {
  /// How it finds names; what is not stated is the engine's own.
  fileprivate static func dns(
    _ path: String, _ words: String, _ member: WritableKeyPath<NameService, [String]> & Sendable,
    _ setting: WritableKeyPath<HostConfig, [String]?> & Sendable
  ) -> ContainerRow {
    .enforced(
      "network.dns." + path, words,
      write: { writing, creation throws(ActionFailure) in
        let texts = writing.service.network.dns[keyPath: member]
        if !texts.isEmpty { creation.host[keyPath: setting] = texts }
      },
      read: { reading, service in
        let texts = reading.container.host[keyPath: setting] ?? []
        if !texts.isEmpty { service.network.dns[keyPath: member] = texts }
      })
  }
}
