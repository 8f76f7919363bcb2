import Diagnostics

/// A secret that a spec refers to, and that the vault must have before it can be applied.
struct SecretNeed {
  /// The name of the Secret.
  let secret: String
  /// The namespace of the Secret, if it is known.
  let namespace: String?
  /// The keys of the Secret that the value is made of; none for one that people write anew.
  let keys: [String]
  /// The key in the vault.
  let key: String
  let location: SourceLocation

  var help: String {
    // Berth has a vault for each of its own namespaces, and the workload is applied with the same `-n`.
    let place = namespace.flatMap { $0 == "default" ? nil : " -n \($0)" } ?? ""
    let set = "berth secret set\(place)"
    guard !keys.isEmpty else { return "put it there as `user:password`: `\(set) \(key)` asks for it" }
    let commands = keys.map { key in
      let path = key.replacing(".", with: "\\.")
      return "kubectl get secret \(secret)\(place) -o jsonpath='{.data.\(path)}' | base64 -d"
    }
    let source = commands.count == 1 ? commands[0] : "{ \(commands.joined(separator: "; ")); }"
    return "put it there: `\(source) | \(set) --keep-newline \(key)`"
  }
}
