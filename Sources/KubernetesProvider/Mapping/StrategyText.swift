import KubernetesAPI
import ProviderKit
import Values
import WorkloadSpec

/// How a controller rolls, as berth writes it beside what Kubernetes is told.
typealias StrategyText = StatedStrategy

extension StatedStrategy {
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
