import Diagnostics
import Secrets
import WorkloadSpec
import YAMLNodes

/// The environment variables of a container.
extension WorkloadImport {
  mutating func readEnvironment(_ draft: inout ContainerDraft) {
    for source in draft.node.list("envFrom") { readSource(source, &draft) }
    for variable in draft.node.list("env") {
      guard let name = variable.stated("name")?.scalar else {
        invalid("a variable of \(draft.phrase) needs a name", at: variable.location, help: "write `name: …`")
        continue
      }
      guard isUsable(name, of: draft, at: variable.location) else { continue }
      if let source = variable.stated("valueFrom") {
        readReference(source, of: name, variable, &draft)
      } else {
        let value = variable["value"].map { $0.kind == .scalar && !$0.isNull ? $0.text : "" } ?? ""
        let filled = VariableExpansion(value, draft.variables, takesSecrets: true)
        for open in filled.open {
          lost(
            "`$(\(open))` in the variable `\(name)` of \(draft.phrase)", at: variable.location,
            help: "let the program put the two together")
        }
        if spend(filled.text, at: variable.location) { draft.variables[name] = .text(filled.text) }
      }
    }
    for (name, variable) in draft.variables.sorted(by: { $0.key < $1.key }) {
      switch variable {
      case .text(let text): draft.service.env[name] = text
      case .secret(let key): draft.service.secrets.append(Self.reference(key, .env, name))
      case .unknown: break
      }
    }
  }

  static func reference(_ key: String, _ type: SecretType, _ name: String) -> SecretReference {
    var secret = SecretReference()
    (secret.key, secret.type, secret.as) = (key, type, name)
    return secret
  }

  /// Whether a spec can have a variable of this name.
  private mutating func isUsable(
    _ name: String, of draft: ContainerDraft, at location: SourceLocation
  ) -> Bool {
    if EnvironmentName.isValid(name) { return true }
    lost(
      "the variable `\(name)` of \(draft.phrase)", at: location,
      help: "a name has letters, digits, `_`, `.` and `-`, and starts with a letter or `_`")
    return false
  }

  // MARK: Whole ConfigMaps and Secrets

  private mutating func readSource(_ source: Node, _ draft: inout ContainerDraft) {
    let prefix = source.stated("prefix")?.scalar ?? ""
    if let reference = source.stated("configMapRef"), let name = reference["name"]?.scalar {
      guard let map = foundConfigMap(name, reference, for: "variables of \(draft.phrase)") else { return }
      for (key, value) in map.node.map("data") {
        guard let text = value.kind == .scalar ? value.text : nil,
          isUsable(prefix + key, of: draft, at: value.location)
        else { continue }
        guard spend(text, at: value.location) else { return }
        draft.variables[prefix + key] = .text(Interpolation.escapeForProvider(text))
      }
    } else if let reference = source.stated("secretRef"), let name = reference["name"]?.scalar {
      guard let keys = secretKeys(of: name) else {
        if flag(reference["optional"], "`optional`") { return }
        return lost(
          "what the Secret `\(name)` gives \(draft.phrase)", at: reference.location,
          help: "the Secret is not among the files, so its keys are not known: list each under `secrets`")
      }
      for key in keys where isUsable(prefix + key, of: draft, at: reference.location) {
        guard let vaultKey = need(name, key, at: reference.location) else { continue }
        draft.variables[prefix + key] = .secret(vaultKey)
      }
    }
  }

  /// A ConfigMap; that one is missing that must be there is reported.
  mutating func foundConfigMap(_ name: String, _ reference: Node, for what: String) -> ManifestObject? {
    if let map = set.find("ConfigMap", name, from: object) { return map }
    if !flag(reference["optional"], "`optional`") {
      diagnostics.report(
        .notCarriedOver, "the ConfigMap `\(name)`, which has \(what), is not among the files",
        at: (reference["name"] ?? reference).location, help: "give the file that has it, too")
    }
    return nil
  }

  /// The keys of a Secret; `nil` if it is not among the files. Its values are looked at nowhere.
  func secretKeys(of name: String) -> [String]? {
    guard let secret = set.find("Secret", name, from: object) else { return nil }
    return Set((secret.node.map("data") + secret.node.map("stringData")).map(\.key)).sorted()
  }

  /// The key in the vault for a key of a Secret; `nil` if there can't be one, which is reported.
  mutating func need(_ secret: String, _ key: String, at location: SourceLocation) -> String? {
    let vaultKey = "\(secret)/\(key)"
    guard SecretKey.isVaultKey(vaultKey) else {
      lost("the key `\(key)` of the Secret `\(secret)`", at: location, help: "give the key a shorter name")
      return nil
    }
    let namespace = set.find("Secret", secret, from: object)?.namespace ?? object.namespace
    secrets.append(
      SecretNeed(secret: secret, namespace: namespace, keys: [key], key: vaultKey, location: location))
    return vaultKey
  }

  // MARK: Single values

