import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

extension KubernetesTable {
  // MARK: How it is connected

  static let network: [TemplateRow] = [
    .enforced(
      "network.mode", "`hostNetwork` of the pod; `none` is refused, since a pod has a network",
      write: { writing, draft in
        switch writing.service.network.mode {
        case .instance: break
        case .none:
          draft.refuse(
            "service `\(writing.service.name)` wants no network, and each pod has one",
            help: "leave out `network.mode`, and keep others away with a NetworkPolicy")
        case .host:
          let apart = writing.writing.workload.services.first {
            $0.network.mode == .instance && $0.role != .before
          }
          if let apart, writing.service.role != .before {
            draft.refuse(
              .sharedByPod,
              "the services `\(writing.service.name)` and `\(apart.name)` are in different networks, and a pod has one",
              help: "write `network: {mode: host}` for both, or for none")
          }
          draft.pod["hostNetwork"] = true
        }
      },
      read: { if $0.pod.spec["hostNetwork"]?.bool == true { $1.network.mode = .host } }),
    .enforced(
      "network.aliases", "`hostAliases` of the pod, at its loopback address",
      write: { writing, draft in
        for name in writing.service.network.aliases.elements {
          if writing.checkHost(name, &draft) { draft.add(host: name, at: "127.0.0.1") }
        }
      },
      read: { reading, service in
        guard !reading.stated.network.aliases.isUnset else { return }
        let others = reading.others(\.network.aliases).union(reading.pod.stamp.services.map(\.spec.name))
        let live = reading.hosts.filter { $0.value == "127.0.0.1" && !others.contains($0.key) }
        service.network.aliases = StringSet(
          live.keys.filter { reading.stated.network.extraHosts[$0] == nil })
      }),
    .enforced(
      "network.extraHosts", "`hostAliases` of the pod: all its containers find them",
      write: { writing, draft in
        for entry in writing.service.network.extraHosts.entries {
          guard IPAddress.isValid(entry.value) else {
            draft.refuse(
              "`\(entry.key)` of service `\(writing.service.name)` leads to `\(entry.value)`, and a pod does not know the address of its node",
              help: "write an address, or give the service the address of its node by another way")
            continue
          }
          if writing.checkHost(entry.key, &draft) { draft.add(host: entry.key, at: entry.value) }
        }
      },
      read: { reading, service in
        let live = reading.hosts
        let hosts = StringMap(
          reading.stated.network.extraHosts.entries.compactMap { entry in
            live[entry.key].map { (key: entry.key, value: $0) }
          })
        if !hosts.isUnset { service.network.extraHosts = hosts }
      }),
    .dns("servers", "`nameservers` of `dnsConfig`; they take the place of the cluster's", \.servers) {
      .texts($0)
    } read: {
      $0.list ?? []
    },
    .dns("search", "`searches` of `dnsConfig`", \.search, key: "searches") {
      .texts($0)
    } read: {
      $0.list ?? []
    },
    .dns("options", "`options` of `dnsConfig`", \.options) { options in
      .array(
        options.map { option in
          let halves = option.split(separator: ":", maxSplits: 1).map { JSON.string(String($0)) }
          return halves.count > 1 ? ["name": halves[0], "value": halves[1]] : ["name": .string(option)]
        })
    } read: { live in
      (live.array ?? []).compactMap { option in
        option["name"]?.string.map { name in name + (option["value"]?.string.map { ":\($0)" } ?? "") }
      }
    },
    .enforced(
      "network.sysctls",
      "`sysctls` of the pod; a node refuses those that are not safe, unless it allows them",
      write: { writing, draft in
        for entry in writing.service.network.sysctls.entries {
          if !LabelText.isSetting(entry.key) {
            draft.refuse(
              "`\(entry.key)` of service `\(writing.service.name)` is no setting of the kernel that Kubernetes takes",
              help: "write it with dots, as in `net.core.somaxconn`")
          }
          draft.add(
            [["name": .string(entry.key), "value": .string(entry.value)]], to: ["securityContext", "sysctls"]
          ) { "\($0["name"]?.string ?? "")=\($0["value"]?.string ?? "")" }
        }
      },
      read: { reading, service in
        let live = reading.pod.spec.at("securityContext", "sysctls")
        let settings = StringMap(
          reading.stated.network.sysctls.entries.compactMap { entry in
            live?.element(named: entry.key)?["value"]?.string.map { (key: entry.key, value: $0) }
          })
        if !settings.isUnset { service.network.sysctls = settings }
      }),
    .refused("network.join.name", because: "a pod is in the network of its cluster"),
    .refused("network.join.aliases", because: "a pod is in the network of its cluster"),
    .refused("network.join.address", because: "a pod is in the network of its cluster"),
  ]
}

extension ServiceWriting {
  /// Whether a name can be one of a pod's own hosts; otherwise it is refused.
  fileprivate func checkHost(_ name: String, _ draft: inout PodDraft) -> Bool {
    if LabelText.isDomain(name) { return true }
    draft.refuse(
      "`\(name)` of service `\(service.name)` is no name of a host that Kubernetes takes",
      help: "use lower-case letters, digits, `-` and dots")
    return false
  }
}

extension ServiceReading {
  /// The names that the pod itself knows, each with its address.
  fileprivate var hosts: [String: String] {
    var hosts: [String: String] = [:]
    for alias in pod.spec["hostAliases"]?.array ?? [] {
      for name in alias["hostnames"]?.list ?? [] { hosts[name] = alias["ip"]?.string }
    }
    return hosts
  }
}

extension TemplateRow {
  /// How a pod finds names.
  fileprivate static func dns(
    _ name: String, _ words: String, _ member: WritableKeyPath<NameService, [String]> & Sendable,
    key: String? = nil, write: @escaping @Sendable ([String]) -> JSON,
    read: @escaping @Sendable (JSON) -> [String]
  ) -> TemplateRow {
    let place = ["dnsConfig", key ?? (name == "servers" ? "nameservers" : name)]
    return .enforced(
      "network.dns.\(name)", words,
      write: { writing, draft in
        let texts = writing.service.network.dns[keyPath: member]
        guard !texts.isEmpty else { return }
        draft.set(place, write(texts), "network.dns.\(name)", of: writing.service.name)
      },
      read: { reading, service in
        guard !reading.stated.network.dns[keyPath: member].isEmpty, let live = reading.pod.spec[place] else {
          return
        }
        service.network.dns[keyPath: member] = read(live)
      })
  }
}
