import Diagnostics
import Secrets
import Values
import WorkloadSpec
import YAMLNodes

/// What a pod says of all its containers: the network that they share, names, and where it may run.
extension WorkloadImport {
  /// Whether the pod is in the network of its machine.
  var usesHostNetwork: Bool { pod["hostNetwork"]?.truth ?? false }

  mutating func readPod() {
    var network = ServiceNetwork()
    if flag(pod["hostNetwork"], "`hostNetwork`") { network.mode = .host }
    for alias in pod.list("hostAliases") {
      guard let address = alias["ip"]?.scalar else { continue }
      for name in alias.texts("hostnames") {
        if let other = network.extraHosts[name], other != address {
          lost(
            "the address `\(address)` of the host `\(name)`", at: alias.location,
            help: "a name has one address")
        } else {
          network.extraHosts[name] = literal(address)
        }
      }
    }
    if let dns = pod.stated("dnsConfig") {
      network.dns.servers = dns.texts("nameservers").map { literal($0) }
      network.dns.search = dns.texts("searches").map { literal($0) }
      network.dns.options = dns.list("options").compactMap { option in
        guard let name = option["name"]?.scalar else { return nil }
        return literal(option.stated("value")?.scalar.map { "\(name):\($0)" } ?? name)
      }
    }
    for sysctl in pod["securityContext"]?.list("sysctls") ?? [] {
      guard let name = sysctl["name"]?.scalar, let value = sysctl["value"]?.scalar else { continue }
      network.sysctls[name] = literal(value)
    }
    var docker: [Value.Member] = []
    for (key, field) in [("hostIPC", "ipc"), ("hostPID", "pid")] where flag(pod[key], "`\(key)`") {
      docker.append(.init(field, "host"))
      guard staysOnKubernetes else { continue }
      lost(
        "`\(key)` of `\(object.name)`", at: (pod.key(key) ?? pod).location,
        help: "a pod of berth's has namespaces of its own; on Docker, `on.docker.\(field)` says so")
    }
    let hostname = (pod.stated("hostnameOverride") ?? pod.stated("hostname"))?.scalar
    for index in drafts.indices {
      drafts[index].service.network = network
      if !docker.isEmpty, !staysOnKubernetes { drafts[index].service.on["docker"] = .map(docker) }
      if let hostname, !hostname.isEmpty { drafts[index].service.hostname = literal(hostname) }
    }
  }

  /// On which machines it may run: a target's business, but for their processor.
  mutating func readPlacement() {
    let scheduling = "which machine runs an instance is chosen by the target"
    for (key, value) in pod.map("nodeSelector") {
      switch key {
      case "kubernetes.io/os", "beta.kubernetes.io/os":
        guard value.scalar != "linux" else { continue }
        lost(
          "the system `\(value.scalar ?? "")` of `\(object.name)`", at: value.location,
          help: "it is for Windows")
      case "kubernetes.io/arch", "beta.kubernetes.io/arch":
        for index in drafts.indices {
          drafts[index].service.platform = "linux/\(literal(value.scalar ?? ""))"
        }
      default:
        guard !staysOnKubernetes else { continue }
        lost("`nodeSelector.\(key)` of `\(object.name)`", at: value.location, help: scheduling)
      }
    }
    // The scheduler writes it, and the server gives every pod two tolerations.
    let isScheduled = object.node.stated("status") != nil && controller == .pod
    if let node = pod.stated("nodeName"), !isScheduled {
      lost(
        "`nodeName` of `\(object.name)`", at: pod.key("nodeName")?.location ?? node.location, help: scheduling
      )
    }
    let tolerations = pod.list("tolerations").filter { toleration in
      !(toleration["key"]?.scalar ?? "").hasPrefix("node.kubernetes.io/")
    }
    if !tolerations.isEmpty, !staysOnKubernetes, let place = pod.key("tolerations") {
      lost("`tolerations` of `\(object.name)`", at: place.location, help: scheduling)
    }
  }

  /// The secrets that registries are shown, for the services whose images come from them.
  mutating func readPullSecrets() {
    for reference in pod.list("imagePullSecrets") {
      guard let node = reference["name"], let name = node.scalar else { continue }
      guard SecretKey.isVaultKey(name) else {
        lost("the Secret `\(name)` for registries", at: node.location, help: "give it a shorter name")
        continue
      }
      let listed = registries(ofSecret: name)
      var isUsed = false
      for index in drafts.indices {
        guard let image = drafts[index].service.image.flatMap({ ImageReference($0) }) else { continue }
        let host = image.registry ?? "docker.io"
        let isMeant = listed.map { $0.contains(host) } ?? (image.registry != nil)
        guard isMeant,
          !drafts[index].service.secrets.contains(where: { $0.type == .registry && $0.as == host })
        else { continue }
        drafts[index].service.secrets.append(Self.reference(name, .registry, host))
        isUsed = true
      }
      if isUsed {
        secrets.append(
          SecretNeed(secret: name, namespace: object.namespace, keys: [], key: name, location: node.location))
      } else if !drafts.contains(where: { $0.service.secrets.contains { $0.type == .registry } }) {
        lost(
          "the Secret `\(name)`, which no image's registry is known for,", at: node.location,
          help: "list it under `secrets` with `type: registry` and the registry's host")
      }
    }
  }

  /// The hosts for which a Secret holds credentials; `nil` if it is not among the files. The credentials are not read.
  private func registries(ofSecret name: String) -> Set<String>? {
    guard let secret = set.find("Secret", name, from: object) else { return nil }
    let plain = secret.node["stringData"]?.stated(".dockerconfigjson")?.scalar
    let encoded = secret.node["data"]?.stated(".dockerconfigjson")?.scalar
    guard let bytes = plain.map({ Array($0.utf8) }) ?? encoded.flatMap({ Base64.decode($0) }) else {
      return nil
    }
    var ignored = Diagnostics()
    let root = YAMLReader.read(SourceFile(name: name, bytes: bytes), into: &ignored).documents.first
    let hosts = (root?["auths"]?.members ?? []).map { Self.host(of: $0.key.text) }
    return Set(hosts)
  }

  /// The host of an address as credentials are kept under, as images name it.
  private static func host(of address: String) -> String {
    let rest = address.split(separator: "//", maxSplits: 1).last ?? ""
    let host = String(rest.prefix { $0 != "/" })
    return ["index.docker.io", "registry-1.docker.io"].contains(host) ? "docker.io" : host
  }
}