  private mutating func readReference(
    _ source: Node, of name: String, _ variable: Node, _ draft: inout ContainerDraft
  ) {
    let location = (variable["name"] ?? variable).location
    draft.variables[name] = nil
    if let reference = source.stated("configMapKeyRef"), let map = reference["name"]?.scalar {
      let what = "the variable `\(name)` of \(draft.phrase)"
      guard let found = foundConfigMap(map, reference, for: what) else { return }
      let key = reference["key"]?.scalar ?? ""
      if let value = found.node["data"]?[key], value.kind == .scalar {
        guard spend(value.text, at: location) else { return }
        draft.variables[name] = .text(Interpolation.escapeForProvider(value.text))
      } else if !flag(reference["optional"], "`optional`") {
        invalid(
          "the ConfigMap `\(map)` has no key `\(key)`", at: (reference["key"] ?? reference).location,
          help: Suggestion.help(for: key, among: found.node.map("data").map(\.key))
            ?? "add it, or name another")
      }
    } else if let reference = source.stated("secretKeyRef"), let secret = reference["name"]?.scalar {
      readSecret(reference, secret, of: name, at: location, &draft)
    } else if let reference = source.stated("fieldRef") {
      readField(reference, of: name, at: location, &draft)
    } else if let reference = source.stated("resourceFieldRef") {
      readResourceField(reference, of: name, at: location, &draft)
    }
  }

  private mutating func readSecret(
    _ reference: Node, _ secret: String, of name: String, at location: SourceLocation,
    _ draft: inout ContainerDraft
  ) {
    let key = reference["key"]?.scalar ?? ""
    let isOptional = flag(reference["optional"], "`optional`")
    if let keys = secretKeys(of: secret), !keys.contains(key) {
      guard !isOptional else { return }
      return invalid(
        "the Secret `\(secret)` has no key `\(key)`", at: (reference["key"] ?? reference).location,
        help: Suggestion.help(for: key, among: keys) ?? "add it, or name another")
    }
    if isOptional, secretKeys(of: secret) == nil {
      return lost(
        "the variable `\(name)` of \(draft.phrase), whose Secret `\(secret)` may be missing,", at: location,
        help: "list it under `secrets` where there is a value: a service never starts without one")
    }
    if let vaultKey = need(secret, key, at: location) { draft.variables[name] = .secret(vaultKey) }
  }

  /// What a pod knows of itself.
  private mutating func readField(
    _ reference: Node, of name: String, at location: SourceLocation, _ draft: inout ContainerDraft
  ) {
    let path = reference["fieldPath"]?.scalar ?? ""
    if let (section, key) = Self.member(path) {
      let values = section == "labels" ? workload.labels : annotations()
      draft.variables[name] = .text(
        values[key].map { Interpolation.escapeForProvider($0.replacing("$${root}", with: "${root}")) } ?? "")
      return
    }
    draft.variables[name] = .unknown
    let known = ["metadata.name": "BERTH_INSTANCE", "metadata.namespace": "BERTH_NAMESPACE"]
    lost(
      "the variable `\(name)` of \(draft.phrase), from `\(path)`,", at: location,
      help: known[path].map { "the program finds the like in the variable `\($0)`" }
        ?? "let the program find it out where it runs")
  }

  /// `labels` and `app` of `metadata.labels['app']`.
  private static func member(_ path: String) -> (section: String, key: String)? {
    for section in ["labels", "annotations"] {
      let start = "metadata.\(section)["
      guard path.hasPrefix(start), path.hasSuffix("]") else { continue }
      let key = path.dropFirst(start.count).dropLast().filter { $0 != "'" && $0 != "\"" }
      return (section, String(key))
    }
    return nil
  }

  /// What a container may use, in the unit that is asked for.
  private mutating func readResourceField(
    _ reference: Node, of name: String, at location: SourceLocation, _ draft: inout ContainerDraft
  ) {
    let owner = reference.stated("containerName")?.scalar
    let all = pod.list("initContainers") + pod.list("containers")
    let node = owner.map { owner in all.first { $0["name"]?.scalar == owner } } ?? draft.node
    let parts = (reference["resource"]?.scalar ?? "").split(separator: ".", maxSplits: 1).map(String.init)
    let divisor = KubernetesQuantity.thousandths(reference.stated("divisor")?.scalar ?? "1") ?? 1000
    guard parts.count == 2, let text = node?["resources"]?[parts[0]]?.stated(parts[1])?.scalar,
      let amount = KubernetesQuantity.thousandths(text)
    else {
      draft.variables[name] = .unknown
      return lost(
        "the variable `\(name)` of \(draft.phrase), from `\(parts.joined(separator: "."))`,", at: location,
        help: "state the limit, or give the variable its value")
    }
    let unit = divisor == 0 ? 1000 : divisor
    draft.variables[name] = .text(String(amount / unit + (amount % unit == 0 ? 0 : 1)))
  }
}
