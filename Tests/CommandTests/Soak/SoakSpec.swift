import ProviderContract

/// A workload as it is applied in a soak.
struct SoakSpec: Equatable {
  /// How instances give way to new ones.
  enum Strategy: String, CaseIterable {
    case rollingInPlace = "{type: rolling, maxSurge: 0, maxUnavailable: 1}"
    case rolling = "{type: rolling, maxSurge: 1}"
    case recreate = "{type: recreate}"
    case blueGreen = "{type: blue_green}"
    case canary = "{type: canary, maxSurge: 1}"

    /// Whether it can be paused when the first new instances are there.
    var pauses: Bool { self == .blueGreen || self == .canary }
  }

  /// The number of instances that there will be.
  var replicas: Int
  /// What its processes have in their environment, and what is in their config file.
  var version: Int
  var hasSidecar: Bool
  var strategy: Strategy

  /// The names of its services.
  var services: [String] { hasSidecar ? ["main", "side"] : ["main"] }

  /// Makes one up that fits into a kind.
  ///
  /// - Parameter replicas: the number that there is, if the spec is to leave it as it is.
  static func random(
    _ version: Int, of kind: SoakWorkload.Kind, leaving replicas: Int?, using random: inout SplitMix64
  ) -> SoakSpec {
    let most = kind == .alone ? 1 : 2
    let strategies = kind == .stateful ? [.rollingInPlace, .rolling, .recreate] : Strategy.allCases
    let stated = Int.random(in: 1...most, using: &random)
    return SoakSpec(
      replicas: replicas ?? stated, version: version, hasSidecar: Bool.random(using: &random),
      strategy: strategies[Int.random(in: strategies.indices, using: &random)])
  }

  /// The file.
  ///
  /// - Parameters:
  ///   - image: what the services are made from, if the engine runs images.
  ///   - statesReplicas: whether it says how many instances there are.
  ///   - fails: whether its main service ends soon after it started. On a machine under load that may take longer than a
  ///     service without a check has to run, so it has one that never passes.
  func yaml(_ workload: SoakWorkload, image: String?, statesReplicas: Bool, fails: Bool) -> String {
    let kind = workload.kind
    let made = image.map { "image: \($0)" } ?? ""
    let script = SoakWriter.script(isAlone: kind != .shared).split(separator: "\n").joined(
      separator: "\n        ")
    var text = """
      name: \(workload.name)
      kind: \(kind == .stateful ? "stateful_set" : "deployment")
      \(statesReplicas ? "replicas: \(replicas)" : "")
      strategy: \(strategy.rawValue)
      services:
        - name: main
          \(made)
          command:
            - /bin/sh
            - -c
            - |
              \(script)
          env: {VERSION: "\(version)"\(fails ? ", FAILS: \"1\"" : "")}
          \(fails ? "healthCheck: {command: [/bin/sh, -c, exit 1], interval: 200ms}" : "")
          volumes: [{name: data, mountPath: /data, type: persistent\(kind == .shared ? ", access: many" : "")}]
          configFiles: [{name: app, path: /etc/app.conf, content: "version \(version)\\n"}]
          stopGrace: 1s

      """
    if hasSidecar {
      text += """
          - name: side
            role: sidecar
            \(made)
            command: [/bin/sleep, "86400"]
            env: {VERSION: "\(version)"}
            stopGrace: 1s

        """
    }
    return text
  }
}

/// What must be true of a workload: the model that knows the right answer.
struct SoakWorkload {
  /// How its instances share volumes.
  enum Kind {
    /// There is one instance, alone with its volume.
    case alone
    /// Each instance has a volume of its own.
    case stateful
    /// All instances write to one volume.
    case shared
  }

  let name: String
  let kind: Kind
  /// What each release holds, from release 1; `nil` for one that says that it was destroyed.
  var releases: [SoakSpec?] = []
  var isStopped = false
  var isSuspended = false
  /// Its volumes, by path.
  var volumes: [String: SoakVolume] = [:]

  /// What is in force.
  var current: SoakSpec? { releases.last ?? nil }
  /// Whether any of its services runs.
  var runs: Bool { !isStopped && (current?.replicas ?? 0) > 0 }

  /// Takes note of a release, if it differs from the last one.
  mutating func record(_ spec: SoakSpec?) {
    if spec != current || releases.isEmpty { releases.append(spec) }
    if spec == nil { (isStopped, isSuspended) = (false, false) }
  }
}
