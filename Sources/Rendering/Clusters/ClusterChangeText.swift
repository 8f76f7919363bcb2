import ClusterNodes
import Planning

/// What happens while a cluster is changed, as lines. Each text ends with a line break.
public struct ClusterChangeText: Sendable {
  private let operation: ClusterOperation
  private let style: TextStyle

  /// Renders in a style.
  public init(_ operation: ClusterOperation, style: TextStyle) {
    self.operation = operation
    self.style = style
  }

  /// Something happened.
  public func line(_ event: ClusterEvent) -> String {
    switch event {
    case .begun(let item): style.paint("\(sign) \(name(item)) …", .faint) + "\n"
    case .ended(let end): line(end)
    }
  }

  private func line(_ end: ItemEnd) -> String {
    let name = name(end.item)
    let duration = style.paint(DurationText.short(end.duration), .faint)
    switch end.outcome {
    case .succeeded: return "\(style.paint("✓", .good)) \(name)  \(duration)\n"
    case .unchanged: return style.paint("  \(SafeText.line(end.item.name)) \(unchanged)", .faint) + "\n"
    case .notTried: return style.paint("  \(name): not begun", .warning) + "\n"
    case .failed:
      return style.paint("✗ \(name): \(SafeText.line(end.message ?? "it failed"))", .error) + "\n"
    }
  }

  /// What is going to be deleted, to be agreed to.
  public static func question(_ cluster: Cluster, on target: String) -> String {
    var lines = ["Delete the cluster \(cluster.id) on \(target)? The data on its nodes is lost."]
    let nodes = cluster.nodes.map(\.name)
    if !nodes.isEmpty {
      lines.append("  \(Words.count(nodes.count, "node")): \(nodes.joined(separator: ", "))")
    }
    for kind in Belonging.Kind.allCases {
      let names = cluster.belongings.filter { $0.kind == kind }.map(\.name)
      guard !names.isEmpty else { continue }
      lines.append("  \(Words.count(names.count, kind.rawValue)): \(names.joined(separator: ", "))")
    }
    return lines.joined(separator: "\n")
  }

  /// `start dev-worker`, `delete network dev`
  private func name(_ item: ClusterItem) -> String {
    SafeText.line("\(operation.rawValue) \(item.kind == "node" ? "" : item.kind + " ")\(item.name)")
  }

  private var sign: String {
    switch operation {
    case .start: ActionKind.start.sign
    case .stop: ActionKind.stop.sign
    case .delete: ActionKind.delete.sign
    }
  }

  private var unchanged: String {
    switch operation {
    case .start: "runs already"
    case .stop: "is stopped already"
    case .delete: "is gone already"
    }
  }
}
