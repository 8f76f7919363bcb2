/// A reference to an address at one place of a service.
public struct AddressUse: Sendable, Hashable {
  /// The reference that stands in the text.
  public let reference: AddressReference
  /// The field that it stands in.
  public let field: String
  /// What of the field: the name of a variable or a config file, or the number of an argument; `nil` for a health check.
  public let element: String?

  /// The path of what it stands in, as changes have it: `env.DB_URL`, `configFiles[app].content`.
  public var path: String {
    switch field {
    case "env": "env.\(element ?? "")"
    case "configFiles": "configFiles[\(element ?? "")].content"
    case "healthCheck": "healthCheck.command"
    default: field
    }
  }
}

extension Service {
  /// Every reference to an address in its texts, in the order of its fields.
  public var addressUses: [AddressUse] {
    var uses: [AddressUse] = []
    func add(_ text: String, _ field: String, _ element: String? = nil) {
      for reference in AddressReference.all(in: text) {
        uses.append(AddressUse(reference: reference, field: field, element: element))
      }
    }
    for (index, word) in self.command.enumerated() { add(word, "command", String(index)) }
    for (index, word) in self.args.enumerated() { add(word, "args", String(index)) }
    for entry in self.env.entries { add(entry.value, "env", entry.key) }
    for (index, word) in (self.healthCheck?.command ?? []).enumerated() {
      add(word, "healthCheck", String(index))
    }
    for file in self.configFiles { add(file.content, "configFiles", file.name) }
    return uses
  }

  /// The services that must be ready before it starts: those that it names, and those whose addresses it refers to.
  public var waitsFor: StringSet {
    let siblings = addressedSiblings
    return siblings.isEmpty ? dependsOn : StringSet(siblings.union(dependsOn.elements))
  }

  /// The other services of its workload that it refers to.
  var addressedSiblings: Set<String> {
    Set(addressUses.lazy.map(\.reference).filter { $0.workload == nil && $0.service != name }.map(\.service))
  }
}

extension Workload {
  /// The other workloads of its namespace whose addresses its services refer to.
  public var addressedWorkloads: Set<String> {
    Set(services.flatMap(\.addressUses).compactMap(\.reference.workload)).subtracting([name])
  }

  /// The workloads of its namespace that must be ready before it: those that it names, and those that it refers to.
  public var waitsFor: StringSet {
    let addressed = addressedWorkloads
    return addressed.isEmpty ? dependsOn : StringSet(addressed.union(dependsOn.elements))
  }
}
