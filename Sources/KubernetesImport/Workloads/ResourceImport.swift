import WorkloadSpec
import YAMLNodes

/// What a container may use, and what it is left with.
extension WorkloadImport {
  mutating func readResources(_ draft: inout ContainerDraft) {
    guard let node = draft.node.stated("resources") else { return }
    var resources = Resources()
    for (name, value) in node.map("limits") {
      guard let amount = thousandths(value, name, of: draft), amount > 0 else { continue }
      switch name {
      case "cpu": resources.cpu = CPUQuantity(millicores: amount)
      case "memory": resources.memory = Self.bytes(amount)
      case "ephemeral-storage": resources.disk = Self.bytes(amount)
      case "nvidia.com/gpu", "amd.com/gpu": resources.gpu = Int(amount / 1000)
      default:
        guard !staysOnKubernetes else { continue }
        lost(
          "the limit `\(name)` of \(draft.phrase)", at: value.location,
          help: "list devices of the machine under `security.devices`, graphics processors as `resources.gpu`"
        )
      }
    }
    for (name, value) in node.map("requests") {
      guard let amount = thousandths(value, name, of: draft), amount > 0 else { continue }
      switch name {
      case "cpu": resources.reservations.cpu = CPUQuantity(millicores: amount)
      case "memory": resources.reservations.memory = Self.bytes(amount)
      // What is asked for of a device is its limit, too.
      case let name where node["limits"]?.stated(name) != nil && name != "ephemeral-storage": break
      default:
        lost(
          "the request `\(name)` of \(draft.phrase)", at: value.location,
          help: "a service can be left with processor time and memory only")
      }
    }
    draft.service.resources = resources
  }

  private static func bytes(_ thousandths: Int64) -> ByteQuantity {
    ByteQuantity(bytes: thousandths / 1000 + (thousandths % 1000 == 0 ? 0 : 1))
  }

  private mutating func thousandths(_ node: Node, _ name: String, of draft: ContainerDraft) -> Int64? {
    guard let text = node.scalar else { return nil }
    if let amount = KubernetesQuantity.thousandths(text) { return amount }
    invalid(
      "`\(text)` is no amount of `\(name)` of \(draft.phrase)", at: node.location,
      help: "write it as `500m` or `256Mi`")
    return nil
  }

  /// An amount of bytes; `nil` for none.
  mutating func size(_ node: Node?, of what: String) -> ByteQuantity? {
    guard let node, let text = node.scalar else { return nil }
    guard let amount = KubernetesQuantity.whole(text) else {
      invalid("`\(text)` is no size of \(what)", at: node.location, help: "write it as `10Gi`")
      return nil
    }
    return amount > 0 ? ByteQuantity(bytes: amount) : nil
  }
}
