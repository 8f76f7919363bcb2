import ProviderContract

/// A workload as it is applied in a soak.
struct SoakSpec: Equatable {
  var replicas: Int
  /// What its processes have in their environment, and what is in their config file.
  var version: Int
  var hasSidecar: Bool
  var recreates: Bool

  /// The names of its services.
  var services: [String] { hasSidecar ? ["main", "side"] : ["main"] }

  static func random(_ version: Int, using random: inout SplitMix64) -> SoakSpec {
    SoakSpec(
      replicas: Int.random(in: 1...2, using: &random), version: version,
      hasSidecar: Bool.random(using: &random), recreates: Bool.random(using: &random))
  }

  func yaml(_ name: String, isStateful: Bool) -> String {
    var text = """
      name: \(name)
      kind: \(isStateful ? "stateful_set" : "deployment")
      replicas: \(replicas)
      strategy: {type: \(recreates ? "recreate" : "rolling"), maxSurge: \(isStateful ? 0 : 1), maxUnavailable: 1}
      services:
        - name: main
          command: [/bin/sh, -c, 'echo "$VERSION" >> data/starts; exec sleep 86400']
          env: {VERSION: "\(version)"}
          volumes: [{name: data, mountPath: /data, type: persistent}]
          configFiles: [{name: app, path: /etc/app.conf, content: "version \(version)\\n"}]
          stopGrace: 1s

      """
    if hasSidecar {
      text += """
          - name: side
            role: sidecar
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
  let name: String
  let isStateful: Bool
  /// What each release holds, from release 1; `nil` for one that says that it was destroyed.
  var releases: [SoakSpec?] = []
  var isStopped = false
  var isSuspended = false
  /// What was written into its volumes by hand, by path.
  var marks: [String: String] = [:]

  /// What is in force.
  var current: SoakSpec? { releases.last ?? nil }

  /// Takes note of a release, if it differs from the last one.
  mutating func record(_ spec: SoakSpec?) {
    if spec != current || releases.isEmpty { releases.append(spec) }
    if spec == nil { (isStopped, isSuspended) = (false, false) }
  }
}
