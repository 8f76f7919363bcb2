import Values
import WorkloadSpec

/// Texts of a service in which an address stands that is another one now than the service was given.
struct AddressMoves {
  let addresses: AddressBook
  let observed: ObservedService

  /// The changes, one for each text; or none, if it was given no addresses.
  func changes(of element: AnyElement) -> [Change] {
    guard !observed.addresses.isEmpty, let service = element.as(Service.self) else { return [] }
    let uses = service.addressUses
    guard !uses.isEmpty else { return [] }
    var now: [String: String] = [:]
    for reference in Set(uses.map(\.reference)) {
      // What it was not given is a change of the spec.
      guard let given = observed.addresses[reference.name] else { continue }
      switch addresses.finding(reference, seenFrom: service, in: observed.stamp.instance) {
      case .known(let text): now[reference.name] = text
      case .moving: now[reference.name] = "(known when \(reference.place) is ready)"
      case .later: now[reference.name] = given
      }
    }
    guard now.contains(where: { observed.addresses[$0.key] != $0.value }) else { return [] }
    var changes: [Change] = []
    func compare(_ path: String, _ field: String, _ text: (_ fill: (String) -> String) -> Value) {
      let old = text { fill($0, observed.addresses) }
      let new = text { fill($0, now) }
      guard old != new else { return }
      changes.append(
        Change(
          path: path, old: .value(old), new: .value(new), causes: [.external],
          impact: min(.restart, element.impact(of: field) ?? .restart)))
    }
    compare("command", "command") { fill in .list(service.command.map { .string(fill($0)) }) }
    compare("args", "args") { fill in .list(service.args.map { .string(fill($0)) }) }
    for entry in service.env.entries {
      compare(FieldDiff.join("env", entry.key), "env") { fill in .string(fill(entry.value)) }
    }
    if let check = service.healthCheck {
      compare("healthCheck.command", "healthCheck") { fill in
        .list(check.command.map { .string(fill($0)) })
      }
    }
    for file in service.configFiles {
      compare("configFiles[\(file.name)].content", "configFiles") { fill in .string(fill(file.content)) }
    }
    return changes
  }

  /// A text as it may be shown.
  private func fill(_ text: String, _ values: [String: String]) -> String {
    Interpolation.fill(SecretText(text).replacingSecrets(with: "(secret)")) { values[$0] }
  }
}
