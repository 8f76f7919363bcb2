import KubernetesAPI
import Values
import WorkloadSpec

/// How a controller rolls: what Kubernetes is told, and what berth writes beside it for what Kubernetes can't tell.
struct StrategyText: Sendable, Equatable {
  /// What the spec says.
  var strategy: Strategy
  /// Whether no instance may start before every other one has ended, whatever that says.
  var isOneAtATime: Bool

  /// How a controller rolls.
  init(_ strategy: Strategy, isOneAtATime: Bool) {
    self.strategy = strategy
    self.isOneAtATime = isOneAtATime
  }

  /// Reads what berth wrote; `nil` if it is something else.
  init?(text: String?) {
    guard let text, let value = try? Value(json: text), let fields = value["strategy"],
      let strategy = try? Strategy(json: CanonicalJSON.compact(fields))
    else { return nil }
    self.init(strategy, isOneAtATime: value["oneAtATime"]?.bool ?? false)
  }

  /// As an annotation has it.
  var text: String {
    var members: [Value.Member] = [.init("strategy", strategy.plain)]
    if isOneAtATime { members.append(.init("oneAtATime", .bool(true))) }
    return CanonicalJSON.compact(.map(members))
  }

  /// What a Deployment is told.
  var ofDeployment: JSON {
    guard !isOneAtATime, strategy.type != .recreate else { return ["type": "Recreate"] }
    let surge = strategy.maxSurge == 0 && strategy.maxUnavailable == 0 ? 1 : strategy.maxSurge
    return [
      "type": "RollingUpdate",
      "rollingUpdate": [
        "maxSurge": .int(Int64(surge)), "maxUnavailable": .int(Int64(strategy.maxUnavailable)),
      ],
    ]
  }

  /// How a Deployment rolls that is told this: as the spec says, if that is what it was told.
  static func live(_ json: JSON?, stated: StrategyText?) -> Strategy {
    if let stated, let json, json.contains(stated.ofDeployment) { return stated.strategy }
    var strategy = Strategy()
    guard json?["type"]?.string != "Recreate" else {
      strategy.type = .recreate
      return strategy
    }
    strategy.maxSurge = json?.at("rollingUpdate", "maxSurge")?.int.map { Int($0) } ?? 1
    strategy.maxUnavailable = json?.at("rollingUpdate", "maxUnavailable")?.int.map { Int($0) } ?? 0
    return strategy
  }
}
